/* SPDX-License-Identifier: Apache-2.0 */
/*
 * p-values of many tests made together, as a correlation matrix makes them. An adjusted value is
 * compared with alpha directly.
 */
#ifndef STATS_ADJUST_H
#define STATS_ADJUST_H

#include <stddef.h>

enum stats_adjustment {
	STATS_ADJUST_NONE,
	STATS_ADJUST_HOLM, /* no false finding at all, any dependence (Holm 1979) */
	STATS_ADJUST_BH,   /* share of false findings (Benjamini and Hochberg 1995) */
	STATS_ADJUST_BY,   /* the same under any dependence (Benjamini and Yekutieli 2001) */
};

/* Of its name: holm, bh, by; any other: none. */
enum stats_adjustment stats_adjustment_of(const char *name);

/*
 * adjusted[i] of p[i], i < n; the arrays may be the same. A NaN is a test that was not made: it
 * stays NaN and does not count. STATS_DOMAIN for a p outside [0, 1], STATS_NO_MEMORY: then
 * adjusted is untouched.
 */
int stats_adjust(double *adjusted, const double *p, size_t n, enum stats_adjustment method);

#endif
