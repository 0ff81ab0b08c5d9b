/* SPDX-License-Identifier: Apache-2.0 */
/* Ticks of each end in arrays, put side by side by their number (seq). */
#include "analyze/sample_reader.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/sample_ticks.h"
#include "common/text.h"

static const char *const raw_columns[N_RAW] = {
	"tx_packets",	    "rx_packets", "tx_bytes",  "rx_bytes",    "tx_dropped",   "rx_dropped",
	"rx_missed_errors", "tx_errors",  "rx_errors", "cpu_busy_ns", "cpu_total_ns", "irqs",
	"softirqs",
};

/* The sources of the narrow rates: when they were read. */
static const char *const source_names[N_SOURCES] = {"snmp", "softirqs", "softnet"};

static const char *const kind_roles[N_KINDS] = {"sender", "receiver", "node", ""};

/* --- rows ---------------------------------------------------------------------------------------
 * Rows are taken by aggregate functions, inside of SQLite's loop: a step for each row, with the
 * calls for its columns, would cost as much again as reading it. Keys rise along the tables
 * (endpoint, seq). */

static double number(sqlite3_value *value)
{
	int64_t v = sqlite3_value_int64(value);
	return v || sqlite3_value_type(value) != SQLITE_NULL ? (double)v : (double)NAN;
}

static void grow(struct end *e)
{
	e->cap = e->cap ? 2 * e->cap : 1024;
	e->seq = nb_realloc(e->seq, e->cap, sizeof(*e->seq));
	e->dt = nb_realloc(e->dt, e->cap, sizeof(*e->dt));
	e->steady = nb_realloc(e->steady, e->cap, sizeof(*e->steady));
	for (int i = 0; i < N_RAW; i++)
		e->raw[i] = nb_realloc(e->raw[i], e->cap, sizeof(*e->raw[i]));
}

static void take_tick(sqlite3_context *context, int n, sqlite3_value **v)
{
	struct sample_reader *r = sqlite3_user_data(context);
	const struct sink *sink = &r->sink;
	struct end *e = sink->end;
	int64_t t = sqlite3_value_int64(v[1]), dt = sqlite3_value_int64(v[2]);
	if (e->n == e->cap)
		grow(e);
	e->seq[e->n] = sqlite3_value_int64(v[0]);
	e->dt[e->n] = dt > 0 ? (double)dt : (double)NAN;
	e->steady[e->n] = dt > 0 && t <= sink->to && (double)t - (double)dt >= (double)sink->from;
	for (int i = 3; i < n; i++)
		e->raw[sink->column[i - 3]][e->n] = number(v[i]);
	e->n++;
}

/* The place of a row on the grid; n_grid: outside of it. */
static size_t place(const struct sample_reader *r, sqlite3_value *seq)
{
	uint64_t at = (uint64_t)sqlite3_value_int64(seq) - (uint64_t)r->first_seq;
	return at < r->n_grid ? (size_t)at : r->n_grid;
}

static void take_read(sqlite3_context *context, int n, sqlite3_value **v)
{
	struct sample_reader *r = sqlite3_user_data(context);
	size_t at = place(r, v[0]);
	const char *name = (const char *)sqlite3_value_text(v[1]);
	(void)n;
	for (int k = 0; k < N_SOURCES && at < r->n_grid && name; k++)
		if (!strcmp(name, source_names[k]))
			r->sink.dt[k][at] = (double)sqlite3_value_int64(v[2]);
}

static void take_counts(sqlite3_context *context, int n, sqlite3_value **v)
{
	struct sample_reader *r = sqlite3_user_data(context);
	size_t at = place(r, v[0]);
	for (int k = 1; k < n && at < r->n_grid; k++)
		r->sink.out[k - 1][at] += (double)sqlite3_value_int64(v[k]);
}

static void end_rows(sqlite3_context *context)
{
	sqlite3_result_null(context);
}

/* Makes the functions known to the connection; `r` NULL: unknown again. */
static int set_functions(struct store *s, struct sample_reader *r, struct nb_err *err)
{
	static const struct {
		const char *name;
		void (*step)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{"nb_tick",   take_tick  },
		{"nb_read",   take_read  },
		{"nb_counts", take_counts},
	};
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (sqlite3_create_function_v2(
			    store_db(s), functions[i].name, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, r,
			    NULL, r ? functions[i].step : NULL, r ? end_rows : NULL, NULL))
			return store_error(s, "read the samples", err);
	return 0;
}

