// SPDX-License-Identifier: Apache-2.0
/*
 * What is left of two series when others are held still: residuals of least squares through the
 * origin on deviations.
 */
#include <float.h>
#include <stdlib.h>

#include "analyze/stats/correlate_private.h"
#include "analyze/stats/ols.h"
#include "analyze/stats/status.h"

/* Residuals below this share of a series are its rounding. */
#define ROUNDING (64 * DBL_EPSILON)

static long double squares_of(const double *d, size_t n)
{
	long double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += (long double)d[i] * (long double)d[i];
	return sum;
}

/* The deviations of each given, one behind the other in a row. A block in which a given stays
 * still has zeros there; one that never varies is STATS_RANK. */
static int given_deviations(double *dz, const double *given, size_t n_given, size_t n,
			    struct stats_blocks blocks, stats_deviations_kind *deviations)
{
	double *column = malloc(2 * n * sizeof(*column));
	int ret = column ? STATS_OK : STATS_NO_MEMORY;
	size_t i, k;

	for (k = 0; k < n_given && !ret; k++) {
		for (i = 0; i < n; i++)
			column[i] = given[i * n_given + k];
		ret = deviations(column + n, column, n, blocks);
		for (i = 0; i < n && !ret; i++)
			dz[i * n_given + k] = column[n + i];
	}
	free(column);
	return ret == STATS_CONSTANT ? STATS_RANK : ret;
}

static int leave(double *d, double *e, const double *dz, size_t n_given, size_t n)
{
	struct stats_term *terms = calloc(n_given, sizeof(*terms));
	struct stats_ols *ols = NULL;
	struct stats_ols_fit fit;
	long double whole = squares_of(d, n);
	size_t i;
	int ret = terms ? stats_ols_new(&ols, n_given, 0) : STATS_NO_MEMORY;

	if (!ret)
		ret = stats_ols_add_rows(ols, dz, d, n);
	if (!ret)
		ret = stats_ols_solve(&fit, terms, ols, 0.95);
	if (!ret)
		ret = stats_ols_residuals(e, ols, dz, d, n);
	stats_ols_free(ols);
	free(terms);
	if (ret)
		return ret;
	if (!(squares_of(e, n) > ROUNDING * ROUNDING * whole))
		return STATS_CONSTANT;
	for (i = 0; i < n; i++)
		d[i] = e[i];
	return STATS_OK;
}

int stats_partial_out(double *dx, double *dy, const double *given, size_t n_given, size_t n,
		      struct stats_blocks blocks, stats_deviations_kind *deviations)
{
	double *dz = malloc(n * n_given * sizeof(*dz)), *e = malloc(n * sizeof(*e));
	int ret = dz && e ? STATS_OK : STATS_NO_MEMORY;

	if (!ret)
		ret = given_deviations(dz, given, n_given, n, blocks, deviations);
	if (!ret)
		ret = leave(dx, e, dz, n_given, n);
	if (!ret)
		ret = leave(dy, e, dz, n_given, n);
	free(dz);
	free(e);
	return ret;
}
