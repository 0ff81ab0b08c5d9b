/* SPDX-License-Identifier: Apache-2.0 */
/* regression: a figure of the curve's runs over another, the line of least squares with the
 * interval of the mean, and what is left. A curve of few runs is fitted on its samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"
#include "analyze/stats/dist.h"
#include "analyze/stats/ols.h"

enum { RUNS_MIN = 5, FIT_POINTS = 41 };

struct cloud {
	double *x, *y;
	size_t n;
};

struct line {
	double slope, intercept, sigma, r2, x_mean, sxx, t; /* t quantile for 95 % */
	bool fitted;
};

/* Two columns of NaN-free pairs. */
static struct cloud gather(const struct values *v, struct run_group rows, size_t x, size_t y)
{
	struct cloud c = {nb_alloc(rows.n + 1, sizeof(double)),
			  nb_alloc(rows.n + 1, sizeof(double)), 0};
	for (size_t i = rows.first; i < rows.first + rows.n; i++) {
		c.x[c.n] = value_at(v, i, x);
		c.y[c.n] = value_at(v, i, y);
		c.n += !isnan(c.x[c.n]) && !isnan(c.y[c.n]);
	}
	return c;
}

static struct line fit(const struct cloud *c)
{
	struct line l = {.fitted = false};
	struct stats_ols *ols = NULL;
	struct stats_ols_fit f;
	struct stats_term terms[2];
	long double sum = 0, sxx = 0;
	if (c->n < 3 || stats_ols_new(&ols, 1, 1))
		return l;
	if (!stats_ols_add_rows(ols, c->x, c->y, c->n) && !stats_ols_solve(&f, terms, ols, 0.95)) {
		for (size_t i = 0; i < c->n; i++)
			sum += c->x[i];
		for (size_t i = 0; i < c->n; i++)
			sxx += (c->x[i] - sum / c->n) * (c->x[i] - sum / c->n);
		l = (struct line){terms[1].estimate,
				  terms[0].estimate,
				  f.sigma,
				  f.r2,
				  (double)(sum / c->n),
				  (double)sxx,
				  stats_t_quantile(0.975, (double)f.df),
				  true};
	}
	stats_ols_free(ols);
	return l;
}

struct range {
	double lo, hi;
};

static void widen(struct range *r, double v)
{
	r->lo = fmin(r->lo, v);
	r->hi = fmax(r->hi, v);
}

static void put_line(struct nb_text *script, const struct line *l, struct range x, struct range *y,
		     size_t n)
{
	gp_data_begin(script, "fit");
	for (int i = 0; i < FIT_POINTS; i++) {
		double at = x.lo + (x.hi - x.lo) * i / (FIT_POINTS - 1);
		double v = l->intercept + l->slope * at;
		double half = l->t * l->sigma *
			      sqrt(1.0 / (double)n + (at - l->x_mean) * (at - l->x_mean) / l->sxx);
		const double row[] = {at, v, v - half, v + half};
		gp_data_row(script, row, 4);
		if (l->fitted && !isnan(half)) {
			widen(y, v - half);
			widen(y, v + half);
		}
	}
	gp_data_end(script);
}

static void put_points(struct nb_text *script, const struct cloud *c, const struct line *l,
		       struct range *x, struct range *y, double *res_top)
{
	gp_data_begin(script, "points");
	for (size_t i = 0; i < c->n; i++) {
		double e = l->fitted ? c->y[i] - l->intercept - l->slope * c->x[i] : NAN;
		const double row[] = {c->x[i], c->y[i], e};
		gp_data_row(script, row, 3);
		widen(x, c->x[i]);
		widen(y, c->y[i]);
		*res_top = fmax(*res_top, fabs(e));
	}
	gp_data_end(script);
}

