/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one series of numbers looks like: location, spread, range. NaN means missing: it is left out
 * and counted. Sums run in long double, centred on the first value, so that a series far from zero
 * (a clock, a counter) keeps its variance.
 */
#ifndef STATS_DESCRIBE_H
#define STATS_DESCRIBE_H

#include <stddef.h>

struct stats_summary {
	size_t n;	/* values used */
	size_t missing; /* NaN among them, left out */
	double mean;
	double variance; /* sample variance, divisor n - 1; NaN for n < 2 */
	double sd;
	double min, max;
	double ci_lo, ci_hi; /* t interval of the mean for independent values; NaN for n < 2 */
};

/*
 * x: n values in any unit; confidence in (0, 1), as 0.95. Two passes with the correction of Chan,
 * Golub and LeVeque (1983). STATS_TOO_FEW without any value, STATS_DOMAIN on infinities or a
 * confidence out of range.
 */
int stats_describe(struct stats_summary *out, const double *x, size_t n, double confidence);

/* The mean alone; NaN without any value. */
double stats_mean(const double *x, size_t n);

/*
 * mean -/+ t sd / sqrt(n_eff) with n_eff - 1 degrees of freedom. For a series with autocorrelation
 * give its effective size (see acf.h) instead of its length. STATS_TOO_FEW for n_eff <= 1.
 */
int stats_mean_interval(double *lo, double *hi, double mean, double sd, double n_eff,
			double confidence);

/*
 * Keep only the places where both x and y are present: both arrays are compacted in place, order
 * kept. Returns how many pairs are left.
 */
size_t stats_pair_complete(double *x, double *y, size_t n);

#endif
