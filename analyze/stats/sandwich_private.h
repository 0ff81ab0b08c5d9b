/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sandwich.c and hac.c share.
 */
#ifndef STATS_SANDWICH_PRIVATE_H
#define STATS_SANDWICH_PRIVATE_H

#include "analyze/stats/ols_private.h"
#include "analyze/stats/sandwich.h"

struct stats_meat {
	const struct stats_ols *ols;
	size_t k;	  /* terms */
	size_t lag;	  /* the last one; 0 for HC3 */
	int leverage;	  /* HC3: residuals are divided by 1 - leverage */
	int prewhiten;	  /* u[t] = A u[t-1] + v[t] is taken off first */
	int settled;	  /* A is known */
	size_t blocks;	  /* that A was learnt from */
	long double *sum; /* k x k, as are those below */
	long double *before, *across, *a;
	long double *work; /* 2 k x k + 2 k */
};

/* rows x terms scores, with `leverage` each divided by 1 - leverage; *out is the caller's. */
int stats_scores(long double **out, const struct stats_ols *ols, struct stats_rows rows,
		 int leverage);

/* The scores of one block, of which A is learnt; A itself; then v in place of u, the first row of
 * which becomes 0; and what the sum for v means for u. */
void stats_hac_learn(struct stats_meat *m, const long double *u, size_t n);
void stats_hac_settle(struct stats_meat *m);
void stats_hac_whiten(const struct stats_meat *m, long double *u, size_t n);
void stats_hac_recolour(struct stats_meat *m);

#endif
