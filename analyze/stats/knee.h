/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a curve bends: y = a + s1 min(x, psi) + s2 max(x - psi, 0), a continuous line of two
 * slopes. For delivered over offered rate psi is the saturation point, s1 near 1 what gets through
 * before it, s2 what is left after it: near 0 a plateau, below 0 a receive livelock.
 */
#ifndef STATS_KNEE_H
#define STATS_KNEE_H

#include <stddef.h>

#include "analyze/stats/ols.h"

struct stats_knee {
	size_t n, df;	       /* df = n - 4 */
	double psi;	       /* where it bends, in units of x */
	double psi_se;	       /* of the model made linear at psi, as Muggeo (2003) */
	double psi_lo, psi_hi; /* rates that fit not significantly worse; NaN: not bounded by x */
	double y_at_psi;       /* fitted */
	struct stats_term before; /* slope s1 */
	struct stats_term after;  /* slope s2 */
	double rss, sigma, r2;
	double p_exists; /* that a straight line bends by chance this much (Muggeo 2016) */
	int livelock;	 /* bends (p_exists < 1 - confidence) from a rise into a fall: the interval
			  * of s2 lies below 0 */
};

/*
 * x, y: n finite values in any order, x with at least 4 values that differ, n >= 5, else
 * STATS_TOO_FEW. psi is the global least squares solution between the second and the last but one
 * value of x: exact in every interval between values (Hudson 1966), not iterated. Its interval are
 * the psi whose rss is below rss (1 + F / df). A y that does not vary: STATS_CONSTANT.
 * STATS_DOMAIN, STATS_NO_MEMORY. Errors are taken as independent and of one size.
 */
int stats_knee(struct stats_knee *out, const double *x, const double *y, size_t n,
	       double confidence);

#endif
