/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows for a regression, out of runs. A fit takes runs together that are equal in all but the rate
 * and what stands on its right-hand side: 64 and 512 byte frames are two fits, unless
 * run.frame_size is an x.
 *
 * between: a row a run. within: a row a steady sample; with several runs each has an intercept of
 * its own (values are taken from the run's mean), which costs a degree of freedom a run.
 */
#ifndef NB_FIT_H
#define NB_FIT_H

#include "analyze/stats/ols.h"
#include "analyze/values.h"

struct fit_data {
	char *label; /* what tells this fit from the others: "frame_size=64"; "all" */
	size_t n, n_x, n_runs;
	double *x, *y;	/* n × n_x, n */
	size_t *length; /* rows of each run */
};

struct fit_list {
	struct fit_data *v;
	size_t n;
};

void fit_list_free(struct fit_list *l);

/* Rows with a missing value are left out; a fit may be left with none. */
void fit_between(struct fit_list *out, const struct runs *runs, const struct values *of_runs,
		 size_t y, const size_t *x, size_t n_x);
void fit_within(struct fit_list *out, const struct runs *runs, const struct samples *samples,
		size_t y, const size_t *x, size_t n_x);

struct fit_result {
	struct stats_ols_fit fit;
	struct stats_term *terms; /* fit.terms of them */
	bool intercept;		  /* terms[0] is one */
	/* how many times too small memory makes the standard errors (1: none); samples only */
	double memory;
};

/* A status of stats/status.h. `terms` is the caller's to free in any case. */
int fit_solve(struct fit_result *out, const struct fit_data *data, bool samples);

#endif
