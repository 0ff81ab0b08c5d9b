/* SPDX-License-Identifier: Apache-2.0 */
/* The growing string and what is built on it; parsing of numbers is in number.c. */
#include "common/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *nb_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);
	if (!p)
		abort();
	return p;
}

void *nb_realloc(void *p, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n ? n : 1, size, &bytes))
		abort();
	p = realloc(p, bytes);
	if (!p)
		abort();
	return p;
}

char *nb_strdup(const char *s)
{
	char *copy = strdup(s);
	if (!copy)
		abort();
	return copy;
}

static void reserve(struct nb_text *t, size_t more)
{
	if (t->len + more + 1 <= t->cap)
		return;
	t->cap = (t->len + more + 1) * 2;
	t->s = nb_realloc(t->s, t->cap, 1);
}

void text_add_n(struct nb_text *t, const char *s, size_t n)
{
	reserve(t, n);
	memcpy(t->s + t->len, s, n);
	t->len += n;
	t->s[t->len] = '\0';
}

void text_add(struct nb_text *t, const char *s)
{
	text_add_n(t, s, strlen(s));
}

void text_addf(struct nb_text *t, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		abort();
	reserve(t, (size_t)n);
	va_start(args, fmt);
	vsnprintf(t->s + t->len, (size_t)n + 1, fmt, args);
	va_end(args);
	t->len += (size_t)n;
}

void text_cut(struct nb_text *t, size_t len)
{
	if (len >= t->len)
		return;
	t->len = len;
	t->s[len] = '\0';
}

void text_free(struct nb_text *t)
{
	free(t->s);
	*t = (struct nb_text){0};
}

void text_hash(char out[static 17], const char *s)
{
	uint64_t h = 0xcbf29ce484222325U;
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3U;
	snprintf(out, 17, "%016llx", (unsigned long long)h);
}

void format_cpus(struct nb_text *out, const int *cpus, size_t n, const char *sep)
{
	for (size_t i = 0; i < n; i++)
		text_addf(out, "%s%d", i ? sep : "", cpus[i]);
}
