/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interval for any statistic, by resampling runs and, within each run drawn, blocks of samples
 * that follow one another: so both the spread between runs and the memory within them are in it.
 * The same seed draws the same resamples on every machine.
 */
#ifndef STATS_BOOTSTRAP_H
#define STATS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "analyze/stats/acf.h"

/* One configuration: the samples of its runs, one run after another. */
struct stats_sample {
	const double *x;
	size_t n;
	struct stats_blocks runs; /* { NULL, 0 }: one run */
};

/* What is estimated, from one sample or several; NaN when it does not exist. */
typedef double stats_statistic(const struct stats_sample *samples, size_t n_samples, void *payload);

struct stats_bootstrap_options {
	size_t replicates;   /* 2000 */
	size_t block_length; /* samples; 0: stats_block_length() of each sample */
	uint64_t seed;
	double confidence;
};

struct stats_bootstrap {
	double estimate;   /* of the samples themselves */
	double se;	   /* standard deviation of the replicates */
	double lo, hi;	   /* their quantiles (Efron's percentile interval) */
	size_t replicates; /* that gave a number */
};

/*
 * Each replicate draws, for every sample, as many runs as it has, with replacement, and fills each
 * with circular blocks (Politis and Romano 1992) drawn from that run. With a single run only the
 * blocks vary; with fewer than about eight runs the interval is somewhat too narrow. To resample
 * means of runs give each its own run of one value. STATS_TOO_FEW: an empty sample; STATS_DOMAIN:
 * not finite, run lengths that do not add up, options out of range; STATS_NOT_CONVERGED: fewer than
 * half of the replicates gave a number; STATS_NO_MEMORY.
 */
int stats_bootstrap(struct stats_bootstrap *out, stats_statistic *statistic, void *payload,
		    const struct stats_sample *samples, size_t n_samples,
		    const struct stats_bootstrap_options *options);

/* Statistics to give it: of samples[0]; of samples[1] over samples[0] less 1, a relative change. */
stats_statistic stats_of_mean, stats_of_median;
stats_statistic stats_of_mean_change, stats_of_median_change;

/*
 * Length of blocks for the circular bootstrap of a mean: Politis and White (2004), corrected by
 * Patton, Politis and White (2009). Autocovariances within runs; n is the mean length of a run.
 * Between 1 and min(3 sqrt(n), n / 3). A series that does not vary has length 1. STATS_TOO_FEW,
 * STATS_DOMAIN, STATS_NO_MEMORY: *length is NaN.
 */
int stats_block_length(double *length, const double *x, size_t n, struct stats_blocks runs);

#endif
