// SPDX-License-Identifier: Apache-2.0
/*
 * Newey and West's standard errors, prewhitened: the scores are first freed of most of their memory
 * by a vector autoregression u[t] = A u[t-1] + v[t]; the sum for v then becomes that for u by
 * (I - A)^-1 on both sides.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/sandwich_private.h"
#include "analyze/stats/status.h"

#define LARGEST_A 0.97L /* Andrews and Monahan's bound on the singular values of A */

/* Solve X a = b for X (m x k), given a (k x k) and b (m x k); a is spoilt. 0 for a singular a. */
static int solve_right(long double *x, long double *a, const long double *b, size_t m, size_t k)
{
	size_t i, j, c, pivot;

	/* column operations that turn a into the identity turn b into X */
	memcpy(x, b, m * k * sizeof(*x));
	for (j = 0; j < k; j++) {
		for (pivot = j, c = j; c < k; c++)
			if (fabsl(a[j * k + c]) > fabsl(a[j * k + pivot]))
				pivot = c;
		if (!(fabsl(a[j * k + pivot]) > 0))
			return 0;
		for (i = 0; i < k + m; i++) {
			long double *row = i < k ? a + i * k : x + (i - k) * k, was = row[j];

			row[j] = row[pivot];
			row[pivot] = was;
		}
		for (c = 0; c < k; c++) {
			long double share = a[j * k + c] / a[j * k + j];

			for (i = 0; i < k + m && c != j; i++) {
				long double *row = i < k ? a + i * k : x + (i - k) * k;

				row[c] -= share * row[j];
			}
		}
	}
	for (i = 0; i < m; i++)
		for (j = 0; j < k; j++)
			x[i * k + j] /= a[j * k + j];
	return 1;
}

/* The largest singular value, by the power method. */
static long double norm(const long double *a, size_t k, long double *v, long double *w)
{
	long double length = 0;
	size_t i, j, round;

	for (i = 0; i < k; i++)
		v[i] = 1 + (long double)i / 7;
	for (round = 0; round < 100; round++) {
		long double squares = 0;

		memset(w, 0, k * sizeof(*w));
		for (i = 0; i < k; i++)
			for (j = 0; j < k; j++)
				w[i] += a[i * k + j] * v[j];
		memset(v, 0, k * sizeof(*v));
		for (i = 0; i < k; i++)
			for (j = 0; j < k; j++)
				v[j] += a[i * k + j] * w[i];
		for (i = 0; i < k; i++)
			squares += v[i] * v[i];
		length = sqrtl(squares);
		for (i = 0; i < k && length > 0; i++)
			v[i] /= length;
	}
	return sqrtl(length);
}

void stats_hac_learn(struct stats_meat *m, const long double *u, size_t n)
{
	size_t t, i, j, k = m->k;

	for (t = 1; t < n; t++) {
		const long double *now = u + t * k, *was = now - k;

		for (i = 0; i < k; i++) {
			for (j = 0; j < k; j++) {
				m->before[i * k + j] += was[i] * was[j];
				m->across[i * k + j] += now[i] * was[j];
			}
		}
	}
	m->blocks++;
}

void stats_hac_settle(struct stats_meat *m)
{
	size_t i, k = m->k;
	long double largest;

	if (!solve_right(m->a, m->before, m->across, k, k))
		memset(m->a, 0, k * k * sizeof(*m->a));
	largest = norm(m->a, k, m->work, m->work + k);
	for (i = 0; i < k * k && largest > LARGEST_A; i++)
		m->a[i] *= LARGEST_A / largest;
	m->settled = 1;
}

void stats_hac_whiten(const struct stats_meat *m, long double *u, size_t n)
{
	size_t t, i, j, k = m->k;

	for (t = n; t-- > 0;) {
		long double *now = u + t * k;

		for (i = 0; i < k; i++)
			for (j = 0; j < k && t; j++)
				now[i] -= m->a[i * k + j] * now[(ptrdiff_t)j - (ptrdiff_t)k];
		if (!t)
			memset(now, 0, k * sizeof(*now));
	}
}

/* sum becomes (I - A)^-1 sum (I - A)^-T, for as many rows as u has. */
void stats_hac_recolour(struct stats_meat *m)
{
	size_t i, j, side, k = m->k;
	long double *rest = m->work, *half = m->work + k * k;
	long double n = (long double)m->ols->qr.rows;

	for (side = 0; side < 2; side++) {
		/* X (I - A)' = sum gives X' = (I - A)^-1 sum', twice over */
		for (i = 0; i < k; i++)
			for (j = 0; j < k; j++)
				rest[j * k + i] = (i == j ? 1 : 0) - m->a[i * k + j];
		if (!solve_right(half, rest, m->sum, k, k))
			break;
		for (i = 0; i < k; i++)
			for (j = 0; j < k; j++)
				m->sum[j * k + i] = half[i * k + j];
	}
	for (i = 0; i < k * k; i++)
		m->sum[i] *= n / (n - (long double)m->blocks);
}

/* Every block of the rows through one of the passes. */
static int pass(struct stats_meat *m, int (*take)(struct stats_meat *, struct stats_rows),
		struct stats_rows rows, struct stats_blocks blocks)
{
	size_t b, at = 0, n_blocks = blocks.count ? blocks.count : 1;
	int ret = STATS_OK;

	for (b = 0; b < n_blocks && !ret; b++) {
		size_t length = blocks.count ? blocks.length[b] : rows.n;

		ret = take(m, (struct stats_rows){rows.x + at * m->ols->n_x, rows.y + at, length});
		at += length;
	}
	return ret;
}

int stats_hac(struct stats_term *terms, double *vcov, const struct stats_ols *ols,
	      const struct stats_ols_fit *fit, struct stats_rows rows,
	      const struct stats_hac_options *options, double confidence)
{
	const struct stats_hac_options automatic = {
		STATS_HAC_AUTOMATIC, 1, {NULL, 0}
	 };
	struct stats_meat *meat;
	int ret;

	if (!options)
		options = &automatic;
	if (!stats_blocks_fit(options->blocks, rows.n))
		return STATS_DOMAIN;
	if (!fit->df)
		return STATS_TOO_FEW;
	ret = stats_meat_new(&meat, ols, options);
	if (!ret)
		ret = pass(meat, stats_meat_learn, rows, options->blocks);
	if (!ret)
		ret = pass(meat, stats_meat_add, rows, options->blocks);
	if (!ret)
		ret = stats_meat_conclude(terms, vcov, meat, fit, confidence);
	stats_meat_free(meat);
	return ret;
}
