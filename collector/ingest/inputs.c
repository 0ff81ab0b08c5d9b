/* SPDX-License-Identifier: Apache-2.0 */
/* Walking folders, and joining files to runs. */
#include "collector/ingest/inputs.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/ingest/fetch.h"
#include "common/text.h"

enum { STAMPS_APART_S = 10 };

static struct input *add(struct inputs *in, const char *origin, const char *base, bool named)
{
	if (!(in->n & (in->n - 1)))
		in->v = nb_realloc(in->v, in->n ? in->n * 2 : 1, sizeof(*in->v));
	struct input *i = &in->v[in->n++];
	*i = (struct input){.origin = nb_strdup(origin), .base = nb_strdup(base), .named = named};
	i->known = file_name_parse(&i->name, base);
	return i;
}

/* What is there, and cannot be looked at: the rest is read all the same. */
static void add_unreadable(struct inputs *in, const FTSENT *e)
{
	struct input *i = add(in, e->fts_path, e->fts_name, true);
	i->known = false;
	i->why = nb_strdup(strerror(e->fts_errno));
}

/* The last part of the path, without query and fragment. */
static void add_url(struct inputs *in, const char *url)
{
	char *base = nb_strdup(strstr(url, "://") + 3);
	base[strcspn(base, "?#")] = '\0';
	const char *slash = strrchr(base, '/');
	add(in, url, slash ? slash + 1 : "", true);
	free(base);
}

/* A link that is named is followed; one inside is not, so that there are no loops. */
static int add_folder(struct inputs *in, const char *path, struct nb_err *err)
{
	char *copy = nb_strdup(path);
	char *const roots[] = {copy, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	errno = walk ? 0 : errno;
	for (FTSENT *e; walk && (e = fts_read(walk)); errno = 0) {
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS)
			add_unreadable(in, e);
		else if (e->fts_info != FTS_D && e->fts_info != FTS_DP && e->fts_info != FTS_DC)
			add(in, e->fts_path, e->fts_name, false);
	}
	int ret = errno ? nb_error(err, "%s: %s", path, strerror(errno)) : 0;
	if (walk)
		fts_close(walk);
	free(copy);
	return ret;
}

int inputs_add(struct inputs *in, const char *operand, struct nb_err *err)
{
	struct stat st;
	if (fetch_is_url(operand)) {
		add_url(in, operand);
		return 0;
	}
	if (stat(operand, &st) && strstr(operand, "://"))
		return nb_error_code(err, NB_USAGE,
				     "import: %s: of URLs, only http and https are read", operand);
	if (stat(operand, &st))
		return nb_error_code(err, errno == ENOENT ? NB_NODATA : NB_FAIL, "%s: %s", operand,
				     strerror(errno));
	if (S_ISDIR(st.st_mode))
		return add_folder(in, operand, err);
	const char *slash = strrchr(operand, '/');
	add(in, operand, slash ? slash + 1 : operand, true);
	return 0;
}

void inputs_free(struct inputs *in)
{
	for (size_t i = 0; i < in->n; i++) {
		free(in->v[i].origin);
		free(in->v[i].base);
		free(in->v[i].why);
	}
	free(in->v);
	*in = (struct inputs){0};
}

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* Of one configuration: whatever the stamps are. */
static int compare_settings(const struct input *a, const struct input *b)
{
	const int64_t pairs_of[][2] = {
		{a->known,	   b->known	   },
		{a->name.pps,     b->name.pps	 },
		{a->name.seconds, b->name.seconds},
		{a->name.n_cores, b->name.n_cores},
		{a->name.pairs,	b->name.pairs  },
		{a->name.size,    b->name.size   },
	};
	for (size_t i = 0; i < sizeof(pairs_of) / sizeof(*pairs_of); i++)
		if (pairs_of[i][0] != pairs_of[i][1])
			return compare(pairs_of[i][0], pairs_of[i][1]);
	return 0;
}

static int by_run(const void *pa, const void *pb)
{
	const struct input *a = pa, *b = pb;
	int c = compare_settings(a, b);
	if (!c)
		c = compare(a->name.stamp_s, b->name.stamp_s);
	if (!c)
		c = strcmp(a->base, b->base);
	return c ? c : strcmp(a->origin, b->origin);
}

void inputs_sort(struct inputs *in)
{
	if (in->n)
		qsort(in->v, in->n, sizeof(*in->v), by_run);
}

/* Two files that would stand at the same place of a run are of two runs. */
static bool taken(const struct input *from, size_t n, const struct input *one)
{
	for (size_t i = 0; i < n; i++)
		if (from[i].name.kind == one->name.kind &&
		    from[i].name.sender == one->name.sender && from[i].name.pair == one->name.pair)
			return true;
	return false;
}

size_t inputs_run(const struct inputs *in, size_t at)
{
	const struct input *from = &in->v[at];
	size_t n = 1;
	if (!from->known)
		return 1;
	while (at + n < in->n && !compare_settings(from, from + n) &&
	       from[n].name.stamp_s - from->name.stamp_s <= STAMPS_APART_S &&
	       !taken(from, n, from + n))
		n++;
	return n;
}
