/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The incomplete beta and gamma functions, from which dist.h makes every distribution. Both tails
 * are returned, each accurate to its own size: never compute one as 1 minus the other.
 */
#ifndef STATS_SPECIAL_H
#define STATS_SPECIAL_H

/*
 * Regularised incomplete beta: *lower = I_x(a, b), *upper = I_y(b, a), with y = 1 - x given by the
 * caller because only the caller knows it without cancellation. Continued fraction DLMF 8.17.22;
 * the factor in front by Stirling's series, so that large a and b keep their digits.
 * a, b > 0 and 0 <= x, y <= 1, else both are NaN.
 */
void stats_beta_inc(long double *lower, long double *upper, long double x, long double y,
		    long double a, long double b);

/*
 * Regularised incomplete gamma: *lower = P(a, x), *upper = Q(a, x). Series DLMF 8.11.4 below
 * x = a + 1, continued fraction DLMF 8.9.2 above. a > 0 and x >= 0, else both are NaN.
 */
void stats_gamma_inc(long double *lower, long double *upper, long double a, long double x);

/* log(1 + u) - u without cancellation near 0; u > -1. */
long double stats_log1pmx(long double u);

/* Stirling's error: log Gamma(z) - [(z - 1/2) log z - z + log(2 pi) / 2]; z > 0. DLMF 5.11.1. */
long double stats_stirling_error(long double z);

#endif