static void put_words(struct nb_text *script, const struct line *l, const struct cloud *c, size_t y,
		      size_t x, bool samples)
{
	struct nb_text t = {0};
	char at_0[32];
	if (l->fitted)
		text_addf(&t, "y = %s%s %s %.4g x     R² %.3f     n = %zu %s",
			  l->intercept < 0 ? "−" : "", format_si(at_0, fabs(l->intercept)),
			  l->slope < 0 ? "−" : "+", fabs(l->slope), l->r2, c->n,
			  samples ? "samples" : "runs");
	gp_set_text(script, "equation", t.len ? t.s : "");
	text_cut(&t, 0);
	text_addf(&t, "%s (%s)", figure_at(x)->name, figure_at(x)->metric->unit);
	gp_set_text(script, "x_name", t.s);
	text_cut(&t, 0);
	text_addf(&t, "%s (%s)", figure_at(y)->name, figure_at(y)->metric->unit);
	gp_set_text(script, "y_name", t.s);
	gp_set_text(script, "points_title", samples ? "a sample" : "a run");
	gp_set_text(script, "nothing",
		    l->fitted ? "" : "no line: too few values, or they do not vary");
	text_free(&t);
}

static void pad(struct range *r)
{
	double by = r->hi > r->lo ? (r->hi - r->lo) * 0.05 : fabs(r->hi) > 0 ? fabs(r->hi) : 1;
	r->lo -= by;
	r->hi += by;
}

/* Thousands of samples are thinned evenly: more points say no more. */
static void thin(struct cloud *c, size_t most)
{
	size_t step = (c->n + most - 1) / most, n = 0;
	for (size_t i = 0; step > 1 && i < c->n; i += step, n++) {
		c->x[n] = c->x[i];
		c->y[n] = c->y[i];
	}
	c->n = step > 1 ? n : c->n;
}

enum plot_defined define_regression(struct nb_text *script, const struct plot_data *d,
				    const struct curve *c)
{
	size_t y = d->y, x = d->x;
	if (y >= figure_count())
		y = figure_index(d->one_node ? "node.softirq_rate" : "receiver.softirq_rate");
	if (x >= figure_count())
		x = figure_index("receiver.rx_pps");
	struct cloud cloud = gather(d->values, c->runs, x, y);
	bool samples = cloud.n < RUNS_MIN;
	if (samples) {
		struct samples s;
		if (samples_load(&s, d->store, d->runs, NULL, 0, d->err)) {
			free(cloud.x);
			free(cloud.y);
			return PLOT_ERROR;
		}
		size_t from = SIZE_MAX, to = 0;
		for (size_t i = c->runs.first; i < c->runs.first + c->runs.n; i++)
			if (s.of_run[i].n) {
				from = s.of_run[i].first < from ? s.of_run[i].first : from;
				to = s.of_run[i].first + s.of_run[i].n;
			}
		free(cloud.x);
		free(cloud.y);
		cloud = gather(&s.values, (struct run_group){to ? from : 0, to ? to - from : 0}, x,
			       y);
		samples_free(&s);
	}
	struct line line = fit(&cloud);
	struct range xr = {INFINITY, -INFINITY}, yr = {INFINITY, -INFINITY};
	double res_top = 0;
	enum plot_defined ret = cloud.n ? PLOT_DEFINED : PLOT_NOTHING;
	define_frame_apart(script, d, c, "");
	put_words(script, &line, &cloud, y, x, samples);
	gp_set_number(script, "fitted", line.fitted);
	thin(&cloud, 3000);
	put_points(script, &cloud, &line, &xr, &yr, &res_top);
	put_line(script, &line, xr, &yr, cloud.n);
	pad(&xr);
	pad(&yr);
	gp_set_number(script, "points", (double)cloud.n);
	gp_set_number(script, "x_low", xr.lo);
	gp_set_number(script, "x_high", xr.hi);
	gp_set_number(script, "y_low", yr.lo);
	gp_set_number(script, "y_high", yr.hi);
	gp_set_number(script, "res_top", res_top > 0 ? res_top : 1);
	gp_set_number(script, "top", 1);
	free(cloud.x);
	free(cloud.y);
	return ret;
}
