/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows for a regression, out of runs. A fit takes runs together that are equal in all but the rate
 * and what stands on its right-hand side: 64 and 512 byte frames are two fits, unless
 * run.frame_size or frame_size is an x.
 *
 * between: a row a run. within: a row a steady sample; with several runs each has an intercept of
 * its own (values are taken from the run's mean), which costs a degree of freedom a run.
 *
 * Samples of a large store do not stay in memory: what does not fit goes into the sums of least
 * squares as it is read, and is read again for what residuals say.
 */
#ifndef NB_FIT_H
#define NB_FIT_H

#include "analyze/model.h"
#include "analyze/stats/ols.h"
#include "analyze/values.h"

struct fit_data {
	char *label; /* what tells this fit from the others: "frame_size=64"; "all" */
	size_t n, n_x, n_runs;
	size_t n_missing; /* rows left out: y or an x is missing */
	size_t *length;	  /* rows of each run */
	wide *x;	  /* of the runs that are kept, the first ones: row after row */
	double *y;
	/* the others: indices into struct runs; all rows are in the sums then, each run centred */
	size_t *again, n_again;
	struct stats_ols *ols;
	const struct fit_source *source;
};

struct fit_list {
	struct fit_data *v;
	size_t n;
	struct fit_source *source;
};

void fit_list_free(struct fit_list *l);

/* What makes fits of their own, besides all that is not explained: keys that were asked for. */
struct fit_by {
	const char **key;
	size_t n;
};

/* Rows with a missing value are left out; a fit may be left with none. */
void fit_between(struct fit_list *out, const struct runs *runs, const struct values *of_runs,
		 const struct model *model, struct fit_by by);
/* `keep`: bytes of rows that stay in memory. The runs, the model and the store must outlive the
 * list. */
#define FIT_KEEP     ((size_t)16 << 20)
#define FIT_KEEP_ALL SIZE_MAX
int fit_within(struct fit_list *out, struct store *s, const struct runs *runs,
	       const struct model *model, struct fit_by by, size_t keep, struct nb_err *err);

/* Rows of one run. A status of stats/status.h. */
typedef int fit_take(void *payload, const wide *x, const double *y, size_t n);

/* Into a struct stats_ols. */
int fit_add_to_sums(void *ols, const wide *x, const double *y, size_t n);

enum { FIT_UNREAD = 1 }; /* beside those statuses: the store could not be read, err says why */

/* Every run in order, with `centred` its values taken from their mean, until one is not 0. */
int fit_pass(const struct fit_data *data, bool centred, fit_take *take, void *payload,
	     struct nb_err *err);

enum fit_method { FIT_OLS, FIT_HUBER, FIT_THEIL_SEN };
enum fit_errors { FIT_CLASSIC, FIT_HC3, FIT_HAC };

struct fit_result {
	struct stats_ols_fit fit; /* what a method does not have is NaN */
	struct stats_term *terms; /* fit.terms of them */
	double *vif;		  /* of each term; NaN for the intercept */
	bool intercept;		  /* terms[0] is one */
	/* how many times too small memory makes the standard errors (1: none); samples only */
	double memory;
	double durbin_watson; /* within runs; NaN between them */
	size_t outlying;      /* rows that Huber's method weighs down */
	bool sampled;	      /* Theil and Sen's slopes are a sample of all */
	bool drawn;	      /* fit.n rows were drawn at random for it */
};

/* Huber's and Theil and Sen's methods look at rows again and again, and so hold them in memory: of
 * more than this they take as many, drawn at random without replacement. */
enum { FIT_DRAWN = 200000, FIT_SEED = 1 };

/* A status of stats/status.h, or FIT_UNREAD. Free with fit_result_free() in any case. */
int fit_solve(struct fit_result *out, const struct fit_data *data, bool samples,
	      enum fit_method method, enum fit_errors errors, struct nb_err *err);
void fit_result_free(struct fit_result *r);

#endif
