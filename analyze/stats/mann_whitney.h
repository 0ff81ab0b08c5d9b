/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two groups of runs compared by rank, without assuming a distribution: the test of Mann and
 * Whitney, exact also with ties, and the shift that belongs to it (Hodges and Lehmann).
 */
#ifndef STATS_MANN_WHITNEY_H
#define STATS_MANN_WHITNEY_H

#include <stddef.h>

/* Up to this many values on both sides together the distribution is counted out. */
#define STATS_MANN_WHITNEY_EXACT 80

struct stats_mann_whitney {
	size_t n_a, n_b;
	double u;     /* pairs with a > b, ties counting half */
	double p;     /* two-sided */
	double share; /* u / (n_a n_b): how often a run of a beats one of b */
	int exact;
};

/*
 * Values finite. Exact: p is the share of all ways to divide the values, ties and all, whose u is
 * as far from its mean. With more than max_exact values the normal distribution with continuity
 * correction and the variance for ties, as R's wilcox.test(exact = FALSE). STATS_TOO_FEW: an empty
 * side; STATS_CONSTANT: all values equal, p is 1; STATS_DOMAIN; STATS_NO_MEMORY.
 */
int stats_mann_whitney(struct stats_mann_whitney *out, const double *a, size_t n_a, const double *b,
		       size_t n_b, size_t max_exact);

/* The smallest p that so many values can reach, 2 / C(n_a + n_b, n_a): 0.1 for 3 and 3. */
double stats_mann_whitney_least_p(size_t n_a, size_t n_b);

struct stats_shift {
	double shift;	   /* median of all a[i] - b[j] */
	double lo, hi;	   /* order statistics of these differences */
	double confidence; /* what the interval really has: less than asked for with few values */
};

/*
 * Hodges and Lehmann's (1963) estimate with the interval that inverts the rank test: exact counts
 * as above, else the normal approximation. Memory for n_a n_b differences. Errors as above.
 */
int stats_hodges_lehmann(struct stats_shift *out, const double *a, size_t n_a, const double *b,
			 size_t n_b, double confidence);

#endif
