/* SPDX-License-Identifier: Apache-2.0 */
/* What a picture reads from the store besides the figures of runs. */
#ifndef NB_PLOT_QUERY_H
#define NB_PLOT_QUERY_H

#include <sqlite3.h>

#include "analyze/plot/picture.h"

/* Hands each row of one of our queries to `row`; ?1 is the ids of the runs of `g` as a JSON array,
 * ?2, where there is one, `side`. Returns 0, or -1 with d->err set. */
typedef void plot_row(void *to, sqlite3_stmt *st);
int plot_query(const struct plot_data *d, const char *query, struct run_group g, const char *side,
	       plot_row *row, void *to);

/* A column as a number; NaN for NULL. */
double plot_column(sqlite3_stmt *st, int column);

#endif
