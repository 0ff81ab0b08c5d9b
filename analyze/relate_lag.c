/* SPDX-License-Identifier: Apache-2.0 */
/* Samples onto a grid, and their correlation at lags. */
#include "analyze/relate_lag.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/relate.h"
#include "analyze/stats/quantile.h"
#include "analyze/stats/status.h"

/* Stamps, in the order of the samples' rows. */
static int load_times(int64_t *t_ns, size_t n_rows, const struct samples *samples, struct store *s,
		      const struct runs *runs, struct nb_err *err)
{
	struct nb_text ids = {0};
	sqlite3_stmt *st;
	int64_t run_id = -1;
	size_t row = 0;
	int rc = store_prepare(s, &st, store_query("steady_times.sql"), "read the stamps", err);
	if (rc)
		return rc;
	runs_ids(&ids, runs);
	sqlite3_bind_text(st, 1, ids.s, -1, SQLITE_TRANSIENT);
	text_free(&ids);
	while ((rc = store_step(s, st, "read the stamps", err)) == 1) {
		if (sqlite3_column_int64(st, 0) != run_id) {
			run_id = sqlite3_column_int64(st, 0);
			row = samples->of_run[runs_find(runs, run_id)].first;
		}
		if (row < n_rows)
			t_ns[row++] = sqlite3_column_int64(st, 2);
	}
	sqlite3_finalize(st);
	return rc;
}

/* The usual distance of a run's samples; NaN when it has fewer than two. */
static double interval_of(const int64_t *t_ns, struct run_group g, double *room)
{
	double interval = STATS_NAN;
	for (size_t i = 1; i < g.n; i++)
		room[i - 1] = (double)(t_ns[g.first + i] - t_ns[g.first + i - 1]) / 1e9;
	if (g.n > 1)
		stats_median(&interval, room, g.n - 1);
	return interval;
}

static bool alike(double a, double b)
{
	return fabs(a - b) <= 0.1 * b;
}

/* The interval that most samples have. */
static double common_interval(const double *interval, const struct samples *samples, size_t n_runs)
{
	double best = STATS_NAN;
	size_t most = 0;
	for (size_t i = 0; i < n_runs; i++) {
		size_t n = 0;
		for (size_t k = 0; k < n_runs; k++)
			n += alike(interval[k], interval[i]) ? samples->of_run[k].n : 0;
		if (n > most) {
			most = n;
			best = interval[i];
		}
	}
	return best;
}

void grid_free(struct grid *g)
{
	free(g->takes);
	free(g->follows);
	*g = (struct grid){0};
}

static void mark(struct grid *g, const int64_t *t_ns, struct run_group of)
{
	for (size_t i = of.first + 1; i < of.first + of.n; i++) {
		double step_s = (double)(t_ns[i] - t_ns[i - 1]) / 1e9;
		g->follows[i] = fabs(step_s - g->interval_s) < g->interval_s / 2;
		g->n_gaps += !g->follows[i];
	}
}

int grid_load(struct grid *out, struct store *s, const struct runs *runs,
	      const struct samples *samples, struct nb_err *err)
{
	size_t rows = samples->values.n_rows;
	int64_t *t_ns = nb_alloc(rows + 1, sizeof(*t_ns));
	double *interval = nb_alloc(runs->n + 1, sizeof(*interval));
	double *room = nb_alloc(rows + 1, sizeof(*room));
	int ret = -1;
	*out = (struct grid){.takes = nb_alloc(runs->n + 1, sizeof(*out->takes)),
			     .follows = nb_alloc(rows + 1, sizeof(*out->follows))};
	if (load_times(t_ns, rows, samples, s, runs, err))
		goto cleanup;
	for (size_t i = 0; i < runs->n; i++)
		interval[i] = interval_of(t_ns, samples->of_run[i], room);
	out->interval_s = common_interval(interval, samples, runs->n);
	if (isnan(out->interval_s)) {
		nb_error_code(err, NB_NODATA, "correlate: --lag: no run has two steady samples");
		goto cleanup;
	}
	for (size_t i = 0; i < runs->n; i++) {
		out->takes[i] = alike(interval[i], out->interval_s);
		out->n_left_out += !isnan(interval[i]) && !out->takes[i];
		if (out->takes[i])
			mark(out, t_ns, samples->of_run[i]);
	}
	ret = 0;
cleanup:
	free(t_ns);
	free(interval);
	free(room);
	if (ret)
		grid_free(out);
	return ret;
}

/* Unbroken pieces of runs, one behind the other. */
struct pieces {
	double *x, *y;
	size_t n, n_pieces, *length;
	bool still;
};

static bool scale(double *v, size_t n)
{
	long double squares;
	if (stats_deviations(v, &squares, v, n, (struct stats_blocks){NULL, 0}))
		return false;
	double sd = sqrt((double)(squares / (long double)(n - 1)));
	for (size_t i = 0; i < n; i++)
		v[i] /= sd;
	return true;
}

/* Ends the piece of n pairs behind those that stand. */
static void end_piece(struct pieces *p, size_t n)
{
	if (n < RELATE_SAMPLES_MIN)
		return;
	if (!scale(p->x + p->n, n) || !scale(p->y + p->n, n)) {
		p->still = true;
		return;
	}
	p->length[p->n_pieces++] = n;
	p->n += n;
}

static void add_run(struct pieces *p, const struct grid *g, const struct samples *s,
		    struct run_group of, size_t fx, size_t fy)
{
	size_t n = 0;
	for (size_t i = of.first; i < of.first + of.n; i++) {
		double x = value_at(&s->values, i, fx), y = value_at(&s->values, i, fy);
		if (!g->follows[i] || isnan(x) || isnan(y)) {
			end_piece(p, n);
			n = 0;
		}
		if (isnan(x) || isnan(y))
			continue;
		p->x[p->n + n] = x;
		p->y[p->n + n] = y;
		n++;
	}
	end_piece(p, n);
}

int relate_lag(struct stats_lag *out, const struct grid *g, const struct samples *s, size_t n_runs,
	       size_t fx, size_t fy, size_t max_lag)
{
	size_t rows = s->values.n_rows;
	struct pieces p = {.x = nb_alloc(rows + 1, sizeof(double)),
			   .y = nb_alloc(rows + 1, sizeof(double)),
			   .length = nb_alloc(rows + 1, sizeof(size_t))};
	for (size_t r = 0; r < n_runs; r++)
		if (g->takes[r])
			add_run(&p, g, s, s->of_run[r], fx, fy);
	int rc = p.n	   ? stats_lead_lag(out, p.x, p.y, p.n, max_lag,
					    (struct stats_blocks){p.length, p.n_pieces}, 0.95)
		 : p.still ? STATS_CONSTANT
			   : STATS_TOO_FEW;
	free(p.x);
	free(p.y);
	free(p.length);
	return rc;
}
