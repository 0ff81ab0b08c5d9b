/* SPDX-License-Identifier: Apache-2.0 */
/* From runs to the rows of a regression, and its solution. */
#include "analyze/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/correlate.h"
#include "analyze/stats/describe.h"
#include "analyze/stats/status.h"

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
static bool explained(const char *key, const size_t *x, size_t n_x)
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
	if (!strcmp(key, "target_pps"))
		return true;
	for (size_t i = 0; i < n_x; i++)
		for (size_t k = 0; k < sizeof(by) / sizeof(*by); k++)
			if (!strcmp(by[k].figure, figure_at(x[i])->name) && !strcmp(by[k].key, key))
				return true;
	return false;
}

static char *label_of(const struct runs *runs, const struct curve *c, const size_t *x, size_t n_x)
{
	struct nb_text t = {0};
	for (size_t i = 0; i < c->n_properties; i++) {
		const struct property *p = &c->properties[i];
		if (runs_differ(runs, p->key) && !explained(p->key, x, n_x))
			text_addf(&t, "%s%s=%s", t.len ? ", " : "", p->key, p->value);
	}
	if (!t.len)
		text_add(&t, "all");
	return t.s;
}

/* The fit that a curve belongs to; a new one when it is the first of its kind. */
static struct fit_data *fit_of(struct fit_list *l, const struct runs *runs, const struct curve *c,
			       const size_t *x, size_t n_x)
{
	char *label = label_of(runs, c, x, n_x);
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].label, label)) {
			free(label);
			return &l->v[i];
		}
	l->v = nb_realloc(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n] = (struct fit_data){.label = label, .n_x = n_x};
	return &l->v[l->n++];
}

/* Adds the complete ones of a group of rows, as one run. */
static void add_rows(struct fit_data *d, const struct values *v, struct run_group g, size_t y,
		     const size_t *x)
{
	size_t before = d->n;
	for (size_t i = g.first; i < g.first + g.n; i++) {
		bool whole = !isnan(value_at(v, i, y));
		for (size_t k = 0; k < d->n_x; k++)
			whole &= !isnan(value_at(v, i, x[k]));
		if (!whole)
			continue;
		d->y = nb_realloc(d->y, d->n + 1, sizeof(*d->y));
		d->x = nb_realloc(d->x, (d->n + 1) * d->n_x, sizeof(*d->x));
		d->y[d->n] = value_at(v, i, y);
		for (size_t k = 0; k < d->n_x; k++)
			d->x[d->n * d->n_x + k] = value_at(v, i, x[k]);
		d->n++;
	}
	if (d->n == before)
		return;
	d->length = nb_realloc(d->length, d->n_runs + 1, sizeof(*d->length));
	d->length[d->n_runs++] = d->n - before;
}

void fit_between(struct fit_list *out, const struct runs *runs, const struct values *of_runs,
		 size_t y, const size_t *x, size_t n_x)
{
	*out = (struct fit_list){0};
	for (size_t i = 0; i < runs->n; i++)
		add_rows(fit_of(out, runs, &runs->curve[runs->run[i].curve], x, n_x), of_runs,
			 (struct run_group){i, 1}, y, x);
}

void fit_within(struct fit_list *out, const struct runs *runs, const struct samples *samples,
		size_t y, const size_t *x, size_t n_x)
{
	*out = (struct fit_list){0};
	for (size_t i = 0; i < runs->n; i++)
		add_rows(fit_of(out, runs, &runs->curve[runs->run[i].curve], x, n_x),
			 &samples->values, samples->of_run[i], y, x);
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

/* sqrt(n / n_eff) of residuals and the x that shares most memory with them. */
static double memory_of(const struct stats_ols *ols, const struct fit_data *d, const double *x,
			const double *y)
{
	struct stats_blocks blocks = {d->length, d->n_runs};
	double *e = nb_alloc(d->n + 1, sizeof(*e)), *de = nb_alloc(d->n + 1, sizeof(*de));
	double *dx = nb_alloc(d->n + 1, sizeof(*dx)), most = 1;
	long double squares;
	if (!stats_ols_residuals(e, ols, x, y, d->n) &&
	    !stats_deviations(de, &squares, e, d->n, blocks))
		for (size_t k = 0; k < d->n_x; k++) {
			for (size_t i = 0; i < d->n; i++)
				e[i] = x[i * d->n_x + k];
			if (stats_deviations(dx, &squares, e, d->n, blocks))
				continue;
			double n_eff =
				stats_effective_pairs(STATS_NEFF_BRETHERTON, de, dx, d->n, blocks);
			most = fmax(most, sqrt((double)d->n / n_eff));
		}
	free(e);
	free(de);
	free(dx);
	return most;
}

int fit_solve(struct fit_result *out, const struct fit_data *d, bool samples)
{
	bool centred = samples && d->n_runs > 1;
	struct stats_ols *ols = NULL;
	double *x = nb_alloc(d->n * d->n_x + 1, sizeof(*x)), *y = nb_alloc(d->n + 1, sizeof(*y));
	*out = (struct fit_result){.intercept = !centred, .memory = 1};
	out->terms = nb_alloc(d->n_x + 1, sizeof(*out->terms));
	if (d->n) {
		memcpy(x, d->x, d->n * d->n_x * sizeof(*x));
		memcpy(y, d->y, d->n * sizeof(*y));
	}
	for (size_t k = 0; centred && k < d->n_x; k++)
		centre(x + k, d->n_x, d);
	if (centred)
		centre(y, 1, d);
	int rc = stats_ols_new(&ols, d->n_x, out->intercept);
	if (!rc)
		rc = stats_ols_add_rows(ols, x, y, d->n);
	if (!rc)
		rc = stats_ols_solve(&out->fit, out->terms, ols, 0.95);
	if (!rc && centred)
		charge_intercepts(out, d->n_runs);
	if (!rc && samples)
		out->memory = memory_of(ols, d, x, y);
	stats_ols_free(ols);
	free(x);
	free(y);
	return rc;
}
