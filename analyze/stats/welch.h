/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Difference of two means without the assumption of equal spread (Welch 1947). One value a run:
 * samples of one run are no repeats.
 */
#ifndef STATS_WELCH_H
#define STATS_WELCH_H

#include <stddef.h>

#include "analyze/stats/describe.h"

struct stats_welch {
	struct stats_summary a, b;
	double difference; /* mean a - mean b */
	double se, t, df;  /* df by Welch and Satterthwaite */
	double p;	   /* two-sided */
	double ci_lo, ci_hi;
};

/*
 * NaN is left out and counted in a and b. STATS_TOO_FEW: fewer than 2 values on a side;
 * STATS_CONSTANT: neither side varies, then the difference stands alone; STATS_DOMAIN.
 */
int stats_welch(struct stats_welch *out, const double *a, size_t n_a, const double *b, size_t n_b,
		double confidence);

/*
 * p of two one-sided tests (Schuirmann 1987): small when the difference is shown to lie within
 * (lo, hi), as "no worse than 2 %". -HUGE_VAL or HUGE_VAL leaves a side open: non-inferiority.
 */
double stats_welch_within(const struct stats_welch *w, double lo, double hi);

#endif
