/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --explain: a sentence for each finding, with method, n, effect and interval. In a table or
 * Markdown they follow the rows; in the formats for programs each row has its sentence as a last
 * column, `finding`.
 */
#ifndef NB_EXPLAIN_H
#define NB_EXPLAIN_H

#include "common/cli.h"
#include "common/text.h"

struct explain {
	bool on;
	bool column; /* as a column of the rows, not behind them */
	bool bullets;
	struct nb_text lines;
};

/* An option of every command that has findings. */
#define EXPLAIN_OPTION(target)                                                                     \
	{                                                                                          \
		0, "explain", OPT_FLAG, target, NULL,                                              \
			"a sentence for each finding: method, n, effect, interval", NULL           \
	}

struct explain explain_begin(bool on, enum output_format format);

/* The columns, with `finding` behind them where it is one; n_columns is raised. The caller frees.
 */
struct column *explain_columns(const struct explain *e, const struct column *columns,
			       size_t *n_columns);

/* Takes a row's sentence: the cell that goes behind the row's others. It points to `sentence`,
 * which the caller frees after the row was written. */
struct cell explain_cell(struct explain *e, const char *sentence);

/* "p = 0.012", "p < 1e-300". */
const char *explain_p(char buf[static 24], double p);

/* Prints what is to follow the rows, after output_end(); frees. */
void explain_end(struct explain *e);

#endif
