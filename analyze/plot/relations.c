/* SPDX-License-Identifier: Apache-2.0 */
/* correlation: which figures of a curve move together. Between its configurations where there are
 * five, else within the samples of its runs, as nbanalyze correlate does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/related.h"
#include "analyze/plot/script.h"
#include "analyze/relate.h"
#include "analyze/stats/adjust.h"

enum { FIGURES_DRAWN = 24 };
static const double alpha = 0.05;

/* What is correlated: samples of the curve's runs, or means of its configurations. */
struct matter {
	struct samples samples;
	struct values of_configs;
	bool within;
	size_t n; /* runs or configurations */
};

/* m × m, symmetric. */
struct matrix {
	size_t figure[FIGURES_DRAWN], m;
	double r[FIGURES_DRAWN][FIGURES_DRAWN], p[FIGURES_DRAWN][FIGURES_DRAWN];
};

static int load(struct matter *out, const struct plot_data *d, const struct curve *c)
{
	*out = (struct matter){.within = c->configs.n < RELATE_CONFIGS_MIN};
	if (!out->within) {
		struct values all;
		size_t m = figure_count();
		values_of_configs(&all, d->values, d->runs);
		out->n = out->of_configs.n_rows = c->configs.n;
		out->of_configs.v = nb_alloc(c->configs.n * m, sizeof(double));
		memcpy(out->of_configs.v, all.v + c->configs.first * m,
		       c->configs.n * m * sizeof(double));
		values_free(&all);
		return 0;
	}
	struct run_place *place = nb_alloc(c->runs.n, sizeof(*place));
	struct runs runs = *d->runs; /* those of the curve alone */
	runs.run += c->runs.first;
	runs.n = c->runs.n;
	runs.by_id = place;
	for (size_t i = 0, k = 0; i < d->runs->n; i++) /* by_id rises */
		if (d->runs->by_id[i].index >= c->runs.first &&
		    d->runs->by_id[i].index < c->runs.first + c->runs.n)
			place[k++] = (struct run_place){d->runs->by_id[i].id,
							d->runs->by_id[i].index - c->runs.first};
	out->n = c->runs.n;
	int rc = samples_load(&out->samples, d->store, &runs, NULL, 0, d->err);
	free(place);
	return rc;
}

static bool varies(const struct matter *t, size_t figure)
{
	bool missing;
	return t->within ? !figure_per_packet(figure_at(figure)) &&
				   varies_within(&t->samples, t->n, figure, &missing)
			 : varies_between(&t->of_configs, figure, &missing);
}

static void choose(struct matrix *x, const struct matter *t, struct figure_context context)
{
	for (size_t i = 0; i < figure_count() && x->m < FIGURES_DRAWN; i++) {
		size_t k = 0;
		if (!figure_default(figure_at(i), context) || !varies(t, i))
			continue;
		while (k < x->m && !figures_same(figure_at(x->figure[k]), figure_at(i), context))
			k++;
		if (k == x->m)
			x->figure[x->m++] = i;
	}
}

/* r is NaN where the two are made from one counter; p where it could not be made. */
static void fill(struct matrix *x, const struct matter *t, struct figure_context context)
{
	const struct relate_how how = {.method = stats_pearson, .neff = STATS_NEFF_BRETHERTON};
	double p[FIGURES_DRAWN * FIGURES_DRAWN];
	size_t n = 0;
	for (size_t a = 0; a < x->m; a++)
		for (size_t b = 0; b < a; b++) {
			struct stats_correlation c = {.r = NAN, .p = NAN};
			size_t fa = x->figure[a], fb = x->figure[b];
			if (!figures_identical(figure_at(fa), figure_at(fb), context) &&
			    (t->within ? relate_within(&c, &how, &t->samples, t->n, fa, fb)
				       : relate_between(&c, &how, &t->of_configs, fa, fb)))
				c.r = c.p = NAN;
			x->r[a][b] = x->r[b][a] = c.r;
			p[n++] = c.p;
		}
	stats_adjust(p, p, n, STATS_ADJUST_HOLM);
	n = 0;
	for (size_t a = 0; a < x->m; a++)
		for (size_t b = 0; b < a; b++)
			x->p[a][b] = x->p[b][a] = p[n++];
}

/* Each figure beside the one that is most like it: from the pair that is most alike, the next is
 * the one most like either end. */
