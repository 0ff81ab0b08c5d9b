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

void stats_ols_fill_row(wide *row, const struct stats_ols *ols, const wide *x)
{
	size_t i, at = (size_t)ols->intercept;

	if (ols->intercept)
		row[0] = wide_of(1);
	for (i = 0; i < ols->n_x; i++)
		row[at + i] = wide_sub(x[i], ols->origin[at + i]);
}

void stats_ols_shift(wide *a, const struct stats_ols *ols, size_t columns)
{
	size_t i, c;

	/* the intercept at x = 0 is the one at the origin less the slopes times the origin */
	for (i = 1; i < ols->terms && ols->intercept; i++)
		for (c = 0; c < columns; c++)
			a[c] = wide_sub_product(a[c], ols->origin[i], a[i * columns + c]);
}

/* One number of a row times its coefficient. */
static wide add_term(wide sum, const struct stats_ols *ols, size_t i, wide x)
{
	size_t at = (size_t)ols->intercept + i;

	return wide_add_product(sum, ols->coef[at], wide_sub(x, ols->origin[at]));
}

static wide level(const struct stats_ols *ols)
{
	return ols->intercept ? wide_add(ols->origin[ols->terms], ols->coef[0]) : wide_of(0);
}

long double stats_ols_predict(const struct stats_ols *ols, const long double *x)
{
	wide sum = level(ols);
	size_t i;

	for (i = 0; i < ols->n_x; i++)
		sum = add_term(sum, ols, i, wide_of(x[i]));
	return wide_value(sum);
}

int stats_ols_residuals(double *e, const struct stats_ols *ols, const double *x, const double *y,
			size_t n)
{
	size_t t, i;

	for (t = 0; t < n; t++) {
		wide sum = level(ols);

		for (i = 0; i < ols->n_x; i++)
			sum = add_term(sum, ols, i, wide_of((long double)x[t * ols->n_x + i]));
		e[t] = (double)wide_value(wide_sub(wide_of((long double)y[t]), sum));
	}
	return STATS_OK;
}

int stats_ols_influence(double *leverage, double *cooks, const struct stats_ols *ols,
			const struct stats_ols_fit *fit, const double *x, const double *y, size_t n)
{
	size_t t, i, k = ols->terms;
	long double *row = calloc(ols->n_x + 1, sizeof(*row)), *w = calloc(k, sizeof(*w));
	long double variance = (long double)fit->sigma * (long double)fit->sigma;
	int ret = STATS_NO_MEMORY;

	if (!row || !w)
		goto cleanup;
	for (t = 0, ret = STATS_OK; t < n && !ret; t++) {
		long double h = 0, e;

		for (i = 0; i < ols->n_x; i++)
			row[i] = (long double)x[t * ols->n_x + i];
		ret = stats_ols_whiten(w, ols, row);
		for (i = 0; i < k; i++)
			h += w[i] * w[i];
		e = (long double)y[t] - stats_ols_predict(ols, row);
		leverage[t] = (double)h;
		cooks[t] = (double)(e * e * h / ((long double)k * variance * (1 - h) * (1 - h)));
	}
cleanup:
	free(row);
	free(w);
	return ret;
}

static long double square(wide v)
{
	return wide_value(v) * wide_value(v);
}

void stats_ols_vif(double *vif, const struct stats_ols *ols)
{
	size_t i, j, k = ols->terms;

	for (j = 0; j < k; j++) {
		long double own = 0, inflated = 0;

		for (i = (size_t)ols->intercept; i <= j; i++)
			own += square(ols->qr.r[i * (k + 1) + j]);
		for (i = j; i < k; i++)
			inflated += square(ols->inverse[j * k + i]);
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
	wide *given = calloc(2 * k + 1, sizeof(*given)), *row;

	if (!given)
		return STATS_NO_MEMORY;
	row = given + k;
	for (i = 0; i < ols->n_x; i++)
		given[i] = wide_of(x[i]);
	stats_ols_fill_row(row, ols, given);
	for (j = 0; j < k; j++) {
		wide sum = wide_of(0);

		for (i = 0; i <= j; i++)
			sum = wide_add_product(sum, ols->inverse[i * k + j], row[i]);
		w[j] = wide_value(sum);
	}
	free(given);
	return STATS_OK;
}

int stats_ols_sandwich(double *vcov, const struct stats_ols *ols, const long double *meat)
{
	size_t i, j, c, k = ols->terms;
	wide *a = calloc(k * k, sizeof(*a)), *am = calloc(k * k, sizeof(*am));
	int ret = STATS_NO_MEMORY;

	if (!a || !am)
		goto cleanup;
	memcpy(a, ols->inverse, k * k * sizeof(*a));
	stats_ols_shift(a, ols, k);
	for (i = 0; i < k; i++)
		for (c = 0; c < k; c++)
			for (j = 0; j < k; j++)
				am[i * k + c] = wide_add_product(am[i * k + c], a[i * k + j],
								 wide_of(meat[j * k + c]));
	for (i = 0; i < k; i++) {
		for (j = 0; j < k; j++) {
			wide sum = wide_of(0);

			for (c = 0; c < k; c++)
				sum = wide_add_product(sum, am[i * k + c], a[j * k + c]);
			vcov[i * k + j] = (double)wide_value(sum);
		}
	}
	ret = STATS_OK;
cleanup:
	free(a);
	free(am);
	return ret;
}
