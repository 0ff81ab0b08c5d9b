/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other file is attached, and rows go from table to table inside SQLite. What differs between
 * stores are ids: of runs, endpoints, campaigns and metrics. Columns are asked of the schema, so
 * that a migration that adds one needs no change here.
 */
#include "collector/ingest/merge.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/text.h"

static const char doing[] = "merge a run";

/* A column whose value is another in the other store, and what it is here; NULL ends a list. */
struct mapping {
	const char *column, *value;
};

static const struct mapping run_mappings[] = {
	{"campaign_id", "(SELECT c.id FROM main.campaign c JOIN other.campaign d USING (uuid) "
			"WHERE d.id = t.campaign_id)"},
	{NULL,	       NULL						},
};

static const struct mapping endpoint_mappings[] = {
	{"id",      "(SELECT new FROM temp.merged WHERE old = t.id)"     },
	{"run_id",  "(SELECT id FROM main.run WHERE uuid = ?2)"	      },
	{"node_id", "(SELECT new FROM temp.merged WHERE old = t.node_id)"},
	{NULL,      NULL						 },
};

static const struct mapping row_mappings[] = {
	{"endpoint_id", "m.new"				       },
	{"metric_id",   "(SELECT n.id FROM main.metric n JOIN other.metric o USING (name) "
		      "WHERE o.id = t.metric_id)"},
	{NULL,	       NULL					  },
};

static const char *map(const struct mapping *m, const char *column)
{
	for (; m->column; m++)
		if (!strcmp(m->column, column))
			return m->value;
	return NULL;
}

/* One statement; ?1 is the run's id in the other store, ?2 its uuid. */
static int execute(struct store *s, const char *sql, int64_t id, const char *uuid,
		   struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(s, &st, sql, doing, err))
		return -1;
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_text(st, 2, uuid, -1, SQLITE_STATIC);
	int rc = store_step(s, st, doing, err);
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

/* "INSERT INTO main.TABLE (columns) SELECT columns FROM other.TABLE t FROM_WHERE" */
static int copy(struct store *s, const char *table, const struct mapping *mappings,
		const char *leave_out, const char *from_where, int64_t id, const char *uuid,
		struct nb_err *err)
{
	struct nb_text columns = {0}, values = {0}, sql = {0};
	sqlite3_stmt *st;
	if (store_prepare(s, &st, "SELECT name FROM pragma_table_info(?1, 'main')", doing, err))
		return -1;
	sqlite3_bind_text(st, 1, table, -1, SQLITE_STATIC);
	int rc;
	while ((rc = store_step(s, st, doing, err)) == 1) {
		const char *name = (const char *)sqlite3_column_text(st, 0);
		const char *value = map(mappings, name);
		if (leave_out && !strcmp(name, leave_out))
			continue;
		text_addf(&columns, "%s%s", columns.len ? ", " : "", name);
		text_addf(&values, "%s%s%s", values.len ? ", " : "", value ? "" : "t.",
			  value ? value : name);
	}
	sqlite3_finalize(st);
	text_addf(&sql, "INSERT INTO main.%s (%s) SELECT %s FROM other.%s t %s", table, columns.s,
		  values.s, table, from_where);
	if (!rc)
		rc = execute(s, sql.s, id, uuid, err);
	text_free(&columns);
	text_free(&values);
	text_free(&sql);
	return rc;
}

/* Every table with an endpoint's rows. */
static int copy_rows(struct store *s, int64_t id, const char *uuid, struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc, ret = 0;
	if (store_prepare(
		    s, &st,
		    "SELECT t.name FROM main.sqlite_schema t WHERE t.type = 'table' AND EXISTS ("
		    "SELECT 1 FROM pragma_table_info(t.name, 'main') c "
		    "WHERE c.name = 'endpoint_id') ORDER BY t.name",
		    doing, err))
		return -1;
	while (!ret && (rc = store_step(s, st, doing, err)) != 0)
		ret = rc < 0 ? -1
			     : copy(s, (const char *)sqlite3_column_text(st, 0), row_mappings, NULL,
				    "JOIN temp.merged m ON m.old = t.endpoint_id", id, uuid, err);
	sqlite3_finalize(st);
	return ret;
}

