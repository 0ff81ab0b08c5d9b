/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the warm-up of a series ends: the cut after which the mean of the rest is known best (MSER,
 * White 1997; on means of 5, White, Cobb and Spratt 2000).
 */
#ifndef STATS_MSER_H
#define STATS_MSER_H

#include <stddef.h>

#define STATS_MSER_BATCH 5

struct stats_mser {
	size_t cut;	  /* samples to leave out at the start */
	double statistic; /* sum (Y - mean)^2 / m^2 over the m batch means left */
	size_t batches;
	int steady; /* 0: the best cut is the last one looked at, half of the series: it may not
		     * have settled at all */
};

/*
 * x: n finite samples in time order; `batch` samples make one mean, those over at the end are not
 * looked at. Cuts up to half of the batches. STATS_TOO_FEW: fewer than 4 batches; STATS_DOMAIN;
 * STATS_NO_MEMORY.
 */
int stats_mser(struct stats_mser *out, const double *x, size_t n, size_t batch);

#endif
