/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays for the correlations of relate.h. */
#include "analyze/relate.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/describe.h"
#include "analyze/stats/status.h"

/* Varies by no more than rounding: the mean's own error times a margin. */
static bool constant(const struct stats_summary *d)
{
	return !(d->sd > 1e-12 * fabs(d->mean)) || d->min == d->max;
}

/* Centres and scales n values in place. */
static int standardise(double *v, size_t n)
{
	struct stats_summary d;
	int rc = stats_describe(&d, v, n, 0.95);
	if (rc)
		return rc;
	if (constant(&d))
		return STATS_CONSTANT;
	for (size_t i = 0; i < n; i++)
		v[i] = (v[i] - d.mean) / d.sd;
	return STATS_OK;
}

/* One run's pairs of values behind those of the runs before; returns how many were added. */
static size_t add_run(double *x, double *y, const struct samples *s, struct run_group g, size_t fx,
		      size_t fy, bool *still)
{
	size_t n = 0;
	for (size_t i = 0; i < g.n; i++) {
		x[n] = value_at(&s->values, g.first + i, fx);
		y[n] = value_at(&s->values, g.first + i, fy);
		n += !isnan(x[n]) && !isnan(y[n]);
	}
	if (n < RELATE_SAMPLES_MIN)
		return 0;
	if (standardise(x, n) || standardise(y, n)) {
		*still = true;
		return 0;
	}
	return n;
}

int relate_within(struct stats_correlation *out, relate_method *method, const struct samples *s,
		  size_t n_runs, size_t fx, size_t fy)
{
	size_t n = 0, n_blocks = 0;
	double *x = nb_alloc(s->values.n_rows + 1, sizeof(*x));
	double *y = nb_alloc(s->values.n_rows + 1, sizeof(*y));
	size_t *length = nb_alloc(n_runs + 1, sizeof(*length));
	bool still = false;
	for (size_t r = 0; r < n_runs; r++) {
		size_t added = add_run(x + n, y + n, s, s->of_run[r], fx, fy, &still);
		if (added)
			length[n_blocks++] = added;
		n += added;
	}
	struct stats_correlate_options options = stats_correlate_default;
	options.blocks = (struct stats_blocks){length, n_blocks};
	int rc = n ? method(out, x, y, n, &options) : still ? STATS_CONSTANT : STATS_TOO_FEW;
	free(x);
	free(y);
	free(length);
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

bool varies_within(const struct samples *s, size_t n_runs, size_t figure, bool *missing)
{
	double *v = nb_alloc(s->values.n_rows + 1, sizeof(*v));
	bool varies = false;
	*missing = true;
	for (size_t r = 0; r < n_runs; r++) {
		struct stats_summary d;
		size_t n = values_pick(v, &s->values, s->of_run[r], figure);
		*missing &= !n;
		varies |=
			n >= RELATE_SAMPLES_MIN && !stats_describe(&d, v, n, 0.95) && !constant(&d);
	}
	free(v);
	return varies;
}

bool varies_between(const struct values *of_configs, size_t figure, bool *missing)
{
	struct stats_summary d;
	double *v = nb_alloc(of_configs->n_rows + 1, sizeof(*v));
	size_t n = values_pick(v, of_configs, (struct run_group){0, of_configs->n_rows}, figure);
	*missing = !n;
	bool varies = n && !stats_describe(&d, v, n, 0.95) && !constant(&d);
	free(v);
	return varies;
}
