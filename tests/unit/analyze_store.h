/* SPDX-License-Identifier: Apache-2.0 */
/* A store with made-up runs in a folder of its own, for the tests of nbanalyze. */
#ifndef NB_ANALYZE_STORE_H
#define NB_ANALYZE_STORE_H

#include <stdlib.h>
#include <unistd.h>

#include "../fixtures/make_db.h"

struct test_store {
	char dir[64], path[96];
	struct store *s;
};

/* `scenario` is a file of tests/fixtures. Returns 0. */
static inline int test_store_open(struct test_store *t, const char *scenario)
{
	struct nb_err err = {0};
	char first[512], second[] = NB_FIXTURES "/make_db.sql";
	char *files[] = {first, second, NULL};
	snprintf(t->dir, sizeof(t->dir), "/tmp/nb-unit.XXXXXX");
	if (!mkdtemp(t->dir))
		return -1;
	snprintf(t->path, sizeof(t->path), "%s/runs.db", t->dir);
	snprintf(first, sizeof(first), "%s/%s", NB_FIXTURES, scenario);
	if (make_db(t->path, files, &err) || store_open(&t->s, t->path, STORE_READ, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	return 0;
}

static inline void test_store_close(struct test_store *t)
{
	store_close(t->s);
	unlink(t->path);
	rmdir(t->dir);
}

#endif
