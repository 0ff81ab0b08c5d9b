/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays for the correlations of relate.h. */
#include "analyze/relate.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/acf.h"
#include "analyze/stats/status.h"

int relate_standardise(double *v, size_t stride, size_t n)
{
	double *column = nb_alloc(n + 1, sizeof(*column));
	long double squares;
	for (size_t i = 0; i < n; i++)
		column[i] = v[i * stride];
	int rc = stats_deviations(column, &squares, column, n, (struct stats_blocks){NULL, 0});
	double sd = sqrt((double)(squares / (long double)(n - 1)));
	for (size_t i = 0; i < n && !rc; i++)
		v[i * stride] = column[i] / sd;
	free(column);
	return rc;
}

/* The pairs of all runs, one behind the other, and of each what is given. */
struct pairs {
	double *x, *y, *given; /* given: n × n_given */
	size_t n, n_runs, *length;
	bool still; /* a run was left out because a figure did not vary */
};

static struct pairs pairs_new(size_t rows, size_t n_runs, size_t n_given)
{
	return (struct pairs){
		.x = nb_alloc(rows + 1, sizeof(double)),
		.y = nb_alloc(rows + 1, sizeof(double)),
		.given = nb_alloc(rows * n_given + 1, sizeof(double)),
		.length = nb_alloc(n_runs + 1, sizeof(size_t)),
	};
}

static void pairs_free(struct pairs *p)
{
	free(p->x);
	free(p->y);
	free(p->given);
	free(p->length);
}

/* Puts a row at place n behind those that stand; false where something is missing. */
static bool put_row(struct pairs *p, size_t n, const struct values *v, size_t row,
		    const struct relate_how *how, size_t fx, size_t fy)
{
	double *given = p->given + (p->n + n) * how->n_given;
	p->x[p->n + n] = value_at(v, row, fx);
	p->y[p->n + n] = value_at(v, row, fy);
	bool whole = !isnan(p->x[p->n + n]) && !isnan(p->y[p->n + n]);
	for (size_t k = 0; k < how->n_given; k++) {
		given[k] = value_at(v, row, how->given[k]);
		whole &= !isnan(given[k]);
	}
	return whole;
}

static void add_run(struct pairs *p, const struct samples *s, struct run_group g,
		    const struct relate_how *how, size_t fx, size_t fy)
{
	size_t n = 0;
	for (size_t i = 0; i < g.n; i++)
		n += put_row(p, n, &s->values, g.first + i, how, fx, fy);
	if (n < RELATE_SAMPLES_MIN)
		return;
	if (relate_standardise(p->x + p->n, 1, n) || relate_standardise(p->y + p->n, 1, n)) {
		p->still = true;
		return;
	}
	for (size_t k = 0; k < how->n_given; k++) {
		double *given = p->given + p->n * how->n_given + k;
		/* what does not vary in this run explains nothing there */
		if (relate_standardise(given, how->n_given, n))
			for (size_t i = 0; i < n; i++)
				given[i * how->n_given] = 0;
	}
	p->length[p->n_runs++] = n;
	p->n += n;
}

static int relate(struct stats_correlation *out, const struct relate_how *how,
		  const struct pairs *p, const struct stats_correlate_options *options)
{
	if (how->n_given)
		return stats_partial(out, p->x, p->y, p->given, how->n_given, p->n, how->ranks,
				     options);
	return how->method(out, p->x, p->y, p->n, options);
}

int relate_within(struct stats_correlation *out, const struct relate_how *how,
		  const struct samples *s, size_t n_runs, size_t fx, size_t fy)
{
	struct pairs p = pairs_new(s->values.n_rows, n_runs, how->n_given);
	for (size_t r = 0; r < n_runs; r++)
		add_run(&p, s, s->of_run[r], how, fx, fy);
	struct stats_correlate_options options = stats_correlate_default;
	options.neff = how->neff;
	options.blocks = (struct stats_blocks){p.length, p.n_runs};
	int rc = p.n ? relate(out, how, &p, &options) : p.still ? STATS_CONSTANT : STATS_TOO_FEW;
	pairs_free(&p);
	return rc;
}

int relate_between(struct stats_correlation *out, const struct relate_how *how,
		   const struct values *of_configs, size_t fx, size_t fy)
{
	struct pairs p = pairs_new(of_configs->n_rows, 1, how->n_given);
	struct stats_correlate_options options = stats_correlate_default;
	options.neff = STATS_NEFF_NONE; /* configurations have no order in time */
	for (size_t i = 0; i < of_configs->n_rows; i++)
		p.n += put_row(&p, 0, of_configs, i, how, fx, fy);
	int rc = p.n < RELATE_CONFIGS_R + how->n_given ? STATS_TOO_FEW
						       : relate(out, how, &p, &options);
	if (!rc && p.n < RELATE_CONFIGS_MIN + how->n_given)
		out->p = out->ci_lo = out->ci_hi = STATS_NAN;
	pairs_free(&p);
	return rc;
}

static bool varies(const double *v, size_t n)
{
	long double squares;
	double *d = nb_alloc(n + 1, sizeof(*d));
	bool any = n > 1 && !stats_deviations(d, &squares, v, n, (struct stats_blocks){NULL, 0});
	free(d);
	return any;
}

bool varies_within(const struct samples *s, size_t n_runs, size_t figure, bool *missing)
{
	double *v = nb_alloc(s->values.n_rows + 1, sizeof(*v));
	bool any = false;
	*missing = true;
	for (size_t r = 0; r < n_runs; r++) {
		size_t n = values_pick(v, &s->values, s->of_run[r], figure);
		*missing &= !n;
		any |= n >= RELATE_SAMPLES_MIN && varies(v, n);
	}
	free(v);
	return any;
}

bool varies_between(const struct values *of_configs, size_t figure, bool *missing)
{
	double *v = nb_alloc(of_configs->n_rows + 1, sizeof(*v));
	size_t n = values_pick(v, of_configs, (struct run_group){0, of_configs->n_rows}, figure);
	*missing = !n;
	bool any = varies(v, n);
	free(v);
	return any;
}
