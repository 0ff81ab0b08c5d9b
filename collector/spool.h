/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spool of a run that is going on: DB.UUID.nbrun, a header line (the run as planned), what the
 * collector itself knows (a key of the table in recover.c, a tab, a text), and the agents' protocol
 * lines, each behind the number of its endpoint and a tab. It is removed when the run is in the
 * store; what a killed collector leaves is stored as `aborted` by the next one.
 */
#ifndef NB_SPOOL_H
#define NB_SPOOL_H

#include <sys/types.h>

#include "common/cli.h"
#include "common/text.h"
#include "schema/record.h"
#include "schema/store.h"

struct spool {
	char *path;
	int fd;
	off_t written;
	struct nb_text pending; /* not yet appended */
};

/* What the names of a store's spools begin with: its own, whatever links it was named by. */
void spool_beside(struct nb_text *out, const char *db);

/* On failure nothing is left of it. */
int spool_open(struct spool *s, const char *db, const struct run_record *run, struct nb_err *err);
/* These keep a line in memory; spool_flush() appends what was kept and syncs it. */
void spool_note(struct spool *s, const char *key, const char *text);
void spool_line(struct spool *s, size_t endpoint, const char *line);
int spool_flush(struct spool *s, struct nb_err *err);
/* Ends it: removes the file when the run is stored, keeps it otherwise. */
void spool_close(struct spool *s, bool stored);

/* Stores what dead collectors have left beside this store, and ends `running` rows whose owner is
 * dead. Says each on stderr. A spool that cannot be read is left and named. */
int spool_recover(struct store *store, const struct cli *cli, struct nb_err *err);

/* Stores one spool file as `aborted` (0 stored, 1 was there already) and removes it. */
int spool_import(struct store *store, const char *path, struct nb_err *err);

#endif
