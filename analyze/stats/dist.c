// SPDX-License-Identifier: Apache-2.0
/*
 * Normal, Student t, F and chi-square by way of special.h. Quantiles are found on a logarithmic
 * scale from whichever of tail and centre is the smaller, so that they are as good at 1e-300 as
 * at 0.5.
 */
#include "analyze/stats/dist.h"

#include <float.h>
#include <math.h>

#include "analyze/stats/special.h"
#include "analyze/stats/status.h"

#define SQRT_HALF    0.707106781186547524400844362104849039L
#define LOG_SQRT_2PI 0.918938533204672741780329736405617640L
#define SQRT_2PI     2.506628274631000502415765284811045253L

double stats_norm_cdf(double z)
{
	return (double)(0.5L * erfcl(-(long double)z * SQRT_HALF));
}

double stats_norm_upper(double z)
{
	return stats_norm_cdf(-z);
}

static long double norm_log_cdf(long double z)
{
	long double w;

	if (z > 0)
		return log1pl(-0.5L * erfcl(z * SQRT_HALF));
	if (z > -100)
		return logl(0.5L * erfcl(-z * SQRT_HALF));
	/* Mills' ratio, DLMF 7.12.1 */
	w = 1 / (z * z);
	return -z * z / 2 - logl(-z) - LOG_SQRT_2PI +
	       log1pl(-w * (1 - 3 * w * (1 - 5 * w * (1 - 7 * w))));
}

double stats_norm_log_cdf(double z)
{
	return (double)norm_log_cdf((long double)z);
}

/* 0 < p <= 1/2. The tail of Abramowitz and Stegun 26.2.22 starts it (3e-3). */
static long double norm_quantile_low(long double p)
{
	long double t = sqrtl(-2 * logl(p));
	long double z = (2.30753L + 0.27061L * t) / (1 + t * (0.99229L + 0.04481L * t)) - t;
	int i;

	for (i = 0; i < 6; i++) {
		long double step, density;

		if (p > 0.25L) { /* near the median the small number is 1/2 - p */
			density = expl(-z * z / 2) / SQRT_2PI;
			step = (0.5L * erfl(z * SQRT_HALF) + (0.5L - p)) / density;
		} else {
			long double log_p = norm_log_cdf(z);

			density = expl(-z * z / 2 - LOG_SQRT_2PI - log_p);
			step = (log_p - logl(p)) / density;
		}
		z -= step;
		if (fabsl(step) <= 8 * LDBL_EPSILON * fabsl(z))
			break;
	}
	return z;
}

double stats_norm_quantile(double p)
{
	if (!(p >= 0 && p <= 1))
		return STATS_NAN;
	if (p <= 0 || p >= 1)
		return p <= 0 ? -HUGE_VAL : HUGE_VAL;
	if (p > 0.5)
		return (double)-norm_quantile_low(1 - (long double)p);
	return (double)norm_quantile_low((long double)p);
}

/* From here on z of Hill (1970) is exact to 1e-16, while the continued fraction slowly is not. */
#define T_IS_NORMAL 1e6L

/* *tail = P(|T| >= |t|), *centre = P(|T| < |t|) */
static void t_split(long double *tail, long double *centre, long double t, long double df)
{
	long double t2 = t * t;

	if (isinf(df)) {
		*tail = erfcl(fabsl(t) * SQRT_HALF);
		*centre = erfl(fabsl(t) * SQRT_HALF);
	} else if (df >= T_IS_NORMAL) {
		long double a = df - 0.5L, z2 = a * log1pl(t2 / df);
		long double z = sqrtl(z2) * (1 + (z2 + 3) / (48 * a * a));

		*tail = erfcl(z * SQRT_HALF);
		*centre = erfl(z * SQRT_HALF);
	} else if (t2 > df) {
		long double r = df / t2;

		stats_beta_inc(tail, centre, r / (1 + r), 1 / (1 + r), df / 2, 0.5L);
	} else {
		stats_beta_inc(tail, centre, df / (df + t2), t2 / (df + t2), df / 2, 0.5L);
	}
}

static int t_domain(double t, double df)
{
	return df > 0 && !isnan(t);
}

double stats_t_two_sided(double t, double df)
{
	long double tail, centre;

	if (!t_domain(t, df))
		return STATS_NAN;
	t_split(&tail, &centre, (long double)t, (long double)df);
	return (double)tail;
}

