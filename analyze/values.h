/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of runs as a matrix, a column for each figure of the catalogue, NaN where there is none:
 * the means of runs, of configurations, or the samples of the steady windows.
 */
#ifndef NB_VALUES_H
#define NB_VALUES_H

#include "analyze/figure.h"
#include "analyze/runs.h"

struct values {
	size_t n_rows;
	double *v;    /* n_rows × figure_count(), or × n_columns of those with a column */
	size_t *slot; /* of each figure: its column + 1, 0: it has none; NULL: all have */
	size_t n_columns;
};

struct samples {
	struct values values;
	struct run_group *of_run; /* rows of each run, in the order of struct runs */
};

void values_free(struct values *v);
void samples_free(struct samples *s);

double value_at(const struct values *v, size_t row, size_t figure);

/* A row a run, in the order of `runs`: what v_run_metric says of all pairs together, but for a
 * figure that one of the pairs lacks, which is missing here. */
int values_of_runs(struct values *out, struct store *s, const struct runs *runs,
		   struct nb_err *err);

/* A row a configuration: the mean of its runs that have the figure. */
void values_of_configs(struct values *out, const struct values *of_runs, const struct runs *runs);

/* The column of a figure for the runs of a group, NaN left out; returns how many. `out` has room
 * for g.n values. */
size_t values_pick(double *out, const struct values *of_runs, struct run_group g, size_t figure);

/* A row a tick, with columns for `figures` only (NULL: all of them). Pairs are joined as the metric
 * says (sum, mean, max); a figure that one of them lacks at a tick is missing there. A run without
 * a steady window has no rows. */
int samples_load(struct samples *out, struct store *s, const struct runs *runs,
		 const size_t *figures, size_t n_figures, struct nb_err *err);

/* What is true of the runs, for figures_identical(). */
struct figure_context runs_context(const struct runs *r);

#endif
