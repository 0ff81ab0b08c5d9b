/* SPDX-License-Identifier: Apache-2.0 */
/* Statement to rows: types are SQLite's, value by value. */
#include "analyze/rows.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/explain.h"
#include "analyze/runs.h"
#include "common/text.h"
#include "schema/cell.h"

static enum column_style style_of(sqlite3_stmt *st, int i, const struct rows_style *styles)
{
	const char *name = sqlite3_column_name(st, i);
	for (; styles && styles->column; styles++)
		if (name && !strcmp(styles->column, name))
			return styles->style;
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		return COL_INT;
	case SQLITE_FLOAT:
		return COL_SIG4;
	default:
		return COL_TEXT;
	}
}

int64_t rows_print(struct cli *cli, struct store *s, sqlite3_stmt *st, const char *command,
		   const struct rows_style *styles)
{
	int n = sqlite3_column_count(st), rc = store_step(s, st, command, &cli->err);
	if (rc < 0)
		return -1;
	struct column *columns = nb_alloc((size_t)n + 1, sizeof(*columns));
	struct cell *cells = nb_alloc((size_t)n + 1, sizeof(*cells));
	for (int i = 0; i < n; i++) {
		columns[i].name = nb_strdup(sqlite3_column_name(st, i));
		columns[i].style = style_of(st, i, styles);
	}
	struct output *out = output_begin(stdout, cli->format, command, columns, (size_t)n);
	for (; rc == 1; rc = store_step(s, st, command, &cli->err)) {
		for (int i = 0; i < n; i++)
			cells[i] = store_cell(st, i);
		output_row(out, cells);
	}
	int64_t rows = rc < 0 ? -1 : (int64_t)output_rows(out);
	output_end(out);
	for (int i = 0; i < n; i++)
		free((char *)columns[i].name);
	free(columns);
	free(cells);
	return rows;
}

void notes_add(struct notes *n, const char *code, const char *fmt, ...)
{
	char text[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	n->v = nb_realloc(n->v, n->n + 1, sizeof(*n->v));
	n->v[n->n++] = (struct note){nb_strdup(code), nb_strdup(text)};
}

void notes_left_out(struct notes *n, const struct runs *runs)
{
	if (runs->n_left_out)
		notes_add(n, "left_out",
			  "%zu matching run%s void or did not end in order, and %s left out "
			  "(--include-void takes void ones)",
			  runs->n_left_out, runs->n_left_out == 1 ? " is" : "s are",
			  runs->n_left_out == 1 ? "is" : "are");
}

void notes_free(struct notes *n)
{
	for (size_t i = 0; i < n->n; i++) {
		free(n->v[i].code);
		free(n->v[i].text);
	}
	free(n->v);
	*n = (struct notes){0};
}

void notes_end(struct cli *cli, struct notes *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		cli_say(cli, "note: %s", notes->v[i].text);
	notes_free(notes);
}

void rows_end(struct cli *cli, struct output *out, struct notes *notes, struct explain *explain)
{
	bool json = cli->format == FMT_JSON;
	for (size_t i = 0; json && i < notes->n; i++)
		output_warn(out, notes->v[i].code, "%s", notes->v[i].text);
	output_end(out);
	if (explain)
		explain_end(explain);
	fflush(stdout);
	if (json)
		notes_free(notes);
	else
		notes_end(cli, notes);
}
