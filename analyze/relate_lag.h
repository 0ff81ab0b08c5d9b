/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of two figures moves first, within runs: samples of each run, centred and scaled as in
 * relate.h, searched for the lag at which they correlate most once memory is filtered out
 * (stats/lag.h). Lags are counted in samples, so they must stand on a grid: runs are taken that
 * share one sampling interval, and a missing sample ends a block.
 */
#ifndef NB_RELATE_LAG_H
#define NB_RELATE_LAG_H

#include "analyze/stats/lag.h"
#include "analyze/values.h"

struct grid {
	double interval_s; /* of the runs that are taken */
	bool *takes;	   /* each run */
	size_t n_left_out; /* runs with another interval */
	size_t n_gaps;	   /* places where samples are missing */
	bool *follows;	   /* each row: one interval after the row before it, in the same run */
};

/* The grid that most samples of the runs stand on; free with grid_free(). NB_NODATA when no run has
 * two samples. */
int grid_load(struct grid *out, struct store *s, const struct runs *runs,
	      const struct samples *samples, struct nb_err *err);
void grid_free(struct grid *g);

/* As stats_lead_lag(): at a lag above 0 y moves first. */
int relate_lag(struct stats_lag *out, const struct grid *g, const struct samples *s, size_t n_runs,
	       size_t x, size_t y, size_t max_lag);

#endif