double stats_t_upper(double t, double df)
{
	long double tail, centre;

	if (!t_domain(t, df))
		return STATS_NAN;
	t_split(&tail, &centre, (long double)t, (long double)df);
	return (double)(t > 0 ? tail / 2 : (1 + centre) / 2);
}

double stats_t_cdf(double t, double df)
{
	return stats_t_upper(-t, df);
}

double stats_t_log_cdf(double t, double df)
{
	long double tail, centre;

	if (!t_domain(t, df))
		return STATS_NAN;
	t_split(&tail, &centre, (long double)t, (long double)df);
	return (double)(t < 0 ? logl(tail / 2) : log1pl(-tail / 2));
}

/* log of the density of |T| times |t|: what moves the tail when log t moves */
static long double t_log_slope(long double t, long double df)
{
	long double e = stats_stirling_error((df + 1) / 2) - stats_stirling_error(df / 2);

	/* Gamma((df+1)/2) / Gamma(df/2) by Stirling's series, see special.h */
	e += df / 2 * log1pl(1 / df) + logl(df / 2) / 2 - 0.5L;
	e -= logl(df) / 2 + 0.5L * logl(3.14159265358979323846264338327950288L);
	return e - (df + 1) / 2 * log1pl(t * t / df) + logl(2 * t);
}

/* t > 0 with tail = P(|T| >= t) and centre = 1 - tail, both of them > 0 */
static long double t_quantile_abs(long double tail, long double centre, long double df)
{
	int use_tail = tail < centre;
	long double goal = logl(use_tail ? tail : centre);
	long double lo = -11500, hi = 11300; /* log t; the range of long double */
	long double s = logl(-norm_quantile_low(tail / 2));
	int i;

	for (i = 0; i < 200; i++) {
		long double q, c, miss, slope, next;

		t_split(&q, &c, expl(s), df);
		miss = logl(use_tail ? q : c) - goal;
		if (use_tail)
			miss = -miss;
		if (miss > 0)
			hi = s;
		else
			lo = s;
		slope = expl(t_log_slope(expl(s), df)) / (use_tail ? q : c);
		next = s - miss / slope;
		if (!(next > lo && next < hi))
			next = (lo + hi) / 2;
		if (fabsl(next - s) <= 4 * LDBL_EPSILON * (1 + fabsl(s)))
			return expl(next);
		s = next;
	}
	return expl(s);
}

/* A search over many fits of one size (knee.c) asks for the same one each time, which takes longer
 * than the fit: the last answer of each thread is kept. */
double stats_t_quantile(double p, double df)
{
	static _Thread_local struct {
		double p, df, t;
	} last = {STATS_NAN, STATS_NAN, STATS_NAN};
	long double q, t;

	if (p >= last.p && p <= last.p && df >= last.df && df <= last.df)
		return last.t;
	if (!(p >= 0 && p <= 1) || !(df > 0))
		return STATS_NAN;
	if (p <= 0 || p >= 1)
		return p <= 0 ? -HUGE_VAL : HUGE_VAL;
	if (isinf(df))
		return stats_norm_quantile(p);
	q = p < 0.5 ? (long double)p : 1 - (long double)p;
	if (q >= 0.5L)
		return 0;
	t = t_quantile_abs(2 * q, 1 - 2 * q, (long double)df);
	last.p = p;
	last.df = df;
	last.t = (double)(p < 0.5 ? -t : t);
	return last.t;
}

double stats_f_upper(double f, double df1, double df2)
{
	long double lower, upper, r;

	if (isnan(f) || !(df1 > 0) || !(df2 > 0))
		return STATS_NAN;
	if (f <= 0)
		return 1;
	if (isinf(df2))
		return stats_chisq_upper(df1 * f, df1);
	r = (long double)df1 * (long double)f / (long double)df2;
	if (r > 1) {
		r = 1 / r;
		stats_beta_inc(&lower, &upper, 1 / (1 + r), r / (1 + r), (long double)df1 / 2,
			       (long double)df2 / 2);
	} else {
		stats_beta_inc(&lower, &upper, r / (1 + r), 1 / (1 + r), (long double)df1 / 2,
			       (long double)df2 / 2);
	}
	return (double)upper;
}

double stats_chisq_upper(double x, double df)
{
	long double lower, upper;

	if (isnan(x) || !(df > 0))
		return STATS_NAN;
	if (x <= 0)
		return 1;
	stats_gamma_inc(&lower, &upper, (long double)df / 2, (long double)x / 2);
	return (double)upper;
}
