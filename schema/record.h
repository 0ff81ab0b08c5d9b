/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run as it is handed to the store: what was asked, what the agents reported, and every reading
 * they took, raw. Deltas are made on the way into the tables. All pointers are owned by the
 * record; record_free() frees them.
 */
#ifndef NB_RECORD_H
#define NB_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/metric.h"

#define RECORD_NONE INT64_MIN /* an integer that is not known: NULL in the store */

struct record_cell {
	const struct metric *metric;
	char instance[24];
};

/* What a source's readings consist of, until that changes. */
struct record_epoch {
	struct record_cell *cells;
	size_t n_cells;
};

struct record_read {
	int64_t seq;	  /* tick of the grid; the first snapshot is 0, or -1 where 0 came late */
	int64_t t_ns;	  /* since the run's start, middle of the read */
	int64_t read_ns;  /* what it cost */
	uint32_t epoch;	  /* index into epochs */
	uint64_t *values; /* n_cells of that epoch; METRIC_MISSING: not given */
};

struct record_source {
	char name[24];
	struct record_epoch *epochs;
	size_t n_epochs;
	struct record_read *reads; /* by rising seq */
	size_t n_reads;
};

/* A count that an agent says once, at the end: a total without samples. */
struct record_said {
	const struct metric *metric;
	int64_t count;
};

struct record_endpoint {
	char *role; /* sender, receiver, node */
	int pair;   /* -1: a node */
	int node;   /* index of the node's endpoint in the record; -1: is one, or not known */
	char *host, *boot_id, *pod, *ifname, *cores;
	int64_t netns_ino, ifindex, clock_offset_ns, clock_error_ns; /* RECORD_NONE: not known */
	char *facts;						     /* JSON */
	int64_t generator_packets; /* what the generator says it sent; RECORD_NONE */
	struct record_source *sources;
	size_t n_sources;
	struct record_said *said;
	size_t n_said;
};

struct run_record {
	char uuid[37];
	int64_t campaign_id; /* RECORD_NONE: of no campaign */
	char *started_utc;
	int64_t duration_ns, effective_ns, target_pps, frame_size, n_cores, pairs, interval_ns;
	char *cores, *testbed, *path, *generator, *source_port_mode;
	int64_t intended;
	char *forwarded_from;			  /* listener, udp, rx_packets */
	double peak_10ms_ratio, empty_10ms_share; /* NaN: not known */
	char *time_quality, *status, *error, *labels, *note, *argv, *config;
	int64_t steady_from_ns, steady_to_ns; /* RECORD_NONE: too short for a steady window */
	struct record_endpoint *endpoints;
	size_t n_endpoints;
};

void record_init(struct run_record *r);
void record_free(struct run_record *r);

/* Appends; returns the new element, valid until the next append to the same array. */
struct record_endpoint *record_add_endpoint(struct run_record *r);
struct record_source *record_add_source(struct record_endpoint *e, const char *name);
struct record_epoch *record_add_epoch(struct record_source *s, size_t n_cells);
struct record_read *record_add_read(struct record_source *s); /* of the newest epoch */

/* The last word on a metric stands. */
void record_say(struct record_endpoint *e, const struct metric *metric, int64_t count);
/* RECORD_NONE: nothing was said of it. */
int64_t record_said(const struct record_endpoint *e, const struct metric *metric);

struct record_source *record_find_source(const struct record_endpoint *e, const char *name);

/* Forgets the first n readings: what came before the first snapshot. */
void record_cut_head(struct record_source *s, size_t n);

#endif
