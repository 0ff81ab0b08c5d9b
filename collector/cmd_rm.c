/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect rm: deletes runs, all of them or none. */
#include <stdlib.h>
#include <unistd.h>

#include "collector/cmd.h"
#include "collector/lock.h"
#include "common/text.h"
#include "schema/store.h"

const struct option rm_options[] = {
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};

static int find(struct store *s, const char *name, int64_t *id, struct nb_err *err)
{
	sqlite3_stmt *st;
	int found = 0, rc;
	bool alive = false;
	if (store_prepare(s, &st, store_query("find_run.sql"), "find a run", err))
		return -1;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	while ((rc = store_step(s, st, "find a run", err)) == 1) {
		*id = sqlite3_column_int64(st, 0);
		alive = owner_alive((const char *)sqlite3_column_text(st, 2));
		found++;
	}
	sqlite3_finalize(st);
	if (rc < 0)
		return -1;
	if (!found)
		return nb_error_code(err, NB_NODATA, "%s: no run '%s': see nbanalyze runs",
				     store_path(s), name);
	if (found > 1)
		return nb_error_code(err, NB_USAGE, "'%s' stands for %d runs: say more of the uuid",
				     name, found);
	if (alive)
		return nb_error(err, "run %s is going on: end it first", name);
	return 0;
}

static int delete_runs(struct store *s, const int64_t *ids, int n, struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc = 0;
	if (store_prepare(s, &st, "DELETE FROM run WHERE id = ?1", "delete a run", err))
		return -1;
	for (int i = 0; !rc && i < n; i++) {
		sqlite3_reset(st);
		sqlite3_bind_int64(st, 1, ids[i]);
		rc = store_step(s, st, "delete a run", err);
	}
	sqlite3_finalize(st);
	return rc;
}

int cmd_rm(struct cli *cli)
{
	struct store *s = NULL;
	int64_t *ids = nb_alloc((size_t)cli->argc, sizeof(*ids));
	int ret = -1;
	if (!cli->argc) {
		nb_error_code(&cli->err, NB_USAGE, "rm: name the runs by id or uuid");
		goto cleanup;
	}
	if (access(cli->db, F_OK)) {
		nb_error_code(&cli->err, NB_NODATA, "%s: no such file", cli->db);
		goto cleanup;
	}
	if (store_open(&s, cli->db, STORE_WRITE, &cli->err))
		goto cleanup;
	for (int i = 0; i < cli->argc; i++)
		if (find(s, cli->argv[i], &ids[i], &cli->err))
			goto cleanup;
	if (store_exec(s, "BEGIN IMMEDIATE", "delete runs", &cli->err) ||
	    delete_runs(s, ids, cli->argc, &cli->err) ||
	    store_exec(s, "COMMIT", "delete runs", &cli->err))
		goto cleanup;
	cli_say(cli, "%d run%s deleted", cli->argc, cli->argc == 1 ? "" : "s");
	ret = 0;
cleanup:
	store_close(s);
	free(ids);
	return ret;
}
