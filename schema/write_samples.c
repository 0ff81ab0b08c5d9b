/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From readings to rows: deltas of counters by their width, gauges as they are, into the tables
 * that the registry names. A row of nothing but zeros is left out of the narrow tables: under a
 * present source_read an absent row is 0.
 */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "schema/write.h"

/* Where the narrow wide-rowed tables keep their instance: the columns after (endpoint_id, seq). */
static const struct {
	enum metric_table table;
	const char *name, *keys;
	int n_keys;
} narrow_tables[] = {
	{TABLE_CPU,	    "cpu_sample",	  ", cpu",		   1},
	{TABLE_SOFTIRQ, "softirq_sample", ", cpu",		   1},
	{TABLE_SOFTNET, "softnet_sample", ", cpu",		   1},
	{TABLE_IRQ,	    "irq_sample",	  ", irq, cpu, queue",  3},
	{TABLE_QUEUE,   "queue_sample",   ", direction, queue", 2},
};

/* One cell's step from a read to the next: RECORD_NONE where it is not known. */
static int64_t step(const struct record_source *s, size_t read, size_t cell)
{
	const struct record_read *now = &s->reads[read];
	const struct metric *m = s->epochs[now->epoch].cells[cell].metric;
	uint64_t delta;
	if (m->kind == METRIC_GAUGE)
		return now->values[cell] == METRIC_MISSING ? RECORD_NONE
							   : (int64_t)now->values[cell];
	if (!read || s->reads[read - 1].epoch != now->epoch)
		return RECORD_NONE;
	if (!metric_delta(&delta, s->reads[read - 1].values[cell], now->values[cell], m->width))
		return RECORD_NONE;
	return (int64_t)delta;
}

/* The source whose next reading comes first in the order of the table's key; NULL: all are taken.
 */
static const struct record_source *next_read(const struct record_endpoint *e, const size_t *at)
{
	const struct record_source *first = NULL;
	int64_t least = INT64_MAX;
	for (size_t i = 0; i < e->n_sources; i++) {
		const struct record_source *s = &e->sources[i];
		if (at[i] >= s->n_reads)
			continue;
		int64_t seq = s->reads[at[i]].seq;
		if (first && (seq > least || (seq == least && strcmp(s->name, first->name) > 0)))
			continue;
		first = s;
		least = seq;
	}
	return first;
}

/* In the order of the key, so that each row goes behind the last one: half as many pages change as
 * when one source's readings come after another's. */
