/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays for the correlations of relate.h. */
#include "analyze/relate.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/acf.h"
#include "analyze/stats/status.h"

/* The n values centred and scaled. */
static int standardise(double *out, const double *v, size_t n)
{
	long double squares;
	int rc = stats_deviations(out, &squares, v, n, (struct stats_blocks){NULL, 0});
	if (rc)
		return rc;
	double sd = sqrt((double)(squares / (long double)(n - 1)));
	for (size_t i = 0; i < n; i++)
		out[i] /= sd;
	return STATS_OK;
}

/* The pairs of all runs, one behind the other, and room to gather those of one. */
struct pairs {
	double *x, *y, *raw_x, *raw_y;
	size_t n, n_runs, *length;
	bool still; /* a run was left out because a figure did not vary */
};

static void add_run(struct pairs *p, const struct samples *s, struct run_group g, size_t fx,
		    size_t fy)
{
	size_t n = 0;
	for (size_t i = 0; i < g.n; i++) {
		p->raw_x[n] = value_at(&s->values, g.first + i, fx);
		p->raw_y[n] = value_at(&s->values, g.first + i, fy);
		n += !isnan(p->raw_x[n]) && !isnan(p->raw_y[n]);
	}
	if (n < RELATE_SAMPLES_MIN)
		return;
	if (standardise(p->x + p->n, p->raw_x, n) || standardise(p->y + p->n, p->raw_y, n)) {
		p->still = true;
		return;
	}
	p->length[p->n_runs++] = n;
	p->n += n;
}

int relate_within(struct stats_correlation *out, relate_method *method, const struct samples *s,
		  size_t n_runs, size_t fx, size_t fy)
{
	size_t rows = s->values.n_rows + 1;
	double *room = nb_alloc(4 * rows, sizeof(*room));
	struct pairs p = {room, room + rows, room + 2 * rows, room + 3 * rows, 0, 0, NULL, false};
	p.length = nb_alloc(n_runs + 1, sizeof(*p.length));
	for (size_t r = 0; r < n_runs; r++)
		add_run(&p, s, s->of_run[r], fx, fy);
	struct stats_correlate_options options = stats_correlate_default;
	options.blocks = (struct stats_blocks){p.length, p.n_runs};
	int rc = p.n	   ? method(out, p.x, p.y, p.n, &options)
		 : p.still ? STATS_CONSTANT
			   : STATS_TOO_FEW;
	free(room);
	free(p.length);
	return rc;
}

int relate_between(struct stats_correlation *out, relate_method *method,
		   const struct values *of_configs, size_t fx, size_t fy)
{
	size_t n = 0, rows = of_configs->n_rows;
	double *x = nb_alloc(rows + 1, sizeof(*x)), *y = nb_alloc(rows + 1, sizeof(*y));
	struct stats_correlate_options options = stats_correlate_default;
	options.neff = STATS_NEFF_NONE; /* configurations have no order in time */
	for (size_t i = 0; i < rows; i++) {
		x[n] = value_at(of_configs, i, fx);
		y[n] = value_at(of_configs, i, fy);
		n += !isnan(x[n]) && !isnan(y[n]);
	}
	int rc = n < RELATE_CONFIGS_R ? STATS_TOO_FEW : method(out, x, y, n, &options);
	if (!rc && n < RELATE_CONFIGS_MIN)
		out->p = out->ci_lo = out->ci_hi = STATS_NAN;
	free(x);
	free(y);
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
