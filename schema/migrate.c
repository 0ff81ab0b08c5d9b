/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The migration runner: schema/NNNN_*.sql in order, all in one transaction, the version read
 * inside it (two writers may open an old file at once). What is derived, views and the registry
 * of metrics, is not migrated but rebuilt.
 */
#include "schema/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/metric.h"
#include "common/text.h"
#include "common/version.h"
#include "schema/embedded.h"

int migrate_newest(void)
{
	int n = 0;
	while (embedded_migrations[n].name)
		n++;
	return n;
}

const char *store_query(const char *name)
{
	for (const struct embedded_text *t = embedded_sql; t->name; t++)
		if (!strcmp(t->name, name))
			return t->text;
	abort();
}

static int pragma_int(struct store *s, const char *pragma, int *out, struct nb_err *err)
{
	char sql[64];
	sqlite3_stmt *st;
	snprintf(sql, sizeof(sql), "PRAGMA %s", pragma);
	if (store_prepare(s, &st, sql, "read the schema version", err))
		return -1;
	int rc = store_step(s, st, "read the schema version", err);
	if (rc == 1)
		*out = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return rc == 1 ? 0 : -1;
}

static int set_meta(struct store *s, const char *key, const char *value, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(s, &st, "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)",
			  "write meta", err))
		return -1;
	sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, value, -1, SQLITE_TRANSIENT);
	int rc = store_step(s, st, "write meta", err);
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

/* VACUUM INTO makes a whole, compact copy without touching the file's own pages. */
static int copy_aside(struct store *s, int version, struct nb_err *err)
{
	struct nb_text to = {0};
	sqlite3_stmt *st = NULL;
	int ret = -1;
	text_addf(&to, "%s.v%d.bak", store_path(s), version);
	if (store_prepare(s, &st, "VACUUM INTO ?1", "copy the store before migrating it", err))
		goto cleanup;
	sqlite3_bind_text(st, 1, to.s, -1, SQLITE_STATIC);
	if (store_step(s, st, "copy the store before migrating it", err) < 0)
		goto cleanup;
	ret = 0;
cleanup:
	sqlite3_finalize(st);
	text_free(&to);
	return ret;
}

static int apply(struct store *s, struct nb_err *err)
{
	int version = 0, newest = migrate_newest();
	char sql[96], now[32];
	if (pragma_int(s, "user_version", &version, err))
		return -1;
	bool fresh = version == 0;
	for (; version < newest; version++)
		if (store_exec(s, embedded_migrations[version].text,
			       embedded_migrations[version].name, err))
			return -1;
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d; PRAGMA application_id = %d", newest,
		 STORE_APPLICATION_ID);
	if (store_exec(s, sql, "set the schema version", err))
		return -1;
	if (!fresh)
		return 0;
	if (set_meta(s, "min_reader", "1", err) ||
	    set_meta(s, "created_by", "netbound " NB_VERSION, err))
		return -1;
	return set_meta(s, "created_utc", clock_utc_text(now, clock_realtime()), err);
}

