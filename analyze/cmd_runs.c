/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze runs: what is in the store, whatever became of it. */
#include "analyze/commands.h"
#include "analyze/rows.h"
#include "analyze/select.h"

const struct option runs_options[] = {
	SELECT_OPTIONS, {0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL}
};

const char runs_help[] =
	"A row a run, by id; failed, aborted and void runs too. A table shows what fits a terminal,\n"
	"the other formats all columns of v_run.\n";

static const struct rows_style styles[] = {
	{"target_pps", COL_SI  },
	  {"offered",    COL_SI  },
	 {"forwarded",  COL_SI  },
	{"loss_ratio", COL_SIG4},
	  {"reasons",    COL_JSON},
	 {"labels",	    COL_JSON},
	{"config",	   COL_JSON},
	  {NULL,	 COL_TEXT},
};

int cmd_runs(struct cli *cli)
{
	bool people = cli->format == FMT_TABLE || cli->format == FMT_MARKDOWN;
	struct store *s = NULL;
	struct runs runs;
	struct nb_text ids = {0};
	sqlite3_stmt *st = NULL;
	int ret = -1;
	if (select_open(&s, &runs, cli, SELECT_ALL))
		return -1;
	runs_ids(&ids, &runs);
	if (store_prepare(s, &st, store_query(people ? "runs_short.sql" : "runs.sql"), "list runs",
			  &cli->err))
		goto cleanup;
	sqlite3_bind_text(st, 1, ids.s, -1, SQLITE_STATIC);
	ret = rows_print(cli, s, st, "runs", styles) < 0 ? -1 : 0;
cleanup:
	sqlite3_finalize(st);
	text_free(&ids);
	runs_free(&runs);
	store_close(s);
	return ret;
}
