// SPDX-License-Identifier: Apache-2.0
/*
 * Least squares from the triangular factor of [1 x y], all relative to the first row.
 */
#include "analyze/stats/ols.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/dist.h"
#include "analyze/stats/ols_private.h"
#include "analyze/stats/status.h"

/*
 * A column of which no more than this share is left beside the columns before it is dependent: as
 * much as rounding leaves of a double that is a sum of others. Filip, the worst of NIST's sets,
 * keeps 1e-10.
 */
#define RANK_TOLERANCE (16 * DBL_EPSILON)

int stats_ols_new(struct stats_ols **out, size_t n_x, int intercept)
{
	size_t terms = n_x + (intercept ? 1 : 0);
	struct stats_ols *ols;

	*out = NULL;
	if (!terms)
		return STATS_DOMAIN;
	ols = calloc(1, sizeof(*ols));
	if (!ols)
		return STATS_NO_MEMORY;
	ols->n_x = n_x;
	ols->terms = terms;
	ols->intercept = intercept ? 1 : 0;
	ols->row = calloc(terms + 1, sizeof(*ols->row));
	ols->given = calloc(n_x + 1, sizeof(*ols->given));
	ols->origin = calloc(terms + 1, sizeof(*ols->origin));
	ols->coef = calloc(terms, sizeof(*ols->coef));
	ols->inverse = calloc(terms * terms, sizeof(*ols->inverse));
	if (!ols->row || !ols->given || !ols->origin || !ols->coef || !ols->inverse ||
	    stats_tsqr_init(&ols->qr, terms + 1)) {
		stats_ols_free(ols);
		return STATS_NO_MEMORY;
	}
	*out = ols;
	return STATS_OK;
}

void stats_ols_free(struct stats_ols *ols)
{
	if (!ols)
		return;
	stats_tsqr_clear(&ols->qr);
	free(ols->row);
	free(ols->given);
	free(ols->origin);
	free(ols->coef);
	free(ols->inverse);
	free(ols);
}

/* `root`: of the weight. */
static int add(struct stats_ols *ols, const wide *x, wide y, long double root)
{
	size_t i;

	for (i = 0; i < ols->n_x; i++)
		if (!isfinite(wide_value(x[i])))
			return STATS_DOMAIN;
	if (!isfinite(wide_value(y)) || !isfinite(root))
		return STATS_DOMAIN;
	if (!ols->qr.rows && ols->intercept) {
		memcpy(ols->origin + 1, x, ols->n_x * sizeof(*x));
		ols->origin[ols->terms] = y;
	}
	stats_ols_fill_row(ols->row, ols, x);
	ols->row[ols->terms] = wide_sub(y, ols->origin[ols->terms]);
	for (i = 0; i <= ols->terms && (root < 1 || root > 1); i++)
		ols->row[i] = wide_mul(ols->row[i], wide_of(root));
	stats_tsqr_add(&ols->qr, ols->row);
	return STATS_OK;
}

int stats_ols_add_wide(struct stats_ols *ols, const wide *x, wide y)
{
	return add(ols, x, y, 1);
}

int stats_ols_add_wide_rows(struct stats_ols *ols, const wide *x, const double *y, size_t n)
{
	size_t t;
	int ret = STATS_OK;

	for (t = 0; t < n && !ret; t++)
		ret = add(ols, x + t * ols->n_x, wide_of((long double)y[t]), 1);
	return ret;
}

int stats_ols_add_weighted(struct stats_ols *ols, const long double *x, long double y,
			   long double weight)
{
	size_t i;

	for (i = 0; i < ols->n_x; i++)
		ols->given[i] = wide_of(x[i]);
	return add(ols, ols->given, wide_of(y), sqrtl(weight));
}

int stats_ols_add(struct stats_ols *ols, const long double *x, long double y)
{
	return stats_ols_add_weighted(ols, x, y, 1);
}

int stats_ols_add_rows(struct stats_ols *ols, const double *x, const double *y, size_t n)
{
	size_t t, i;
	int ret = STATS_OK;

	for (t = 0; t < n && !ret; t++) {
		for (i = 0; i < ols->n_x; i++)
			ols->given[i] = wide_of((long double)x[t * ols->n_x + i]);
		ret = add(ols, ols->given, wide_of((long double)y[t]), 1);
	}
	return ret;
}

/* Index of the first column that is dependent on those before it, or the number of columns. */
static size_t find_dependent(const struct stats_ols *ols)
{
	size_t i, j, stride = ols->terms + 1;
	const wide *r = ols->qr.r;

	for (j = 0; j < ols->terms; j++) {
		long double left = fabsl(wide_value(r[j * stride + j]));
		long double o = wide_value(ols->origin[j]);
		long double squares = o * o * (long double)ols->qr.rows;

		for (i = 0; i <= j; i++)
			squares += wide_value(r[i * stride + j]) * wide_value(r[i * stride + j]);
		if (!(left > (long double)RANK_TOLERANCE * sqrtl(squares)))
			return j;
	}
	return ols->terms;
}

