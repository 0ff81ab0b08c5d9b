/* SPDX-License-Identifier: Apache-2.0 */
/* The solution of a regression, and what its residuals say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/fit.h"
#include "analyze/stats/correlate.h"
#include "analyze/stats/huber.h"
#include "analyze/stats/random.h"
#include "analyze/stats/sandwich.h"
#include "analyze/stats/status.h"
#include "analyze/stats/theil_sen.h"

struct problem {
	const struct fit_data *data;
	bool samples, centred;
	enum fit_errors errors;
	struct nb_err *err;
};

/* Standard errors for the degrees of freedom that the runs' intercepts took. */
static void charge_intercepts(struct fit_result *r, size_t n_runs)
{
	size_t df = r->fit.df > n_runs ? r->fit.df - n_runs : 0;
	double factor = df ? sqrt((double)r->fit.df / (double)df) : STATS_NAN;
	r->fit.df = df;
	r->fit.sigma *= factor;
	for (size_t i = 0; i < r->fit.terms; i++) {
		r->terms[i].se *= factor;
		stats_term_conclude(&r->terms[i], (double)df, 0.95);
	}
}

/* What residuals say, run by run. */
struct leaving {
	const struct stats_ols *ols; /* NULL: `robust` has the terms */
	const struct fit_result *robust;
	long double steps, squares;
	struct stats_serial e, *x; /* their memory */
	size_t n_x;
};

/* Where a double will do: residuals, their memory and their sizes. */
static double *narrow(const wide *x, size_t n)
{
	double *v = nb_alloc(n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (double)wide_value(x[i]);
	return v;
}

/* The residuals of terms that another method than least squares has found. */
static void leave(double *e, const struct fit_result *r, const double *x, const double *y, size_t n,
		  size_t n_x)
{
	for (size_t i = 0; i < n; i++) {
		long double left = (long double)y[i];
		left -= r->intercept ? (long double)r->terms[0].estimate : 0;
		for (size_t k = 0; k < n_x; k++)
			left -= (long double)r->terms[k + r->intercept].estimate *
				(long double)x[i * n_x + k];
		e[i] = (double)left;
	}
}

/* Durbin and Watson's sums, without the steps from run to run. */
static void add_steps(struct leaving *l, const double *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		long double step = i ? (long double)e[i] - (long double)e[i - 1] : 0;
		l->steps += step * step;
		l->squares += (long double)e[i] * (long double)e[i];
	}
}

static int take_residuals(void *payload, const wide *given, const double *y, size_t n)
{
	struct leaving *l = payload;
	double *x = narrow(given, n * l->n_x);
	double *e = nb_alloc(n + 1, sizeof(*e)), *d = nb_alloc(n + 1, sizeof(*d));
	int rc = l->ols ? stats_ols_residuals(e, l->ols, x, y, n) : 0;
	if (!l->ols)
		leave(e, l->robust, x, y, n, l->n_x);
	add_steps(l, e, n);
	stats_serial_add(&l->e, d, e, n);
	for (size_t k = 0; k < l->n_x; k++) {
		for (size_t i = 0; i < n; i++)
			d[i] = x[i * l->n_x + k];
		stats_serial_add(&l->x[k], d, d, n);
	}
	free(e);
	free(d);
	free(x);
	return rc;
}

/* Scores of rows, and what makes them errors. */
struct scoring {
	struct stats_meat *meat;
	size_t n_x;
	int (*take)(struct stats_meat *meat, struct stats_rows block);
};

static int take_scores(void *payload, const wide *given, const double *y, size_t n)
{
	const struct scoring *s = payload;
	double *x = narrow(given, n * s->n_x);
	int rc = s->take(s->meat, (struct stats_rows){x, y, n});
	free(x);
	return rc;
}

/* sqrt(n / n_eff) of residuals and the x that shares most memory with them. */
static double memory_of(const struct leaving *l)
{
	long double own = stats_serial_r1(&l->e);
	double most = 1;
	for (size_t k = 0; k < l->n_x; k++) {
		long double other = stats_serial_r1(&l->x[k]);
		if (isnan(own) || isnan(other))
			continue;
		double n_eff = stats_effective_of_r1(own, other, l->e.n);
		most = fmax(most, sqrt((double)l->e.n / n_eff));
	}
	return most;
}

/* Durbin and Watson's figure, and memory: a pass over the rows. */
static int look_at_residuals(struct fit_result *out, const struct problem *p,
			     const struct stats_ols *ols)
{
	const struct fit_data *d = p->data;
	struct leaving l = {.ols = ols, .robust = out, .n_x = d->n_x};
	if (!p->samples)
		return 0;
	l.x = nb_alloc(d->n_x + 1, sizeof(*l.x));
	int rc = fit_pass(d, p->centred, take_residuals, &l, p->err);
	if (!rc) {
		out->durbin_watson = l.squares > 0 ? (double)(l.steps / l.squares) : STATS_NAN;
		out->memory = p->errors == FIT_HAC ? 1 : memory_of(&l);
	}
	free(l.x);
	return rc;
}

/* HC3 or HAC in place of the classic errors: a pass more, or two. */
static int robust_errors(struct fit_result *out, const struct problem *p,
			 const struct stats_ols *ols)
{
	const struct stats_hac_options hac = {
		STATS_HAC_AUTOMATIC, 1, {NULL, 0}
	 };
	struct stats_meat *meat = NULL;
	int rc = out->fit.df ? stats_meat_new(&meat, ols, p->errors == FIT_HAC ? &hac : NULL)
			     : STATS_TOO_FEW;
	struct scoring s = {meat, p->data->n_x, stats_meat_learn};
	if (!rc && p->errors == FIT_HAC)
		rc = fit_pass(p->data, p->centred, take_scores, &s, p->err);
	s.take = stats_meat_add;
	if (!rc)
		rc = fit_pass(p->data, p->centred, take_scores, &s, p->err);
	if (!rc)
		rc = stats_meat_conclude(out->terms, NULL, meat, &out->fit, 0.95);
	stats_meat_free(meat);
	return rc;
}

