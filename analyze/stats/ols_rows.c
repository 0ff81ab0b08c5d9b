// SPDX-License-Identifier: Apache-2.0
/*
 * What a solved regression says of single rows: fitted values, residuals, leverage, and the
 * coordinates in which robust standard errors are formed.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/ols_private.h"
#include "analyze/stats/status.h"

void stats_ols_fill_row(long double *row, const struct stats_ols *ols, const long double *x)
{
	size_t i, at = (size_t)ols->intercept;

	if (ols->intercept)
		row[0] = 1;
	for (i = 0; i < ols->n_x; i++)
		row[at + i] = x[i] - ols->origin[at + i];
}

void stats_ols_shift(long double *a, const struct stats_ols *ols, size_t columns)
{
	size_t i, c;

	/* the intercept at x = 0 is the one at the origin less the slopes times the origin */
	for (i = 1; i < ols->terms && ols->intercept; i++)
		for (c = 0; c < columns; c++)
			a[c] -= ols->origin[i] * a[i * columns + c];
}

long double stats_ols_predict(const struct stats_ols *ols, const long double *x)
{
	size_t i, at = (size_t)ols->intercept;
	long double sum = ols->intercept ? ols->origin[ols->terms] + ols->coef[0] : 0;

	for (i = 0; i < ols->n_x; i++)
		sum += ols->coef[at + i] * (x[i] - ols->origin[at + i]);
	return sum;
}

int stats_ols_residuals(double *e, const struct stats_ols *ols, const double *x, const double *y,
			size_t n)
{
	long double *wide = calloc(ols->n_x + 1, sizeof(*wide));
	size_t t, i;

	if (!wide)
		return STATS_NO_MEMORY;
	for (t = 0; t < n; t++) {
		for (i = 0; i < ols->n_x; i++)
			wide[i] = (long double)x[t * ols->n_x + i];
		e[t] = (double)((long double)y[t] - stats_ols_predict(ols, wide));
	}
	free(wide);
	return STATS_OK;
}

int stats_ols_influence(double *leverage, double *cooks, const struct stats_ols *ols,
			const struct stats_ols_fit *fit, const double *x, const double *y, size_t n)
{
	size_t t, i, k = ols->terms;
	long double *wide = calloc(ols->n_x + 1, sizeof(*wide)), *w = calloc(k, sizeof(*w));
	long double variance = (long double)fit->sigma * (long double)fit->sigma;
	int ret = STATS_NO_MEMORY;

	if (!wide || !w)
		goto cleanup;
	for (t = 0, ret = STATS_OK; t < n && !ret; t++) {
		long double h = 0, e;

		for (i = 0; i < ols->n_x; i++)
			wide[i] = (long double)x[t * ols->n_x + i];
		ret = stats_ols_whiten(w, ols, wide);
		for (i = 0; i < k; i++)
			h += w[i] * w[i];
		e = (long double)y[t] - stats_ols_predict(ols, wide);
		leverage[t] = (double)h;
		cooks[t] = (double)(e * e * h / ((long double)k * variance * (1 - h) * (1 - h)));
	}
cleanup:
	free(wide);
	free(w);
	return ret;
}

void stats_ols_vif(double *vif, const struct stats_ols *ols)
{
	size_t i, j, k = ols->terms;

	for (j = 0; j < k; j++) {
		long double own = 0, inflated = 0;

		for (i = (size_t)ols->intercept; i <= j; i++)
			own += ols->qr.r[i * (k + 1) + j] * ols->qr.r[i * (k + 1) + j];
		for (i = j; i < k; i++)
			inflated += ols->inverse[j * k + i] * ols->inverse[j * k + i];
		vif[j] = ols->intercept && !j ? STATS_NAN : (double)(own * inflated);
	}
}

double stats_durbin_watson(const double *e, size_t n)
{
	long double steps = 0, squares = 0;
	size_t t;

	for (t = 0; t < n; t++) {
		long double step = t ? (long double)e[t] - (long double)e[t - 1] : 0;

		steps += step * step;
		squares += (long double)e[t] * (long double)e[t];
	}
	return squares > 0 ? (double)(steps / squares) : STATS_NAN;
}

int stats_ols_whiten(long double *w, const struct stats_ols *ols, const long double *x)
{
	size_t i, j, k = ols->terms;
	long double *row = calloc(k, sizeof(*row));

	if (!row)
		return STATS_NO_MEMORY;
	stats_ols_fill_row(row, ols, x);
	for (j = 0; j < k; j++) {
		w[j] = 0;
		for (i = 0; i <= j; i++)
			w[j] += ols->inverse[i * k + j] * row[i];
	}
	free(row);
	return STATS_OK;
}

int stats_ols_sandwich(double *vcov, const struct stats_ols *ols, const long double *meat)
{
	size_t i, j, c, k = ols->terms;
	long double *a = calloc(k * k, sizeof(*a)), *am = calloc(k * k, sizeof(*am));
	int ret = STATS_NO_MEMORY;

	if (!a || !am)
		goto cleanup;
	memcpy(a, ols->inverse, k * k * sizeof(*a));
	stats_ols_shift(a, ols, k);
	for (i = 0; i < k; i++)
		for (c = 0; c < k; c++)
			for (j = 0; j < k; j++)
				am[i * k + c] += a[i * k + j] * meat[j * k + c];
	for (i = 0; i < k; i++) {
		for (j = 0; j < k; j++) {
			long double sum = 0;

			for (c = 0; c < k; c++)
				sum += am[i * k + c] * a[j * k + c];
			vcov[i * k + j] = (double)sum;
		}
	}
	ret = STATS_OK;
cleanup:
	free(a);
	free(am);
	return ret;
}
