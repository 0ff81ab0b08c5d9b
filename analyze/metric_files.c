/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over a run's samples: seconds fill up, a file is written when its endpoint ends. */
#include "analyze/metric_files.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/folder.h"

/* The columns of the query: what is said of the endpoint, the tick's time, then the rates. */
enum { AT_ENDPOINT, AT_ROLE, AT_PAIR, AT_CORES, AT_DT, AT_RATES, RATES = 13 };

/* The file being made of one endpoint. */
struct end {
	int64_t id;
	struct metric_file file;
	struct nb_text name, rows;
	char *role;
	long core; /* whose busy share is told: the first */
	/* the second being filled: what was counted in it, and over which time each was */
	double sum[RATES], time[RATES], elapsed;
};

/* "20261122181639" of "2026-11-22T18:16:39.123456Z". */
static void add_stamp(struct nb_text *t, const char *utc)
{
	for (size_t n = 0; utc && *utc && *utc != '.' && n < 14; utc++)
		if (*utc >= '0' && *utc <= '9') {
			text_add_n(t, utc, 1);
			n++;
		}
}

static void name_file(struct end *e, const struct run *run)
{
	bool sender = !strcmp(e->role, "sender");
	int64_t pps = run->target_pps == RUN_NONE ? 0 : run->target_pps;
	long long seconds = llround(run->duration_s);
	const char *cores = run->cores && *run->cores ? run->cores : "0";
	struct nb_text *t = &e->name;
	if (run->pairs == 1) {
		text_addf(t, "%s_%" PRId64 "pps_%lld_core_%s_size_%" PRId64 "_",
			  sender ? "tx" : "rx", pps, seconds, cores, run->frame_size);
		add_stamp(t, run->started_utc);
		text_add(t, ".txt");
	} else {
		const char *who = sender ? "server" : "client";
		text_addf(t,
			  "%s_%s%" PRId64 "_pr_%" PRId64 "_runtime_%lld_cores_%" PRId64
			  "_pairs_%" PRId64 "_size_%" PRId64 "_core_list_%s_ts_",
			  who, who, e->file.pair, pps, seconds, run->n_cores, run->pairs,
			  run->frame_size, cores);
		add_stamp(t, run->started_utc);
		text_add(t, ".log");
	}
}

static void put_row(struct end *e)
{
	for (int i = 0; i < RATES; i++) {
		double v = e->time[i] > 0 ? e->sum[i] / e->time[i] : NAN;
		if (i == RATES - 1)
			text_addf(&e->rows, "%ld,", e->core);
		if (isnan(v)) {
			text_add(&e->rows, "nan");
			e->file.missing++;
		} else {
			text_addf(&e->rows, "%.0f", v);
		}
		text_add(&e->rows, i == RATES - 1 ? "\n" : ",");
	}
	e->file.rows++;
}

static void next_second(struct end *e)
{
	memset(e->sum, 0, sizeof(e->sum));
	memset(e->time, 0, sizeof(e->time));
	e->elapsed = 0;
}

/* A tick: a second is full when it is nearer to one than it would be with another such tick. */
static void take_tick(struct end *e, sqlite3_stmt *st)
{
	double dt = (double)sqlite3_column_int64(st, AT_DT) / 1e9;
	for (int i = 0; i < RATES; i++) {
		if (sqlite3_column_type(st, AT_RATES + i) == SQLITE_NULL)
			continue;
		e->sum[i] += sqlite3_column_double(st, AT_RATES + i) * dt;
		e->time[i] += dt;
	}
	e->elapsed += dt;
	if (e->elapsed + dt / 2 < 1)
		return;
	for (long long n = e->elapsed < 1.5 ? 1 : llround(e->elapsed); n > 0; n--)
		put_row(e);
	next_second(e);
}

static int end_file(struct end *e, const char *dir, const struct run *run,
		    void (*take)(void *user, const struct metric_file *file), void *user,
		    struct nb_err *err)
{
	int ret = 0;
	if (e->elapsed > 0.5) /* else the rest says too little of a second */
		put_row(e);
	if (e->file.rows) {
		name_file(e, run);
		ret = folder_write(dir, e->name.s, e->rows.s, err);
		e->file.name = e->name.s;
		e->file.run = run;
		e->file.role = e->role;
		if (!ret)
			take(user, &e->file);
	}
	text_free(&e->name);
	text_free(&e->rows);
	free(e->role);
	*e = (struct end){0};
	return ret;
}

static void begin_file(struct end *e, sqlite3_stmt *st)
{
	const char *cores = (const char *)sqlite3_column_text(st, AT_CORES);
	e->id = sqlite3_column_int64(st, AT_ENDPOINT);
	e->role = nb_strdup((const char *)sqlite3_column_text(st, AT_ROLE));
	e->file.pair = sqlite3_column_int64(st, AT_PAIR);
	e->core = cores ? strtol(cores, NULL, 10) : 0;
}

int metric_files_write(const char *dir, struct store *s, const struct run *run,
		       void (*take)(void *user, const struct metric_file *file), void *user,
		       struct nb_err *err)
{
	static const char doing[] = "read the samples";
	struct end e = {0};
	sqlite3_stmt *st;
	int rc, ret = 0;
	if (store_prepare(s, &st, store_query("metric_rows.sql"), doing, err))
		return -1;
	sqlite3_bind_int64(st, 1, run->id);
	while (!ret && (rc = store_step(s, st, doing, err)) == 1) {
		if (e.role && e.id != sqlite3_column_int64(st, AT_ENDPOINT))
			ret = end_file(&e, dir, run, take, user, err);
		if (!e.role)
			begin_file(&e, st);
		take_tick(&e, st);
	}
	ret = ret ? ret : rc;
	if (e.role && !ret)
		ret = end_file(&e, dir, run, take, user, err);
	text_free(&e.name);
	text_free(&e.rows);
	free(e.role);
	sqlite3_finalize(st);
	return ret;
}
