/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening and checking the store. The order of the steps is SQLite's own advice
 * (sqlite.org/security.html, sqlite.org/pragma.html): hardening first, then the identity of the
 * file, and only then anything that could write.
 */
#include "schema/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"
#include "schema/migrate.h"

enum { BUSY_TIMEOUT_MS = 10000 };

struct kept {
	char *sql;
	sqlite3_stmt *st;
};

struct store {
	sqlite3 *db;
	struct kept *kept;
	size_t n_kept;
	char *path;
	int found; /* user_version before any migration; 0: a new file */
	bool writer;
};

sqlite3 *store_db(struct store *s)
{
	return s->db;
}

const char *store_path(const struct store *s)
{
	return s->path;
}

int store_version_found(const struct store *s)
{
	return s->found;
}

int store_version_newest(void)
{
	return migrate_newest();
}

int store_error(struct store *s, const char *what, struct nb_err *err)
{
	static const struct {
		int code;
		const char *text;
	} remedies[] = {
		{SQLITE_FULL,     "no space left on the disk: free some and try again"	  },
		{SQLITE_BUSY,     "another program holds the file: wait for it, or end it"     },
		{SQLITE_LOCKED,	"another program holds the file: wait for it, or end it"	},
		{SQLITE_READONLY, "the file or its folder cannot be written: check permissions"},
		{SQLITE_CANTOPEN, "the file cannot be opened: check path and permissions"	 },
		{SQLITE_NOTADB,	"not a database: name another file with --db"		     },
		{SQLITE_CORRUPT,	 "the database is damaged: restore it from a copy"		  },
		{SQLITE_PERM,     "no permission"					      },
	};
	int code = sqlite3_errcode(s->db) & 0xff;
	for (size_t i = 0; i < sizeof(remedies) / sizeof(*remedies); i++)
		if (remedies[i].code == code)
			return nb_error(err, "%s: %s: %s", s->path, what, remedies[i].text);
	return nb_error(err, "%s: %s: %s", s->path, what, sqlite3_errmsg(s->db));
}

int store_exec(struct store *s, const char *sql, const char *what, struct nb_err *err)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
								       : store_error(s, what, err);
}

int store_prepare(struct store *s, sqlite3_stmt **out, const char *sql, const char *what,
		  struct nb_err *err)
{
	*out = NULL;
	return sqlite3_prepare_v2(s->db, sql, -1, out, NULL) == SQLITE_OK
		       ? 0
		       : store_error(s, what, err);
}

int store_keep(struct store *s, sqlite3_stmt **out, const char *sql, const char *what,
	       struct nb_err *err)
{
	for (size_t i = 0; i < s->n_kept; i++)
		if (!strcmp(s->kept[i].sql, sql)) {
			*out = s->kept[i].st;
			return 0;
		}
	if (store_prepare(s, out, sql, what, err))
		return -1;
	s->kept = nb_realloc(s->kept, s->n_kept + 1, sizeof(*s->kept));
	s->kept[s->n_kept++] = (struct kept){nb_strdup(sql), *out};
	return 0;
}

void store_rest(sqlite3_stmt *st)
{
	if (!st)
		return;
	sqlite3_reset(st);
	sqlite3_clear_bindings(st); /* they may point at what will be freed */
}

int store_step(struct store *s, sqlite3_stmt *st, const char *what, struct nb_err *err)
{
	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return store_error(s, what, err);
	}
}

/* SQLite makes and opens anything; these are told apart before it is asked. */
static int check_path(const char *path, enum store_mode mode, struct nb_err *err)
{
	struct stat st;
	if (!*path || !strcmp(path, ":memory:")) /* SQLite would keep nothing */
		return nb_error_code(err, NB_USAGE, "--db: '%s' is no file", path);
	if (stat(path, &st)) {
		if (errno != ENOENT)
			return nb_error(err, "%s: %s", path, strerror(errno));
		return mode == STORE_WRITE
			       ? 0
			       : nb_error_code(
					 err, NB_NODATA,
					 "%s: no such file: nbcollect run -p 10k makes one, or name "
					 "another with --db",
					 path);
	}
	if (!S_ISREG(st.st_mode))
		return nb_error(err, "%s: not a regular file: name a file with --db", path);
	return 0;
}

static int harden(struct store *s, struct nb_err *err)
{
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	return store_exec(s,
			  "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; "
			  "PRAGMA secure_delete = OFF",
			  "open", err);
}

