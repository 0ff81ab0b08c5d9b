/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Least squares on rows as they come: y = b0 + b1 x1 + ... The rows go through one pass of QR in
 * wide numbers (tsqr.h) after the first row is taken off, so that neither a clock as x nor a
 * polynomial of degree ten costs the digits that normal equations lose. Nothing is ever dropped:
 * a column that others explain is an error that names it.
 */
#ifndef STATS_OLS_H
#define STATS_OLS_H

#include <stddef.h>

#include "analyze/stats/wide.h"

struct stats_ols; /* rows so far, and what was solved from them */

/* One coefficient; p is two-sided, with n - terms degrees of freedom. */
struct stats_term {
	double estimate, se, t, p, ci_lo, ci_hi;
};

struct stats_ols_fit {
	size_t n;     /* rows */
	size_t terms; /* coefficients, the intercept among them */
	size_t df;    /* n - terms */
	/* tss is about the mean, without an intercept about 0, as NIST does */
	double rss, tss;
	double sigma; /* sqrt(rss / df) */
	double r2, adj_r2;
	/* all terms but the intercept together, with f_df and df degrees of freedom */
	double f, f_df, f_p;
	/* normal likelihood, sigma counted as a parameter, as R does */
	double aic, bic;
	/* of the matrix as solved, its columns made equally long; be wary from 1e8 */
	double condition;
	size_t dependent; /* with STATS_RANK: the first term that those before it explain */
};

/* x has n_x columns; STATS_NO_MEMORY, STATS_DOMAIN without any term. Free with stats_ols_free(). */
int stats_ols_new(struct stats_ols **out, size_t n_x, int intercept);
void stats_ols_free(struct stats_ols *ols);

/* One row. Powers and products are best formed in long double. STATS_DOMAIN: not finite, not added.
 */
int stats_ols_add(struct stats_ols *ols, const long double *x, long double y);

/* The same of wide numbers, whose powers and products keep their digits where long double is
 * double.
 */
int stats_ols_add_wide(struct stats_ols *ols, const wide *x, wide y);

/* n rows of wide numbers, row after row, as stats_ols_add_rows(). */
int stats_ols_add_wide_rows(struct stats_ols *ols, const wide *x, const double *y, size_t n);

/* One row that counts `weight` times, weight >= 0 and finite. */
int stats_ols_add_weighted(struct stats_ols *ols, const long double *x, long double y,
			   long double weight);

/* n rows of doubles: x is n x n_x, row after row. Stops at the first row that is not finite. */
int stats_ols_add_rows(struct stats_ols *ols, const double *x, const double *y, size_t n);

/*
 * Solve for the rows so far; more may be added and solved again. terms[0] is the intercept if there
 * is one, then the columns in order. With n = terms the fit is exact and standard errors are NaN.
 * STATS_TOO_FEW: n < terms. STATS_RANK: see dependent. Then terms are NaN.
 */
int stats_ols_solve(struct stats_ols_fit *fit, struct stats_term *terms, struct stats_ols *ols,
		    double confidence);

/* The fitted value at x, and the residuals of n rows; after a stats_ols_solve() that succeeded. */
long double stats_ols_predict(const struct stats_ols *ols, const long double *x);
int stats_ols_residuals(double *e, const struct stats_ols *ols, const double *x, const double *y,
			size_t n);

/*
 * leverage[t] = diagonal of the hat matrix; cooks[t] = Cook's (1977) distance: how far leaving row
 * t out would move the coefficients. n rows as given to stats_ols_add_rows(). STATS_NO_MEMORY.
 */
int stats_ols_influence(double *leverage, double *cooks, const struct stats_ols *ols,
			const struct stats_ols_fit *fit, const double *x, const double *y,
			size_t n);

/* Variance inflation of each term by the others, 1 / (1 - R_j^2); NaN for the intercept. */
void stats_ols_vif(double *vif, const struct stats_ols *ols);

/* sum (e[t] - e[t-1])^2 / sum e[t]^2: 2 without memory, toward 0 with it. NaN if all are 0. */
double stats_durbin_watson(const double *e, size_t n);

/* se, t, p and interval of an estimate with df degrees of freedom, from se. */
void stats_term_conclude(struct stats_term *term, double df, double confidence);

#endif
