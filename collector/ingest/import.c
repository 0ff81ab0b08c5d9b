/* SPDX-License-Identifier: Apache-2.0 */
/* Importing runs. Files are known by a hash of name and content, kept with the endpoint that they
 * became, so that importing twice adds nothing. */
#include "collector/ingest/import.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/feed.h"
#include "collector/ingest/fetch.h"
#include "collector/verdict.h"
#include "common/text.h"
#include "schema/write.h"

/* A file of the run that is being imported. */
struct part {
	const char *origin;
	char why[800]; /* what is wrong with it, or what to know */
	bool bad, empty;
	int64_t present_in; /* the run that has it; RECORD_NONE */
};

struct job {
	struct metric_file *files;
	struct part *parts;
	size_t n;
};

static void job_free(struct job *j)
{
	for (size_t i = 0; i < j->n; i++)
		numbers_free(&j->files[i].numbers);
	free(j->files);
	free(j->parts);
}

static void job_init(struct job *j, size_t n)
{
	*j = (struct job){nb_alloc(n, sizeof(*j->files)), nb_alloc(n, sizeof(*j->parts)), n};
	for (size_t i = 0; i < n; i++)
		j->parts[i].present_in = RECORD_NONE;
}

/* Two FNV-1a sums with different starts: they tell files apart and protect against nothing. */
static void hash_add(uint64_t sum[static 2], const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		sum[0] = (sum[0] ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
		sum[1] = (sum[1] ^ (unsigned char)~data[i]) * UINT64_C(0x100000001b3);
	}
}

static void hash_end(char out[static 33], const uint64_t sum[static 2])
{
	snprintf(out, 33, "%016" PRIx64 "%016" PRIx64, sum[0], sum[1]);
}

#define HASH_START                                                                                 \
	{                                                                                          \
		UINT64_C(0xcbf29ce484222325), UINT64_C(0x84222325cbf29ce4)                         \
	}

/* --- what is there -------------------------------------------------------------------------- */

int import_begin(struct import *im, struct nb_err *err)
{
	/* Still a rollback journal, but not a file made and removed for each of many runs. What a
	 * row refers to is written just before it, in the same transaction: looking for it again
	 * takes a tenth of the time. */
	if (store_exec(im->store, "PRAGMA journal_mode = TRUNCATE; PRAGMA foreign_keys = OFF",
		       "open", err))
		return -1;
	return store_exec(im->store, store_query("imported_files.sql"), "look for imported files",
			  err);
}

void import_end(struct import *im)
{
	sqlite3_exec(store_db(im->store), "PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = ON",
		     NULL, NULL, NULL);
}

static int find_present(struct import *im, const char *hash, int64_t *run_id, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_keep(im->store, &st, "SELECT run_id FROM temp.imported WHERE hash = ?1",
		       "look for imported files", err))
		return -1;
	sqlite3_bind_text(st, 1, hash, -1, SQLITE_STATIC);
	int rc = store_step(im->store, st, "look for imported files", err);
	*run_id = rc == 1 ? sqlite3_column_int64(st, 0) : RECORD_NONE;
	store_rest(st);
	return rc < 0 ? -1 : 0;
}

static int remember(struct import *im, const char *hash, int64_t run_id, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_keep(im->store, &st, "INSERT OR REPLACE INTO temp.imported VALUES (?1, ?2)",
		       "note an imported file", err))
		return -1;
	sqlite3_bind_text(st, 1, hash, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, run_id);
	int rc = store_step(im->store, st, "note an imported file", err);
	store_rest(st);
	return rc < 0 ? -1 : 0;
}

/* --- reading -------------------------------------------------------------------------------- */

/* The samplers of a node may have found nothing to read: the run is good without them. */
static bool may_be_empty(const struct metric_file *f, const struct nb_text *text, struct part *p)
{
	if (file_of_endpoint(&f->name))
		return false;
	p->empty = !text->s || !text->len || !strncmp(text->s, "Error:", 6);
	if (p->empty)
		snprintf(p->why, sizeof(p->why), "%s: the run goes without it",
			 text->len ? "the adapter had no such counters" : "empty");
	return p->empty;
}

static void read_content(struct metric_file *f, struct part *p, const struct nb_text *text)
{
	uint64_t sum[2] = HASH_START;
	struct nb_err why = {0};
	hash_add(sum, f->base, strlen(f->base) + 1);
	hash_add(sum, text->s ? text->s : "", text->len);
	hash_end(f->hash, sum);
	if (may_be_empty(f, text, p))
		return;
	if (numbers_parse(&f->numbers, text->s ? text->s : "", text->len, &why) ||
	    metric_file_check(f, &why)) {
		p->bad = true;
		snprintf(p->why, sizeof(p->why), "%s", why.text);
	} else if (f->numbers.cut_line) {
		snprintf(p->why, sizeof(p->why), "line %zu has no end: cut off, left out",
			 f->numbers.cut_line);
	}
}

/* --- telling -------------------------------------------------------------------------------- */

static void tell(struct import *im, const struct part *p, const char *state, int64_t run_id,
		 int64_t rows, const char *why)
{
	const struct import_report report = {p->origin, state, run_id, rows,
					     why && *why ? why : NULL};
	im->tell(im->payload, &report);
}