/* --- what is wanted ----------------------------------------------------------------------------
 */

static enum kind kind_of(const char *role)
{
	enum kind kind = KIND_SENDER;
	while (kind < KIND_LONE && strcmp(kind_roles[kind], role) != 0)
		kind++;
	return kind;
}

static void want_column(struct sample_reader *r, enum kind kind, unsigned column)
{
	r->want_raw[kind][column] = r->want_raw[KIND_LONE][column] = true;
}

static void want(struct sample_reader *r, const char *role, const struct metric_formula *f)
{
	enum kind kind = kind_of(role);
	switch (f->formula) {
	case F_NARROW:
		r->want_narrow[kind][f->column] = r->want_narrow[KIND_LONE][f->column] = true;
		return;
	case F_NODE_NARROW:
		r->want_narrow[KIND_NODE][f->column] = r->want_narrow[KIND_LONE][f->column] = true;
		return;
	case F_RX_DROP:
		want_column(r, kind, RX_MISSED);
		break;
	case F_PERCENT:
		want_column(r, kind, CPU_TOTAL);
		break;
	case F_NODE_RATE:
		want_column(r, KIND_NODE, f->column);
		return;
	case F_NODE_PER_PACKET:
	case F_CPU_PER_PACKET:
		want_column(r, kind, TX_PACKETS);
		want_column(r, kind, RX_PACKETS);
		want_column(r, f->formula == F_CPU_PER_PACKET ? kind : KIND_NODE, f->column);
		return;
	case F_RATE:
		break;
	}
	want_column(r, kind, f->column);
}

/* Only the columns that are wanted: each one more costs a tenth of the reading. */
static int prepare_ticks(struct sample_reader *r, enum kind kind, struct nb_err *err)
{
	struct nb_text sql = {0};
	text_add(&sql, "SELECT nb_tick(seq, t_ns, dt_ns");
	for (int i = 0; i < N_RAW; i++)
		if (r->want_raw[kind][i])
			text_addf(&sql, ", %s", raw_columns[i]);
	text_add(&sql, ") FROM sample WHERE endpoint_id = ?1");
	int rc = store_prepare(r->s, &r->ticks[kind], sql.s, "read the samples", err);
	text_free(&sql);
	return rc;
}

int sample_reader_open(struct sample_reader **out, struct store *s, const size_t *figures, size_t n,
		       struct nb_err *err)
{
	struct sample_reader *r = nb_alloc(1, sizeof(*r));
	static const char what[] = "read the samples";
	*r = (struct sample_reader){.s = s, .figures = figures, .n_figures = n};
	for (size_t k = 0; k < n; k++) {
		const struct metric_formula *f = formula_of(figure_at(figures[k])->metric->name);
		if (f)
			want(r, figure_at(figures[k])->role, f);
	}
	r->column = nb_alloc(n + 1, sizeof(*r->column));
	int rc = set_functions(s, r, err);
	for (enum kind kind = 0; kind < N_KINDS && !rc; kind++)
		rc = prepare_ticks(r, kind, err);
	if (rc || store_prepare(s, &r->ends_of_run, store_query("reader_ends.sql"), what, err) ||
	    store_prepare(s, &r->reads, store_query("reader_reads.sql"), what, err) ||
	    store_prepare(s, &r->softirqs, store_query("reader_softirqs.sql"), what, err) ||
	    store_prepare(s, &r->softnet, store_query("reader_softnet.sql"), what, err) ||
	    store_prepare(s, &r->udp, store_query("reader_udp.sql"), what, err)) {
		sample_reader_close(r);
		return -1;
	}
	*out = r;
	return 0;
}

void sample_reader_close(struct sample_reader *r)
{
	if (!r)
		return;
	sqlite3_stmt *const all[] = {r->ends_of_run, r->reads, r->softirqs, r->softnet, r->udp};
	for (int i = 0; i < N_KINDS; i++)
		sqlite3_finalize(r->ticks[i]);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		sqlite3_finalize(all[i]);
	struct nb_err ignored = {0};
	set_functions(r->s, NULL, &ignored);
	for (size_t i = 0; i < r->cap_ends; i++) {
		struct end *e = &r->end[i];
		free(e->seq);
		free(e->dt);
		free(e->steady);
		free(e->at);
		for (int k = 0; k < N_RAW; k++)
			free(e->raw[k]);
		for (int k = 0; k < N_NARROW; k++)
			free(e->narrow[k]);
	}
	for (size_t k = 0; k < r->n_figures; k++)
		free(r->column[k]);
	free(r->column);
	free(r->end);
	free(r->row_at);
	free(r->packets);
	free(r);
}

