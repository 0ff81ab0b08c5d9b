/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of standardised samples, run by run. */
#include "analyze/within.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/relate.h"
#include "analyze/sample_pool.h"
#include "analyze/stats/status.h"

enum { BATCH = 64 }; /* runs whose sums wait to be added */

/* What a run leaves of a pair. */
struct pair_sums {
	size_t n;
	bool still; /* left out: one of the two does not vary in it */
	struct stats_pair_sums sums;
};

struct task {
	struct within *out;
	size_t n_figures, first; /* first: of the batch */
	struct pair_sums *sums;	 /* BATCH × pairs */
	bool *varies, *missing;	 /* BATCH × figures */
};

static size_t pairs_of(size_t n)
{
	return n * (n - 1) / 2;
}

static struct stats_pair_sums sums_of(const double *x, const double *y, size_t n)
{
	const struct stats_blocks one = {NULL, 0};
	return (struct stats_pair_sums){
		.xx = stats_lagged_sum(NULL, x, n, 0, one),
		.yy = stats_lagged_sum(NULL, y, n, 0, one),
		.xy = stats_product_sum(x, y, n),
		.x_lag = stats_lagged_sum(NULL, x, n, 1, one),
		.y_lag = stats_lagged_sum(NULL, y, n, 1, one),
	};
}

/* A figure of a run, standardised where it has all its ticks. */
struct column {
	const double *raw;
	double *z;
	bool whole, varies, missing;
	long double squares, lag;
};

static void prepare(struct column *c, const double *raw, double *z, size_t n)
{
	size_t there = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(raw[i]))
			z[there++] = raw[i];
	*c = (struct column){.raw = raw, .z = z, .whole = there == n, .missing = !there};
	if (there < RELATE_SAMPLES_MIN)
		return;
	c->varies = !relate_standardise(z, 1, there);
	if (!c->whole || !c->varies)
		return;
	c->squares = stats_lagged_sum(NULL, z, n, 0, (struct stats_blocks){NULL, 0});
	c->lag = stats_lagged_sum(NULL, z, n, 1, (struct stats_blocks){NULL, 0});
}

/* Where ticks are missing, those that both have are standardised anew. */
static void add_partial(struct pair_sums *out, const struct column *a, const struct column *b,
			size_t n_rows, double *x, double *y)
{
	size_t n = 0;
	for (size_t i = 0; i < n_rows; i++) {
		x[n] = a->raw[i];
		y[n] = b->raw[i];
		n += !isnan(x[n]) && !isnan(y[n]);
	}
	if (n < RELATE_SAMPLES_MIN)
		return;
	out->still = relate_standardise(x, 1, n) || relate_standardise(y, 1, n);
	if (out->still)
		return;
	out->n = n;
	out->sums = sums_of(x, y, n);
}

static void add_pair(struct pair_sums *out, const struct column *a, const struct column *b,
		     size_t n, double *room)
{
	if (!a->whole || !b->whole) {
		add_partial(out, a, b, n, room, room + n);
		return;
	}
	if (n < RELATE_SAMPLES_MIN)
		return;
	out->still = !a->varies || !b->varies;
	if (out->still)
		return;
	out->n = n;
	out->sums = (struct stats_pair_sums){.xx = a->squares,
					     .yy = b->squares,
					     .xy = stats_product_sum(a->z, b->z, n),
					     .x_lag = a->lag,
					     .y_lag = b->lag};
}

static void take(void *payload, size_t run, const struct sample_reader *r, size_t n)
{
	struct task *t = payload;
	size_t m = t->n_figures, k = 0, slot = run - t->first;
	struct column *column = nb_alloc(m + 1, sizeof(*column));
	double *z = nb_alloc((m + 2) * n + 1, sizeof(*z));
	struct pair_sums *out = t->sums + slot * pairs_of(m);
	memset(out, 0, pairs_of(m) * sizeof(*out));
	for (size_t i = 0; i < m; i++) {
		prepare(&column[i], sample_reader_column(r, i), z + i * n, n);
		t->varies[slot * m + i] = column[i].varies;
		t->missing[slot * m + i] = column[i].missing;
	}
	for (size_t i = 0; i < m; i++)
		for (size_t j = i + 1; j < m; j++, k++)
			add_pair(&out[k], &column[i], &column[j], n, z + m * n);
	t->out->rows[run] = n;
	free(column);
	free(z);
}

