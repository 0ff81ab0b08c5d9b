/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What needs the values in order: quantiles, median, median absolute deviation. NaN means missing
 * and is left out. Quantiles are of type 7 (Hyndman and Fan 1996), the default of R and numpy:
 * linear between the order statistics at (n - 1) p.
 */
#ifndef STATS_QUANTILE_H
#define STATS_QUANTILE_H

#include <stddef.h>

/* MAD times this estimates the standard deviation of a normal distribution. */
#define STATS_MAD_SCALE 1.4826

/* Sort ascending in place, without NaN among the values. */
void stats_sort(double *x, size_t n);

/*
 * A sorted copy of x without its NaN; *out is the caller's to free(), *kept its length. With no
 * value left: STATS_TOO_FEW and *out NULL. STATS_NO_MEMORY.
 */
int stats_sorted_copy(double **out, size_t *kept, const double *x, size_t n);

/* Type 7 quantile of n sorted values, 0 <= p <= 1; NaN for n = 0 or p outside. */
double stats_quantile_sorted(const double *sorted, size_t n, double p);

/* out[i] = the p[i] quantile of x, i < n_p. Errors as stats_sorted_copy(), then out is all NaN. */
int stats_quantiles(double *out, const double *p, size_t n_p, const double *x, size_t n);

/* The middle value, or the mean of the two. Errors as stats_sorted_copy(), then *out is NaN. */
int stats_median(double *out, const double *x, size_t n);

/*
 * Median of |x - median(x)| times STATS_MAD_SCALE. *median may be NULL. 0 when more than half of
 * the values are equal. Errors as stats_sorted_copy(), then both are NaN.
 */
int stats_mad(double *mad, double *median, const double *x, size_t n);

#endif
