/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sandwich.c and hac.c share.
 */
#ifndef STATS_SANDWICH_PRIVATE_H
#define STATS_SANDWICH_PRIVATE_H

#include "analyze/stats/ols_private.h"
#include "analyze/stats/sandwich.h"

/* rows x terms scores, with `leverage` each divided by 1 - leverage; *out is the caller's. */
int stats_scores(long double **out, const struct stats_ols *ols, struct stats_rows rows,
		 int leverage);

/* sum (k x k) += weight times the sum of u[t] u[t-lag]' within blocks, for lag > 0 both ways. */
void stats_add_products(long double *sum, const long double *u, size_t n, size_t k, size_t lag,
			long double weight, struct stats_blocks blocks);

/* Replace what follows from standard errors in terms; vcov may be NULL. */
int stats_sandwich_conclude(struct stats_term *terms, double *vcov, const struct stats_ols *ols,
			    const struct stats_ols_fit *fit, const long double *meat,
			    double confidence);

#endif