static int solve_ols(struct fit_result *out, const struct problem *p)
{
	struct stats_ols *own = NULL, *ols = p->data->ols; /* read once already, or kept */
	int rc = ols ? 0 : stats_ols_new(&own, p->data->n_x, out->intercept);
	if (own) {
		ols = own;
		rc = fit_pass(p->data, p->centred, fit_add_to_sums, ols, p->err);
	}
	if (!rc)
		rc = stats_ols_solve(&out->fit, out->terms, ols, 0.95);
	if (!rc) {
		stats_ols_vif(out->vif, ols);
		rc = look_at_residuals(out, p, ols);
	}
	if (!rc && p->errors != FIT_CLASSIC)
		rc = robust_errors(out, p, ols);
	stats_ols_free(own);
	return rc;
}

/* Rows behind each other: the robust methods look at them again and again. */
struct rows {
	double *x, *y;
	size_t n, n_x;
	size_t wanted, ahead; /* how many are still to be taken, of how many that are to come */
	struct stats_random random;
};

/* Takes each row with the probability that leaves every choice of rows equally likely (Fan, Muller
 * and Rezucha 1962; Knuth's algorithm S): all of them when as many are wanted. */
static int draw(void *payload, const wide *x, const double *y, size_t n)
{
	struct rows *r = payload;
	for (size_t i = 0; i < n; i++) {
		bool take = r->wanted == r->ahead ||
			    stats_random_below(&r->random, r->ahead) < r->wanted;
		r->ahead--;
		if (!take)
			continue;
		r->wanted--;
		for (size_t k = 0; k < r->n_x; k++)
			r->x[r->n * r->n_x + k] = (double)wide_value(x[i * r->n_x + k]);
		r->y[r->n++] = y[i];
	}
	return 0;
}

static int rows_of(struct rows *r, const struct problem *p)
{
	const struct fit_data *d = p->data;
	size_t n = d->n < FIT_DRAWN ? d->n : FIT_DRAWN;
	*r = (struct rows){.x = nb_alloc(n * d->n_x + 1, sizeof(double)),
			   .y = nb_alloc(n + 1, sizeof(double)),
			   .n_x = d->n_x,
			   .wanted = n,
			   .ahead = d->n};
	stats_random_seed(&r->random, FIT_SEED);
	return fit_pass(d, p->centred, draw, r, p->err);
}

static int solve_huber(struct fit_result *out, const struct rows *rows)
{
	struct stats_huber_fit h;
	int rc = stats_huber(&h, out->terms, rows->x, rows->y, rows->n, rows->n_x, out->intercept,
			     0.95);
	out->fit.n = h.n;
	out->fit.terms = h.terms;
	out->fit.df = h.df;
	out->fit.sigma = h.scale;
	out->fit.condition = h.condition;
	out->fit.dependent = h.dependent;
	out->outlying = h.outlying;
	return rc;
}

static int solve_theil_sen(struct fit_result *out, const struct rows *rows)
{
	struct stats_theil_sen t;
	const struct stats_term unknown = {STATS_NAN, STATS_NAN, STATS_NAN,
					   STATS_NAN, STATS_NAN, STATS_NAN};
	int rc = stats_theil_sen(&t, rows->x, rows->y, rows->n, 0.95, FIT_SEED);
	struct stats_term *slope = &out->terms[out->intercept];
	out->terms[0] = unknown;
	out->terms[0].estimate = t.intercept;
	*slope = unknown;
	slope->estimate = t.slope;
	slope->p = t.p;
	slope->ci_lo = t.slope_lo;
	slope->ci_hi = t.slope_hi;
	out->fit.n = rows->n;
	out->fit.terms = 1 + (size_t)out->intercept;
	out->sampled = t.sampled;
	return rc;
}

void fit_result_free(struct fit_result *r)
{
	free(r->terms);
	free(r->vif);
	r->terms = NULL;
	r->vif = NULL;
}

static int solve_robust(struct fit_result *out, const struct problem *p, enum fit_method method)
{
	struct rows rows;
	int rc = rows_of(&rows, p);
	if (!rc)
		rc = method == FIT_HUBER ? solve_huber(out, &rows) : solve_theil_sen(out, &rows);
	out->drawn = p->data->n > FIT_DRAWN;
	free(rows.x);
	free(rows.y);
	return rc ? rc : look_at_residuals(out, p, NULL);
}

int fit_solve(struct fit_result *out, const struct fit_data *d, bool samples,
	      enum fit_method method, enum fit_errors errors, struct nb_err *err)
{
	const struct problem p = {d, samples, samples && d->n_runs > 1, errors, err};
	const struct stats_ols_fit unknown = {
		.r2 = STATS_NAN, .sigma = STATS_NAN, .condition = STATS_NAN};
	*out = (struct fit_result){
		.fit = unknown, .intercept = !p.centred, .memory = 1, .durbin_watson = STATS_NAN};
	out->terms = nb_alloc(d->n_x + 2, sizeof(*out->terms));
	out->vif = nb_alloc(d->n_x + 2, sizeof(*out->vif));
	for (size_t i = 0; i < d->n_x + 2; i++)
		out->vif[i] = STATS_NAN;
	int rc = method == FIT_OLS ? solve_ols(out, &p) : solve_robust(out, &p, method);
	if (!rc && p.centred && method != FIT_THEIL_SEN)
		charge_intercepts(out, d->n_runs);
	return rc;
}
