/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze query: any SELECT over the views (docs/schema.md). What could write, attach a file,
 * load code or set a pragma is refused before it is compiled. */
#include <string.h>

#include "analyze/commands.h"
#include "analyze/rows.h"
#include "schema/store.h"

const struct option query_options[] = {
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL}
};

const char query_help[] =
	"One SELECT (or WITH … SELECT). Views: v_run, v_sample, v_steady, v_run_role, v_run_metric,\n"
	"v_run_summary, v_ledger, v_total, v_queue_rate, v_irq_rate, v_cpu, v_softnet; their columns\n"
	"are in docs/schema.md. Example: nbanalyze query \"SELECT run_id, loss_ratio FROM v_run\"\n";

static int authorize(void *denied, int action, const char *a, const char *b, const char *schema,
		     const char *view)
{
	(void)a;
	(void)schema;
	(void)view;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		if (b && strcmp(b, "load_extension") != 0)
			return SQLITE_OK;
		break;
	default:
		break;
	}
	*(int *)denied = 1;
	return SQLITE_DENY;
}

static int prepare_query(struct cli *cli, struct store *s, sqlite3_stmt **st)
{
	const char *sql = cli->argv[0], *rest = NULL;
	int denied = 0;
	/* a table-valued function declares its columns at its first use, which the authorizer would
	 * take for a CREATE TABLE: have them known before */
	sqlite3_exec(store_db(s), "SELECT 1 FROM json_each('[]'), json_tree('[]')", NULL, NULL,
		     NULL);
	sqlite3_set_authorizer(store_db(s), authorize, &denied);
	int rc = sqlite3_prepare_v2(store_db(s), sql, -1, st, &rest);
	sqlite3_set_authorizer(store_db(s), NULL, NULL);
	if (denied)
		return nb_error_code(&cli->err, NB_USAGE,
				     "query: only SELECT: the store is never changed from here");
	if (rc != SQLITE_OK)
		return nb_error_code(&cli->err, NB_USAGE,
				     "query: %s (the views are in docs/schema.md)",
				     sqlite3_errmsg(store_db(s)));
	if (!*st)
		return nb_error_code(&cli->err, NB_USAGE, "query: an empty statement");
	if (rest[strspn(rest, " \t\r\n;")])
		return nb_error_code(&cli->err, NB_USAGE, "query: one statement at a time: '%.40s'",
				     rest + strspn(rest, " \t\r\n;"));
	return sqlite3_stmt_readonly(*st) ? 0
					  : nb_error_code(&cli->err, NB_USAGE,
							  "query: only SELECT: the store is never "
							  "changed from here");
}

int cmd_query(struct cli *cli)
{
	struct store *s = NULL;
	sqlite3_stmt *st = NULL;
	int ret = -1;
	if (cli->argc != 1)
		return nb_error_code(&cli->err, NB_USAGE,
				     "query: one operand, the statement, in quotes");
	if (store_open(&s, cli->db, STORE_READ, &cli->err))
		return -1;
	if (prepare_query(cli, s, &st))
		goto cleanup;
	ret = rows_print(cli, s, st, "query", NULL) < 0 ? -1 : 0;
cleanup:
	sqlite3_finalize(st);
	store_close(s);
	return ret;
}
