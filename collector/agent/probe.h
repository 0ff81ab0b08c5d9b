/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The probe: how evenly does a sender send? It reads tx_packets and tx_dropped every 10 ms (2.5 us)
 * for the whole run, whatever the sampling interval, and whatever the generator.
 */
#ifndef NB_PROBE_H
#define NB_PROBE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "collector/counters/source.h"

#define PROBE_WINDOW_NS (10 * INT64_C(1000000))

struct probe;

struct probe_result {
	double peak_ratio;  /* packets of the busiest 10 ms over the mean of all */
	double empty_share; /* share of windows without a packet */
	uint64_t windows;
	uint64_t unpaused_second; /* most packets in a second in which no window was empty */
};

/* NULL when the interface's counters cannot be read. */
struct probe *probe_open(const struct counter_env *env, int64_t duration_ns);
void probe_start(struct probe *p, const pthread_attr_t *attr, int64_t origin_ns);
void probe_stop(struct probe *p);
/* Of the windows that lie between two instants (CLOCK_MONOTONIC), that of the first included; after
 * probe_stop(). false when there are fewer than two, or nothing was sent. */
bool probe_result(const struct probe *p, int64_t from_ns, int64_t to_ns, struct probe_result *out);
void probe_close(struct probe *p);

/* The same over readings: pure, for tests. */
struct probe_reading {
	int64_t t_ns;
	uint64_t offered; /* taken by the driver, or refused */
};
bool probe_evaluate(const struct probe_reading *r, size_t n, int64_t from_ns, int64_t to_ns,
		    struct probe_result *out);

#endif
