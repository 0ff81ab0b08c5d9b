/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pearson's r within runs of every pair of figures, in one pass over the samples: what
 * relate_within() says of each pair, without holding more than a few runs in memory. A run leaves
 * sums behind; they are added in the order of the runs, so that the result is the same with any
 * number of threads.
 */
#ifndef NB_WITHIN_H
#define NB_WITHIN_H

#include "analyze/runs.h"
#include "analyze/stats/correlate.h"
#include "schema/store.h"

struct within {
	size_t n_figures;
	bool *varies, *missing;		/* each figure: within any run; in all of them */
	struct stats_correlation *pair; /* n_figures × n_figures, the upper half */
	int *status;			/* of each pair, of stats/status.h */
	size_t *rows;			/* ticks of each run */
};

/* threads 0: as many as there are CPUs. */
int within_pearson(struct within *out, struct store *s, const struct runs *runs,
		   const size_t *figures, size_t n, enum stats_neff neff, unsigned threads,
		   struct nb_err *err);
void within_free(struct within *w);

#endif
