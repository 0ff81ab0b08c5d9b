/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of /proc or /sys that is read again and again: opened once, read from its start into a
 * buffer that was sized at open. Opening anew each time would cost two to four times as much.
 */
#ifndef NB_PROCFILE_H
#define NB_PROCFILE_H

#include <stddef.h>

#include "common/error.h"

struct procfile {
	int fd; /* -1: not open */
	char *buf;
	size_t len, cap;
	/* No row of it is longer: then a short read shows the end, and none is made to see it. For
	 * /proc/net/udp that second read would walk all hash chains again. 0: not known. Set after
	 * the file was opened. */
	size_t row_most;
};

/* A file that the kernel makes in one piece (single_open() and its like) has one row, whatever its
 * length: no piece of it is short but the last. */
enum { PROCFILE_SINGLE = 1 };

/* Opens `path` (relative to the root) and reads it once. 0; or -1, and *f is closed. */
int procfile_open(struct procfile *f, int root_fd, const char *path, struct nb_err *err);

/* The same for a file of /proc/net, in the network namespace of the calling thread. The open file
 * stays with that namespace, wherever the thread goes later. */
int procfile_open_net(struct procfile *f, int root_fd, const char *name, struct nb_err *err);

/* Reads all of it into buf, len: 0, or a negative errno (len is 0 then). */
int procfile_read(struct procfile *f);

void procfile_close(struct procfile *f);

#endif