static int put_reads(struct store *store, int64_t endpoint_id, const struct record_endpoint *e,
		     struct nb_err *err)
{
	sqlite3_stmt *st;
	size_t *at = nb_alloc(e->n_sources, sizeof(*at));
	const struct record_source *s;
	int rc = store_keep(store, &st,
			    "INSERT INTO source_read (endpoint_id, seq, source, t_ns, dt_ns, "
			    "read_ns, epoch) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			    "write readings", err);
	while (!rc && (s = next_read(e, at))) {
		size_t i = at[s - e->sources]++;
		const struct record_read *r = &s->reads[i];
		bool same = i && s->reads[i - 1].epoch == r->epoch;
		sqlite3_reset(st);
		bind_int(st, 1, endpoint_id);
		bind_int(st, 2, r->seq);
		sqlite3_bind_text(st, 3, s->name, -1, SQLITE_STATIC);
		bind_int(st, 4, r->t_ns);
		bind_int(st, 5, same ? r->t_ns - s->reads[i - 1].t_ns : RECORD_NONE);
		bind_int(st, 6, r->read_ns);
		bind_int(st, 7, r->epoch);
		rc = store_step(store, st, "write readings", err);
	}
	store_rest(st);
	free(at);
	return rc;
}

/* INSERT INTO table (endpoint_id, seq, key…, columns of that table) VALUES (…). */
static int prepare_wide(struct store *s, sqlite3_stmt **st, const char *name, const char *keys,
			enum metric_table table, struct nb_err *err)
{
	struct nb_text sql = {0};
	int columns = 2;
	text_addf(&sql, "INSERT INTO %s (endpoint_id, seq%s", name, keys);
	for (const char *c = keys; *c; c++)
		columns += *c == ',';
	for (size_t i = 0; i < n_metrics; i++)
		if (metrics[i].table == table) {
			text_addf(&sql, ", %s", metric_column(&metrics[i]));
			columns++;
		}
	text_add(&sql, ") VALUES (?");
	for (int i = 1; i < columns; i++)
		text_add(&sql, ", ?");
	text_add(&sql, ")");
	int ret = store_keep(s, st, sql.s, "write samples", err);
	text_free(&sql);
	return ret;
}

/* By metric, its place among those of its table: its column's offset in prepare_wide(). Allocated.
 */
static int *column_offsets(void)
{
	int *offsets = nb_alloc(n_metrics, sizeof(*offsets)), seen[TABLE_EXTRA + 1] = {0};
	for (size_t i = 0; i < n_metrics; i++)
		offsets[i] = seen[metrics[i].table]++;
	return offsets;
}

/* A row a tick of the endpoint: every source that has columns in `sample` fills its own. */
static int put_wide(struct store *s, int64_t endpoint_id, const struct record_endpoint *e,
		    struct nb_err *err)
{
	enum { FIRST = 5 };
	sqlite3_stmt *st;
	size_t *at = nb_alloc(e->n_sources, sizeof(*at));
	int *offsets = column_offsets(), ret = -1;
	if (prepare_wide(s, &st, "sample", ", t_ns, dt_ns", TABLE_SAMPLE, err))
		goto cleanup;
	for (;;) {
		int64_t seq = INT64_MAX;
		for (size_t i = 0; i < e->n_sources; i++)
			if (at[i] < e->sources[i].n_reads && e->sources[i].reads[at[i]].seq < seq)
				seq = e->sources[i].reads[at[i]].seq;
		if (seq == INT64_MAX)
			break;
		bool any = false;
		sqlite3_reset(st);
		sqlite3_clear_bindings(st);
		for (size_t i = 0; i < e->n_sources; i++) {
			const struct record_source *src = &e->sources[i];
			if (at[i] >= src->n_reads || src->reads[at[i]].seq != seq)
				continue;
			const struct record_read *r = &src->reads[at[i]];
			const struct record_epoch *ep = &src->epochs[r->epoch];
			bool mine = false;
			for (size_t c = 0; c < ep->n_cells; c++) {
				if (ep->cells[c].metric->table != TABLE_SAMPLE)
					continue;
				mine = true;
				bind_int(st, FIRST + offsets[ep->cells[c].metric - metrics],
					 step(src, at[i], c));
			}
			/* the first source with columns here gives the row its time */
			if (mine && !any) {
				bool same = at[i] && src->reads[at[i] - 1].epoch == r->epoch;
				bind_int(st, 3, r->t_ns);
				bind_int(st, 4,
					 same ? r->t_ns - src->reads[at[i] - 1].t_ns : RECORD_NONE);
				any = true;
			}
			at[i]++;
		}
		bind_int(st, 1, endpoint_id);
		bind_int(st, 2, seq);
		if (any && store_step(s, st, "write samples", err) < 0)
			goto cleanup;
	}
	ret = 0;
cleanup:
	store_rest(st);
	free(offsets);
	free(at);
	return ret;
}

/* "rx:3" is a direction and a queue, "38:1:rx:0" a vector, a CPU and perhaps the queue that it
 * serves; all else is a CPU. */
static void bind_keys(sqlite3_stmt *st, enum metric_table table, const char *instance)
{
	const char *colon = strchr(instance, ':');
	size_t first = colon ? (size_t)(colon - instance) : strlen(instance);
	if (table != TABLE_QUEUE && table != TABLE_IRQ) {
		bind_int(st, 3, strtoll(instance, NULL, 10));
		return;
	}
	sqlite3_bind_text(st, 3, instance, (int)first, SQLITE_TRANSIENT);
	bind_int(st, 4, colon ? strtoll(colon + 1, NULL, 10) : RECORD_NONE);
	const char *queue = colon ? strchr(colon + 1, ':') : NULL;
	if (table == TABLE_IRQ && queue)
		sqlite3_bind_text(st, 5, queue + 1, -1, SQLITE_TRANSIENT);
}

/* Narrow tables keyed by instance: the cells of one stand next to each other in a reading. */
static int put_by_instance(struct store *s, sqlite3_stmt *st, enum metric_table table, int keys,
			   const int *offsets, int64_t endpoint_id, const struct record_source *src,
			   struct nb_err *err)
{
	const int first = 3 + keys;
	for (size_t i = 1; i < src->n_reads; i++) {
		const struct record_epoch *ep = &src->epochs[src->reads[i].epoch];
		for (size_t c = 0; c < ep->n_cells;) {
			const char *instance = ep->cells[c].instance;
			bool any = false;
			if (ep->cells[c].metric->table != table) {
				c++;
				continue;
			}
			sqlite3_reset(st);
			sqlite3_clear_bindings(st);
			for (; c < ep->n_cells && ep->cells[c].metric->table == table &&
			       !strcmp(ep->cells[c].instance, instance);
			     c++) {
				int64_t v = step(src, i, c);
				bind_int(st, first + offsets[ep->cells[c].metric - metrics], v);
				/* of a CPU's time 0 is a figure among others that may be missing */
				any |= v != RECORD_NONE && (v != 0 || table == TABLE_CPU);
			}
			bind_int(st, 1, endpoint_id);
			bind_int(st, 2, src->reads[i].seq);
			bind_keys(st, table, instance);
			if (any && store_step(s, st, "write samples", err) < 0)
				return -1;
		}
	}
	return 0;
}

static int put_narrow_tables(struct store *s, int64_t endpoint_id, const struct record_endpoint *e,
			     struct nb_err *err)
{
	int *offsets = column_offsets(), rc = 0;
	for (size_t t = 0; !rc && t < sizeof(narrow_tables) / sizeof(*narrow_tables); t++) {
		enum metric_table table = narrow_tables[t].table;
		sqlite3_stmt *st;
		rc = prepare_wide(s, &st, narrow_tables[t].name, narrow_tables[t].keys, table, err);
		for (size_t i = 0; !rc && i < e->n_sources; i++)
			rc = put_by_instance(s, st, table, narrow_tables[t].n_keys, offsets,
					     endpoint_id, &e->sources[i], err);
		store_rest(st);
	}
	free(offsets);
	return rc ? -1 : 0;
}

/* A row a metric (and instance): protocol_sample, extra_sample. */
static int put_narrow(struct store *s, enum metric_table table, const char *sql,
		      int64_t endpoint_id, const struct record_endpoint *e, struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc = store_keep(s, &st, sql, "write samples", err);
	for (size_t i = 0; !rc && i < e->n_sources; i++) {
		const struct record_source *src = &e->sources[i];
		for (size_t k = 1; !rc && k < src->n_reads; k++) {
			const struct record_epoch *ep = &src->epochs[src->reads[k].epoch];
			for (size_t c = 0; !rc && c < ep->n_cells; c++) {
				int64_t v = step(src, k, c);
				if (ep->cells[c].metric->table != table || v == RECORD_NONE || !v)
					continue;
				sqlite3_reset(st);
				bind_int(st, 1, endpoint_id);
				bind_int(st, 2, src->reads[k].seq);
				sqlite3_bind_text(st, 3, ep->cells[c].metric->name, -1,
						  SQLITE_STATIC);
				bind_int(st, 4, v);
				if (table == TABLE_EXTRA)
					sqlite3_bind_text(st, 5, ep->cells[c].instance, -1,
							  SQLITE_STATIC);
				rc = store_step(s, st, "write samples", err);
			}
		}
	}
	store_rest(st);
	return rc < 0 ? -1 : 0;
}

static int put_total(struct store *s, sqlite3_stmt *st, int64_t endpoint_id,
		     const struct record_cell *cell, int64_t first, int64_t last,
		     struct nb_err *err)
{
	sqlite3_reset(st);
	bind_int(st, 1, endpoint_id);
	sqlite3_bind_text(st, 2, cell->metric->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, cell->instance, -1, SQLITE_STATIC);
	bind_int(st, 4, first);
	bind_int(st, 5, last);
	return store_step(s, st, "write totals", err);
}

/* Readings above 2^63 - 1 have no INTEGER: the run then counts from 0. */
static int64_t origin(uint64_t first)
{
	return first > (uint64_t)INT64_MAX / 2 ? 0 : (int64_t)first;
}

static int put_source_totals(struct store *s, sqlite3_stmt *st, int64_t endpoint_id,
			     const struct record_source *src, struct nb_err *err)
{
	if (src->n_reads < 2)
		return 0;
	const struct record_epoch *ep = &src->epochs[src->reads[0].epoch];
	bool whole = src->reads[src->n_reads - 1].epoch == src->reads[0].epoch;
	for (size_t c = 0; c < ep->n_cells; c++) {
		int64_t first = RECORD_NONE, last = RECORD_NONE;
		if (src->reads[0].values[c] != METRIC_MISSING) {
			first = origin(src->reads[0].values[c]);
			last = whole ? first : RECORD_NONE;
		}
		bool gauge = ep->cells[c].metric->kind == METRIC_GAUGE;
		for (size_t i = 1; i < src->n_reads && last != RECORD_NONE; i++) {
			int64_t d = step(src, i, c);
			last = d == RECORD_NONE ? d : gauge ? d : last + d;
		}
		if (put_total(s, st, endpoint_id, &ep->cells[c], first, last, err) < 0)
			return -1;
	}
	return 0;
}

static int put_totals(struct store *s, int64_t endpoint_id, const struct record_endpoint *e,
		      struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc = store_keep(s, &st,
			    "INSERT INTO total (endpoint_id, metric_id, instance, first, last) "
			    "VALUES (?1, (SELECT id FROM metric WHERE name = ?2), ?3, ?4, ?5)",
			    "write totals", err);
	for (size_t i = 0; !rc && i < e->n_sources; i++)
		rc = put_source_totals(s, st, endpoint_id, &e->sources[i], err);
	if (!rc && e->generator_packets != RECORD_NONE) {
		const struct record_cell cell = {metric_find("generator_packets"), ""};
		rc = put_total(s, st, endpoint_id, &cell, 0, e->generator_packets, err);
	}
	for (size_t i = 0; rc >= 0 && i < e->n_said; i++) {
		const struct record_cell cell = {e->said[i].metric, ""};
		rc = put_total(s, st, endpoint_id, &cell, 0, e->said[i].count, err);
	}
	store_rest(st);
	return rc < 0 ? -1 : 0;
}

int write_samples(struct store *s, int64_t endpoint_id, const struct record_endpoint *e,
		  struct nb_err *err)
{
	if (put_reads(s, endpoint_id, e, err) || put_wide(s, endpoint_id, e, err) ||
	    put_narrow_tables(s, endpoint_id, e, err) ||
	    put_narrow(s, TABLE_PROTOCOL,
		       "INSERT INTO protocol_sample (endpoint_id, seq, metric_id, value) "
		       "VALUES (?1, ?2, (SELECT id FROM metric WHERE name = ?3), ?4)",
		       endpoint_id, e, err) ||
	    put_narrow(s, TABLE_EXTRA,
		       "INSERT INTO extra_sample (endpoint_id, seq, metric_id, value, instance) "
		       "VALUES (?1, ?2, (SELECT id FROM metric WHERE name = ?3), ?4, ?5)",
		       endpoint_id, e, err))
		return -1;
	return put_totals(s, endpoint_id, e, err);
}
