/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standard errors of a least squares fit that hold when the errors differ in size (HC3) or have
 * memory (HAC). The estimates stay; se, t, p and the interval in terms are replaced.
 */
#ifndef STATS_SANDWICH_H
#define STATS_SANDWICH_H

#include <stddef.h>

#include "analyze/stats/acf.h"
#include "analyze/stats/ols.h"

/* The rows a fit was made from, as stats_ols_add_rows() took them; x is n x n_x. */
struct stats_rows {
	const double *x, *y;
	size_t n;
};

/*
 * Errors of unequal size: squared residuals divided by (1 - leverage)^2 (MacKinnon and White 1985,
 * Long and Ervin 2000). vcov may be NULL, else terms x terms. STATS_DOMAIN: a row that the fit
 * passes through because it alone has a value (leverage 1). STATS_TOO_FEW: no degrees of freedom.
 */
int stats_hc3(struct stats_term *terms, double *vcov, const struct stats_ols *ols,
	      const struct stats_ols_fit *fit, struct stats_rows rows, double confidence);

#define STATS_HAC_AUTOMATIC ((size_t)-1)

struct stats_hac_options {
	size_t lag;		    /* or STATS_HAC_AUTOMATIC: floor(4 (n / 100)^(2/9)) */
	int prewhiten;		    /* fit a VAR(1) first and put it back after (Andrews and
				     * Monahan 1992): without it, strong memory (0.9) still gives
				     * errors far too small */
	struct stats_blocks blocks; /* runs: no product reaches across a boundary */
};

/*
 * Errors with memory, and of unequal size: Newey and West (1987), Bartlett weights, no small-sample
 * factor. Rows in time order. options NULL: automatic lag, prewhitened, one block. Errors as
 * stats_hc3(); STATS_DOMAIN also when the blocks do not add up to the rows.
 */
int stats_hac(struct stats_term *terms, double *vcov, const struct stats_ols *ols,
	      const struct stats_ols_fit *fit, struct stats_rows rows,
	      const struct stats_hac_options *options, double confidence);

/*
 * Either of them on rows that come block by block and need not be in memory together; stats_hc3()
 * and stats_hac() are made of it. All blocks once through stats_meat_learn() (which HC3, and HAC
 * without prewhitening, may leave out), then all of them through stats_meat_add(), in order of
 * time; options->blocks is not looked at. `ols` must outlive it. STATS_NO_MEMORY; STATS_DOMAIN as
 * above. Free with stats_meat_free().
 */
struct stats_meat;

/* options NULL: HC3. */
int stats_meat_new(struct stats_meat **out, const struct stats_ols *ols,
		   const struct stats_hac_options *options);
void stats_meat_free(struct stats_meat *meat);
int stats_meat_learn(struct stats_meat *meat, struct stats_rows block);
int stats_meat_add(struct stats_meat *meat, struct stats_rows block);
/* Replaces what follows from standard errors in terms; vcov may be NULL. */
int stats_meat_conclude(struct stats_term *terms, double *vcov, struct stats_meat *meat,
			const struct stats_ols_fit *fit, double confidence);

#endif
