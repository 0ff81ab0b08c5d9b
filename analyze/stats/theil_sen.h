/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The slope that more than a quarter of bad points cannot move: the median of the slopes of all
 * pairs of points.
 */
#ifndef STATS_THEIL_SEN_H
#define STATS_THEIL_SEN_H

#include <stddef.h>
#include <stdint.h>

/* Above this many points the pairs are a random sample of as many as these have. */
#define STATS_THEIL_SEN_EXACT 2000

struct stats_theil_sen {
	size_t n;
	double slope, slope_lo, slope_hi;
	double intercept; /* median y - slope * median x */
	double p;	  /* that the slope is 0: Kendall's test of x and y, two-sided */
	int sampled;	  /* whether the pairs were a sample */
};

/*
 * x and y: n finite values, of which pairs with equal x give no slope. Interval by Sen (1968): the
 * order statistics of the slopes at N/2 -/+ z sd(S)/2, S being Kendall's with ties; p and interval
 * take the points as independent. The seed matters only when sampled. STATS_TOO_FEW: n < 3;
 * STATS_CONSTANT: x does not vary; STATS_DOMAIN; STATS_NO_MEMORY. If y does not vary: slope 0, p 1.
 */
int stats_theil_sen(struct stats_theil_sen *out, const double *x, const double *y, size_t n,
		    double confidence, uint64_t seed);

#endif
