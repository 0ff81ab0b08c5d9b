/* SPDX-License-Identifier: Apache-2.0 */
/* From runs to the rows of a regression, and its solution. */
#include "analyze/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/correlate.h"
#include "analyze/stats/huber.h"
#include "analyze/stats/sandwich.h"
#include "analyze/stats/status.h"
#include "analyze/stats/theil_sen.h"

void fit_list_free(struct fit_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].label);
		free(l->v[i].x);
		free(l->v[i].y);
		free(l->v[i].length);
	}
	free(l->v);
	*l = (struct fit_list){0};
}

/* Is the property accounted for by an x? The ids of cores change with their number. */
static bool explained(const char *key, const struct model *m)
{
	static const struct {
		const char *figure, *key;
	} by[] = {
		{"run.frame_size", "frame_size"},
		  {"run.n_cores",	  "n_cores"   },
		{"run.n_cores",	"cores"     },
		  {"run.pairs",	"pairs"     },
		{"run.pairs",      "cores"     },
	};
	if (!strcmp(key, "target_pps") || model_has_key(m, key))
		return true;
	for (size_t k = 0; k < sizeof(by) / sizeof(*by); k++)
		if (!strcmp(by[k].key, key) && model_has_figure(m, figure_index(by[k].figure)))
			return true;
	return false;
}

static void add_property(struct nb_text *t, const struct runs *runs, const struct run *run,
			 const char *key)
{
	char buf[32];
	const char *v = run_property(buf, runs, run, key);
	text_addf(t, "%s%s=%s", t->len ? ", " : "", key, v ? v : "none");
}

static char *label_of(const struct runs *runs, const struct run *run, const struct model *m,
		      struct fit_by by)
{
	const struct curve *c = &runs->curve[run->curve];
	struct nb_text t = {0};
	for (size_t i = 0; i < by.n; i++)
		add_property(&t, runs, run, by.key[i]);
	for (size_t i = 0; i < c->n_properties; i++) {
		const char *key = c->properties[i].key;
		bool asked = false;
		for (size_t k = 0; k < by.n; k++)
			asked |= !strcmp(by.key[k], key);
		if (!asked && runs_differ(runs, key) && !explained(key, m))
			add_property(&t, runs, run, key);
	}
	if (!t.len)
		text_add(&t, "all");
	return t.s;
}

/* The fit that a run belongs to; a new one when it is the first of its kind. */
static struct fit_data *fit_of(struct fit_list *l, const struct runs *runs, const struct run *run,
			       const struct model *m, struct fit_by by)
{
	char *label = label_of(runs, run, m, by);
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].label, label)) {
			free(label);
			return &l->v[i];
		}
	l->v = nb_realloc(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n] = (struct fit_data){.label = label, .n_x = m->n_columns};
	return &l->v[l->n++];
}

/* Adds the complete ones of a group of rows, all of one run. */
static void add_rows(struct fit_data *d, const struct model *m, const struct runs *runs, size_t run,
		     const struct values *v, struct run_group g)
{
	size_t before = d->n;
	d->y = nb_realloc(d->y, d->n + g.n + 1, sizeof(*d->y));
	d->x = nb_realloc(d->x, (d->n + g.n + 1) * d->n_x, sizeof(*d->x));
	for (size_t i = g.first; i < g.first + g.n; i++) {
		d->y[d->n] = value_at(v, i, m->y);
		if (model_row(d->x + d->n * d->n_x, m, runs, run, v, i) && isfinite(d->y[d->n]))
			d->n++;
		else
			d->n_missing++;
	}
	if (d->n == before)
		return;
	d->length = nb_realloc(d->length, d->n_runs + 1, sizeof(*d->length));
	d->length[d->n_runs++] = d->n - before;
}

void fit_between(struct fit_list *out, const struct runs *runs, const struct values *of_runs,
		 const struct model *m, struct fit_by by)
{
	*out = (struct fit_list){0};
	for (size_t i = 0; i < runs->n; i++)
		add_rows(fit_of(out, runs, &runs->run[i], m, by), m, runs, i, of_runs,
			 (struct run_group){i, 1});
}

void fit_within(struct fit_list *out, const struct runs *runs, const struct samples *samples,
		const struct model *m, struct fit_by by)
{
	*out = (struct fit_list){0};
	for (size_t i = 0; i < runs->n; i++)
		add_rows(fit_of(out, runs, &runs->run[i], m, by), m, runs, i, &samples->values,
			 samples->of_run[i]);
}

/* Takes each run's values from their mean. */
static void centre(double *v, size_t stride, const struct fit_data *d)
{
	for (size_t r = 0, first = 0; r < d->n_runs; first += d->length[r++]) {
		long double sum = 0, mean;
		for (size_t i = 0; i < d->length[r]; i++)
			sum += v[(first + i) * stride];
		mean = sum / (long double)d->length[r];
		for (size_t i = 0; i < d->length[r]; i++)
			v[(first + i) * stride] = (double)(v[(first + i) * stride] - mean);
	}
}

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

/* The rows as they go into the solution, and what is left of them. */
struct rows {
	double *x, *y, *e;
	size_t n, n_x;
	struct stats_blocks runs;
};

