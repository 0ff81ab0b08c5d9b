/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people write and read them. Nothing here depends on the locale's decimal point:
 * the programs never call setlocale(). */
#include "common/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 10000, CPU_MAX = 65536 };

int parse_u64(uint64_t *out, const char *s)
{
	uint64_t v = 0;
	if (!*s)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9' || __builtin_mul_overflow(v, 10U, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return -1;
	}
	*out = v;
	return 0;
}

/* A plain decimal number, then whatever follows; no sign, no exponent, no "inf". */
static int leading_number(double *out, const char **rest, const char *s)
{
	const char *c = s + strspn(s, "0123456789.");
	char *end;
	if (strspn(s, ".") == (size_t)(c - s)) /* nothing, or points alone */
		return -1;
	*out = strtod(s, &end);
	if (end != c) { /* strtod stops at a second point, and goes on at an exponent */
		char digits[64];
		if (end < c || (size_t)(c - s) >= sizeof(digits))
			return -1;
		memcpy(digits, s, (size_t)(c - s));
		digits[c - s] = '\0';
		*out = strtod(digits, NULL);
	}
	*rest = c;
	return 0;
}

struct suffix {
	const char *text;
	double factor;
};

static int with_suffix(double *out, const char *s, const struct suffix *table, size_t n)
{
	double v;
	const char *rest;
	if (leading_number(&v, &rest, s))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rest, table[i].text)) {
			*out = v * table[i].factor;
			return 0;
		}
	return -1;
}

int parse_rate(uint64_t *out, const char *s)
{
	static const struct suffix rates[] = {
		{"",  1  },
		 {"k", 1e3},
		     {"K", 1e3},
		 {"M", 1e6},
		     {"G", 1e9},
	};
	double v;
	if (with_suffix(&v, s, rates, sizeof(rates) / sizeof(*rates)) || v > 1e15)
		return -1;
	*out = (uint64_t)llround(v);
	return 0;
}

int parse_time(int64_t *out_ns, const char *s)
{
	static const struct suffix times[] = {
		{"",    1e9	},
		   {"s",	 1e9   },
		{"ms",  1e6	  },
		       {"us",  1e3	 },
		{"ns",  1	},
		   {"m",	 60e9  },
		{"min", 60e9  },
		       {"h",   3600e9},
	};
	double v;
	if (with_suffix(&v, s, times, sizeof(times) / sizeof(*times)) || v > 9e18)
		return -1;
	*out_ns = llround(v);
	return 0;
}

static int add_item(uint64_t **out, size_t *n, uint64_t v)
{
	if (*n >= LIST_MAX)
		return -1;
	*out = nb_realloc(*out, *n + 1, sizeof(**out));
	(*out)[(*n)++] = v;
	return 0;
}

/* `from:to:step` or one rate. */
static int add_range(uint64_t **out, size_t *n, char *item)
{
	uint64_t part[3];
	size_t parts = 0;
	char *save = NULL;
	if (!*item || item[strlen(item) - 1] == ':')
		return -1;
	for (char *p = strtok_r(item, ":", &save); p; p = strtok_r(NULL, ":", &save))
		if (parts == 3 || parse_rate(&part[parts++], p))
			return -1;
	if (parts == 1)
		return add_item(out, n, part[0]);
	if (parts != 3 || !part[2] || part[1] < part[0])
		return -1;
	for (uint64_t v = part[0]; v <= part[1]; v += part[2])
		if (add_item(out, n, v))
			return -1;
	return 0;
}

int parse_rate_list(uint64_t **out, size_t *n, const char *s)
{
	uint64_t *list = NULL;
	size_t count = 0;
	char *copy = nb_strdup(s), *rest = copy;
	int ret = -1;
	for (char *item; (item = strsep(&rest, ","));)
		if (add_range(&list, &count, item))
			goto cleanup;
	*out = list;
	*n = count;
	list = NULL;
	ret = 0;
cleanup:
	free(list);
	free(copy);
	return ret;
}

static int compare_int(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;
	return (x > y) - (x < y);
}

int parse_cpulist(int **out, size_t *n, const char *s)
{
	int *list = NULL;
	size_t count = 0;
	char *copy = nb_strdup(s), *rest = copy;
	int ret = -1;
	copy[strcspn(copy, "\n")] = '\0';
	for (char *item; *copy && (item = strsep(&rest, ","));) {
		uint64_t from, to;
		char *dash = strchr(item, '-');
		if (dash)
			*dash = '\0';
		if (parse_u64(&from, item) || parse_u64(&to, dash ? dash + 1 : item) || to < from ||
		    to >= CPU_MAX)
			goto cleanup;
		list = nb_realloc(list, count + (size_t)(to - from) + 1, sizeof(*list));
		for (uint64_t cpu = from; cpu <= to; cpu++)
			list[count++] = (int)cpu;
	}
	if (count)
		qsort(list, count, sizeof(*list), compare_int);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (!i || list[i] != list[i - 1])
			list[kept++] = list[i];
	*out = list;
	*n = kept;
	list = NULL;
	ret = 0;
cleanup:
	free(list);
	free(copy);
	return ret;
}

const char *format_si(char buf[static 32], double value)
{
	static const struct suffix steps[] = {
		{" G", 1e9},
		     {" M", 1e6},
		  {" k", 1e3}
	     };
	double size = fabs(value);
	const char *unit = "";
	/* 999.6 would print as "1000": step up where rounding to three digits does */
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (size >= steps[i].factor * 0.9995) {
			value /= steps[i].factor;
			unit = steps[i].text;
			break;
		}
	size = fabs(value);
	int decimals = size >= 99.95 || value == trunc(value) ? 0 : size >= 9.995 ? 1 : 2;
	snprintf(buf, 32, "%.*f%s", decimals, value, unit);
	if (decimals) { /* 1.50 → 1.5 */
		size_t len = strlen(buf) - strlen(unit);
		size_t end = len;
		while (buf[end - 1] == '0')
			end--;
		if (buf[end - 1] == '.')
			end--;
		memmove(buf + end, buf + len, strlen(unit) + 1);
	}
	return buf;
}

const char *format_duration(char buf[static 32], double seconds)
{
	long s = lround(seconds);
	if (s < 60)
		snprintf(buf, 32, "%ld s", s);
	else if (s < 3600)
		snprintf(buf, 32, "%ld min %ld s", s / 60, s % 60);
	else
		snprintf(buf, 32, "%ld h %ld min", s / 3600, s % 3600 / 60);
	return buf;
}
