/* SPDX-License-Identifier: Apache-2.0 */
/* The run row, its endpoints, and the transaction around all of it. Samples: write_samples.c. */
#include "schema/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/version.h"

void bind_int(sqlite3_stmt *st, int at, int64_t value)
{
	if (value == RECORD_NONE)
		sqlite3_bind_null(st, at);
	else
		sqlite3_bind_int64(st, at, value);
}

static void bind_text(sqlite3_stmt *st, int at, const char *s)
{
	sqlite3_bind_text(st, at, s, -1, SQLITE_STATIC);
}

static void bind_real(sqlite3_stmt *st, int at, double v)
{
	if (isfinite(v))
		sqlite3_bind_double(st, at, v);
	else
		sqlite3_bind_null(st, at);
}

static int put_run(struct store *s, const struct run_record *r, const char *owner, int64_t *run_id,
		   struct nb_err *err)
{
	sqlite3_stmt *st;
	char hash[17];
	if (store_keep(s, &st, store_query("put_run.sql"), "write the run", err))
		return -1;
	text_hash(hash, r->config);
	bind_text(st, 1, r->uuid);
	bind_int(st, 2, r->campaign_id);
	bind_text(st, 3, r->started_utc);
	bind_int(st, 4, r->duration_ns);
	bind_int(st, 5, r->effective_ns);
	bind_int(st, 6, r->target_pps);
	bind_int(st, 7, r->frame_size);
	bind_int(st, 8, r->n_cores);
	bind_text(st, 9, r->cores);
	bind_int(st, 10, r->pairs);
	bind_text(st, 11, r->testbed);
	bind_text(st, 12, r->path);
	bind_text(st, 13, r->generator);
	bind_text(st, 14, r->source_port_mode);
	bind_int(st, 15, r->interval_ns);
	bind_int(st, 16, r->intended);
	bind_text(st, 17, r->forwarded_from);
	bind_real(st, 18, r->peak_10ms_ratio);
	bind_real(st, 19, r->empty_10ms_share);
	bind_text(st, 20, r->time_quality);
	bind_text(st, 21, r->status);
	bind_text(st, 22, r->error);
	bind_text(st, 23, owner);
	bind_text(st, 24, r->labels);
	bind_text(st, 25, r->note);
	bind_text(st, 26, r->argv);
	bind_text(st, 27, r->config);
	bind_text(st, 28, hash);
	bind_int(st, 29, r->steady_from_ns);
	bind_int(st, 30, r->steady_to_ns);
	bind_text(st, 31, NB_VERSION);
	bind_int(st, 32, NB_METHOD_VERSION);
	int rc = store_step(s, st, "write the run", err);
	if (rc == 1) {
		*run_id = sqlite3_column_int64(st, 0);
		rc = store_step(s, st, "write the run", err);
	}
	store_rest(st);
	return rc;
}

int write_running(struct store *s, const struct run_record *r, const char *owner,
		  struct nb_err *err)
{
	int64_t id;
	return put_run(s, r, owner, &id, err);
}

static int put_endpoint(struct store *s, sqlite3_stmt *st, int64_t run_id,
			const struct record_endpoint *e, int64_t *id, struct nb_err *err)
{
	sqlite3_reset(st);
	bind_int(st, 1, run_id);
	bind_text(st, 2, e->role);
	bind_int(st, 3, e->pair < 0 ? RECORD_NONE : e->pair);
	bind_text(st, 4, e->host);
	bind_text(st, 5, e->boot_id);
	bind_text(st, 6, e->pod);
	bind_int(st, 7, e->netns_ino);
	bind_text(st, 8, e->ifname);
	bind_int(st, 9, e->ifindex);
	bind_text(st, 10, e->cores);
	bind_int(st, 11, e->clock_offset_ns);
	bind_int(st, 12, e->clock_error_ns);
	bind_text(st, 13, e->facts ? e->facts : "{}");
	if (store_step(s, st, "write an endpoint", err) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(store_db(s));
	return 0;
}

static int link_nodes(struct store *s, const struct run_record *r, const int64_t *ids,
		      struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_keep(s, &st, "UPDATE endpoint SET node_id = ?2 WHERE id = ?1",
		       "write an endpoint", err))
		return -1;
	int rc = 0;
	for (size_t i = 0; !rc && i < r->n_endpoints; i++) {
		if (r->endpoints[i].node < 0)
			continue;
		sqlite3_reset(st);
		bind_int(st, 1, ids[i]);
		bind_int(st, 2, ids[r->endpoints[i].node]);
		rc = store_step(s, st, "write an endpoint", err);
	}
	store_rest(st);
	return rc < 0 ? -1 : 0;
}