static int merge_run(struct store *s, int64_t id, const char *uuid, struct nb_err *err)
{
	if (store_exec(s, "BEGIN IMMEDIATE", doing, err))
		return -1;
	int ret =
		execute(s,
			"INSERT OR IGNORE INTO main.campaign (uuid, name, kind, plan, started_utc) "
			"SELECT c.uuid, c.name, c.kind, c.plan, c.started_utc FROM other.campaign c "
			"JOIN other.run r ON r.campaign_id = c.id WHERE r.id = ?1",
			id, uuid, err) ||
		copy(s, "run", run_mappings, "id", "WHERE t.id = ?1", id, uuid, err) ||
		store_exec(s, "DELETE FROM temp.merged", doing, err) ||
		execute(s,
			"INSERT INTO temp.merged SELECT id, row_number() OVER (ORDER BY id) + coalesce(("
			"SELECT max(id) FROM main.endpoint), 0) FROM other.endpoint WHERE run_id = ?1",
			id, uuid, err) ||
		copy(s, "endpoint", endpoint_mappings, NULL, "WHERE t.run_id = ?1 ORDER BY t.id",
		     id, uuid, err) ||
		copy_rows(s, id, uuid, err) || store_exec(s, "COMMIT", doing, err);
	if (ret)
		sqlite3_exec(store_db(s), "ROLLBACK", NULL, NULL, NULL);
	return ret ? -1 : 0;
}

static int merge_runs(struct merge_report *out, struct store *s, struct nb_err *err)
{
	struct run {
		int64_t id;
		char *uuid;
	} *take = NULL;
	size_t n = 0;
	sqlite3_stmt *st;
	int rc, ret;
	if (store_prepare(s, &st, store_query("merge_runs.sql"), doing, err))
		return -1;
	while ((rc = store_step(s, st, doing, err)) == 1) {
		out->runs++;
		if (sqlite3_column_int(st, 2)) {
			out->present++;
		} else if (sqlite3_column_int(st, 3)) {
			out->running++;
		} else {
			take = nb_realloc(take, n + 1, sizeof(*take));
			take[n++] =
				(struct run){sqlite3_column_int64(st, 0),
					     nb_strdup((const char *)sqlite3_column_text(st, 1))};
		}
	}
	sqlite3_finalize(st);
	ret = rc;
	for (size_t i = 0; take && i < n; i++) {
		if (!ret)
			ret = merge_run(s, take[i].id, take[i].uuid, err);
		out->merged += !ret;
		free(take[i].uuid);
	}
	free(take);
	return ret;
}

static int attach(struct store *s, const char *path, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(s, &st, "ATTACH ?1 AS other", "open the other store", err))
		return -1;
	sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC);
	int rc = store_step(s, st, "open the other store", err);
	sqlite3_finalize(st);
	return rc < 0 ? -1
		      : store_exec(
				s,
				"CREATE TEMP TABLE IF NOT EXISTS merged (old INTEGER PRIMARY KEY, "
				"new INTEGER NOT NULL)",
				"open the other store", err);
}

/* Another file, ours, and of our schema. */
static int check(struct store *target, const char *other, struct nb_err *err)
{
	struct stat a, b;
	struct store *s = NULL;
	if (!stat(store_path(target), &a) && !stat(other, &b) && a.st_dev == b.st_dev &&
	    a.st_ino == b.st_ino)
		return nb_error_code(err, NB_USAGE, "%s: the store that is merged into", other);
	if (store_open(&s, other, STORE_READ, err))
		return -1;
	int found = store_version_found(s);
	store_close(s);
	if (found > store_version_newest())
		return nb_error(err,
				"%s: made by a newer netbound (schema %d, this one knows %d): "
				"update netbound",
				other, found, store_version_newest());
	return found == store_version_newest()
		       ? 0
		       : nb_error(err, "%s: schema %d is older: nbcollect --db %s migrate", other,
				  found, other);
}

int merge_store(struct merge_report *out, struct store *target, const char *other,
		struct nb_err *err)
{
	*out = (struct merge_report){0};
	if (check(target, other, err) || attach(target, other, err))
		return -1;
	int ret = merge_runs(out, target, err);
	/* should a statement still be open, the detaching fails; what was merged is stored anyway
	 */
	sqlite3_exec(store_db(target), "DETACH other", NULL, NULL, NULL);
	return ret;
}
