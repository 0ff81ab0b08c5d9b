// SPDX-License-Identifier: Apache-2.0
/*
 * Streaming QR: each chunk of rows is folded into the triangle that the rows before it left.
 */
#include "analyze/stats/tsqr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/status.h"

#define CHUNK 256

int stats_tsqr_init(struct stats_tsqr *qr, size_t columns)
{
	*qr = (struct stats_tsqr){.columns = columns};
	qr->r = calloc(columns * columns, sizeof(*qr->r));
	qr->chunk = calloc(columns * CHUNK, sizeof(*qr->chunk));
	if (qr->r && qr->chunk)
		return STATS_OK;
	stats_tsqr_clear(qr);
	return STATS_NO_MEMORY;
}

void stats_tsqr_clear(struct stats_tsqr *qr)
{
	free(qr->r);
	free(qr->chunk);
	*qr = (struct stats_tsqr){0};
}

void stats_tsqr_add(struct stats_tsqr *qr, const wide *row)
{
	size_t c;

	for (c = 0; c < qr->columns; c++)
		qr->chunk[c * CHUNK + qr->pending] = row[c];
	qr->rows++;
	if (++qr->pending == CHUNK)
		stats_tsqr_flush(qr);
}

/* *top and v[0 .. m) of one column less the projection on (v0, w) */
static void reflect(wide *top, wide *v, wide v0, const wide *w, size_t m, wide two_by_norm)
{
	wide s = wide_mul(v0, *top);
	size_t i;

	for (i = 0; i < m; i++)
		s = wide_add_product(s, w[i], v[i]);
	s = wide_mul(s, two_by_norm);
	*top = wide_sub_product(*top, s, v0);
	for (i = 0; i < m; i++)
		v[i] = wide_sub_product(v[i], s, w[i]);
}

void stats_tsqr_flush(struct stats_tsqr *qr)
{
	size_t j, c, i, m = qr->pending;

	for (j = 0; j < qr->columns; j++) {
		wide *w = qr->chunk + j * CHUNK, *row = qr->r + j * qr->columns;
		wide squares = wide_of(0), length, v0, two_by_norm;
		int positive = wide_value(row[j]) > 0;

		for (i = 0; i < m; i++)
			squares = wide_add_product(squares, w[i], w[i]);
		if (!(wide_value(squares) > 0))
			continue;
		/* (row[j], w) becomes (-/+ length, 0), the sign that does not cancel */
		length = wide_sqrt(wide_add_product(squares, row[j], row[j]));
		v0 = positive ? wide_add(row[j], length) : wide_sub(row[j], length);
		two_by_norm = wide_div(wide_of(2), wide_add_product(squares, v0, v0));
		for (c = j + 1; c < qr->columns; c++)
			reflect(&row[c], qr->chunk + c * CHUNK, v0, w, m, two_by_norm);
		row[j] = positive ? wide_negative(length) : length;
	}
	qr->pending = 0;
}

void stats_triangle_solve(wide *x, const wide *r, size_t n, size_t stride, const wide *z,
			  size_t z_stride)
{
	size_t i, j;

	for (i = n; i-- > 0;) {
		wide sum = z[i * z_stride];

		for (j = i + 1; j < n; j++)
			sum = wide_sub_product(sum, r[i * stride + j], x[j]);
		x[i] = wide_div(sum, r[i * stride + i]);
	}
}

void stats_triangle_invert(wide *inverse, const wide *r, size_t n, size_t stride)
{
	size_t i, j, k;

	for (j = 0; j < n; j++) {
		for (i = n; i-- > 0;) {
			wide sum = wide_of(i == j ? 1 : 0);

			for (k = i + 1; k <= j; k++)
				sum = wide_sub_product(sum, r[i * stride + k], inverse[k * n + j]);
			inverse[i * n + j] = i > j ? wide_of(0) : wide_div(sum, r[i * stride + i]);
		}
	}
}

/* Rotate columns a and b of length n onto right angles; how far they were from it. */
static long double rotate(long double *a, long double *b, size_t n)
{
	long double aa = 0, bb = 0, ab = 0, tau, t, cosine, sine;
	size_t i;

	for (i = 0; i < n; i++) {
		aa += a[i] * a[i];
		bb += b[i] * b[i];
		ab += a[i] * b[i];
	}
	if (!(fabsl(ab) > 0))
		return 0;
	tau = (bb - aa) / (2 * ab);
	t = (tau < 0 ? -1 : 1) / (fabsl(tau) + sqrtl(1 + tau * tau));
	cosine = 1 / sqrtl(1 + t * t);
	sine = t * cosine;
	for (i = 0; i < n; i++) {
		long double was = a[i];

		a[i] = cosine * was - sine * b[i];
		b[i] = sine * was + cosine * b[i];
	}
	return fabsl(ab) / sqrtl(aa * bb);
}

static long double column_length(const long double *a, size_t n)
{
	long double squares = 0;
	size_t i;

	for (i = 0; i < n; i++)
		squares += a[i] * a[i];
	return sqrtl(squares);
}

int stats_triangle_condition(double *condition, const wide *r, size_t n, size_t stride)
{
	long double *a = calloc(n * n, sizeof(*a)); /* column after column */
	long double largest = 0, smallest = HUGE_VALL, worst = 1;
	size_t i, j, sweep;

	if (!a)
		return STATS_NO_MEMORY;
	for (j = 0; j < n; j++) {
		for (i = 0; i <= j; i++)
			a[j * n + i] = wide_value(r[i * stride + j]);
		worst = column_length(a + j * n, n);
		for (i = 0; i <= j && worst > 0; i++)
			a[j * n + i] /= worst;
	}
	for (sweep = 0, worst = 1; sweep < 60 && worst > 1e-15L; sweep++) {
		worst = 0;
		for (i = 0; i < n; i++)
			for (j = i + 1; j < n; j++)
				worst = fmaxl(worst, rotate(a + i * n, a + j * n, n));
	}
	for (j = 0; j < n; j++) {
		largest = fmaxl(largest, column_length(a + j * n, n));
		smallest = fminl(smallest, column_length(a + j * n, n));
	}
	*condition = (double)(largest / smallest);
	free(a);
	return STATS_OK;
}
