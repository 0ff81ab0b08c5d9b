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

/* A of u[t] = A u[t-1] + v[t], in place of u the v; the first row of each block becomes 0. */
static void autoregress(long double *a, long double *u, size_t n, size_t k,
			struct stats_blocks blocks, long double *work)
{
	size_t b, t, i, j, at = 0, n_blocks = blocks.count ? blocks.count : 1;
	long double *before = work, *across = work + k * k, *v = across + k * k, largest;

	memset(work, 0, 2 * k * k * sizeof(*work));
	for (b = 0; b < n_blocks; b++) {
		size_t length = blocks.count ? blocks.length[b] : n;

		for (t = 1; t < length; t++) {
			const long double *now = u + (at + t) * k, *was = now - k;

			for (i = 0; i < k; i++) {
				for (j = 0; j < k; j++) {
					before[i * k + j] += was[i] * was[j];
					across[i * k + j] += now[i] * was[j];
				}
			}
		}
		at += length;
	}
	if (!solve_right(a, before, across, k, k))
		memset(a, 0, k * k * sizeof(*a));
	largest = norm(a, k, v, v + k);
	for (i = 0; i < k * k && largest > LARGEST_A; i++)
		a[i] *= LARGEST_A / largest;
	for (b = n_blocks; b-- > 0;) {
		size_t length = blocks.count ? blocks.length[b] : n;

		at -= length;
		for (t = length; t-- > 0;) {
			long double *now = u + (at + t) * k;

			for (i = 0; i < k; i++)
				for (j = 0; j < k && t; j++)
					now[i] -= a[i * k + j] * now[(ptrdiff_t)j - (ptrdiff_t)k];
			if (!t)
				memset(now, 0, k * sizeof(*now));
		}
	}
}

/* meat becomes (I - A)^-1 meat (I - A)^-T */
static void recolour(long double *meat, const long double *a, size_t k, long double *work)
{
	long double *rest = work, *half = work + k * k;
	size_t i, j, side;

	for (side = 0; side < 2; side++) {
		/* X (I - A)' = meat gives X' = (I - A)^-1 meat', twice over */
		for (i = 0; i < k; i++)
			for (j = 0; j < k; j++)
				rest[j * k + i] = (i == j ? 1 : 0) - a[i * k + j];
		if (!solve_right(half, rest, meat, k, k))
			return;
		for (i = 0; i < k; i++)
			for (j = 0; j < k; j++)
				meat[j * k + i] = half[i * k + j];
	}
}

static int make_meat(long double *meat, long double *u, size_t n, size_t k,
		     const struct stats_hac_options *options)
{
	long double *work = calloc(3 * k * k + 2 * k, sizeof(*work));
	struct stats_blocks blocks = options->blocks;
	size_t lag, last = options->lag, n_blocks = blocks.count ? blocks.count : 1;

	if (!work)
		return STATS_NO_MEMORY;
	if (last == STATS_HAC_AUTOMATIC)
		last = (size_t)(4 * pow((double)n / 100, 2.0 / 9));
	if (options->prewhiten)
		autoregress(work + 2 * k * k + 2 * k, u, n, k, blocks, work);
	for (lag = 0; lag <= last && lag < n; lag++) {
		long double weight = 1 - (long double)lag / (long double)(last + 1);

		stats_add_products(meat, u, n, k, lag, weight, blocks);
	}
	if (options->prewhiten) {
		long double scale = (long double)n / (long double)(n - n_blocks); /* so many v's */
		size_t i;

		recolour(meat, work + 2 * k * k + 2 * k, k, work);
		for (i = 0; i < k * k; i++)
			meat[i] *= scale;
	}
	free(work);
	return STATS_OK;
}

int stats_hac(struct stats_term *terms, double *vcov, const struct stats_ols *ols,
	      const struct stats_ols_fit *fit, struct stats_rows rows,
	      const struct stats_hac_options *options, double confidence)
{
	const struct stats_hac_options automatic = {
		STATS_HAC_AUTOMATIC, 1, {NULL, 0}
	 };
	size_t k = fit->terms, n_blocks;
	long double *u = NULL, *meat;
	int ret;

	if (!options)
		options = &automatic;
	if (!stats_blocks_fit(options->blocks, rows.n))
		return STATS_DOMAIN;
	n_blocks = options->blocks.count ? options->blocks.count : 1;
	if (!fit->df || (options->prewhiten && rows.n <= n_blocks))
		return STATS_TOO_FEW;
	meat = calloc(k * k, sizeof(*meat));
	if (!meat)
		return STATS_NO_MEMORY;
	ret = stats_scores(&u, ols, rows, 0);
	if (!ret)
		ret = make_meat(meat, u, rows.n, k, options);
	if (!ret)
		ret = stats_sandwich_conclude(terms, vcov, ols, fit, meat, confidence);
	free(u);
	free(meat);
	return ret;
}
