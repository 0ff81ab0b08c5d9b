/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forest plot of a comparison. Its rows are grouped by figure, so that what a change does over
 * the rates is read from top to bottom; what does not fit one picture is continued on the next.
 */
#ifndef NB_PLOT_FOREST_H
#define NB_PLOT_FOREST_H

#include "analyze/compare.h"

struct forest {
	const struct compare_job *job;
	size_t *order;	 /* of job->v: by figure, then by cell */
	size_t first, n; /* of the picture at hand, in `order` */
};

void forest_begin(struct forest *f, const struct compare_job *job);
/* Goes to the next picture; false: there is none. */
bool forest_next(struct forest *f);
void forest_free(struct forest *f);

#endif
