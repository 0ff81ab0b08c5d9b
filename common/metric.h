/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry of metrics: every figure that netbound reads, stores or derives has one row here.
 * A row says what a counter source may deliver, how wide the kernel's counter is, in which table
 * and column the store keeps its deltas, and what a derived metric is made of (the views of sql/
 * compute those). The rows are written to the store's `metric` table, so that a file explains
 * itself.
 */
#ifndef NB_METRIC_H
#define NB_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum metric_kind {
	METRIC_COUNTER, /* only rises; samples keep its deltas */
	METRIC_GAUGE,	/* a level; samples keep the reading itself */
	METRIC_RATE,	/* derived: per second */
	METRIC_RATIO,	/* derived: of two counters */
};

/* Where the store keeps a metric's samples; one wide row an instance but for the last two. */
enum metric_table {
	TABLE_NONE,	/* totals only, or derived */
	TABLE_SAMPLE,	/* one row a tick */
	TABLE_CPU,	/* instance = CPU id */
	TABLE_SOFTIRQ,	/* instance = CPU id */
	TABLE_SOFTNET,	/* instance = CPU id */
	TABLE_IRQ,	/* instance = IRQ:CPU, or IRQ:CPU:QUEUE where the queue is known */
	TABLE_QUEUE,	/* instance = rx:N or tx:N */
	TABLE_PROTOCOL, /* a row a metric */
	TABLE_EXTRA,	/* a row a metric and instance: whatever has no column of its own */
};

struct metric {
	const char *name;
	const char *unit; /* packets, bytes, ns, interrupts, 1/s, 1 … */
	enum metric_kind kind;
	unsigned char width; /* bits of the kernel's counter; 0 where it has none */
	enum metric_table table;
	const char *column;	  /* in that table; NULL: the name */
	const char *better;	  /* more, less, none */
	const char *across_pairs; /* how pairs make one figure: sum, mean, max */
	const char *derived_from; /* metrics it is computed from, separated by commas; NULL: read */
	const char *help;
};

extern const struct metric metrics[];
extern const size_t n_metrics;

/* NULL when there is none of that name. */
const struct metric *metric_find(const char *name);
const char *metric_column(const struct metric *m);
const char *metric_kind_name(enum metric_kind kind);

/* A reading that the kernel did not give. Stored as NULL, never as 0. */
#define METRIC_MISSING UINT64_MAX

/*
 * The rise of a counter between two readings. 32-bit counters wrap: the delta is modulo 2^32. A
 * 64-bit one that falls was reset. Returns false (and *out is untouched) when a reading is missing
 * or the counter was reset: the delta is unknown then.
 */
bool metric_delta(uint64_t *out, uint64_t from, uint64_t to, unsigned char width);

#endif
