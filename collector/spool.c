/* SPDX-License-Identifier: Apache-2.0 */
/* Appending to the spool; what is made of one that was left is in recover.c. */
#include "collector/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/agent/protocol.h"
#include "collector/header.h"

/* Bytes that the run's lines will take, about: a tick of an end, a tick of a node with its CPUs. */
static off_t expected_size(const struct run_record *run)
{
	enum { END = 1024, NODE = 512, CPU = 512, MOST = 256 << 20 };
	int64_t tick = 1, ticks = run->duration_ns / run->interval_ns + 64;
	for (size_t i = 0; i < run->n_endpoints; i++)
		tick += run->endpoints[i].pair >= 0 ? END
						    : NODE + CPU * sysconf(_SC_NPROCESSORS_CONF);
	return ticks < MOST / tick ? (off_t)(ticks * tick) : MOST;
}

/* Takes the space beforehand: what was measured must find room when the store finds none. */
static int reserve(struct spool *s, const struct run_record *run, struct nb_err *err)
{
	off_t size = expected_size(run);
	if (!fallocate(s->fd, FALLOC_FL_KEEP_SIZE, 0, size) || (errno != ENOSPC && errno != EDQUOT))
		return 0; /* not every file system can */
	return nb_error(err, "%s: no space left (%.3g MB needed): free some, or name another --db",
			s->path, (double)size / 1e6);
}

void spool_beside(struct nb_text *out, const char *db)
{
	char *real = realpath(db, NULL);
	text_addf(out, "%s.", real ? real : db);
	free(real);
}

int spool_open(struct spool *s, const char *db, const struct run_record *run, struct nb_err *err)
{
	struct nb_text path = {0};
	json_t *j = header_to_json(run);
	char *header = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	spool_beside(&path, db);
	text_addf(&path, "%s.nbrun", run->uuid);
	*s = (struct spool){.path = path.s};
	s->fd = open(path.s, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
	if (s->fd < 0) {
		free(header);
		return nb_error(err, "%s: %s: the run's spool must be written beside the store",
				s->path, strerror(errno));
	}
	text_addf(&s->pending, "%s\n", header);
	free(header);
	if (!reserve(s, run, err) && !spool_flush(s, err))
		return 0;
	spool_close(s, true);
	return -1;
}

void spool_note(struct spool *s, const char *key, const char *text)
{
	if (s->fd >= 0)
		text_addf(&s->pending, "%s\t%s\n", key, text);
}

void spool_line(struct spool *s, size_t endpoint, const char *line)
{
	if (s->fd >= 0)
		text_addf(&s->pending, "%zu\t%s\n", endpoint, line);
}

int spool_flush(struct spool *s, struct nb_err *err)
{
	if (s->fd < 0 || !s->pending.len)
		return 0;
	if (write_all(s->fd, s->pending.s, s->pending.len) || fdatasync(s->fd)) {
		nb_error(err, "%s: %s: what was measured since the last write is not safe", s->path,
			 strerror(errno));
		/* what was written in part is written again: lines must not stand there twice */
		(void)!ftruncate(s->fd, s->written);
		return -1;
	}
	s->written += (off_t)s->pending.len;
	text_cut(&s->pending, 0);
	return 0;
}

void spool_close(struct spool *s, bool stored)
{
	if (s->fd >= 0)
		close(s->fd);
	if (stored && s->path)
		unlink(s->path);
	text_free(&s->pending);
	free(s->path);
	*s = (struct spool){.fd = -1};
}