/* All runs of a pair so far. */
struct total {
	size_t n, runs;
	bool still;
	struct stats_pair_sums sums;
};

static void add_run(struct total *to, const struct pair_sums *p)
{
	to->still |= p->still;
	if (!p->n)
		return;
	to->n += p->n;
	to->runs++;
	to->sums.xx += p->sums.xx;
	to->sums.yy += p->sums.yy;
	to->sums.xy += p->sums.xy;
	to->sums.x_lag += p->sums.x_lag;
	to->sums.y_lag += p->sums.y_lag;
}

static void add_batch(struct within *out, struct total *total, const struct task *t, size_t n_runs)
{
	size_t m = t->n_figures, pairs = pairs_of(m);
	for (size_t run = 0; run < n_runs; run++) {
		for (size_t k = 0; k < pairs; k++)
			add_run(&total[k], &t->sums[run * pairs + k]);
		for (size_t i = 0; i < m; i++) {
			out->varies[i] |= t->varies[run * m + i];
			out->missing[i] &= t->missing[run * m + i];
		}
	}
}

static void conclude(struct within *out, const struct total *total, enum stats_neff neff)
{
	size_t k = 0, m = out->n_figures;
	for (size_t i = 0; i < m; i++)
		for (size_t j = i + 1; j < m; j++, k++) {
			const struct total *t = &total[k];
			out->status[i * m + j] =
				t->n ? stats_pearson_of_sums(&out->pair[i * m + j], &t->sums, t->n,
							     t->runs, neff, 0.95)
				: t->still ? STATS_CONSTANT
					   : STATS_TOO_FEW;
		}
}

static struct within new_within(size_t n_figures, size_t n_runs)
{
	struct within w = {
		.n_figures = n_figures,
		.varies = nb_alloc(n_figures + 1, sizeof(bool)),
		.missing = nb_alloc(n_figures + 1, sizeof(bool)),
		.pair = nb_alloc(n_figures * n_figures + 1, sizeof(*w.pair)),
		.status = nb_alloc(n_figures * n_figures + 1, sizeof(*w.status)),
		.rows = nb_alloc(n_runs + 1, sizeof(*w.rows)),
	};
	for (size_t i = 0; i < n_figures; i++)
		w.missing[i] = true;
	return w;
}

void within_free(struct within *w)
{
	free(w->varies);
	free(w->missing);
	free(w->pair);
	free(w->status);
	free(w->rows);
	*w = (struct within){0};
}

int within_pearson(struct within *out, struct store *s, const struct runs *runs,
		   const size_t *figures, size_t n, enum stats_neff neff, unsigned threads,
		   struct nb_err *err)
{
	struct sample_pool *pool = NULL;
	size_t pairs = pairs_of(n);
	struct task t = {
		.out = out,
		.n_figures = n,
		.sums = nb_alloc(BATCH * pairs + 1, sizeof(*t.sums)),
		.varies = nb_alloc(BATCH * n + 1, sizeof(bool)),
		.missing = nb_alloc(BATCH * n + 1, sizeof(bool)),
	};
	struct total *total = nb_alloc(pairs + 1, sizeof(*total));
	*out = new_within(n, runs->n);
	int rc = sample_pool_open(&pool, s, figures, n, threads, err);
	for (; !rc && t.first < runs->n; t.first += BATCH) {
		size_t left = runs->n - t.first, batch = left < BATCH ? left : BATCH;
		rc = sample_pool_read(pool, runs, (struct run_group){t.first, batch}, take, &t,
				      err);
		if (!rc)
			add_batch(out, total, &t, batch);
	}
	if (!rc)
		conclude(out, total, neff);
	else
		within_free(out);
	sample_pool_close(pool);
	free(t.sums);
	free(t.varies);
	free(t.missing);
	free(total);
	return rc;
}