static int read_int(struct store *s, const char *sql, int *out, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(s, &st, sql, "open", err))
		return -1;
	int rc = store_step(s, st, "open", err);
	if (rc == 1)
		*out = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

/* Whose file is it, and can we read it? A new, empty file has neither identity nor tables. */
static int identify(struct store *s, struct nb_err *err)
{
	int id = 0, tables = 0, min_reader = 0, newest = migrate_newest();
	if (read_int(s, "PRAGMA application_id", &id, err) ||
	    read_int(s, "PRAGMA user_version", &s->found, err) ||
	    read_int(s, "SELECT count(*) FROM sqlite_schema", &tables, err))
		return -1;
	if (id != STORE_APPLICATION_ID) {
		if (tables || id || s->found)
			return nb_error(err,
					"%s: a database of another program: name another file with "
					"--db",
					s->path);
		s->found = 0;
		return 0;
	}
	if (s->found <= newest)
		return 0;
	if (read_int(s, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'min_reader'",
		     &min_reader, err))
		return -1;
	if (!s->writer && min_reader && min_reader <= newest)
		return 0;
	return nb_error(err,
			"%s: made by a newer netbound (schema %d, this one knows %d): update "
			"netbound",
			s->path, s->found, newest);
}

static int open_writer(struct store *s, struct nb_err *err)
{
	int fresh = s->found == 0;
	if (fresh && store_exec(s, "PRAGMA journal_mode = DELETE", "open", err))
		return -1;
	if (s->found < migrate_newest() && migrate_run(s, s->found, !fresh, err))
		return -1;
	return migrate_views(s, false, err) || migrate_metrics(s, err) ? -1 : 0;
}

/* An older file is migrated in a private copy, which vanishes with the connection. */
static int read_through_copy(struct store *s, struct nb_err *err)
{
	sqlite3 *copy = NULL;
	sqlite3_backup *backup = NULL;
	int ret = -1;
	if (sqlite3_open_v2("", &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) ||
	    !(backup = sqlite3_backup_init(copy, "main", s->db, "main"))) {
		nb_error(err, "%s: read an older file: %s", s->path, sqlite3_errmsg(copy));
		goto cleanup;
	}
	if (sqlite3_backup_step(backup, -1) != SQLITE_DONE) {
		nb_error(err, "%s: read an older file: the temporary copy failed: %s", s->path,
			 sqlite3_errmsg(copy));
		goto cleanup;
	}
	sqlite3_backup_finish(backup);
	backup = NULL;
	sqlite3_close(s->db);
	s->db = copy;
	copy = NULL;
	ret = harden(s, err) || migrate_run(s, s->found, false, err) || migrate_metrics(s, err) ? -1
												: 0;
cleanup:
	sqlite3_backup_finish(backup);
	sqlite3_close(copy);
	return ret;
}

static int open_reader(struct store *s, struct nb_err *err)
{
	if (s->found == 0)
		return nb_error_code(err, NB_NODATA,
				     "%s: an empty file: nbcollect run -p 10k stores a run in it",
				     s->path);
	if (s->found < migrate_newest() && read_through_copy(s, err))
		return -1;
	if (store_exec(s, "PRAGMA temp_store = MEMORY", "open", err) || migrate_views(s, true, err))
		return -1;
	return store_exec(s, "PRAGMA query_only = ON", "open", err);
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct nb_err *err)
{
	struct store *s = NULL;
	/* a store is one thread's: without locks its columns are read a fifth faster */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		    (mode == STORE_WRITE ? SQLITE_OPEN_CREATE : 0);
	if (check_path(path, mode, err))
		return -1;
	s = nb_alloc(1, sizeof(*s));
	s->path = nb_strdup(path);
	s->writer = mode == STORE_WRITE;
	int rc = sqlite3_open_v2(path, &s->db, flags, NULL);
	if (rc != SQLITE_OK && mode == STORE_READ) {
		sqlite3_close(s->db);
		rc = sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
				     NULL);
	}
	if (rc != SQLITE_OK) {
		store_error(s, "open", err);
		goto fail;
	}
	if (harden(s, err) || identify(s, err))
		goto fail;
	if (s->writer ? open_writer(s, err) : open_reader(s, err))
		goto fail;
	*out = s;
	return 0;
fail:
	store_close(s);
	return -1;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_kept; i++) {
		sqlite3_finalize(s->kept[i].st);
		free(s->kept[i].sql);
	}
	free(s->kept);
	sqlite3_close(s->db);
	free(s->path);
	free(s);
}
