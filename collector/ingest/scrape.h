/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading Prometheus endpoints on the sampling grid, all at once, in a thread of its own: a slow
 * one delays nobody. What does not answer in time is a gap: its counters' rise is in the next
 * reading.
 */
#ifndef NB_SCRAPE_H
#define NB_SCRAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "schema/record.h"

struct scrape_target {
	const char *url;
	const char *of;	    /* sender, receiver, node: what it is the host of */
	const char *ifname; /* the interface to read; NULL: the busiest */
};

struct scraper;

/* "ROLE=URL" to a target whose texts point into `text` or are constants. */
int scrape_target_parse(struct scrape_target *out, const char *text, struct nb_err *err);

/* Asks each target once and fails with the reason if one does not answer, or says nothing that is
 * known here. */
int scrape_open(struct scraper **out, const struct scrape_target *targets, size_t n,
		struct nb_err *err);

/* Readings at origin_ns (CLOCK_MONOTONIC) and each `stride` intervals after it, and one at once
 * where the origin is still to come. Their places on the grid (seq) count intervals, as an agent's
 * do. */
int scrape_start(struct scraper *s, int64_t origin_ns, int64_t interval_ns, int64_t stride,
		 struct nb_err *err);

/* One more reading at once, unless the last one is younger than half its distance from the one
 * before; then the end. */
void scrape_stop(struct scraper *s);

size_t scrape_count(const struct scraper *s);
/* sender, receiver, node: what target i is the host of. */
const char *scrape_of(const struct scraper *s, size_t i);

/* Moves what was read into new node endpoints of the record, and says for each how many readings
 * are missing (`missed` has room for one number a target). Needs scrape_stop(). */
void scrape_record(struct scraper *s, struct run_record *r, uint64_t *missed);

void scrape_close(struct scraper *s);

#endif
