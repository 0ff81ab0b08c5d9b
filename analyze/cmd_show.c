/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze show: one run in full, a fact a row. */
#include <math.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/rows.h"
#include "analyze/select.h"
#include "analyze/show_two.h"
#include "common/reason.h"

const struct option show_options[] = {
	SELECT_OPTIONS, {0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL}
};

const char show_help[] =
	"RUN is an id, a UUID or its beginning, or `last` (default). Rows are facts: section, item,\n"
	"value, unit; section `mean` holds the run's figures, all pairs together,\n"
	"`ledger` where its packets went. With two RUNs: in what configuration and facts they differ.\n";

static const struct column columns[] = {
	{"section", COL_TEXT},
	{"item",	 COL_TEXT},
	{"value",	  COL_TEXT},
	{"unit",	 COL_TEXT},
};

/* People get figures with an SI prefix; whole ones that are short, and settings, stay as they are.
 */
static struct cell value_cell(sqlite3_stmt *st, bool people, char buf[static 32])
{
	double v = sqlite3_column_double(st, 2);
	switch (sqlite3_column_type(st, 2)) {
	case SQLITE_NULL:
		return cell_null();
	case SQLITE_INTEGER:
		if (people && v >= 1e5)
			return cell_text(format_si(buf, v));
		return cell_int(sqlite3_column_int64(st, 2));
	case SQLITE_FLOAT:
		if (people && (v >= 1000 || v <= -1000))
			return cell_text(format_si(buf, v));
		return cell_real(v);
	default:
		return cell_text((const char *)sqlite3_column_text(st, 2));
	}
}

static double figure(sqlite3_stmt *st, int i)
{
	return sqlite3_column_type(st, i) == SQLITE_NULL ? (double)NAN
							 : sqlite3_column_double(st, i);
}

/* What the reasons of its verdict say, and what to do. */
static int note_reasons(struct notes *notes, struct cli *cli, struct store *s, int64_t id)
{
	sqlite3_stmt *st;
	int rc;
	if (store_prepare(s, &st, store_query("reasons.sql"), "show a run", &cli->err))
		return -1;
	sqlite3_bind_int64(st, 1, id);
	while ((rc = store_step(s, st, "show a run", &cli->err)) == 1) {
		const char *code = (const char *)sqlite3_column_text(st, 0);
		struct nb_text line = {0};
		reason_text(&line, code, figure(st, 1), figure(st, 2));
		notes_add(notes, code, "%s", line.s);
		text_free(&line);
	}
	sqlite3_finalize(st);
	return rc;
}

static int print_run(struct cli *cli, struct store *s, int64_t id)
{
	bool people = cli->format == FMT_TABLE || cli->format == FMT_MARKDOWN;
	sqlite3_stmt *st;
	struct notes notes = {0};
	int rc;
	if (store_prepare(s, &st, store_query("show_run.sql"), "show a run", &cli->err))
		return -1;
	sqlite3_bind_int64(st, 1, id);
	struct output *out = output_begin(stdout, cli->format, "show", columns, 4);
	while ((rc = store_step(s, st, "show a run", &cli->err)) == 1) {
		char buf[32];
		const char *section = (const char *)sqlite3_column_text(st, 0);
		struct cell cells[] = {
			cell_text(section),
			cell_text((const char *)sqlite3_column_text(st, 1)),
			value_cell(st, people && !strstr(section, " facts"), buf),
			cell_text((const char *)sqlite3_column_text(st, 3)),
		};
		/* a person is spared what is not known, but not a reason without a figure */
		if (!people || cells[2].type != CELL_NULL ||
		    (cells[0].s && !strcmp(cells[0].s, "reason")))
			output_row(out, cells);
	}
	sqlite3_finalize(st);
	if (!rc)
		rc = note_reasons(&notes, cli, s, id);
	rows_end(cli, out, &notes, NULL);
	return rc;
}

int cmd_show(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	int ret;
	if (cli->argc == 2)
		return show_two(cli, cli->argv[0], cli->argv[1]);
	if (select_operand(cli, "show", "last"))
		return -1;
	if (select_open(&s, &runs, cli, SELECT_ALL))
		return -1;
	if (runs.n != 1)
		ret = nb_error_code(&cli->err, NB_USAGE,
				    "show: %zu runs match: name one, as in nbanalyze show %lld",
				    runs.n, (long long)runs.run[0].id);
	else
		ret = print_run(cli, s, runs.run[0].id);
	runs_free(&runs);
	store_close(s);
	return ret;
}
