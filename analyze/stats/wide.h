/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers wider than double, for sums of products that cancel: long double where it has more digits
 * than double (x86: 64 bits, arm64: 113), else pairs of doubles with 106 bits (Dekker 1971; the
 * sums and products of Hida, Li and Bailey 2001). STATS_PORTABLE takes pairs everywhere.
 */
#ifndef STATS_WIDE_H
#define STATS_WIDE_H

#include <float.h>
#include <math.h>

#if LDBL_MANT_DIG > DBL_MANT_DIG && !defined(STATS_PORTABLE)

typedef long double wide;

static inline wide wide_of(long double v)
{
	return v;
}

static inline long double wide_value(wide a)
{
	return a;
}

static inline wide wide_add(wide a, wide b)
{
	return a + b;
}

static inline wide wide_sub(wide a, wide b)
{
	return a - b;
}

static inline wide wide_mul(wide a, wide b)
{
	return a * b;
}

static inline wide wide_div(wide a, wide b)
{
	return a / b;
}

static inline wide wide_sqrt(wide a)
{
	return sqrtl(a);
}

#else

typedef struct {
	double hi, lo; /* hi + lo, |lo| at most half a unit of hi */
} wide;

/* a + b, |a| >= |b| */
static inline wide wide_quick(double a, double b)
{
	double sum = a + b;

	return (wide){sum, b - (sum - a)};
}

/* a + b, exactly */
static inline wide wide_sum(double a, double b)
{
	double sum = a + b, of_b = sum - a;

	return (wide){sum, (a - (sum - of_b)) + (b - of_b)};
}

static inline wide wide_of(long double v)
{
	double hi = (double)v;

	return (wide){hi, isfinite(hi) ? (double)(v - (long double)hi) : 0};
}

static inline long double wide_value(wide a)
{
	return (long double)a.hi + (long double)a.lo;
}

static inline wide wide_add(wide a, wide b)
{
	wide hi = wide_sum(a.hi, b.hi), lo = wide_sum(a.lo, b.lo);

	hi = wide_quick(hi.hi, hi.lo + lo.hi);
	return wide_quick(hi.hi, hi.lo + lo.lo);
}

static inline wide wide_sub(wide a, wide b)
{
	return wide_add(a, (wide){-b.hi, -b.lo});
}

static inline wide wide_mul(wide a, wide b)
{
	double product = a.hi * b.hi, rest = fma(a.hi, b.hi, -product);

	return wide_quick(product, rest + (a.hi * b.lo + a.lo * b.hi));
}

static inline wide wide_div(wide a, wide b)
{
	double first = a.hi / b.hi, second, third;

	a = wide_sub(a, wide_mul(b, (wide){first, 0}));
	second = a.hi / b.hi;
	a = wide_sub(a, wide_mul(b, (wide){second, 0}));
	third = a.hi / b.hi;
	return wide_add(wide_quick(first, second), (wide){third, 0});
}

static inline wide wide_sqrt(wide a)
{
	double root = sqrt(a.hi);
	wide rest;

	if (!(root > 0))
		return (wide){root, 0};
	rest = wide_sub(a, wide_mul((wide){root, 0}, (wide){root, 0}));
	return wide_quick(root, rest.hi / (2 * root));
}

#endif

/* a + b c */
static inline wide wide_add_product(wide a, wide b, wide c)
{
	return wide_add(a, wide_mul(b, c));
}

/* a - b c */
static inline wide wide_sub_product(wide a, wide b, wide c)
{
	return wide_sub(a, wide_mul(b, c));
}

static inline wide wide_negative(wide a)
{
	return wide_sub(wide_of(0), a);
}

#endif
