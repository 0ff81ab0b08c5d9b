/* SPDX-License-Identifier: Apache-2.0 */
/* Queries for pictures. */
#include "analyze/plot/query.h"

#include <math.h>

int plot_query(const struct plot_data *d, const char *query, struct run_group g, const char *side,
	       plot_row *row, void *to)
{
	struct nb_text ids = {0};
	sqlite3_stmt *st = NULL;
	int rc = store_prepare(d->store, &st, store_query(query), "read what is drawn", d->err);
	if (rc)
		return -1;
	runs_ids_of(&ids, d->runs, g);
	sqlite3_bind_text(st, 1, ids.s, -1, SQLITE_STATIC);
	if (side)
		sqlite3_bind_text(st, 2, side, -1, SQLITE_STATIC);
	while ((rc = store_step(d->store, st, "read what is drawn", d->err)) == 1)
		row(to, st);
	sqlite3_finalize(st);
	text_free(&ids);
	return rc;
}

double plot_column(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? (double)NAN
							      : sqlite3_column_double(st, column);
}
