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
	long double *u = malloc((rows.n * ols->terms + 1) * sizeof(*u)), *row;
	size_t t, i, k = ols->terms, n_x = ols->n_x;
	int ret = STATS_OK;

	row = calloc(n_x + 1, sizeof(*row));
	if (!u || !row)
		ret = STATS_NO_MEMORY;
	for (t = 0; t < rows.n && !ret; t++) {
		long double h = 0, e, *w = u + t * k;

		for (i = 0; i < n_x; i++)
			row[i] = (long double)rows.x[t * n_x + i];
		ret = stats_ols_whiten(w, ols, row);
		e = (long double)rows.y[t] - stats_ols_predict(ols, row);
		for (i = 0; i < k && !ret && leverage; i++)
			h += w[i] * w[i];
		if (h > 1 - 1e-12L)
			ret = STATS_DOMAIN;
		for (i = 0; i < k && !ret; i++)
			w[i] *= e / (1 - h);
	}
	free(row);
	if (ret) {
		free(u);
		u = NULL;
	}
	*out = u;
	return ret;
}

/* sum += weight times the sum of u[t] u[t-lag]' of one block, for lag > 0 both ways. */
static void add_products(long double *sum, const long double *u, size_t n, size_t k, size_t lag,
			 long double weight)
{
	size_t t, i, j;

	for (t = lag; t < n; t++) {
		const long double *now = u + t * k, *was = now - lag * k;

		for (i = 0; i < k; i++) {
			for (j = 0; j < k; j++) {
				sum[i * k + j] += weight * now[i] * was[j];
				if (lag)
					sum[j * k + i] += weight * now[i] * was[j];
			}
		}
	}
}

int stats_meat_new(struct stats_meat **out, const struct stats_ols *ols,
		   const struct stats_hac_options *options)
{
	struct stats_meat *m = calloc(1, sizeof(*m));
	size_t k = ols->terms;

	*out = NULL;
	if (!m)
		return STATS_NO_MEMORY;
	*m = (struct stats_meat){.ols = ols, .k = k, .leverage = !options};
	if (options) {
		m->prewhiten = options->prewhiten;
		m->lag = options->lag == STATS_HAC_AUTOMATIC
				 ? (size_t)(4 * pow((double)ols->qr.rows / 100, 2.0 / 9))
				 : options->lag;
	}
	m->sum = calloc(6 * k * k + 2 * k, sizeof(*m->sum));
	if (!m->sum) {
		stats_meat_free(m);
		return STATS_NO_MEMORY;
	}
	m->before = m->sum + k * k;
	m->across = m->before + k * k;
	m->a = m->across + k * k;
	m->work = m->a + k * k;
	*out = m;
	return STATS_OK;
}

void stats_meat_free(struct stats_meat *m)
{
	if (!m)
		return;
	free(m->sum);
	free(m);
}

int stats_meat_learn(struct stats_meat *m, struct stats_rows block)
{
	long double *u;
	int ret;

	if (!m->prewhiten)
		return STATS_OK;
	ret = stats_scores(&u, m->ols, block, m->leverage);
	if (!ret)
		stats_hac_learn(m, u, block.n);
	free(u);
	return ret;
}

int stats_meat_add(struct stats_meat *m, struct stats_rows block)
{
	long double *u;
	size_t lag;
	int ret = stats_scores(&u, m->ols, block, m->leverage);

	if (ret)
		return ret;
	if (m->prewhiten && !m->settled)
		stats_hac_settle(m);
	if (m->prewhiten)
		stats_hac_whiten(m, u, block.n);
	for (lag = 0; lag <= m->lag && lag < block.n; lag++)
		add_products(m->sum, u, block.n, m->k, lag,
			     1 - (long double)lag / (long double)(m->lag + 1));
	free(u);
	return STATS_OK;
}

int stats_meat_conclude(struct stats_term *terms, double *vcov, struct stats_meat *m,
			const struct stats_ols_fit *fit, double confidence)
{
	size_t i, k = m->k;
	double *v;
	int ret = STATS_NO_MEMORY;

	if (!fit->df || (m->prewhiten && fit->n <= m->blocks))
		return STATS_TOO_FEW;
	if (m->prewhiten)
		stats_hac_recolour(m);
	v = vcov ? vcov : malloc(k * k * sizeof(*v));
	if (v)
		ret = stats_ols_sandwich(v, m->ols, m->sum);
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
	struct stats_meat *meat;
	int ret;

	if (!fit->df)
		return STATS_TOO_FEW;
	ret = stats_meat_new(&meat, ols, NULL);
	if (!ret)
		ret = stats_meat_add(meat, rows);
	if (!ret)
		ret = stats_meat_conclude(terms, vcov, meat, fit, confidence);
	stats_meat_free(meat);
	return ret;
}
