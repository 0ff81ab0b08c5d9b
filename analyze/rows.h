/* SPDX-License-Identifier: Apache-2.0 */
/* Rows on standard output from a statement, and what is said beside rows. */
#ifndef NB_ROWS_H
#define NB_ROWS_H

#include <sqlite3.h>

#include "common/cli.h"
#include "schema/store.h"

struct rows_style {
	const char *column; /* NULL ends the list */
	enum column_style style;
};

/* Steps `st` to its end and prints. A column without a row in `styles` (may be NULL) is a text or
 * a number as its first value is. Returns the number of rows, or -1. */
int64_t rows_print(struct cli *cli, struct store *s, sqlite3_stmt *st, const char *command,
		   const struct rows_style *styles);

/* What a person should know beside the rows: warnings of the JSON envelope, else lines on standard
 * error after the rows, which --quiet silences. { 0 } is empty. */
struct notes {
	struct note {
		char *code; /* a word for programs */
		char *text;
	} * v;
	size_t n;
};
/* Both texts are copied. */
void notes_add(struct notes *n, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A note on runs that match and are not analysed, if there are any. */
struct runs;
void notes_left_out(struct notes *n, const struct runs *runs);

void notes_free(struct notes *n);
/* Says the notes without any rows, and frees them. */
void notes_end(struct cli *cli, struct notes *notes);

/* Ends the rows with what explains them (may be NULL) and their notes, and frees all of it. */
struct explain;
void rows_end(struct cli *cli, struct output *out, struct notes *notes, struct explain *explain);

#endif
