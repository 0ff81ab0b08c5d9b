/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Correlation of two series of samples, with a p-value and an interval that hold when the samples
 * have memory. Two independent series with a lag-1 autocorrelation of 0.9 look correlated at
 * p < 0.05 in half of all cases if each sample counts as independent; so n_eff, not n, is what
 * counts by default. Arrays must be finite (see stats_pair_complete()), in time order.
 */
#ifndef STATS_CORRELATE_H
#define STATS_CORRELATE_H

#include <stddef.h>

#include "analyze/stats/acf.h"

/* How many independent pairs n pairs are worth. The result is within [2, n]. */
enum stats_neff {
	/* n (1 - q) / (1 + q), q = product of the lag-1 autocorrelations (Bretherton et al. 1999)
	 */
	STATS_NEFF_BRETHERTON,
	/* n / (1 + 2 sum (1 - k/n) rx(k) ry(k)), up to the first lag where either is <= 0, and
	 * no more than 10 sqrt(n) lags (Bartlett 1946) */
	STATS_NEFF_BARTLETT,
	/* n: only for independent pairs, as the means of runs are */
	STATS_NEFF_NONE,
};

struct stats_correlate_options {
	enum stats_neff neff;
	double confidence;	    /* of the interval, 0.95 */
	struct stats_blocks blocks; /* the runs, one after another; { NULL, 0 } is one */
};

/* What NULL for options means: Bretherton, 0.95, one block. */
extern const struct stats_correlate_options stats_correlate_default;

struct stats_correlation {
	size_t n;
	double n_eff;
	double r;	     /* Pearson's r, Spearman's rho or Kendall's tau-b */
	double t;	     /* what p is made of: Student t, or z for Kendall */
	double df;	     /* of t: n_eff - 1 - blocks - given; infinite for Kendall */
	double p;	     /* two-sided; NaN when df <= 0 */
	double ci_lo, ci_hi; /* by Fisher's z; NaN when n_eff is too small for it */
};

/*
 * All three: several blocks are each centred on their own mean, which costs one degree of freedom a
 * block, and memory is never sought across a boundary: what is left is the correlation within runs.
 * STATS_CONSTANT: a series does not vary within its blocks, r is NaN. STATS_TOO_FEW: n < blocks
 * + 2. STATS_DOMAIN, STATS_NO_MEMORY.
 */

/* What Pearson's r and its effective size are made of: sums over deviations from the means of
 * blocks, products of neighbours (lag 1) never across a boundary. Sums of disjoint blocks may be
 * added. */
struct stats_pair_sums {
	long double xx, yy, xy, x_lag, y_lag;
};

/* stats_pearson() of n pairs in `blocks` blocks out of their sums; neff is not STATS_NEFF_BARTLETT,
 * which needs more lags (STATS_DOMAIN). Other errors as above. */
int stats_pearson_of_sums(struct stats_correlation *out, const struct stats_pair_sums *sums,
			  size_t n, size_t blocks, enum stats_neff neff, double confidence);

/* Variance of atanh r: 1 / (n_eff - 2 - blocks). */
int stats_pearson(struct stats_correlation *out, const double *x, const double *y, size_t n,
		  const struct stats_correlate_options *options);

/* Pearson on mean ranks. Variance (1 + r^2 / 2) / (n_eff - 2 - blocks) (Bonett and Wright 2000). */
int stats_spearman(struct stats_correlation *out, const double *x, const double *y, size_t n,
		   const struct stats_correlate_options *options);

/*
 * Partial correlation: what is left between x and y when the given series (n x n_given, row after
 * row) are held still, by the residuals of least squares on them, of values or of ranks. Each given
 * costs a degree of freedom; memory is that of the residuals. STATS_RANK: a given does not vary, or
 * others explain it; STATS_CONSTANT: the given explain x or y wholly.
 */
int stats_partial(struct stats_correlation *out, const double *x, const double *y,
		  const double *given, size_t n_given, size_t n, int ranks,
		  const struct stats_correlate_options *options);

/*
 * Tau-b (stats_tau_b() in rank.h); its z is that of independent pairs times sqrt(n_eff / n), n_eff
 * being that of the ranks. Variance of the interval 0.437 / (n_eff - 3 - blocks) (Fieller,
 * Hartley and Pearson 1957).
 */
int stats_kendall(struct stats_correlation *out, const double *x, const double *y, size_t n,
		  const struct stats_correlate_options *options);

/* The effective number of pairs of two series of deviations (see stats_deviations()). */
double stats_effective_pairs(enum stats_neff method, const double *dx, const double *dy, size_t n,
			     struct stats_blocks blocks);
/* Bretherton's, of two autocorrelations at lag 1. */
double stats_effective_of_r1(long double rx, long double ry, size_t n);

#endif
