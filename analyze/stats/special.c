// SPDX-License-Identifier: Apache-2.0
/*
 * Incomplete beta and gamma functions in long double. The loss of digits in such code comes from
 * the factor x^a y^b / B(a, b): as a difference of log-gammas it loses as many digits as a has.
 * Written with Stirling's error and log(1+u)-u nothing large is subtracted.
 */
#include "analyze/stats/special.h"

#include <float.h>
#include <math.h>

#define MAX_TERMS 5000000 /* about the square root of the largest a or b that is of use */
#define TWO_PI	  6.283185307179586476925286766559005768L
#define TINY	  (LDBL_MIN * 1e30L) /* for a zero denominator in Lentz's method */
#define CONVERGED (4 * LDBL_EPSILON)

long double stats_log1pmx(long double u)
{
	long double r, r2, power, sum = 0;
	int k;

	if (u < -0.4L || u > 0.4L)
		return log1pl(u) - u;
	/* log(1+u) = 2 atanh(r) with r = u / (2+u), and u = 2r / (1-r) */
	r = u / (2 + u);
	r2 = r * r;
	power = r * r2;
	for (k = 3; k < 41; k += 2) {
		sum += power / (long double)k;
		power *= r2;
	}
	return 2 * sum - 2 * r2 / (1 - r);
}

long double stats_stirling_error(long double z)
{
	/* B(2k) / (2k (2k-1)), k = 1, 2, ... */
	static const long double c[] = {
		1.0L / 12,	   -1.0L / 360,		1.0L / 1260, -1.0L / 1680,
		1.0L / 1188,	   -691.0L / 360360,	1.0L / 156,  -3617.0L / 122400,
		43867.0L / 244188, -174611.0L / 125400,
	};
	long double shifted = 0, w, sum = 0;
	int k;

	while (z < 16) {
		shifted += (z + 0.5L) * log1pl(1 / z) - 1;
		z += 1;
	}
	w = 1 / (z * z);
	for (k = (int)(sizeof(c) / sizeof(c[0])) - 1; k >= 0; k--)
		sum = sum * w + c[k];
	return shifted + sum / z;
}

/* log(ratio) - (ratio - 1), where off = ratio - 1 is known apart so that neither loses digits. */
static long double log_excess(long double ratio, long double off)
{
	return ratio < 0.6L ? logl(ratio) - off : stats_log1pmx(off);
}

/* x^a y^b / (a B(a, b)) */
static long double beta_factor(long double x, long double y, long double a, long double b)
{
	long double n = a + b, d = x * b - y * a; /* d is zero at the mean */
	long double e = a * log_excess(x * n / a, d / a) + b * log_excess(y * n / b, -d / b);

	e += stats_stirling_error(n) - stats_stirling_error(a) - stats_stirling_error(b);
	return sqrtl(b / (TWO_PI * a * n)) * expl(e);
}

static long double nonzero(long double v)
{
	return fabsl(v) < TINY ? TINY : v;
}

/* DLMF 8.17.22 by Lentz's method; good where x < (a + 1) / (a + b + 2). */
static long double beta_fraction(long double x, long double a, long double b)
{
	long double f = 1, c = 1, d = 0;
	int i;

	for (i = 1; i < MAX_TERMS; i++) {
		int half = i / 2;
		long double m = (long double)half, coef, step;

		if (i % 2)
			coef = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		else
			coef = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / nonzero(1 + coef * d);
		c = nonzero(1 + coef / c);
		step = c * d;
		f *= step;
		if (fabsl(step - 1) < CONVERGED)
			return 1 / f;
	}
	return (long double)NAN;
}

void stats_beta_inc(long double *lower, long double *upper, long double x, long double y,
		    long double a, long double b)
{
	*lower = *upper = (long double)NAN;
	if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0) || x > 1 || y > 1)
		return;
	if (x <= 0 || y <= 0) {
		*lower = x <= 0 ? 0 : 1;
		*upper = 1 - *lower;
		return;
	}
	if (x * (a + b + 2) <= a + 1) {
		*lower = beta_factor(x, y, a, b) * beta_fraction(x, a, b);
		*upper = 1 - *lower;
	} else {
		*upper = beta_factor(y, x, b, a) * beta_fraction(y, b, a);
		*lower = 1 - *upper;
	}
}

/* x^a exp(-x) / Gamma(a + 1) */
static long double gamma_factor(long double a, long double x)
{
	long double e = a * log_excess(x / a, (x - a) / a) - stats_stirling_error(a);

	return expl(e) / sqrtl(TWO_PI * a);
}

static long double gamma_series(long double a, long double x)
{
	long double term = 1, sum = 1;
	int i;

	for (i = 1; i < MAX_TERMS; i++) {
		term *= x / (a + (long double)i);
		sum += term;
		if (term < sum * LDBL_EPSILON / 4)
			return sum;
	}
	return (long double)NAN;
}

/* DLMF 8.9.2 in its contracted form, by Lentz's method. */
static long double gamma_fraction(long double a, long double x)
{
	long double b = x + 1 - a, c = 1 / TINY, d = 1 / b, f = d;
	int i;

	for (i = 1; i < MAX_TERMS; i++) {
		long double coef = -(long double)i * ((long double)i - a), step;

		b += 2;
		d = 1 / nonzero(b + coef * d);
		c = nonzero(b + coef / c);
		step = c * d;
		f *= step;
		if (fabsl(step - 1) < CONVERGED)
			return f;
	}
	return (long double)NAN;
}

void stats_gamma_inc(long double *lower, long double *upper, long double a, long double x)
{
	*lower = *upper = (long double)NAN;
	if (!(a > 0) || !(x >= 0))
		return;
	if (x <= 0 || isinf(x)) {
		*lower = x <= 0 ? 0 : 1;
		*upper = 1 - *lower;
	} else if (x < a + 1) {
		*lower = gamma_factor(a, x) * gamma_series(a, x);
		*upper = 1 - *lower;
	} else {
		*upper = a * gamma_factor(a, x) * gamma_fraction(a, x);
		*lower = 1 - *upper;
	}
}
