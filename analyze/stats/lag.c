// SPDX-License-Identifier: Apache-2.0
/*
 * Cross-correlation at lags, with and without prewhitening.
 */
#include "analyze/stats/lag.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/dist.h"
#include "analyze/stats/status.h"

/* sum d[t+k] e[t] within blocks, and how many products; k may be negative */
static long double cross_sum(size_t *pairs, const double *d, const double *e, size_t n, ptrdiff_t k,
			     struct stats_blocks blocks)
{
	size_t b, t, at = 0, lag = (size_t)(k < 0 ? -k : k);
	size_t n_blocks = blocks.count ? blocks.count : 1;
	const double *late = k < 0 ? e : d, *early = k < 0 ? d : e;
	long double sum = 0;

	*pairs = 0;
	for (b = 0; b < n_blocks; b++) {
		size_t length = blocks.count ? blocks.length[b] : n;

		for (t = lag; t < length; t++)
			sum += (long double)late[at + t] * (long double)early[at + t - lag];
		*pairs += length > lag ? length - lag : 0;
		at += length;
	}
	return sum;
}

/* r at all lags of two series of deviations. */
static int correlate_lags(double *r, size_t max_lag, const double *d, const double *e, size_t n,
			  struct stats_blocks blocks)
{
	long double sdd = stats_lagged_sum(NULL, d, n, 0, blocks);
	long double see = stats_lagged_sum(NULL, e, n, 0, blocks);
	size_t i, pairs;

	if (!(sdd > 0 && see > 0))
		return STATS_CONSTANT;
	for (i = 0; i <= 2 * max_lag; i++) {
		ptrdiff_t k = (ptrdiff_t)i - (ptrdiff_t)max_lag;
		long double sum = cross_sum(&pairs, d, e, n, k, blocks);

		r[i] = pairs ? (double)(sum / (sqrtl(sdd) * sqrtl(see))) : STATS_NAN;
	}
	return STATS_OK;
}

static int both_deviations(double **d, double **e, const double *x, const double *y, size_t n,
			   struct stats_blocks blocks)
{
	long double squares;
	int ret;

	*d = malloc((n + 1) * sizeof(**d));
	*e = malloc((n + 1) * sizeof(**e));
	if (!*d || !*e)
		return STATS_NO_MEMORY;
	ret = stats_deviations(*d, &squares, x, n, blocks);
	return ret ? ret : stats_deviations(*e, &squares, y, n, blocks);
}

int stats_ccf(double *r, size_t max_lag, const double *x, const double *y, size_t n,
	      struct stats_blocks blocks)
{
	double *d, *e;
	size_t i;
	int ret;

	for (i = 0; i <= 2 * max_lag; i++)
		r[i] = STATS_NAN;
	ret = both_deviations(&d, &e, x, y, n, blocks);
	if (!ret)
		ret = correlate_lags(r, max_lag, d, e, n, blocks);
	free(d);
	free(e);
	return ret;
}

int stats_autoregression(double *a, size_t *order, size_t max_order, const double *d, size_t n,
			 struct stats_blocks blocks)
{
	/* c[0 .. max_order] covariances, then the coefficients of this order and of the last */
	long double *c = calloc(3 * (max_order + 1), sizeof(*c));
	long double *now, *last, v, best, swap;
	size_t p, j;

	*order = 0;
	if (!c)
		return STATS_NO_MEMORY;
	now = c + max_order + 1;
	last = now + max_order + 1;
	for (p = 0; p <= max_order; p++)
		c[p] = stats_lagged_sum(NULL, d, n, p, blocks) / (long double)n;
	v = c[0];
	best = (long double)n * logl(v);
	for (p = 1; p <= max_order && v > 0; p++) {
		long double reflection = c[p], aic;

		for (j = 0; j + 1 < p; j++)
			reflection -= last[j] * c[p - 1 - j];
		reflection /= v;
		now[p - 1] = reflection;
		for (j = 0; j + 1 < p; j++)
			now[j] = last[j] - reflection * last[p - 2 - j];
		v *= (1 - reflection) * (1 + reflection);
		aic = (long double)n * logl(v) + 2 * (long double)p;
		for (j = 0; j < p; j++) {
			if (aic < best)
				a[j] = (double)now[j];
			swap = last[j];
			last[j] = now[j];
			now[j] = swap;
		}
		if (aic < best) {
			best = aic;
			*order = p;
		}
	}
	free(c);
	return STATS_OK;
}

