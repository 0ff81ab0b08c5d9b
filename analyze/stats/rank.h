/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranks, and what is counted from ranks alone. Values must be finite.
 */
#ifndef STATS_RANK_H
#define STATS_RANK_H

#include <stddef.h>

#include "analyze/stats/acf.h"

/* rank[i] = 1 .. n of x[i] among x, equal values sharing their mean rank. STATS_NO_MEMORY. */
int stats_ranks(double *rank, const double *x, size_t n);

/*
 * d[i] = rank of x[i] less (n + 1) / 2; with several blocks the rank is that of the deviation from
 * the block's mean, among all blocks. Errors as stats_deviations().
 */
int stats_rank_deviations(double *d, const double *x, size_t n, struct stats_blocks blocks);

struct stats_tau {
	double tau_b;
	double s;    /* concordant less discordant pairs */
	double s_sd; /* standard deviation of s when x and y are independent */
};

/*
 * Kendall's tau-b of n >= 3 independent pairs, in O(n log n) (Knight 1966); s_sd with the terms for
 * ties (Kendall 1970). STATS_CONSTANT, STATS_TOO_FEW, STATS_NO_MEMORY: then all are NaN.
 */
int stats_tau_b(struct stats_tau *out, const double *x, const double *y, size_t n);

#endif
