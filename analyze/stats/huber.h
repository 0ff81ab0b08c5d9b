/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regression that outliers do not carry away: Huber's M-estimate, in which a residual beyond 1.345
 * robust standard deviations pulls no harder than one at that distance. 95 % as efficient as least
 * squares on normal errors.
 */
#ifndef STATS_HUBER_H
#define STATS_HUBER_H

#include <stddef.h>

#include "analyze/stats/ols.h"

#define STATS_HUBER_K 1.345

struct stats_huber_fit {
	size_t n, terms, df;
	double scale;	 /* median |residual| / 0.6745 */
	size_t outlying; /* rows with a weight below 1 */
	size_t iterations;
	double condition; /* as in struct stats_ols_fit, of the unweighted rows */
	size_t dependent; /* with STATS_RANK */
};

/*
 * x is n x n_x, row after row. Iterated weighted least squares from the least squares fit, until
 * the residuals change by less than 1e-10 of themselves (as MASS::rlm with MAD scale). Standard
 * errors by Huber (1981, 7.6.9), t with n - terms degrees of freedom. Errors as stats_ols_solve();
 * STATS_NOT_CONVERGED after 200 rounds. A scale of 0 (most rows exactly on the fit) gives standard
 * errors of NaN.
 */
int stats_huber(struct stats_huber_fit *fit, struct stats_term *terms, const double *x,
		const double *y, size_t n, size_t n_x, int intercept, double confidence);

#endif
