/* SPDX-License-Identifier: Apache-2.0 */
/* Runs that their collector did not store: spools become aborted runs, rows without one are ended.
 */
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/agent/protocol.h"
#include "collector/feed.h"
#include "collector/finish.h"
#include "collector/header.h"
#include "collector/lock.h"
#include "collector/spool.h"
#include "collector/verdict.h"
#include "schema/write.h"

/* What a spool says besides the agents' lines. */
struct spooled {
	struct run_record run;
	struct feed feed;
	struct verdict_input judged;
	char *why; /* the store would not take it; NULL: the collector ended before it could try */
};

static void take_started(struct spooled *s, const char *text)
{
	free(s->run.started_utc);
	s->run.started_utc = nb_strdup(text);
}

static void take_cores_shared(struct spooled *s, const char *text)
{
	(void)text;
	s->judged.cores_shared = true;
}

static void take_receiver_in_sender(struct spooled *s, const char *text)
{
	(void)text;
	s->judged.receiver_in_sender = true;
}

static void take_why(struct spooled *s, const char *text)
{
	free(s->why);
	s->why = nb_strdup(text);
}

static const struct {
	const char *key;
	void (*take)(struct spooled *s, const char *text);
} notes[] = {
	{"started",	    take_started		},
	{"cores_shared",	 take_cores_shared	  },
	{"receiver_in_sender", take_receiver_in_sender},
	{"not_stored",	       take_why	       },
};

/* "3\t{…}": a line of endpoint 3. A last line without its end was being written: it is left out. */
static void feed_spooled(struct spooled *s, char *line)
{
	struct nb_err ignored = {0};
	char *tab = strchr(line, '\t');
	uint64_t endpoint;
	if (!tab)
		return;
	*tab = '\0';
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++)
		if (!strcmp(line, notes[i].key)) {
			notes[i].take(s, tab + 1);
			return;
		}
	if (!parse_u64(&endpoint, line) && endpoint < s->run.n_endpoints)
		feed_line(&s->feed, (size_t)endpoint, tab + 1, &ignored);
}

static int read_spool(struct spooled *s, const char *path, struct nb_err *err)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int ret = -1;
	if (!file)
		return nb_error(err, "%s: %s", path, strerror(errno));
	json_t *header = getline(&line, &cap, file) > 0 ? json_loads(line, 0, NULL) : NULL;
	if (!header || header_from_json(&s->run, header, err)) {
		struct nb_err why = *err;
		nb_error_clear(err);
		nb_error(err,
			 "%s: cannot be read as a spooled run (%s): move it away, or delete it",
			 path, why.text[0] ? why.text : "its first line is no header");
		goto cleanup;
	}
	feed_init(&s->feed, &s->run);
	while ((n = getline(&line, &cap, file)) > 0)
		if (line[n - 1] == '\n') {
			line[n - 1] = '\0';
			feed_spooled(s, line);
		}
	ret = 0;
cleanup:
	json_decref(header);
	free(line);
	fclose(file);
	return ret;
}

/* What the store says of a run: its status ('\0' when it has no such run), and its owner. */
static int look_up(struct store *store, const char *uuid, char status[static 16], bool *alive,
		   struct nb_err *err)
{
	sqlite3_stmt *st;
	status[0] = '\0';
	*alive = false;
	if (store_prepare(store, &st, "SELECT status, owner FROM run WHERE uuid = ?1",
			  "look a run up", err))
		return -1;
	sqlite3_bind_text(st, 1, uuid, -1, SQLITE_STATIC);
	int rc = store_step(store, st, "look a run up", err);
	if (rc == 1) {
		snprintf(status, 16, "%s", (const char *)sqlite3_column_text(st, 0));
		*alive = owner_alive((const char *)sqlite3_column_text(st, 1));
	}
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

int spool_import(struct store *store, const char *path, struct nb_err *err)
{
	struct spooled s = {0};
	struct run_record *r = &s.run;
	char status[16];
	bool alive;
	int64_t id;
	int ret = -1;
	record_init(r);
	if (read_spool(&s, path, err) || look_up(store, r->uuid, status, &alive, err))
		goto cleanup;
	if (alive) {
		ret = 1; /* it still goes on */
		goto cleanup;
	}
	if (!*status || !strcmp(status, "running")) {
		struct nb_text error = {0};
		if (s.why)
			text_addf(&error, "it could not be stored when it ended: %s", s.why);
		else
			text_add(&error, "the collector ended before it stored the run");
		s.judged.feed = &s.feed;
		r->status = nb_strdup("aborted");
		r->error = error.s;
		finish_record(r, &s.feed, -1);
		if (write_run(store, r, verdict_judge, &s.judged, &id, err)) {
			const struct nb_err why = *err;
			nb_error_clear(err);
			nb_error(err, "%s: not stored, and left there: %s", path, why.text);
			goto cleanup;
		}
		ret = 0;
	} else {
		ret = 1;
	}
	unlink(path);
cleanup:
	feed_free(&s.feed);
	record_free(r);
	free(s.why);
	return ret;
}

static int end_dead_rows(struct store *store, const struct cli *cli, struct nb_err *err)
{
	sqlite3_stmt *list = NULL, *end = NULL;
	int rc = -1;
	if (store_prepare(store, &list, store_query("running_runs.sql"), "look for dead runs",
			  err) ||
	    store_prepare(store, &end, store_query("abort_run.sql"), "end a dead run", err))
		goto cleanup;
	while ((rc = store_step(store, list, "look for dead runs", err)) == 1) {
		if (owner_alive((const char *)sqlite3_column_text(list, 2)))
			continue;
		sqlite3_reset(end);
		sqlite3_bind_int64(end, 1, sqlite3_column_int64(list, 0));
		if ((rc = store_step(store, end, "end a dead run", err)) < 0)
			break;
		cli_warn(cli, "run %" PRId64 ": its collector died; it is marked aborted",
			 (int64_t)sqlite3_column_int64(list, 0));
	}
cleanup:
	sqlite3_finalize(list);
	sqlite3_finalize(end);
	return rc < 0 ? -1 : 0;
}

/* The file's name may hold what glob() takes for patterns. */
static void glob_quote(struct nb_text *out, const char *s)
{
	for (; *s; s++) {
		if (strchr("*?[]\\", *s))
			text_add_n(out, "\\", 1);
		text_add_n(out, s, 1);
	}
}

int spool_recover(struct store *store, const struct cli *cli, struct nb_err *err)
{
	struct nb_text beside = {0}, pattern = {0};
	glob_t found = {0};
	spool_beside(&beside, store_path(store));
	glob_quote(&pattern, beside.s);
	text_add(&pattern, "*.nbrun");
	int rc = glob(pattern.s, 0, NULL, &found);
	for (size_t i = 0; !rc && i < found.gl_pathc; i++) {
		struct nb_err one = {0};
		int got = spool_import(store, found.gl_pathv[i], &one);
		if (got == 0)
			cli_warn(cli,
				 "%s: a run that was not stored; what it had is stored as aborted",
				 found.gl_pathv[i]);
		else if (got < 0)
			cli_warn(cli, "%s", one.text);
	}
	globfree(&found);
	text_free(&beside);
	text_free(&pattern);
	return end_dead_rows(store, cli, err);
}
