/* SPDX-License-Identifier: Apache-2.0 */
/* What a metric file's name says: its kind and the run that it belongs to. A table of file kinds,
 * each a pattern. Pure. */
#ifndef NB_FILE_NAME_H
#define NB_FILE_NAME_H

#include <stdbool.h>
#include <stdint.h>

enum file_kind {
	FILE_ENDPOINT,	/* ten or fourteen columns, one interface */
	FILE_ENDPOINTS, /* the same of all pairs, one after the other */
	FILE_QUEUES,	/* packets of each queue, per second */
	FILE_CPUS,	/* busy percent of each CPU */
	FILE_VECTORS,	/* interrupts of each queue's vector on each CPU, cumulative */
	FILE_SOFTNET,	/* /proc/net/softnet_stat, a row a CPU, cumulative */
};

struct file_name {
	enum file_kind kind;
	bool sender;				    /* of the senders' side */
	int64_t pps, seconds, n_cores, pairs, size; /* -1: not said */
	int64_t pair;	 /* of FILE_ENDPOINT; -1: a file of a node, or of all pairs */
	int64_t stamp_s; /* seconds since 1970, as if it were UTC; -1: not said */
	char cores[128]; /* a CPU list; "": not said */
	char pod[128];	 /* "": not said */
};

/* False: the name is no metric file's. */
bool file_name_parse(struct file_name *out, const char *name);

/* A word for people: "endpoint", "queues", … */
const char *file_kind_word(enum file_kind kind);

/* Is it read at an endpoint (not at the node under it)? */
static inline bool file_of_endpoint(const struct file_name *n)
{
	return n->kind == FILE_ENDPOINT || n->kind == FILE_ENDPOINTS;
}

#endif