void stats_term_conclude(struct stats_term *term, double df, double confidence)
{
	double half = -stats_t_quantile((1 - confidence) / 2, df) * term->se;

	term->t = term->estimate / term->se;
	term->p = stats_t_two_sided(term->t, df);
	term->ci_lo = term->estimate - half;
	term->ci_hi = term->estimate + half;
}

static int conclude_terms(struct stats_term *terms, const struct stats_ols_fit *fit,
			  const struct stats_ols *ols, double confidence)
{
	size_t i, c, k = ols->terms;
	wide *b = malloc(k * sizeof(*b)), *a = malloc(k * k * sizeof(*a));
	int ret = STATS_NO_MEMORY;

	if (!a || !b)
		goto cleanup;
	memcpy(b, ols->coef, k * sizeof(*b));
	memcpy(a, ols->inverse, k * k * sizeof(*a));
	stats_ols_shift(b, ols, 1);
	stats_ols_shift(a, ols, k);
	if (ols->intercept)
		b[0] = wide_add(b[0], ols->origin[k]);
	for (i = 0; i < k; i++) {
		long double squares = 0;

		for (c = 0; c < k; c++)
			squares += wide_value(a[i * k + c]) * wide_value(a[i * k + c]);
		terms[i].estimate = (double)wide_value(b[i]);
		terms[i].se =
			fit->df ? (double)((long double)fit->sigma * sqrtl(squares)) : STATS_NAN;
		stats_term_conclude(&terms[i], (double)fit->df, confidence);
	}
	ret = STATS_OK;
cleanup:
	free(a);
	free(b);
	return ret;
}

static void conclude_fit(struct stats_ols_fit *fit, const struct stats_ols *ols)
{
	size_t i, k = ols->terms, model_terms = k - (size_t)ols->intercept;
	long double rss, model = 0, n = (long double)fit->n, df = (long double)fit->df, likelihood;

	rss = wide_value(ols->qr.r[k * (k + 1) + k]);
	rss *= rss;
	for (i = (size_t)ols->intercept; i < k; i++) {
		long double z = wide_value(ols->qr.r[i * (k + 1) + k]);

		model += z * z;
	}
	fit->rss = (double)rss;
	fit->tss = (double)(rss + model);
	fit->sigma = fit->df ? (double)sqrtl(rss / df) : STATS_NAN;
	if (rss + model > 0) {
		fit->r2 = (double)(model / (rss + model));
		if (fit->df)
			fit->adj_r2 = (double)(1 - rss / df * (n - (long double)ols->intercept) /
							   (rss + model));
	}
	fit->f_df = (double)model_terms;
	if (fit->df && model_terms && rss + model > 0) {
		fit->f = (double)(model / (long double)model_terms / (rss / df));
		fit->f_p = stats_f_upper(fit->f, fit->f_df, (double)fit->df);
	}
	likelihood = n * (logl(6.283185307179586476925286766559L * rss / n) + 1);
	fit->aic = (double)(likelihood + 2 * (long double)(k + 1));
	fit->bic = (double)(likelihood + logl(n) * (long double)(k + 1));
}

static void clear(struct stats_ols_fit *fit, struct stats_term *terms, const struct stats_ols *ols)
{
	const struct stats_term none = {STATS_NAN, STATS_NAN, STATS_NAN,
					STATS_NAN, STATS_NAN, STATS_NAN};
	size_t i;

	*fit = (struct stats_ols_fit){
		.n = ols->qr.rows,
		.terms = ols->terms,
		.dependent = ols->terms,
		.rss = STATS_NAN,
		.tss = STATS_NAN,
		.sigma = STATS_NAN,
		.r2 = STATS_NAN,
		.adj_r2 = STATS_NAN,
		.f = STATS_NAN,
		.f_df = STATS_NAN,
		.f_p = STATS_NAN,
		.aic = STATS_NAN,
		.bic = STATS_NAN,
		.condition = STATS_NAN,
	};
	for (i = 0; i < ols->terms; i++)
		terms[i] = none;
}

int stats_ols_solve(struct stats_ols_fit *fit, struct stats_term *terms, struct stats_ols *ols,
		    double confidence)
{
	size_t k = ols->terms, stride = k + 1;
	int ret;

	clear(fit, terms, ols);
	if (!(confidence > 0 && confidence < 1))
		return STATS_DOMAIN;
	if (fit->n < k)
		return STATS_TOO_FEW;
	stats_tsqr_flush(&ols->qr);
	fit->dependent = find_dependent(ols);
	if (fit->dependent < k)
		return STATS_RANK;
	ret = stats_triangle_condition(&fit->condition, ols->qr.r, k, stride);
	if (ret)
		return ret;
	stats_triangle_solve(ols->coef, ols->qr.r, k, stride, ols->qr.r + k, stride);
	stats_triangle_invert(ols->inverse, ols->qr.r, k, stride);
	fit->df = fit->n - k;
	conclude_fit(fit, ols);
	return conclude_terms(terms, fit, ols, confidence);
}