/* No file of the run goes in: each says why, or because of which other. */
static void refuse(struct import *im, const struct job *j, const char *reason)
{
	char why[1200];
	const struct part *bad = NULL;
	for (size_t i = 0; i < j->n && !bad; i++)
		if (j->parts[i].bad)
			bad = &j->parts[i];
	for (size_t i = 0; i < j->n; i++) {
		const struct part *p = &j->parts[i];
		snprintf(why, sizeof(why), "%s%s%s",
			 p->bad	  ? p->why
			 : reason ? reason
				  : "a file of its run cannot be read: ",
			 p->bad || reason ? "" : bad->origin, "");
		tell(im, p, "refused", p->present_in, RECORD_NONE, why);
		im->refused++;
	}
}

/* --- storing -------------------------------------------------------------------------------- */

/* The first endpoint's main column: its mean over the file, and over the steady window. */
static void compare_means(struct import *im, const struct run_record *r, const struct job *j,
			  int64_t run_id)
{
	const struct metric_file *f = NULL;
	for (size_t i = 0; i < j->n; i++)
		if (file_of_endpoint(&j->files[i].name) && (!f || j->files[i].name.sender))
			f = &j->files[i];
	if (!f || r->steady_from_ns == RECORD_NONE)
		return;
	size_t from = (size_t)(r->steady_from_ns / r->interval_ns);
	size_t to = (size_t)(r->steady_to_ns / r->interval_ns);
	double all = 0, steady = 0;
	for (size_t i = 0; i < f->numbers.rows; i++) {
		double v = fmax(0, (double)f->numbers.v[i * f->numbers.columns + f->name.sender]);
		all += v;
		steady += i >= from && i < to ? v : 0;
	}
	all /= (double)f->numbers.rows;
	steady /= (double)(to - from);
	im->compared++;
	if (im->compared > 1 && fabs(all / steady - 1) <= fabs(im->old_mean / im->steady_mean - 1))
		return;
	im->old_mean = all;
	im->steady_mean = steady;
	im->worst_run = run_id;
}

static int store_run(struct import *im, const struct job *j, struct nb_err *err)
{
	struct run_record r;
	struct feed feed = {0};
	uint64_t sum[2] = HASH_START;
	char hash[33];
	int64_t id;
	int ret = -1;
	record_init(&r);
	for (size_t i = 0; i < j->n; i++)
		hash_add(sum, j->files[i].hash, 32);
	hash_end(hash, sum);
	metric_run(&r, j->files, j->n, hash, im->extra);
	feed_init(&feed, &r);
	for (size_t i = 0; i < r.n_endpoints; i++) {
		feed.agents[i].done = true;
		feed.agents[i].generator = FEED_DONE;
	}
	struct verdict_input in = {.feed = &feed};
	if (write_run(im->store, &r, verdict_judge, &in, &id, err))
		goto cleanup;
	im->runs++;
	compare_means(im, &r, j, id);
	ret = 0;
	for (size_t i = 0; !ret && i < j->n; i++) {
		tell(im, &j->parts[i], "imported", id, (int64_t)j->files[i].numbers.rows,
		     j->parts[i].why);
		ret = remember(im, j->files[i].hash, id, err);
	}
cleanup:
	feed_free(&feed);
	record_free(&r);
	return ret;
}

static int finish_job(struct import *im, struct job *j, struct nb_err *err)
{
	size_t bad = 0, present = 0, endpoints = 0;
	int64_t in = RECORD_NONE;
	char why[160];
	for (size_t i = 0; i < j->n; i++) {
		if (find_present(im, j->files[i].hash, &j->parts[i].present_in, err))
			return -1;
		bad += j->parts[i].bad;
		endpoints += file_of_endpoint(&j->files[i].name);
		if (j->parts[i].present_in != RECORD_NONE) {
			present++;
			in = j->parts[i].present_in;
		}
	}
	if (bad) {
		refuse(im, j, NULL);
	} else if (present == j->n) {
		im->present += j->n;
		for (size_t i = 0; i < j->n; i++)
			tell(im, &j->parts[i], "present", j->parts[i].present_in, RECORD_NONE,
			     "imported before");
	} else if (present) {
		snprintf(why, sizeof(why),
			 "run %" PRId64 " was imported from a part of these files: nbcollect rm "
			 "%" PRId64 ", then import all",
			 in, in);
		refuse(im, j, why);
	} else if (!endpoints) {
		refuse(im, j, "only files of its nodes are here: no endpoint's, so no run");
	} else {
		return store_run(im, j, err);
	}
	return 0;
}

int import_run(struct import *im, const struct input *inputs, size_t n, struct nb_err *err)
{
	struct nb_text text = {0};
	struct job j;
	job_init(&j, n);
	for (size_t i = 0; i < n; i++) {
		struct nb_err why = {0};
		j.files[i].name = inputs[i].name;
		j.files[i].base = inputs[i].base;
		j.parts[i].origin = inputs[i].origin;
		if (!fetch(&text, inputs[i].origin, &why)) {
			read_content(&j.files[i], &j.parts[i], &text);
			continue;
		}
		j.parts[i].bad = true;
		snprintf(j.parts[i].why, sizeof(j.parts[i].why), "%s", why.text);
	}
	int ret = finish_job(im, &j, err);
	text_free(&text);
	job_free(&j);
	return ret;
}

int import_text(struct import *im, const struct file_name *name, const struct nb_text *text,
		struct nb_err *err)
{
	struct job j;
	job_init(&j, 1);
	j.files[0].name = *name;
	j.files[0].base = "-";
	j.parts[0].origin = "-";
	read_content(&j.files[0], &j.parts[0], text);
	int ret = finish_job(im, &j, err);
	job_free(&j);
	return ret;
}
