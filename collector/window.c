/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the steady window among the stamps of the samples. */
#include "collector/window.h"

#include <stdlib.h>

#include "analyze/stats/mser.h"
#include "common/clock.h"
#include "common/text.h"

enum { SAMPLES_MIN = 3 };

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* The stamp nearest to `t`, searched downwards from `to`. */
static size_t nearest(const int64_t *stamps, size_t from, size_t to, int64_t t)
{
	while (to > from && distance(stamps[to - 1], t) <= distance(stamps[to], t))
		to--;
	return to;
}

/* Packets in the samples on both sides of an edge. */
static uint64_t bustle(const uint64_t *counts, size_t n, size_t edge)
{
	return counts[edge] + (edge + 1 < n ? counts[edge + 1] : 0);
}

/* The best window of whole periods that begins at `from` or later and ends by `to`. */
static struct window whole_periods(const int64_t *stamps, size_t n, size_t from, size_t to,
				   const struct window_plan *plan)
{
	/* a stamp may lie a hair before the period's end: half an interval is nearer than that */
	int64_t slack = plan->interval_ns / 2;
	int64_t length = (stamps[to] - stamps[from] + slack) / plan->period_ns * plan->period_ns;
	struct window best = {from, nearest(stamps, from, to, stamps[from] + length)};
	if (!length) /* not one: what part of a burst it would hold is chance */
		return (struct window){from, from};
	if (!plan->counts)
		return best;
	uint64_t least = UINT64_MAX;
	for (size_t i = from; i < to && stamps[i] + length <= stamps[to] + slack &&
			      stamps[i] < stamps[from] + plan->period_ns;
	     i++) {
		size_t end = nearest(stamps, i, to, stamps[i] + length);
		uint64_t here = bustle(plan->counts, n, i) + bustle(plan->counts, n, end);
		if (here < least) {
			least = here;
			best = (struct window){i, end};
		}
	}
	return best;
}

bool window_find(struct window *out, const int64_t *stamps, size_t n,
		 const struct window_plan *plan)
{
	int64_t warmup = plan->warmup_ns >= 0	      ? plan->warmup_ns
			 : plan->interval_ns > NB_SEC ? plan->interval_ns
						      : NB_SEC;
	size_t from = 0, to;
	while (from < n && stamps[from] < plan->first_packet_ns + warmup)
		from++;
	/* a burst that the stop cut short would count as a whole one */
	int64_t stop = plan->stop_ns;
	if (plan->period_ns > 0)
		stop = plan->first_packet_ns +
		       (stop - plan->first_packet_ns + plan->interval_ns / 2) / plan->period_ns *
			       plan->period_ns;
	for (to = from; to + 1 < n && stamps[to + 1] <= stop;)
		to++;
	if (from >= n)
		return false;
	struct window w = {from, to};
	if (plan->period_ns > 0)
		w = whole_periods(stamps, n, from, to, plan);
	if (w.to - w.from < SAMPLES_MIN)
		return false;
	*out = w;
	return true;
}

int64_t window_settled(const int64_t *stamps, const uint64_t *counts, size_t n)
{
	double *rate = nb_alloc(n + 1, sizeof(*rate));
	struct stats_mser m;
	int64_t settled = n ? stamps[0] : 0;
	for (size_t i = 1; i < n; i++)
		rate[i - 1] = (double)counts[i] / (double)(stamps[i] - stamps[i - 1]);
	if (n > 1 && !stats_mser(&m, rate, n - 1, STATS_MSER_BATCH) && m.steady)
		settled = stamps[m.cut];
	free(rate);
	return settled;
}