/* --- reading -----------------------------------------------------------------------------------
 */

/* Runs a statement whose aggregate function takes all rows. */
static int run_through(struct sample_reader *r, sqlite3_stmt *st, int64_t endpoint_id,
		       struct nb_err *err)
{
	sqlite3_bind_int64(st, 1, endpoint_id);
	int rc = store_step(r->s, st, "read the samples", err);
	sqlite3_reset(st);
	return rc < 0 ? -1 : 0;
}

static int read_ticks(struct sample_reader *r, struct end *e, int64_t from, int64_t to,
		      struct nb_err *err)
{
	r->sink = (struct sink){.end = e, .from = from, .to = to};
	for (int i = 0, n = 0; i < N_RAW; i++)
		if (r->want_raw[e->kind][i])
			r->sink.column[n++] = i;
	e->n = 0;
	return run_through(r, r->ticks[e->kind], e->id, err);
}

static struct end *new_end(struct sample_reader *r)
{
	if (r->n_ends == r->cap_ends) {
		r->end = nb_realloc(r->end, r->cap_ends + 1, sizeof(*r->end));
		r->end[r->cap_ends++] = (struct end){0};
	}
	return &r->end[r->n_ends++];
}

static int read_ends(struct sample_reader *r, int64_t run_id, struct nb_err *err)
{
	int64_t *node_id = NULL;
	int rc;
	r->n_ends = 0;
	sqlite3_bind_int64(r->ends_of_run, 1, run_id);
	while ((rc = store_step(r->s, r->ends_of_run, "read the samples", err)) == 1) {
		struct end *e = new_end(r);
		node_id = nb_realloc(node_id, r->n_ends, sizeof(*node_id));
		e->id = sqlite3_column_int64(r->ends_of_run, 0);
		e->kind = kind_of((const char *)sqlite3_column_text(r->ends_of_run, 1));
		e->role = kind_roles[e->kind];
		node_id[r->n_ends - 1] = sqlite3_column_int64(r->ends_of_run, 2);
		if (e->kind != KIND_NODE && node_id[r->n_ends - 1] == e->id)
			e->kind = KIND_LONE;
		rc = read_ticks(r, e, sqlite3_column_int64(r->ends_of_run, 3),
				sqlite3_column_int64(r->ends_of_run, 4), err);
		if (rc)
			break;
	}
	sqlite3_reset(r->ends_of_run);
	for (size_t i = 0; i < r->n_ends; i++)
		for (size_t k = 0; k < r->n_ends; k++)
			if (r->end[k].id == node_id[i])
				r->end[i].node = k;
	free(node_id);
	return rc;
}

/* Ticks may be missing, but a number far from all others would ask for all memory there is. */
enum { GRID_FREE = 1000000, GRID_GAPS = 100 };

/* The grid reaches from the first tick of any end to the last. */
static int make_grid(struct sample_reader *r, int64_t run_id, struct nb_err *err)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	uint64_t ticks = 0;
	for (size_t i = 0; i < r->n_ends; i++) {
		const struct end *e = &r->end[i];
		ticks += e->n;
		if (e->n && e->seq[0] < first)
			first = e->seq[0];
		if (e->n && e->seq[e->n - 1] > last)
			last = e->seq[e->n - 1];
	}
	r->first_seq = first;
	r->n_grid = first <= last ? (size_t)((uint64_t)last - (uint64_t)first) + 1 : 0;
	if (r->n_grid > GRID_FREE + GRID_GAPS * ticks)
		return nb_error(
			err,
			"run %" PRId64 ": its ticks are numbered from %" PRId64 " to %" PRId64
			": nearly all of them are missing; nbcollect rm it, or --run others",
			run_id, first, last);
	for (size_t i = 0; i < r->n_ends; i++) {
		struct end *e = &r->end[i];
		e->at = nb_realloc(e->at, r->n_grid + 1, sizeof(*e->at));
		memset(e->at, 0, r->n_grid * sizeof(*e->at));
		for (size_t k = 0; k < e->n; k++)
			e->at[e->seq[k] - first] = k + 1;
		for (int k = 0; k < N_NARROW; k++)
			if (r->want_narrow[e->kind][k])
				e->narrow[k] = nb_realloc(e->narrow[k], r->n_grid + 1,
							  sizeof(*e->narrow[k]));
	}
	return 0;
}