/* d becomes its residuals under a; the first `order` samples of each block are gone. */
static size_t filter(double *d, size_t *left, const double *a, size_t order, size_t n,
		     struct stats_blocks blocks)
{
	size_t b, t, j, at = 0, to = 0, n_blocks = blocks.count ? blocks.count : 1;

	for (b = 0; b < n_blocks; b++) {
		size_t length = blocks.count ? blocks.length[b] : n;

		left[b] = length > order ? length - order : 0;
		for (t = order; t < length; t++) {
			long double e = (long double)d[at + t];

			for (j = 0; j < order; j++)
				e -= (long double)a[j] * (long double)d[at + t - 1 - j];
			d[to++] = (double)e; /* to never passes at + t - order */
		}
		at += length;
	}
	return to;
}

static size_t longest_block(struct stats_blocks blocks, size_t n)
{
	size_t b, longest = blocks.count ? 0 : n;

	for (b = 0; b < blocks.count; b++)
		if (blocks.length[b] > longest)
			longest = blocks.length[b];
	return longest;
}

/* From r of the prewhitened series at all lags. */
static void choose(struct stats_lag *out, const double *r, const double *d, const double *e,
		   size_t max_lag, struct stats_blocks blocks, double confidence)
{
	double z = -stats_norm_quantile((1 - confidence) / 2), lags = (double)(2 * max_lag + 1);
	size_t i, best = max_lag, pairs;

	for (i = 0; i <= 2 * max_lag; i++)
		if (fabs(r[i]) > fabs(r[best]))
			best = i;
	out->lag = (ptrdiff_t)best - (ptrdiff_t)max_lag;
	out->r = r[best];
	cross_sum(&pairs, d, e, out->n, out->lag, blocks);
	out->band = z / sqrt((double)out->n);
	out->p = 2 * stats_norm_upper(fabs(out->r) * sqrt((double)out->n));
	out->p = -expm1(lags * log1p(-out->p));
	if (pairs > 3) {
		out->ci_lo = tanh(atanh(out->r) - z / sqrt((double)pairs - 3));
		out->ci_hi = tanh(atanh(out->r) + z / sqrt((double)pairs - 3));
	}
}

static int prewhiten(struct stats_lag *out, double *d, double *e, size_t *left, size_t n,
		     struct stats_blocks blocks, size_t max_order)
{
	double *a = calloc(max_order + 1, sizeof(*a));
	int ret;

	if (!a)
		return STATS_NO_MEMORY;
	ret = stats_autoregression(a, &out->order, max_order, d, n, blocks);
	if (!ret) {
		filter(e, left, a, out->order, n, blocks);
		out->n = filter(d, left, a, out->order, n, blocks);
	}
	free(a);
	return ret;
}

int stats_lead_lag(struct stats_lag *out, const double *x, const double *y, size_t n,
		   size_t max_lag, struct stats_blocks blocks, double confidence)
{
	size_t n_blocks = blocks.count ? blocks.count : 1, longest = longest_block(blocks, n);
	struct stats_blocks left = {NULL, n_blocks};
	double *d = NULL, *e = NULL, *r = calloc(2 * max_lag + 1, sizeof(*r));
	size_t *lengths = calloc(n_blocks, sizeof(*lengths)), max_order;
	int ret = STATS_NO_MEMORY;

	*out = (struct stats_lag){0,	     STATS_NAN, STATS_NAN, STATS_NAN, STATS_NAN,
				  STATS_NAN, STATS_NAN, n,	   0};
	if (!r || !lengths)
		goto cleanup;
	ret = STATS_DOMAIN;
	if (!(confidence > 0 && confidence < 1))
		goto cleanup;
	ret = both_deviations(&d, &e, x, y, n, blocks);
	if (ret)
		goto cleanup;
	max_order = (size_t)(10 * log10((double)n));
	max_order = max_order < longest / 4 ? max_order : longest / 4;
	ret = prewhiten(out, d, e, lengths, n, blocks, max_order);
	if (ret)
		goto cleanup;
	left.length = lengths;
	ret = STATS_TOO_FEW;
	if (longest_block(left, out->n) < max_lag + 4)
		goto cleanup;
	ret = correlate_lags(r, max_lag, d, e, out->n, left);
	if (ret)
		goto cleanup;
	choose(out, r, d, e, max_lag, left, confidence);
	ret = stats_ccf(r, max_lag, x, y, n, blocks);
	out->r_raw = r[(ptrdiff_t)max_lag + out->lag];
cleanup:
	free(d);
	free(e);
	free(r);
	free(lengths);
	return ret;
}