/* foreign_key_check gives a row for each violation. */
static int check_references(struct store *s, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(s, &st, "PRAGMA foreign_key_check", "check references", err))
		return -1;
	int rc = store_step(s, st, "check references", err);
	if (rc == 1)
		nb_error(err,
			 "migrate: %s: table %s refers to rows that are missing: the file is "
			 "left as it was; restore it from a copy",
			 store_path(s), (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return rc ? -1 : 0;
}

int migrate_run(struct store *s, int found, bool keep_copy, struct nb_err *err)
{
	if (keep_copy && copy_aside(s, found, err))
		return -1;
	if (store_exec(s, "BEGIN IMMEDIATE", "begin the migration", err))
		return -1;
	if (apply(s, err) || check_references(s, err) ||
	    store_exec(s, "COMMIT", "commit the migration", err)) {
		sqlite3_exec(store_db(s), "ROLLBACK", NULL, NULL, NULL);
		return -1;
	}
	return 0;
}

static int drop_views(struct store *s, struct nb_err *err)
{
	sqlite3_stmt *st;
	struct nb_text sql = {0};
	if (store_prepare(
		    s, &st,
		    "SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v\\_%' "
		    "ESCAPE '\\'",
		    "list the views", err))
		return -1;
	int rc;
	while ((rc = store_step(s, st, "list the views", err)) == 1) {
		char *drop = sqlite3_mprintf("DROP VIEW \"%w\";", sqlite3_column_text(st, 0));
		text_add(&sql, drop);
		sqlite3_free(drop);
	}
	sqlite3_finalize(st);
	if (!rc && sql.s)
		rc = store_exec(s, sql.s, "drop the old views", err);
	text_free(&sql);
	return rc;
}

static bool views_current(struct store *s, const char *hash)
{
	struct nb_err ignored = {0};
	sqlite3_stmt *st;
	bool same = false;
	if (store_prepare(s, &st, "SELECT value FROM meta WHERE key = 'views_hash'", "read meta",
			  &ignored))
		return false;
	if (sqlite3_step(st) == SQLITE_ROW)
		same = !strcmp((const char *)sqlite3_column_text(st, 0), hash);
	sqlite3_finalize(st);
	return same;
}

static int temporary_views(struct store *s, struct nb_err *err)
{
	struct nb_text sql = {0};
	/* the views refer to each other and to tables without naming a schema, so that the same
	 * text serves as TEMP views, which hide those of the file */
	for (const char *t = store_query("views.sql"), *next; t; t = next) {
		static const char make[] = "CREATE VIEW ";
		next = strstr(t + 1, make);
		bool view = !strncmp(t, make, sizeof(make) - 1);
		text_add(&sql, view ? "CREATE TEMP VIEW " : "");
		t += view ? sizeof(make) - 1 : 0;
		text_add_n(&sql, t, next ? (size_t)(next - t) : strlen(t));
	}
	int ret = store_exec(s, sql.s, "make the views", err);
	text_free(&sql);
	return ret;
}

int migrate_views(struct store *s, bool temporary, struct nb_err *err)
{
	char hash[17];
	if (temporary)
		return temporary_views(s, err);
	text_hash(hash, store_query("views.sql"));
	if (views_current(s, hash))
		return 0;
	if (store_exec(s, "BEGIN IMMEDIATE", "rebuild the views", err))
		return -1;
	if (drop_views(s, err) || store_exec(s, store_query("views.sql"), "make the views", err) ||
	    set_meta(s, "views_hash", hash, err) ||
	    store_exec(s, "COMMIT", "rebuild the views", err)) {
		sqlite3_exec(store_db(s), "ROLLBACK", NULL, NULL, NULL);
		return -1;
	}
	return 0;
}

static int put_metric(struct store *s, sqlite3_stmt *st, const struct metric *m, struct nb_err *err)
{
	sqlite3_reset(st);
	sqlite3_bind_text(st, 1, m->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, m->unit, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, metric_kind_name(m->kind), -1, SQLITE_STATIC);
	if (m->width)
		sqlite3_bind_int(st, 4, m->width);
	else
		sqlite3_bind_null(st, 4);
	sqlite3_bind_text(st, 5, m->better, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 6, m->across_pairs, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 7, m->derived_from, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 8, m->help, -1, SQLITE_STATIC);
	return store_step(s, st, "write the metrics", err);
}

int migrate_metrics(struct store *s, struct nb_err *err)
{
	sqlite3_stmt *st = NULL;
	int ret = -1;
	if (store_exec(s, "BEGIN IMMEDIATE", "write the metrics", err))
		return -1;
	if (store_prepare(s, &st, store_query("put_metric.sql"), "write the metrics", err))
		goto cleanup;
	for (size_t i = 0; i < n_metrics; i++)
		if (put_metric(s, st, &metrics[i], err) < 0)
			goto cleanup;
	sqlite3_finalize(st);
	st = NULL;
	ret = store_exec(s, "COMMIT", "write the metrics", err);
cleanup:
	sqlite3_finalize(st);
	if (ret)
		sqlite3_exec(store_db(s), "ROLLBACK", NULL, NULL, NULL);
	return ret;
}
