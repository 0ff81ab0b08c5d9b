// SPDX-License-Identifier: Apache-2.0
/*
 * Autocorrelation within blocks, and the effective size that follows from it.
 */
#include "analyze/stats/acf.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "analyze/stats/status.h"

/* The series counts as constant when its sd is below this many units of its largest value. */
#define ROUNDING (8 * DBL_EPSILON)

static size_t block_length(struct stats_blocks blocks, size_t i, size_t n)
{
	return blocks.count ? blocks.length[i] : n;
}

int stats_blocks_fit(struct stats_blocks blocks, size_t n)
{
	size_t i, sum = 0;

	for (i = 0; i < blocks.count; i++) {
		if (blocks.length[i] > n - sum)
			return 0;
		sum += blocks.length[i];
	}
	return !blocks.count || sum == n;
}

/* Centre one block: about its first value, so that a constant gives exact zeros. */
static long double centre(double *d, const double *x, size_t n)
{
	long double first = (long double)x[0], mean = 0, squares = 0;
	size_t i;

	for (i = 0; i < n; i++)
		mean += (long double)x[i] - first;
	mean /= (long double)n;
	for (i = 0; i < n; i++) {
		d[i] = (double)((long double)x[i] - first - mean);
		squares += (long double)d[i] * (long double)d[i];
	}
	return squares;
}

static int varies(long double squares, double largest, size_t n)
{
	long double limit = (long double)ROUNDING * (long double)largest;

	return squares > limit * limit * (long double)n;
}

int stats_deviations(double *d, long double *squares, const double *x, size_t n,
		     struct stats_blocks blocks)
{
	size_t i, b, at = 0, n_blocks = blocks.count ? blocks.count : 1;
	double largest = 0;

	*squares = (long double)NAN;
	if (!stats_blocks_fit(blocks, n))
		return STATS_DOMAIN;
	for (i = 0; i < n; i++) {
		if (!isfinite(x[i]))
			return STATS_DOMAIN;
		if (fabs(x[i]) > largest)
			largest = fabs(x[i]);
	}
	if (n < 2)
		return STATS_TOO_FEW;
	*squares = 0;
	for (b = 0; b < n_blocks; b++) {
		size_t length = block_length(blocks, b, n);

		if (length)
			*squares += centre(d + at, x + at, length);
		at += length;
	}
	return varies(*squares, largest, n) ? STATS_OK : STATS_CONSTANT;
}

void stats_serial_add(struct stats_serial *s, double *d, const double *x, size_t n)
{
	size_t i;

	if (!n)
		return;
	for (i = 0; i < n; i++)
		s->largest = fmax(s->largest, fabs(x[i]));
	s->n += n;
	s->squares += centre(d, x, n);
	s->lag += stats_product_sum(d + 1, d, n - 1);
}

long double stats_serial_r1(const struct stats_serial *s)
{
	if (s->n < 2 || !varies(s->squares, s->largest, s->n))
		return (long double)NAN;
	return s->lag / s->squares;
}

/* sum a[i] b[i] in four sums side by side: three times as fast as one, which waits for each add */
long double stats_product_sum(const double *a, const double *b, size_t n)
{
	long double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
	size_t i;

	for (i = 0; i + 4 <= n; i += 4) {
		s0 += (long double)a[i] * (long double)b[i];
		s1 += (long double)a[i + 1] * (long double)b[i + 1];
		s2 += (long double)a[i + 2] * (long double)b[i + 2];
		s3 += (long double)a[i + 3] * (long double)b[i + 3];
	}
	for (; i < n; i++)
		s0 += (long double)a[i] * (long double)b[i];
	return (s0 + s1) + (s2 + s3);
}

long double stats_lagged_sum(size_t *pairs, const double *d, size_t n, size_t lag,
			     struct stats_blocks blocks)
{
	size_t b, at = 0, count = 0, n_blocks = blocks.count ? blocks.count : 1;
	long double sum = 0;

	for (b = 0; b < n_blocks; b++) {
		size_t length = block_length(blocks, b, n);

		if (length > lag) {
			sum += stats_product_sum(d + at + lag, d + at, length - lag);
			count += length - lag;
		}
		at += length;
	}
	if (pairs)
		*pairs = count;
	return sum;
}

int stats_acf(double *r, size_t max_lag, const double *x, size_t n, struct stats_blocks blocks)
{
	long double squares;
	double *d;
	size_t lag, pairs;
	int ret;

	for (lag = 0; lag <= max_lag; lag++)
		r[lag] = STATS_NAN;
	d = malloc((n ? n : 1) * sizeof(*d));
	if (!d)
		return STATS_NO_MEMORY;
	ret = stats_deviations(d, &squares, x, n, blocks);
	if (ret)
		goto cleanup;
	for (lag = 0; lag <= max_lag; lag++) {
		long double sum = stats_lagged_sum(&pairs, d, n, lag, blocks);

		if (!pairs)
			break;
		r[lag] = (double)(sum / squares);
	}
cleanup:
	free(d);
	return ret;
}

double stats_autocorrelation(const double *x, size_t n)
{
	double r[2];

	return stats_acf(r, 1, x, n, (struct stats_blocks){NULL, 0}) ? STATS_NAN : r[1];
}

double stats_effective_size(const double *x, size_t n)
{
	double r1 = stats_autocorrelation(x, n), size;

	if (isnan(r1))
		return STATS_NAN;
	size = (double)n * (1 - r1) / (1 + r1);
	return fmin(fmax(size, 1), (double)n);
}