static int put_endpoints(struct store *s, const struct run_record *r, int64_t run_id,
			 struct nb_err *err)
{
	sqlite3_stmt *st = NULL;
	int64_t *ids = nb_alloc(r->n_endpoints, sizeof(*ids));
	int ret = -1;
	if (store_keep(s, &st, store_query("put_endpoint.sql"), "write an endpoint", err))
		goto cleanup;
	for (size_t i = 0; i < r->n_endpoints; i++) {
		const struct record_endpoint *e = &r->endpoints[i];
		if (put_endpoint(s, st, run_id, e, &ids[i], err) ||
		    write_samples(s, ids[i], e, err))
			goto cleanup;
	}
	ret = link_nodes(s, r, ids, err);
cleanup:
	store_rest(st);
	free(ids);
	return ret;
}

static int64_t column_or_none(sqlite3_stmt *st, int i)
{
	return sqlite3_column_type(st, i) == SQLITE_NULL ? RECORD_NONE
							 : sqlite3_column_int64(st, i);
}

static int judge_run(struct store *s, int64_t run_id, const struct run_record *r,
		     write_judge *judge, void *payload, struct nb_err *err)
{
	struct write_verdict v = {RECORD_NONE, RECORD_NONE, RECORD_NONE, "void", NULL};
	sqlite3_stmt *st = NULL;
	int ret = -1;
	if (store_keep(s, &st, store_query("pair_totals.sql"), "judge the run", err))
		goto cleanup;
	bind_int(st, 1, run_id);
	int rc = store_step(s, st, "judge the run", err);
	if (rc < 0)
		goto cleanup;
	if (rc == 1) {
		v.offered = column_or_none(st, 0);
		v.forwarded = column_or_none(st, 1);
		v.residual = column_or_none(st, 2);
	}
	store_rest(st);
	st = NULL;
	if (judge(&v, s, run_id, r, payload, err) ||
	    store_keep(s, &st,
		       "UPDATE run SET offered = ?2, forwarded = ?3, verdict = ?4, "
		       "reasons = ?5, owner = NULL WHERE id = ?1",
		       "write the verdict", err))
		goto cleanup;
	bind_int(st, 1, run_id);
	bind_int(st, 2, v.offered);
	bind_int(st, 3, v.forwarded);
	bind_text(st, 4, v.verdict);
	bind_text(st, 5, v.reasons ? v.reasons : "[]");
	ret = store_step(s, st, "write the verdict", err) < 0 ? -1 : 0;
cleanup:
	store_rest(st);
	free(v.reasons);
	return ret;
}

int write_run(struct store *s, const struct run_record *r, write_judge *judge, void *payload,
	      int64_t *run_id, struct nb_err *err)
{
	if (store_exec(s, "BEGIN IMMEDIATE", "store the run", err))
		return -1;
	if (put_run(s, r, NULL, run_id, err) || put_endpoints(s, r, *run_id, err) ||
	    judge_run(s, *run_id, r, judge, payload, err) ||
	    store_exec(s, "COMMIT", "store the run", err)) {
		sqlite3_exec(store_db(s), "ROLLBACK", NULL, NULL, NULL);
		return -1;
	}
	return 0;
}
