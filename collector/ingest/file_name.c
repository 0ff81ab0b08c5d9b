/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of metric files, by name, and the matcher behind the table. */
#include "collector/ingest/file_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/text.h"

/*
 * Patterns: %p rate, %s seconds, %n cores of a sender, %k pairs, %z size, %t a stamp of 14 digits,
 * %c a CPU list, %C CPU lists joined by _, %o a pod that begins with server<K> or client<K>. All
 * else stands for itself. Names end in .log or .txt.
 */
static const struct {
	const char *pattern;
	enum file_kind kind;
	bool sender;
} kinds[] = {
	{"tx_%ppps_%s_core_%c_size_%z_%t",					   FILE_ENDPOINT,  true },
	{"rx_%ppps_%s_core_%c_size_%z_%t",					   FILE_ENDPOINT,  false},
	{"server_%o_pr_%p_runtime_%s_cores_%n_pairs_%k_size_%z_core_list_%c_ts_%t", FILE_ENDPOINT,
	 true											    },
	{"client_%o_pr_%p_runtime_%s_cores_%n_pairs_%k_size_%z_core_list_%c_ts_%t", FILE_ENDPOINT,
	 false											   },
	{"tx_pps_%p_pairs_%k_size_%z_cores_%n_pods-cores_%C",			      FILE_ENDPOINTS, true },
	{"rx_pps_%p_pairs_%k_size_%z_cores_%n_pods-cores_%C",			      FILE_ENDPOINTS, false},
	{"tx-pod-queue_pr_%p_runtime_%s_cores_%n_pairs_%k_size_%z_ts_%t",		  FILE_QUEUES,    true },
	{"rx-pod-queue_pr_%p_runtime_%s_cores_%n_pairs_%k_size_%z_ts_%t",		  FILE_QUEUES,    false},
	{"tx-pod-cpu_pr_%p_runtime_%s_cores_%n_pairs_%k_size_%z_ts_%t",		FILE_CPUS,	   true },
	{"rx-pod-cpu_pr_%p_runtime_%s_cores_%n_pairs_%k_size_%z_ts_%t",		FILE_CPUS,	   false},
	{"tx-pod-int_pr_%p_runtime_%s_cores_%n_pairs_%k_size_%z_%t",		     FILE_VECTORS,   true },
	{"rx-pod-int_pr_%p_runtime_%s_cores_%n_pairs_%k_size_%z_%t",		     FILE_VECTORS,   false},
	{"tx-softnet-stat_%p_runtime_%s_cores_%n_pairs_%k_size_%z_ts_%t",		  FILE_SOFTNET,	true },
	{"rx-softnet-stat_%p_runtime_%s_cores_%n_pairs_%k_size_%z_ts_%t",		  FILE_SOFTNET,	false},
};

static bool take_number(int64_t *out, const char **at)
{
	char digits[19] = "";
	uint64_t v;
	size_t n = strspn(*at, "0123456789");
	if (!n || n >= sizeof(digits))
		return false;
	memcpy(digits, *at, n);
	if (parse_u64(&v, digits))
		return false;
	*out = (int64_t)v;
	*at += n;
	return true;
}

static bool take_stamp(int64_t *out, const char **at)
{
	char text[15] = "";
	struct tm tm = {0};
	if (strspn(*at, "0123456789") != 14)
		return false;
	memcpy(text, *at, 14);
	const char *end = strptime(text, "%Y%m%d%H%M%S", &tm);
	if (!end || *end)
		return false;
	*out = (int64_t)timegm(&tm);
	*at += 14;
	return true;
}

/* Text up to what follows it in the pattern. */
static bool take_text(char *out, size_t cap, const char **at, const char *until, const char *of)
{
	size_t n = 0;
	while ((*at)[n] && strncmp(*at + n, until, strlen(until)) != 0 &&
	       (!of || strchr(of, (*at)[n])))
		n++;
	if (!n || n >= cap)
		return false;
	memcpy(out, *at, n);
	out[n] = '\0';
	*at += n;
	return true;
}

static bool take_pod(struct file_name *out, const char **at, bool sender)
{
	const char *word = sender ? "server" : "client", *digits;
	if (!take_text(out->pod, sizeof(out->pod), at, "_", NULL) ||
	    strncmp(out->pod, word, 6) != 0)
		return false;
	digits = out->pod + 6;
	return take_number(&out->pair, &digits);
}

/* "2_4-5" to "2,4-5": one CPU list. */
static bool take_lists(struct file_name *out, const char **at)
{
	if (!take_text(out->cores, sizeof(out->cores), at, ".", "0123456789-,_"))
		return false;
	for (char *c = out->cores; *c; c++)
		if (*c == '_')
			*c = ',';
	return true;
}

static bool take(struct file_name *out, char what, const char **at, const char *rest, bool sender)
{
	const char until[2] = {*rest ? *rest : '.', '\0'};
	switch (what) {
	case 'p':
		return take_number(&out->pps, at);
	case 's':
		return take_number(&out->seconds, at);
	case 'n':
		return take_number(&out->n_cores, at);
	case 'k':
		return take_number(&out->pairs, at);
	case 'z':
		return take_number(&out->size, at);
	case 't':
		return take_stamp(&out->stamp_s, at);
	case 'c':
		return take_text(out->cores, sizeof(out->cores), at, until, "0123456789-,");
	case 'C':
		return take_lists(out, at);
	default:
		return take_pod(out, at, sender);
	}
}

static bool matches(struct file_name *out, const char *pattern, const char *name, bool sender)
{
	*out = (struct file_name){.pps = -1,
				  .seconds = -1,
				  .n_cores = -1,
				  .pairs = -1,
				  .size = -1,
				  .pair = -1,
				  .stamp_s = -1};
	for (; *pattern; pattern++) {
		if (*pattern != '%') {
			if (*name++ != *pattern)
				return false;
			continue;
		}
		pattern++;
		if (!take(out, *pattern, &name, pattern + 1, sender))
			return false;
	}
	return !strcmp(name, ".log") || !strcmp(name, ".txt");
}

/* What the oldest form leaves out: it is of one pair, and the list says how many cores. */
static bool complete(struct file_name *n)
{
	int *cpus = NULL;
	size_t count = 0;
	if (n->kind == FILE_ENDPOINT && n->pair < 0)
		n->pair = 0;
	if (n->pairs < 0)
		n->pairs = 1;
	if (*n->cores && parse_cpulist(&cpus, &count, n->cores))
		return false;
	free(cpus);
	if (n->n_cores < 0)
		n->n_cores = (int64_t)count;
	return n->pairs > 0 && n->pairs <= 4096 && n->pair < n->pairs && n->size > 0 &&
	       n->size <= 65536 && n->seconds <= 1000000000 && n->pps <= 1000000000000;
}

bool file_name_parse(struct file_name *out, const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!matches(out, kinds[i].pattern, name, kinds[i].sender))
			continue;
		out->kind = kinds[i].kind;
		out->sender = kinds[i].sender;
		return complete(out);
	}
	return false;
}

const char *file_kind_word(enum file_kind kind)
{
	static const char *const words[] = {
		[FILE_ENDPOINT] = "endpoint", [FILE_ENDPOINTS] = "endpoints",
		[FILE_QUEUES] = "queues",     [FILE_CPUS] = "cpus",
		[FILE_VECTORS] = "vectors",   [FILE_SOFTNET] = "softnet",
	};
	return words[kind];
}
