/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Distribution functions behind every p-value and interval. "upper" is the probability above the
 * argument. Both tails keep their relative accuracy (13 digits and more against R 4.2 and exact
 * values, out to the smallest double). An argument outside the domain, NaN included, gives NaN.
 */
#ifndef STATS_DIST_H
#define STATS_DIST_H

/* Standard normal: below z, above z, log of below z. By erfc; asymptotic series below z = -100. */
double stats_norm_cdf(double z);
double stats_norm_upper(double z);
double stats_norm_log_cdf(double z);

/* z with stats_norm_cdf(z) = p; 0 gives -inf, 1 gives inf. Newton's method on log p. */
double stats_norm_quantile(double p);

/* Student t with df > 0, which need not be whole; infinite df is the normal. By stats_beta_inc().
 */
double stats_t_cdf(double t, double df);
double stats_t_upper(double t, double df);
double stats_t_log_cdf(double t, double df);

/* P(|T| >= |t|) */
double stats_t_two_sided(double t, double df);

/* t with stats_t_cdf(t, df) = p. Newton's method on the logarithms, kept inside a bracket. */
double stats_t_quantile(double p, double df);

/* F with df1 and df2 > 0, chi-square with df > 0: the probability above. */
double stats_f_upper(double f, double df1, double df2);
double stats_chisq_upper(double x, double df);

#endif
