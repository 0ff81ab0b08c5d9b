// SPDX-License-Identifier: Apache-2.0
/*
 * Huber's M-estimate of regression by iteratively reweighted least squares.
 */
#include "analyze/stats/huber.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/quantile.h"
#include "analyze/stats/status.h"

#define ROUNDS 200
#define CHANGE 1e-10

struct problem {
	const double *x, *y;
	size_t n, n_x;
	int intercept;
};

/* Fit with the weights that the residuals e give at this scale; scale 0 for equal weights. */
static int fit_weighted(struct stats_ols_fit *fit, struct stats_term *terms, double *e,
			const struct problem *p, double scale, double confidence)
{
	long double *row = calloc(p->n_x ? p->n_x : 1, sizeof(*row));
	struct stats_ols *ols = NULL;
	size_t t, i;
	int ret = row ? stats_ols_new(&ols, p->n_x, p->intercept) : STATS_NO_MEMORY;

	for (t = 0; t < p->n && !ret; t++) {
		double far = scale > 0 ? fabs(e[t]) / (STATS_HUBER_K * scale) : 0;

		for (i = 0; i < p->n_x; i++)
			row[i] = (long double)p->x[t * p->n_x + i];
		ret = stats_ols_add_weighted(ols, row, (long double)p->y[t],
					     far > 1 ? 1 / (long double)far : 1);
	}
	if (!ret)
		ret = stats_ols_solve(fit, terms, ols, confidence);
	if (!ret)
		ret = stats_ols_residuals(e, ols, p->x, p->y, p->n);
	stats_ols_free(ols);
	free(row);
	return ret;
}

static int residual_scale(double *scale, double *work, const double *e, size_t n)
{
	size_t i;
	int ret;

	for (i = 0; i < n; i++)
		work[i] = fabs(e[i]);
	ret = stats_median(scale, work, n);
	*scale /= 0.6745;
	return ret;
}

/* sqrt of sum (e - was)^2 / sum was^2, and was becomes e */
static double change(double *was, const double *e, size_t n)
{
	long double moved = 0, squares = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		long double d = (long double)e[i] - (long double)was[i];

		moved += d * d;
		squares += (long double)was[i] * (long double)was[i];
		was[i] = e[i];
	}
	return moved > 0 ? (double)sqrtl(moved / squares) : 0;
}

/*
 * unit[i].se is that of least squares for errors of standard deviation `sigma`; here the variance
 * of an error is that of what it pulls, over the share of rows that still pull harder with
 * distance.
 */
static void conclude(struct stats_huber_fit *fit, struct stats_term *terms,
		     const struct stats_term *unit, double sigma, const double *e,
		     double confidence)
{
	double limit = STATS_HUBER_K * fit->scale, inside, correction, spread;
	long double pulls = 0;
	size_t i;

	fit->outlying = 0;
	for (i = 0; i < fit->n; i++) {
		long double pull = (long double)fmin(fabs(e[i]), limit);

		pulls += pull * pull;
		fit->outlying += fabs(e[i]) > limit;
	}
	inside = 1 - (double)fit->outlying / (double)fit->n;
	correction = 1 + (double)fit->terms / (double)fit->n * (1 - inside) / inside;
	spread = sqrt((double)pulls / (double)fit->df) * correction / inside;
	for (i = 0; i < fit->terms; i++) {
		terms[i].se = fit->scale > 0 ? unit[i].se / sigma * spread : STATS_NAN;
		stats_term_conclude(&terms[i], (double)fit->df, confidence);
	}
}

static int iterate(struct stats_huber_fit *fit, struct stats_term *terms, double *e, double *was,
		   double *work, const struct problem *p, double confidence)
{
	struct stats_ols_fit weighted;
	int ret = residual_scale(&fit->scale, work, e, p->n);

	change(was, e, p->n);
	while (!ret && fit->scale > 0 && fit->iterations < ROUNDS) {
		fit->iterations++;
		ret = fit_weighted(&weighted, terms, e, p, fit->scale, confidence);
		if (!ret)
			ret = residual_scale(&fit->scale, work, e, p->n);
		if (ret || change(was, e, p->n) < CHANGE)
			return ret;
	}
	return !ret && fit->scale > 0 ? STATS_NOT_CONVERGED : ret;
}

int stats_huber(struct stats_huber_fit *fit, struct stats_term *terms, const double *x,
		const double *y, size_t n, size_t n_x, int intercept, double confidence)
{
	const struct problem p = {x, y, n, n_x, intercept};
	size_t k = n_x + (intercept ? 1 : 0);
	double *e = calloc(3 * n + 1, sizeof(*e));
	struct stats_term *unit = calloc(k + 1, sizeof(*unit));
	const struct stats_term none = {STATS_NAN, STATS_NAN, STATS_NAN,
					STATS_NAN, STATS_NAN, STATS_NAN};
	struct stats_ols_fit start = {.dependent = k};
	size_t i;
	int ret = STATS_NO_MEMORY;

	for (i = 0; i < k; i++)
		terms[i] = none;
	*fit = (struct stats_huber_fit){.n = n, .terms = k, .dependent = k, .scale = STATS_NAN};
	if (!e || !unit)
		goto cleanup;
	ret = fit_weighted(&start, terms, e, &p, 0, confidence);
	fit->dependent = start.dependent;
	if (ret)
		goto cleanup;
	fit->condition = start.condition;
	fit->df = start.df;
	ret = STATS_TOO_FEW;
	if (!fit->df)
		goto cleanup;
	memcpy(unit, terms, k * sizeof(*unit));
	ret = iterate(fit, terms, e, e + n, e + 2 * n, &p, confidence);
	if (!ret || ret == STATS_NOT_CONVERGED)
		conclude(fit, terms, unit, start.sigma, e, confidence);
cleanup:
	free(e);
	free(unit);
	return ret;
}
