/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The right-hand side of a regression, as it is written: terms separated by commas.
 *
 *   receiver.rx_pps            a figure
 *   receiver.rx_pps^2          its power, 2 to 10
 *   log(receiver.rx_pps)       its natural logarithm
 *   generator                  a key of the configuration, or a label: a column for each value but
 *                              the first, 1 where a run has it
 *   receiver.rx_pps:generator  the product of the terms it is made of
 */
#ifndef NB_MODEL_H
#define NB_MODEL_H

#include "analyze/figure.h"
#include "analyze/runs.h"
#include "analyze/stats/wide.h"
#include "analyze/values.h"

enum { MODEL_FACTORS_MAX = 4 };

struct factor {
	enum { FACTOR_VALUE, FACTOR_LOG, FACTOR_KEY } kind;
	size_t figure;
	unsigned power;
	char *key;
	char **level; /* of a key: the values that runs have, in their order */
	size_t n_levels;
};

struct model_term {
	char *text;
	struct factor factor[MODEL_FACTORS_MAX];
	size_t n_factors;
};

/* A column of the regression: a term, and of each key in it one value. */
struct model_column {
	char *name;
	size_t term;
	size_t level[MODEL_FACTORS_MAX];
};

struct model {
	size_t y;
	struct model_term *term;
	size_t n_terms;
	struct model_column *column; /* after model_expand() */
	size_t n_columns;
};

/* Reads -y and -x; NB_USAGE with what is wrong. Free with model_free() in any case. */
int model_parse(struct model *m, const char *y, const char *x, struct nb_err *err);
/* Makes the columns, now that runs say which values a key has. NB_USAGE: no run has such a key.
 * NB_NODATA: all runs have the same value. */
int model_expand(struct model *m, const struct runs *runs, struct nb_err *err);
void model_free(struct model *m);

/* The columns of one row of `v`, of a run; false when a figure is missing there, or a logarithm
 * does not exist. Wide: a polynomial keeps the digits that its powers lose in a double. */
bool model_row(wide *x, const struct model *m, const struct runs *runs, size_t run,
	       const struct values *v, size_t row);

/* Is the figure in a term; is the key? */
bool model_has_figure(const struct model *m, size_t figure);
bool model_has_key(const struct model *m, const char *key);

#endif
