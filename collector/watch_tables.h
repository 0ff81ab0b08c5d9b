/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of nbcollect watch --show: queues, vectors, CPUs and softnet, a row an instance. */
#ifndef NB_WATCH_TABLES_H
#define NB_WATCH_TABLES_H

#include "collector/counters/source.h"
#include "common/text.h"

struct watch_table {
	const char *name;   /* of --show, and of the first column */
	const char *source; /* counters/sources.h */
	struct watch_column {
		const char *title, *metric;
		double scale; /* of a rise per second */
	} columns[9];	      /* ends with a title of NULL */
};

extern const struct watch_table watch_tables[]; /* ends with a name of NULL */

/* The table of a name of that length; NULL: there is none. */
const struct watch_table *watch_table_find(const char *name, size_t len);
/* Has it a column of that title? */
bool watch_table_has(const struct watch_table *t, const char *title);

/*
 * Appends the heading and a row for each instance: rises from `before` to `now` per second of
 * dt_ns,
 * `-` where one is not known. Cells of an instance stand next to each other. `sort` (NULL: as they
 * come): the title of a column by which rows fall.
 */
void watch_table_print(struct nb_text *out, const struct watch_table *t,
		       const struct counter_cell *cells, size_t n, const uint64_t *before,
		       const uint64_t *now, int64_t dt_ns, const char *sort);

#endif
