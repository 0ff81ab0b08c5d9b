/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the agents' lines to the run's record: the same while a run goes on and when a killed run
 * is put together again from its spool. No I/O.
 */
#ifndef NB_FEED_H
#define NB_FEED_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "schema/record.h"

/* From the run's zero, when first snapshots are due, to the generators' start: at least. A snapshot
 * that came later than this is not one from before the start. */
enum { FEED_LEAD_NS = 5000000 };

enum feed_generator { FEED_NOT_STARTED, FEED_RUNNING, FEED_DONE, FEED_FAILED };

/* What is known of an agent besides what goes into the record. */
struct feed_agent {
	bool hello, ready, done;
	bool failed; /* it said so, or broke the protocol */
	char error[768];
	enum feed_generator generator;
	int64_t first_packet_ns, last_packet_ns;  /* since the origin; RECORD_NONE */
	uint64_t missed;			  /* ticks */
	double peak_10ms_ratio, empty_10ms_share; /* NaN: not known */
	int64_t unpaused_second; /* most packets in a second without a pause; RECORD_NONE */
	int64_t idle_packets;	 /* of the interface in the idle second; RECORD_NONE */
	bool gone;		 /* a tick came without the interface's counters */
};

struct feed {
	struct run_record *record;
	struct feed_agent *agents; /* one for each endpoint of the record */
};

void feed_init(struct feed *f, struct run_record *record);
/* The record has endpoints more than `n`, which have no agents that speak. */
void feed_grow(struct feed *f, size_t n);
void feed_free(struct feed *f);

/* Takes one line of the agent at an endpoint. -1: it breaks the protocol, or is an agent's error;
 * the message says which. */
int feed_line(struct feed *f, size_t endpoint, const char *line, struct nb_err *err);

/* Calls back with each counter's rise up to the newest tick of an endpoint. */
typedef void feed_rise(void *payload, const char *source, const char *metric, uint64_t delta,
		       int64_t dt_ns);
void feed_last_rises(const struct record_endpoint *e, feed_rise *call, void *payload);

#endif