static void put_in_order(size_t *order, const struct matrix *x)
{
	bool used[FIGURES_DRAWN] = {false};
	double best = -1;
	order[0] = 0;
	for (size_t a = 0; a < x->m; a++)
		for (size_t b = 0; b < a; b++)
			if (fabs(x->r[a][b]) > best) {
				best = fabs(x->r[a][b]);
				order[0] = a;
			}
	used[order[0]] = true;
	for (size_t n = 1; n < x->m; n++) {
		size_t next = x->m;
		best = -2;
		for (size_t i = 0; i < x->m; i++) {
			double r = fabs(x->r[order[n - 1]][i]);
			r = isnan(r) ? -1 : r;
			if (!used[i] && r > best) {
				best = r;
				next = i;
			}
		}
		order[n] = next;
		used[next] = true;
	}
}

static void put_cells(struct nb_text *script, const struct matrix *x)
{
	size_t order[FIGURES_DRAWN] = {0};
	char *name[FIGURES_DRAWN + 1] = {NULL};
	put_in_order(order, x);
	gp_data_begin(script, "cells");
	for (size_t i = 0; i < x->m || !i; i++)
		for (size_t k = 0; k < x->m || !k; k++) {
			double r = x->m ? x->r[order[i]][order[k]] : (double)NAN;
			double p = x->m ? x->p[order[i]][order[k]] : (double)NAN;
			const double row[] = {(double)k, (double)i, i == k || isnan(r) ? 9 : r,
					      i != k && p < alpha};
			gp_data_row(script, row, 4);
		}
	gp_data_end(script);
	for (size_t i = 0; i < x->m; i++)
		name[i] = nb_strdup(figure_at(x->figure[order[i]])->name);
	gp_set_texts(script, "NAME", name, x->m ? x->m : 1);
	for (size_t i = 0; i < x->m; i++)
		free(name[i]);
}

/* The matrix of a curve; the caller frees it. NULL: d->err says why. */
static struct matrix *matrix_of(bool *within, size_t *of, const struct plot_data *d,
				const struct curve *c)
{
	struct figure_context context = runs_context(d->runs);
	struct matter t;
	if (load(&t, d, c))
		return NULL;
	struct matrix *x = nb_alloc(1, sizeof(*x));
	context.one_size = true; /* in one curve there is one */
	choose(x, &t, context);
	fill(x, &t, context);
	*within = t.within;
	*of = t.n;
	samples_free(&t.samples);
	values_free(&t.of_configs);
	return x;
}

static int stronger(const void *a, const void *b)
{
	double x = fabs(((const struct plot_related *)a)->r);
	double y = fabs(((const struct plot_related *)b)->r);
	return (x < y) - (x > y);
}

int plot_related(struct plot_related *out, size_t *n, size_t *of, bool *within,
		 const struct plot_data *d, const struct curve *c)
{
	struct matrix *x = matrix_of(within, of, d, c);
	size_t found = 0;
	if (!x)
		return -1;
	struct plot_related *all = nb_alloc(x->m * x->m + 1, sizeof(*all));
	for (size_t a = 0; a < x->m; a++)
		for (size_t b = 0; b < a; b++)
			if (x->p[a][b] < alpha)
				all[found++] = (struct plot_related){x->figure[b], x->figure[a],
								     x->r[a][b], x->p[a][b]};
	qsort(all, found, sizeof(*all), stronger);
	*n = found < *n ? found : *n;
	memcpy(out, all, *n * sizeof(*all));
	free(all);
	free(x);
	return 0;
}

enum plot_defined define_correlation(struct nb_text *script, const struct plot_data *d,
				     const struct curve *c)
{
	struct nb_text more = {0};
	bool within;
	size_t of;
	struct matrix *x = matrix_of(&within, &of, d, c);
	if (!x)
		return PLOT_ERROR;
	text_addf(&more, "; Pearson %s %zu %s; grey: p > 0.05", within ? "within" : "between", of,
		  within ? (of == 1 ? "run" : "runs") : "configurations");
	define_frame_apart(script, d, c, more.s);
	put_cells(script, x);
	gp_set_number(script, "size_of", x->m ? (double)x->m : 1);
	gp_set_number(script, "top", 1);
	gp_set_text(script, "nothing", x->m > 1 ? "" : "nothing varied");
	enum plot_defined ret = x->m > 1 ? PLOT_DEFINED : PLOT_NOTHING;
	text_free(&more);
	free(x);
	return ret;
}
