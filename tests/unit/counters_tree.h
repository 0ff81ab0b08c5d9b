// SPDX-License-Identifier: Apache-2.0
/*
 * A directory that goes through the trees of tests/fixtures (roots.md), one step at a time, under
 * the eyes of a source that keeps its files open: they are written over in place.
 */
#ifndef NB_COUNTERS_TREE_H
#define NB_COUNTERS_TREE_H

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/counters/sources.h"

struct tree {
	char dir[64];
	struct counter_env env;
	struct counter_reader *reader;
};

static const char *tree_series = "root"; /* which trees of tests/fixtures */
static char tree_from[256];		 /* nftw() passes no pointer on */
static char tree_to[64];

static inline int tree_write(const char *path, int out)
{
	char buf[65536];
	int in = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = in < 0 ? -1 : read(in, buf, sizeof(buf));
	int ok = n >= 0 && write(out, buf, (size_t)n) == n;
	if (in >= 0)
		close(in);
	return ok ? 0 : -1;
}

static inline int tree_copy(const char *path, const struct stat *st, int type, struct FTW *at)
{
	char to[512];
	(void)at;
	snprintf(to, sizeof(to), "%s%s", tree_to, path + strlen(tree_from));
	if (type == FTW_D) {
		mkdir(to, 0700);
		return 0;
	}
	(void)st;
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int ret = out < 0 ? -1 : tree_write(path, out);
	if (out >= 0)
		close(out);
	return ret;
}

/* What the new tree does not have ends for those who hold it open, too. */
static inline int tree_drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	char from[512];
	(void)st;
	(void)at;
	snprintf(from, sizeof(from), "%s%s", tree_from, path + strlen(tree_to));
	if (!access(from, F_OK))
		return 0;
	if (type == FTW_F && truncate(path, 0))
		return -1;
	return remove(path);
}

static inline void tree_step(struct tree *t, int step)
{
	snprintf(tree_from, sizeof(tree_from), "%s/%s%d", NB_FIXTURES, tree_series, step);
	snprintf(tree_to, sizeof(tree_to), "%s", t->dir);
	assert_int_equal(nftw(tree_to, tree_drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	assert_int_equal(nftw(tree_from, tree_copy, 16, FTW_PHYS), 0);
}

/* Writes one file over, or makes it, with the directories above it. */
static inline void tree_put(struct tree *t, const char *path, const char *text, size_t len)
{
	char dir[256];
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
		mkdirat(t->env.root_fd, dir, 0700);
	}
	int fd = openat(t->env.root_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

/* A fresh directory at a step; the source is not opened yet. */
static inline void tree_begin(struct tree *t, int step)
{
	*t = (struct tree){.dir = "/tmp/nb-tree-XXXXXX"};
	assert_non_null(mkdtemp(t->dir));
	tree_step(t, step);
	t->env.root_fd = open(t->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(t->env.root_fd >= 0);
}

static inline void tree_open(struct tree *t, int step, const struct counter_source *source)
{
	struct nb_err err = {0};
	const char *ifname = t->env.ifname;
	tree_begin(t, step);
	t->env.ifname = ifname;
	if (source->open(&t->reader, &t->env, &err))
		fail_msg("%s", err.text);
}

static inline int tree_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void tree_end(struct tree *t, const struct counter_source *source)
{
	if (source && t->reader)
		source->close(t->reader);
	close(t->env.root_fd);
	nftw(t->dir, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* The value of a cell in `values`; fails the test when there is no such cell, or two. */
static inline uint64_t tree_value(const struct tree *t, const struct counter_source *source,
				  const uint64_t *values, const char *metric, const char *instance)
{
	const struct counter_cell *cells;
	size_t n = source->cells(t->reader, &cells), found = n;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(cells[i].metric->name, metric) &&
		    !strcmp(cells[i].instance, instance)) {
			assert_int_equal(found, n);
			found = i;
		}
	if (found == n)
		fail_msg("no cell %s[%s]", metric, instance);
	return values[found];
}

#endif