/* sqrt(n / n_eff) of residuals and the x that shares most memory with them. */
static double memory_of(const struct rows *rows)
{
	size_t n = rows->n;
	double *de = nb_alloc(n + 1, sizeof(*de)), *dx = nb_alloc(n + 1, sizeof(*dx)), most = 1;
	long double squares;
	if (!stats_deviations(de, &squares, rows->e, n, rows->runs))
		for (size_t k = 0; k < rows->n_x; k++) {
			for (size_t i = 0; i < n; i++)
				dx[i] = rows->x[i * rows->n_x + k];
			if (stats_deviations(dx, &squares, dx, n, rows->runs))
				continue;
			double n_eff =
				stats_effective_pairs(STATS_NEFF_BRETHERTON, de, dx, n, rows->runs);
			most = fmax(most, sqrt((double)n / n_eff));
		}
	free(de);
	free(dx);
	return most;
}

/* Durbin and Watson's, without the steps from run to run. */
static double durbin_watson(const struct rows *rows)
{
	long double steps = 0, squares = 0;
	for (size_t r = 0, at = 0; r < rows->runs.count; at += rows->runs.length[r++])
		for (size_t i = 0; i < rows->runs.length[r]; i++) {
			long double e = (long double)rows->e[at + i];
			long double step = i ? e - (long double)rows->e[at + i - 1] : 0;
			steps += step * step;
			squares += e * e;
		}
	return squares > 0 ? (double)(steps / squares) : STATS_NAN;
}

static int solve_ols(struct fit_result *out, struct rows *rows, enum fit_errors errors)
{
	struct stats_ols *ols = NULL;
	const struct stats_rows all = {rows->x, rows->y, rows->n};
	const struct stats_hac_options hac = {STATS_HAC_AUTOMATIC, 1, rows->runs};
	int rc = stats_ols_new(&ols, rows->n_x, out->intercept);
	if (!rc)
		rc = stats_ols_add_rows(ols, rows->x, rows->y, rows->n);
	if (!rc)
		rc = stats_ols_solve(&out->fit, out->terms, ols, 0.95);
	if (!rc) {
		stats_ols_vif(out->vif, ols);
		rc = stats_ols_residuals(rows->e, ols, rows->x, rows->y, rows->n);
	}
	if (!rc && errors == FIT_HC3)
		rc = stats_hc3(out->terms, NULL, ols, &out->fit, all, 0.95);
	if (!rc && errors == FIT_HAC)
		rc = stats_hac(out->terms, NULL, ols, &out->fit, all, &hac, 0.95);
	stats_ols_free(ols);
	return rc;
}

/* The residuals of terms that another method has found. */
static void leave(struct rows *rows, const struct fit_result *r)
{
	for (size_t i = 0; i < rows->n; i++) {
		long double e = (long double)rows->y[i];
		e -= r->intercept ? (long double)r->terms[0].estimate : 0;
		for (size_t k = 0; k < rows->n_x; k++)
			e -= (long double)r->terms[k + r->intercept].estimate *
			     (long double)rows->x[i * rows->n_x + k];
		rows->e[i] = (double)e;
	}
}

static int solve_huber(struct fit_result *out, struct rows *rows)
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
	if (!rc)
		leave(rows, out);
	return rc;
}

static int solve_theil_sen(struct fit_result *out, struct rows *rows)
{
	struct stats_theil_sen t;
	const struct stats_term unknown = {STATS_NAN, STATS_NAN, STATS_NAN,
					   STATS_NAN, STATS_NAN, STATS_NAN};
	int rc = stats_theil_sen(&t, rows->x, rows->y, rows->n, 0.95, 1);
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
	if (!rc)
		leave(rows, out);
	return rc;
}

void fit_result_free(struct fit_result *r)
{
	free(r->terms);
	free(r->vif);
	r->terms = NULL;
	r->vif = NULL;
}

static struct rows rows_of(const struct fit_data *d, bool centred)
{
	struct rows r = {
		.x = nb_alloc(d->n * d->n_x + 1, sizeof(double)),
		.y = nb_alloc(d->n + 1, sizeof(double)),
		.e = nb_alloc(d->n + 1, sizeof(double)),
		.n = d->n,
		.n_x = d->n_x,
		.runs = {d->length, d->n_runs},
	};
	if (d->n) {
		memcpy(r.x, d->x, d->n * d->n_x * sizeof(*r.x));
		memcpy(r.y, d->y, d->n * sizeof(*r.y));
	}
	for (size_t k = 0; centred && k < d->n_x; k++)
		centre(r.x + k, d->n_x, d);
	if (centred)
		centre(r.y, 1, d);
	return r;
}

int fit_solve(struct fit_result *out, const struct fit_data *d, bool samples,
	      enum fit_method method, enum fit_errors errors)
{
	bool centred = samples && d->n_runs > 1;
	struct rows rows = rows_of(d, centred);
	const struct stats_ols_fit unknown = {
		.r2 = STATS_NAN, .sigma = STATS_NAN, .condition = STATS_NAN};
	*out = (struct fit_result){
		.fit = unknown, .intercept = !centred, .memory = 1, .durbin_watson = STATS_NAN};
	out->terms = nb_alloc(d->n_x + 2, sizeof(*out->terms));
	out->vif = nb_alloc(d->n_x + 2, sizeof(*out->vif));
	for (size_t i = 0; i < d->n_x + 2; i++)
		out->vif[i] = STATS_NAN;
	int rc = method == FIT_OLS     ? solve_ols(out, &rows, errors)
		 : method == FIT_HUBER ? solve_huber(out, &rows)
				       : solve_theil_sen(out, &rows);
	if (!rc && centred && method != FIT_THEIL_SEN)
		charge_intercepts(out, d->n_runs);
	if (!rc && samples) {
		out->durbin_watson = durbin_watson(&rows);
		if (errors != FIT_HAC)
			out->memory = memory_of(&rows);
	}
	free(rows.x);
	free(rows.y);
	free(rows.e);
	return rc;
}
