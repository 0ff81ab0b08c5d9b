/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files of the kernel, in however many pieces it hands them out. */
#include "collector/counters/procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"

enum { CAP_LEAST = 4096, CAP_MOST = 64 << 20, PAGE_LEAST = 4096 };

/* seq_file fills a page, or what was asked for if that is less, and stops before the row that does
 * not fit (fs/seq_file.c, seq_read_iter): a piece that left room for the longest row is the last.
 */
static bool is_last(const struct procfile *f, size_t piece, size_t room)
{
	size_t most = room < PAGE_LEAST ? room : PAGE_LEAST;
	return f->row_most && piece + f->row_most < most;
}

/* A short read is not the end, unless the rows are known to be short. Pieces that follow one
 * another cost no second traversal. */
int procfile_read(struct procfile *f)
{
	f->len = 0;
	for (;;) {
		if (f->len == f->cap) {
			if (f->cap >= CAP_MOST) {
				f->len = 0;
				return -EFBIG;
			}
			f->cap *= 2;
			f->buf = nb_realloc(f->buf, f->cap, 1);
		}
		size_t room = f->cap - f->len;
		ssize_t n = pread(f->fd, f->buf + f->len, room, (off_t)f->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			f->len = 0;
			return -errno;
		}
		if (n == 0)
			return 0;
		f->len += (size_t)n;
		if (is_last(f, (size_t)n, room))
			return 0;
	}
}

int procfile_open(struct procfile *f, int root_fd, const char *path, struct nb_err *err)
{
	*f = (struct procfile){.cap = CAP_LEAST};
	f->fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0)
		return nb_error(err, "cannot open /%s: %s", path, strerror(errno));
	f->buf = nb_alloc(f->cap, 1);
	int ret = procfile_read(f);
	if (ret) {
		procfile_close(f);
		return nb_error(err, "cannot read /%s: %s", path, strerror(-ret));
	}
	if (f->cap < 2 * f->len) { /* room to grow: no tick should have to */
		f->cap = 2 * f->len;
		f->buf = nb_realloc(f->buf, f->cap, 1);
	}
	return 0;
}

/* /proc/net is /proc/self/net, and self is the process: the namespace of its first thread. */
int procfile_open_net(struct procfile *f, int root_fd, const char *name, struct nb_err *err)
{
	struct nb_err ignored = {0};
	char path[64];
	snprintf(path, sizeof(path), "proc/thread-self/net/%s", name);
	if (!procfile_open(f, root_fd, path, &ignored))
		return 0;
	snprintf(path, sizeof(path), "proc/net/%s", name);
	return procfile_open(f, root_fd, path, err);
}

void procfile_close(struct procfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->buf);
	*f = (struct procfile){.fd = -1};
}