/* What a source of its own counted, columns 1 … n of `rows`, into out[]: per second of dt, the time
 * since the read before, NaN where there was none. A row that is absent under a present read is 0.
 */
static int read_narrow(struct sample_reader *r, const struct end *e, const double *dt,
		       sqlite3_stmt *rows, double *const *out, int n, struct nb_err *err)
{
	r->sink = (struct sink){0};
	for (int k = 0; k < n; k++) {
		r->sink.out[k] = out[k];
		memset(out[k], 0, r->n_grid * sizeof(*out[k]));
	}
	int rc = run_through(r, rows, e->id, err);
	for (int k = 0; k < n; k++)
		for (size_t i = 0; i < r->n_grid; i++)
			out[k][i] = out[k][i] * 1e9 / dt[i];
	return rc;
}

/* When each source of an end was read. */
static int read_reads(struct sample_reader *r, const struct end *e, double *dt, struct nb_err *err)
{
	for (size_t i = 0; i < N_SOURCES * r->n_grid; i++)
		dt[i] = (double)NAN;
	r->sink = (struct sink){0};
	for (int k = 0; k < N_SOURCES; k++)
		r->sink.dt[k] = dt + (size_t)k * r->n_grid;
	return run_through(r, r->reads, e->id, err);
}

static int read_sources(struct sample_reader *r, struct end *e, struct nb_err *err)
{
	const bool *wanted = r->want_narrow[e->kind];
	bool softirqs = wanted[NET_TX] || wanted[NET_RX];
	size_t n = r->n_grid;
	if (!wanted[FORWARDED] && !wanted[SOFTNET_DROP] && !softirqs)
		return 0;
	double *dt = nb_alloc(N_SOURCES * n + 1, sizeof(*dt));
	int rc = read_reads(r, e, dt, err);
	if (!rc && wanted[FORWARDED])
		rc = read_narrow(r, e, dt, r->udp, &e->narrow[FORWARDED], 1, err);
	/* both come from the same rows; room for one that was not asked for */
	for (int k = NET_TX; k <= NET_RX && softirqs; k++)
		e->narrow[k] = nb_realloc(e->narrow[k], n + 1, sizeof(*e->narrow[k]));
	if (!rc && softirqs)
		rc = read_narrow(r, e, dt + SOFTIRQS_READ * n, r->softirqs, &e->narrow[NET_TX], 2,
				 err);
	if (!rc && wanted[SOFTNET_DROP])
		rc = read_narrow(r, e, dt + SOFTNET_READ * n, r->softnet, &e->narrow[SOFTNET_DROP],
				 1, err);
	free(dt);
	return rc;
}

static void find_rows(struct sample_reader *r)
{
	r->n_rows = 0;
	for (size_t g = 0; g < r->n_grid; g++) {
		bool any = false;
		for (size_t i = 0; i < r->n_ends && !any; i++) {
			const struct end *e = &r->end[i];
			any = e->at[g] && e->steady[e->at[g] - 1];
		}
		if (any)
			r->row_at[r->n_rows++] = g;
	}
}

int sample_reader_run(struct sample_reader *r, int64_t run_id, size_t *n_rows, struct nb_err *err)
{
	*n_rows = 0;
	if (read_ends(r, run_id, err))
		return -1;
	if (make_grid(r, run_id, err))
		return -1;
	for (size_t i = 0; i < r->n_ends; i++)
		if (read_sources(r, &r->end[i], err))
			return -1;
	if (r->n_grid > r->cap_grid) {
		r->cap_grid = r->n_grid;
		r->row_at = nb_realloc(r->row_at, r->cap_grid, sizeof(*r->row_at));
		r->packets = nb_realloc(r->packets, r->cap_grid, sizeof(*r->packets));
		for (size_t k = 0; k < r->n_figures; k++)
			r->column[k] = nb_realloc(r->column[k], r->cap_grid, sizeof(**r->column));
	}
	find_rows(r);
	for (size_t k = 0; k < r->n_figures; k++)
		sample_figure_fill(r, k);
	*n_rows = r->n_rows;
	return 0;
}

const double *sample_reader_column(const struct sample_reader *r, size_t k)
{
	assert(k < r->n_figures);
	return r->column[k];
}
