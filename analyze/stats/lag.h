/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which series moves first: correlation at lags. Lag k pairs x[t + k] with y[t]: at k > 0 y moves
 * first and x follows k samples later. Samples are equally spaced and finite; blocks (acf.h) are
 * runs, and no pair reaches across a boundary.
 */
#ifndef STATS_LAG_H
#define STATS_LAG_H

#include <stddef.h>

#include "analyze/stats/acf.h"

/*
 * r[max_lag + k] = sum (x[t+k] - mx)(y[t] - my) / sqrt(sum (x - mx)^2 sum (y - my)^2) for
 * k = -max_lag .. max_lag, with the means of the whole block, as R's ccf(); NaN where no pair has
 * that lag. STATS_CONSTANT, STATS_TOO_FEW, STATS_DOMAIN, STATS_NO_MEMORY: then all are NaN.
 */
int stats_ccf(double *r, size_t max_lag, const double *x, const double *y, size_t n,
	      struct stats_blocks blocks);

/*
 * Autoregression x[t] = sum a[j] x[t-1-j] + e of the order (0 .. max_order) with the least AIC, by
 * Yule and Walker's equations with Levinson's recursion; x are deviations (stats_deviations()).
 * a has room for max_order numbers. STATS_NO_MEMORY.
 */
int stats_autoregression(double *a, size_t *order, size_t max_order, const double *d, size_t n,
			 struct stats_blocks blocks);

struct stats_lag {
	ptrdiff_t lag;	     /* of the largest |r| of the prewhitened series */
	double r;	     /* there */
	double r_raw;	     /* of the series as they are, at this lag */
	double p;	     /* that so large an r comes from any of the lags by chance */
	double ci_lo, ci_hi; /* of r, by Fisher's z, for this lag alone */
	double band;	     /* |r| of one lag stays below this with the given confidence */
	size_t n;	     /* samples left after prewhitening */
	size_t order;	     /* of the autoregression */
};

/*
 * Search the lags -max_lag .. max_lag. Both series first go through the filter that makes x white
 * (Box and Jenkins 1976, 11.2): without that, memory alone makes large correlations at some lag.
 * p is Sidak's over the 2 max_lag + 1 lags. STATS_TOO_FEW: fewer than max_lag + 4 samples left in
 * the longest block; others as stats_ccf().
 */
int stats_lead_lag(struct stats_lag *out, const double *x, const double *y, size_t n,
		   size_t max_lag, struct stats_blocks blocks, double confidence);

#endif
