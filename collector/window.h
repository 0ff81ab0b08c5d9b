/* SPDX-License-Identifier: Apache-2.0 */
/* The steady window of a run (design: "Words"): pure. */
#ifndef NB_WINDOW_H
#define NB_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct window_plan {
	int64_t first_packet_ns, stop_ns; /* since the run's start */
	int64_t interval_ns;
	int64_t warmup_ns; /* -1: max(1 s, one interval) */
	int64_t period_ns; /* the source sends in bursts of this period: whole ones are taken; 0 */
	const uint64_t *counts; /* packets between stamp i-1 and stamp i; NULL: not known */
};

struct window {
	size_t from, to; /* indices of stamps: samples from+1 … to are steady */
};

/*
 * `stamps`: when the sender's counters were read, rising. The window starts at the first stamp
 * that lies the warm-up behind the first packet and ends at the last one before the stop, or, with
 * a period, at the stamp closest to a whole number of periods after its start. As long as that
 * number stays the same the start is moved to where both edges lie in the quiet between bursts: an
 * edge within a burst counts a late stamp as packets. false: fewer than three samples would be in
 * it, or not one period.
 */
bool window_find(struct window *out, const int64_t *stamps, size_t n,
		 const struct window_plan *plan);

/*
 * Where a source of which nobody knows when it began has settled: the stamp behind the warm-up that
 * MSER-5 finds in the rate (analyze/stats/mser.h). `counts` as above. The first stamp when fewer
 * than 20 samples can tell, or when it has not settled in the first half.
 */
int64_t window_settled(const int64_t *stamps, const uint64_t *counts, size_t n);

#endif
