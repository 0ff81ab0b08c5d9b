/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: one SQLite file. Opening checks that it is ours (application_id 0x6E626E64, "nbnd")
 * and of a version that this program knows; a writer migrates an older file (a copy is kept as
 * FILE.vN.bak) and rebuilds the views when they changed. A reader never changes the file's
 * content: it opens read-write only so that a hot journal can be rolled back, makes its own TEMP
 * views, then sets query_only; an older file is read through a migrated temporary copy.
 */
#ifndef NB_STORE_H
#define NB_STORE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "common/error.h"

#define STORE_APPLICATION_ID 0x6E626E64

enum store_mode {
	STORE_READ,  /* must exist */
	STORE_WRITE, /* created when missing, migrated when older */
};

struct store;

/* Opens; what is opened is for one thread at a time. The message names the file and the remedy: no
 * such file, not a database, another program's database, a newer netbound's, no permission. Exit
 * code NB_FAIL, or NB_NODATA for a file that a reader does not find. */
int store_open(struct store **out, const char *path, enum store_mode mode, struct nb_err *err);
void store_close(struct store *s); /* NULL is fine */

sqlite3 *store_db(struct store *s);
const char *store_path(const struct store *s);

/* The version of the file as it was found (before any migration), and the newest known. */
int store_version_found(const struct store *s);
int store_version_newest(void);

/* Runs statements without results. `what` says in the message what was being done. */
int store_exec(struct store *s, const char *sql, const char *what, struct nb_err *err);

/* Prepares one statement. Finalize it with sqlite3_finalize(). */
int store_prepare(struct store *s, sqlite3_stmt **out, const char *sql, const char *what,
		  struct nb_err *err);

/* The same for a statement that is wanted again and again: it is prepared once and kept until the
 * store is closed. When done with it, store_rest(); not to be used twice at the same time. */
int store_keep(struct store *s, sqlite3_stmt **out, const char *sql, const char *what,
	       struct nb_err *err);
void store_rest(sqlite3_stmt *st); /* NULL is fine */

/* Steps: 1 a row, 0 done, -1 an error, whose message says `what`, the file and the remedy. */
int store_step(struct store *s, sqlite3_stmt *st, const char *what, struct nb_err *err);

/* Sets the message of a failed SQLite call, by its extended code: disk full, locked, read-only,
 * corrupt, … Returns -1. */
int store_error(struct store *s, const char *what, struct nb_err *err);

/* The text of a file of sql/ that was embedded at build: "views.sql", …; asserts that it is there.
 */
const char *store_query(const char *name);

#endif
