// SPDX-License-Identifier: Apache-2.0
/*
 * HC3, and what it shares with HAC: sums of products of the scores w e, where w is a row in
 * coordinates in which the regressors are orthonormal (stats_ols_whiten()) and e its residual;
 * stats_ols_sandwich() puts the sum between the two slices.
 */
#include <math.h>
#include <stdlib.h>

#include "analyze/stats/sandwich_private.h"
#include "analyze/stats/status.h"

int stats_scores(long double **out, const struct stats_ols *ols, struct stats_rows rows,
		 int leverage)
{
	long double *u = malloc((rows.n * ols->terms + 1) * sizeof(*u)), *wide;
	size_t t, i, k = ols->terms, n_x = ols->n_x;
	int ret = STATS_OK;

	wide = calloc(n_x + 1, sizeof(*wide));
	if (!u || !wide)
		ret = STATS_NO_MEMORY;
	for (t = 0; t < rows.n && !ret; t++) {
		long double h = 0, e, *w = u + t * k;

		for (i = 0; i < n_x; i++)
			wide[i] = (long double)rows.x[t * n_x + i];
		ret = stats_ols_whiten(w, ols, wide);
		e = (long double)rows.y[t] - stats_ols_predict(ols, wide);
		for (i = 0; i < k && !ret && leverage; i++)
			h += w[i] * w[i];
		if (h > 1 - 1e-12L)
			ret = STATS_DOMAIN;
		for (i = 0; i < k && !ret; i++)
			w[i] *= e / (1 - h);
	}
	free(wide);
	if (ret) {
		free(u);
		u = NULL;
	}
	*out = u;
	return ret;
}

void stats_add_products(long double *sum, const long double *u, size_t n, size_t k, size_t lag,
			long double weight, struct stats_blocks blocks)
{
	size_t b, t, i, j, at = 0, n_blocks = blocks.count ? blocks.count : 1;

	for (b = 0; b < n_blocks; b++) {
		size_t length = blocks.count ? blocks.length[b] : n;

		for (t = lag; t < length; t++) {
			const long double *now = u + (at + t) * k, *was = now - lag * k;

			for (i = 0; i < k; i++) {
				for (j = 0; j < k; j++) {
					sum[i * k + j] += weight * now[i] * was[j];
					if (lag)
						sum[j * k + i] += weight * now[i] * was[j];
				}
			}
		}
		at += length;
	}
}

int stats_sandwich_conclude(struct stats_term *terms, double *vcov, const struct stats_ols *ols,
			    const struct stats_ols_fit *fit, const long double *meat,
			    double confidence)
{
	size_t i, k = fit->terms;
	double *v = vcov ? vcov : malloc(k * k * sizeof(*v));
	int ret = STATS_NO_MEMORY;

	if (v)
		ret = stats_ols_sandwich(v, ols, meat);
	for (i = 0; i < k && !ret; i++) {
		terms[i].se = sqrt(v[i * k + i]);
		stats_term_conclude(&terms[i], (double)fit->df, confidence);
	}
	if (!vcov)
		free(v);
	return ret;
}

int stats_hc3(struct stats_term *terms, double *vcov, const struct stats_ols *ols,
	      const struct stats_ols_fit *fit, struct stats_rows rows, double confidence)
{
	size_t k = fit->terms;
	long double *u = NULL, *meat;
	int ret = STATS_NO_MEMORY;

	if (!fit->df)
		return STATS_TOO_FEW;
	meat = calloc(k * k, sizeof(*meat));
	if (!meat)
		return ret;
	ret = stats_scores(&u, ols, rows, 1);
	if (!ret) {
		stats_add_products(meat, u, rows.n, k, 0, 1, (struct stats_blocks){NULL, 0});
		ret = stats_sandwich_conclude(terms, vcov, ols, fit, meat, confidence);
	}
	free(u);
	free(meat);
	return ret;
}
