/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze ledger: where the packets went, each loss named once. */
#include "analyze/commands.h"
#include "analyze/ledger_words.h"
#include "analyze/rows.h"
#include "analyze/select.h"

const struct option ledger_options[] = {
	SELECT_OPTIONS, {0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL}
};

const char ledger_help[] =
	"RUN is an id, a range A..B, a UUID or `last`; without it all that are selected. Stages stand\n"
	"in path order, counted over the whole run, first to last snapshot; share is of what was\n"
	"offered. A stage without a counter on this path is missing (-), not 0. pair is missing on\n"
	"the rows of all pairs together. `residual` is what no counter explains.\n"
	"A line on standard error says where most was lost and which setting bears on it.\n";

static const struct rows_style styles[] = {
	{"share", COL_SIG4},
	{"where", COL_TEXT},
	{NULL,    COL_TEXT},
};

int cmd_ledger(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	struct nb_text ids = {0}, sentence = {0};
	sqlite3_stmt *st = NULL;
	int ret = -1;
	if (select_operand(cli, "ledger", NULL) || select_open(&s, &runs, cli, SELECT_ANALYSE))
		return -1;
	runs_ids(&ids, &runs);
	if (store_prepare(s, &st, store_query("ledger.sql"), "read the ledger", &cli->err))
		goto cleanup;
	sqlite3_bind_text(st, 1, ids.s, -1, SQLITE_STATIC);
	if (rows_print(cli, s, st, "ledger", styles) < 0 ||
	    ledger_sentence(&sentence, s, ids.s, &cli->err))
		goto cleanup;
	if (sentence.len)
		cli_say(cli, "%s", sentence.s);
	ret = 0;
cleanup:
	sqlite3_finalize(st);
	text_free(&ids);
	text_free(&sentence);
	runs_free(&runs);
	store_close(s);
	return ret;
}
