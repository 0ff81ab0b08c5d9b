/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A counter source: one kernel interface that is read each tick. A source is one file with a pure
 * parser (bytes in, figures out: unit-tested and fuzzed without a kernel) and a thin reader around
 * it, and one row in counter_sources[]. What it delivers are cells, each a metric of
 * common/metric.h and an instance of it (a CPU, a queue; "" where there is but one). A cell that
 * the kernel does not give is METRIC_MISSING in that read, never 0.
 */
#ifndef NB_SOURCE_H
#define NB_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/metric.h"

/* Where counters are read. */
struct counter_env {
	int root_fd;	    /* the root directory: "/", or a tree of fixtures */
	const char *ifname; /* at a node: its uplink, or NULL */
	const int *cores;   /* the cores whose time counts as the endpoint's; NULL: all */
	size_t n_cores;
	const char *const *links; /* at a node: interfaces that are read besides */
	size_t n_links;
	bool ipv6; /* IP, ICMP and UDP: the counters of IPv6, else those of IPv4 */
};

struct counter_cell {
	const struct metric *metric;
	char instance[24];
};

/* What read() says. */
enum counter_state {
	COUNTER_OK = 0,
	COUNTER_CHANGED =
		1,	   /* the set of cells changed, or the thing behind them (a new interface of
			    * the same name): a new epoch; ask cells() again, then read() again */
	COUNTER_GONE = -1, /* cannot be read now: no row for this tick */
};

/* How often a source that costs much and moves slowly is read. */
#define COUNTER_SELDOM_NS INT64_C(1000000000)

struct counter_reader; /* each source's own */

struct counter_source {
	const char *name; /* also source_read.source in the store */
	bool node;	  /* host-wide: read once a host, at its node endpoint */
	bool named;	  /* only where the plan names what it is to read */
	bool ipv4;	  /* counts IPv4 alone: not of a run over IPv6 */
	bool uplink;	  /* an endpoint's; at a node, too, where the plan names its uplink */
	int64_t every_ns; /* 0: read at each tick; else no more often than this, and at both ends */
	/* Does nothing here move now, so that it is read as seldom as those that cost much? NULL:
	 * no. */
	bool (*quiet)(const struct counter_reader *r);
	const char *help;
	/* Opens whatever is read each tick (files are kept open). 0; or -1 with the reason: the
	 * source does not exist here. */
	int (*open)(struct counter_reader **out, const struct counter_env *env, struct nb_err *err);
	/* The cells of the present epoch in read()'s order; *out is valid until the next
	 * COUNTER_CHANGED. */
	size_t (*cells)(const struct counter_reader *r, const struct counter_cell **out);
	/* One reading of all cells. Allocates and formats nothing but on COUNTER_CHANGED. */
	enum counter_state (*read)(struct counter_reader *r, uint64_t *values);
	void (*close)(struct counter_reader *r);
};

/* Ends with NULL; in the order in which they are read: cheap and correlated first. */
extern const struct counter_source *const counter_sources[];

const struct counter_source *counter_source_find(const char *name);

#endif
