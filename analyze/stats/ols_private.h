/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of struct stats_ols, for the files of stats/ that extend it. All numbers are relative to
 * the first row when there is an intercept: the model is then y - y0 = b0' + b1 (x1 - x10) + ...
 */
#ifndef STATS_OLS_PRIVATE_H
#define STATS_OLS_PRIVATE_H

#include "analyze/stats/ols.h"
#include "analyze/stats/tsqr.h"

struct stats_ols {
	size_t n_x, terms;
	int intercept;
	struct stats_tsqr qr; /* columns: terms, then y */
	wide *row;	      /* terms + 1: one row as it goes into qr */
	wide *given;	      /* n_x: one row as it came */
	wide *origin;	      /* terms + 1: the first row, 0 without intercept */
	wide *coef;	      /* terms, about the origin */
	wide *inverse;	      /* terms x terms, R^-1 */
};

/* The terms of one row about the origin. */
void stats_ols_fill_row(wide *row, const struct stats_ols *ols, const wide *x);

/* terms x columns numbers from coordinates about the origin to those of the terms. */
void stats_ols_shift(wide *a, const struct stats_ols *ols, size_t columns);

/*
 * For errors of another kind (sandwich.h), after a stats_ols_solve() that succeeded: w = R^-T x for
 * a row x, whose squares sum to the leverage; vcov = R^-1 meat R^-T in the coordinates of the
 * terms. w has as many numbers as terms, vcov and meat their square. STATS_NO_MEMORY.
 */
int stats_ols_whiten(long double *w, const struct stats_ols *ols, const long double *x);
int stats_ols_sandwich(double *vcov, const struct stats_ols *ols, const long double *meat);

#endif
