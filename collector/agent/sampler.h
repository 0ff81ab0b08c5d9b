/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sampler: a thread that reads every source on an absolute grid into memory made beforehand.
 * A tick allocates, formats and writes nothing; the agent's main thread drains the memory. When
 * that is full (a reader slower than the ring is long), a tick is missed: its delta stays in the
 * next one, and it is counted.
 *
 * Next to it, at a sender, runs the probe (probe.h).
 */
#ifndef NB_SAMPLER_H
#define NB_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/agent/probe.h"
#include "collector/counters/source.h"

struct sampler;

struct sampler_plan {
	struct counter_env env;
	bool node; /* the sources of a node, else those of an endpoint */
	int64_t interval_ns;
	int64_t duration_ns; /* expected length, for the ring; may run longer */
	const int *pin;	     /* CPUs the thread may run on; n_pin 0: anywhere */
	size_t n_pin;
	bool probe; /* watch how evenly it sends */
};

/* One source's reading at one tick, as the ring holds it. */
struct sampler_read {
	int64_t seq, t_ns, read_ns; /* CLOCK_MONOTONIC */
	uint32_t epoch;		    /* rises when the cells change */
	bool present;
	const uint64_t *values;
};

/* Opens the sources in the calling thread's namespaces. Sources that do not exist here are left
 * out; sampler_missing() names them with the reason. */
int sampler_open(struct sampler **out, const struct sampler_plan *plan, struct nb_err *err);
size_t sampler_sources(const struct sampler *s);
const char *sampler_source_name(const struct sampler *s, size_t i);
/* Sources that could not be opened: "name: reason", NULL past the last. */
const char *sampler_missing(const struct sampler *s, size_t i);
/* The cells of an epoch of source `i`; valid for the sampler's life. */
size_t sampler_cells(const struct sampler *s, size_t i, uint32_t epoch,
		     const struct counter_cell **cells);

/* Reads once at once (seq -1), then on the grid origin + k × interval, seq k. */
int sampler_start(struct sampler *s, int64_t origin_ns, struct nb_err *err);
/* Takes one more reading now, off the grid, with the next seq; then the thread ends. */
void sampler_finish(struct sampler *s);

/* The oldest tick that was not taken yet; false: none. sampler_taken() frees its place. */
bool sampler_next(struct sampler *s, int64_t *seq, int64_t *late_ns);
bool sampler_read_at(const struct sampler *s, size_t source, struct sampler_read *out);
void sampler_taken(struct sampler *s);

uint64_t sampler_missed(const struct sampler *s);

/* What the probe saw between two instants (CLOCK_MONOTONIC), after sampler_finish(). false: there
 * was no probe, or nothing was sent. */
bool sampler_probe(const struct sampler *s, int64_t from_ns, int64_t to_ns,
		   struct probe_result *out);

void sampler_close(struct sampler *s);

#endif
