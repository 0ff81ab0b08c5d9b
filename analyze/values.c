/* SPDX-License-Identifier: Apache-2.0 */
/* Reads figures out of the views. */
#include "analyze/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/sample_pool.h"

static double *new_rows(struct values *v, size_t n)
{
	size_t m = figure_count();
	v->v = nb_realloc(v->v, (v->n_rows + n) * m + 1, sizeof(*v->v));
	double *first = v->v + v->n_rows * m;
	for (size_t i = 0; i < n * m; i++)
		first[i] = (double)NAN;
	v->n_rows += n;
	return first;
}

void values_free(struct values *v)
{
	free(v->v);
	free(v->slot);
	*v = (struct values){0};
}

void samples_free(struct samples *s)
{
	values_free(&s->values);
	free(s->of_run);
	*s = (struct samples){0};
}

double value_at(const struct values *v, size_t row, size_t figure)
{
	if (!v->slot)
		return v->v[row * figure_count() + figure];
	return v->slot[figure] ? v->v[row * v->n_columns + v->slot[figure] - 1] : (double)NAN;
}

/* Prepares one of our queries and binds the runs' ids to it. */
static int prepare(sqlite3_stmt **st, struct store *s, const char *query, const struct runs *runs,
		   struct nb_err *err)
{
	struct nb_text ids = {0};
	int rc = store_prepare(s, st, store_query(query), "read the figures", err);
	runs_ids(&ids, runs);
	if (!rc)
		sqlite3_bind_text(*st, 1, ids.s, -1, SQLITE_TRANSIENT);
	text_free(&ids);
	return rc;
}

static size_t index_of(const char *name)
{
	size_t i = 0, n = figure_count();
	while (i < n && strcmp(figure_at(i)->name, name))
		i++;
	return i;
}

size_t values_pick(double *out, const struct values *of_runs, struct run_group g, size_t figure)
{
	size_t n = 0;
	for (size_t i = 0; i < g.n; i++) {
		double v = value_at(of_runs, g.first + i, figure);
		if (!isnan(v))
			out[n++] = v;
	}
	return n;
}

void values_of_configs(struct values *out, const struct values *of_runs, const struct runs *runs)
{
	size_t m = figure_count();
	double *pick = nb_alloc(runs->n + 1, sizeof(*pick));
	*out = (struct values){0};
	new_rows(out, runs->n_configs);
	for (size_t c = 0; c < runs->n_configs; c++)
		for (size_t f = 0; f < m; f++) {
			size_t n = values_pick(pick, of_runs, runs->config[c], f);
			long double sum = 0;
			for (size_t i = 0; i < n; i++)
				sum += pick[i];
			if (n)
				out->v[c * m + f] = (double)(sum / (long double)n);
		}
	free(pick);
}

/* One figure of one row while the rows of its endpoints come by. */
struct joint {
	const char *how;
	double value;
	bool missing;
	size_t n;
};

static void join(struct joint *j, const char *how, double v)
{
	bool max = !strcmp(how, "max");
	j->how = how;
	j->missing |= isnan(v);
	j->value = !j->n ? v : max ? fmax(j->value, v) : j->value + v;
	j->n++;
}

static void flush(double *row, struct joint *joints)
{
	for (size_t f = 0; f < figure_count(); f++) {
		struct joint *j = &joints[f];
		if (j->n && !j->missing)
			row[f] = strcmp(j->how, "mean") ? j->value : j->value / (double)j->n;
		*j = (struct joint){0};
	}
}

enum { N_ROLES = 3, FIRST_METRIC = 3 };
static const char *const roles[N_ROLES] = {"sender", "receiver", "node"};

/* A query of columns run_id, seq (unused), role and metrics by name; the rows of a run stand
 * together and make one row of `out`. */
struct loader {
	sqlite3_stmt *st;
	int n_columns;
	size_t *figure; /* [role][column] */
	struct joint *joints;
	struct values *out;
	size_t row;
	int64_t run_id;
};

static void map_columns(struct loader *l)
{
	l->figure = nb_alloc(N_ROLES * (size_t)l->n_columns, sizeof(*l->figure));
	for (int r = 0; r < N_ROLES; r++)
		for (int i = 0; i < l->n_columns; i++) {
			char name[64];
			snprintf(name, sizeof(name), "%s.%s", roles[r],
				 sqlite3_column_name(l->st, i));
			l->figure[r * l->n_columns + i] = index_of(name);
		}
}

static void end_row(struct loader *l)
{
	if (l->run_id >= 0)
		flush(l->out->v + l->row * figure_count(), l->joints);
}

static void take_row(struct loader *l, const struct runs *runs)
{
	int64_t id = sqlite3_column_int64(l->st, 0);
	const char *role = (const char *)sqlite3_column_text(l->st, 2);
	if (id != l->run_id) {
		end_row(l);
		l->row = runs_find(runs, id);
		l->run_id = id;
	}
	for (int r = 0; r < N_ROLES; r++)
		for (int i = FIRST_METRIC; i < l->n_columns && !strcmp(role, roles[r]); i++) {
			size_t f = l->figure[r * l->n_columns + i];
			bool null = sqlite3_column_type(l->st, i) == SQLITE_NULL;
			if (f < figure_count())
				join(&l->joints[f], figure_at(f)->metric->across_pairs,
				     null ? (double)NAN : sqlite3_column_double(l->st, i));
		}
}

static int load_roles(struct values *out, struct store *s, const struct runs *runs,
		      struct nb_err *err)
{
	struct loader l = {.out = out, .run_id = -1};
	int rc;
	if (prepare(&l.st, s, "run_roles.sql", runs, err))
		return -1;
	l.n_columns = sqlite3_column_count(l.st);
	map_columns(&l);
	l.joints = nb_alloc(figure_count(), sizeof(*l.joints));
	while ((rc = store_step(s, l.st, "read the figures", err)) == 1)
		take_row(&l, runs);
	end_row(&l);
	sqlite3_finalize(l.st);
	free(l.figure);
	free(l.joints);
	return rc;
}

/* Figures of no single endpoint: a column each, under its name. */
static int load_wholes(struct values *out, struct store *s, const struct runs *runs,
		       struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc;
	if (prepare(&st, s, "run_wholes.sql", runs, err))
		return -1;
	while ((rc = store_step(s, st, "read the figures", err)) == 1) {
		size_t row = runs_find(runs, sqlite3_column_int64(st, 0));
		for (int i = 1; i < sqlite3_column_count(st); i++)
			if (sqlite3_column_type(st, i) != SQLITE_NULL)
				out->v[row * figure_count() +
				       figure_index(sqlite3_column_name(st, i))] =
					sqlite3_column_double(st, i);
	}
	sqlite3_finalize(st);
	return rc;
}

int values_of_runs(struct values *out, struct store *s, const struct runs *runs, struct nb_err *err)
{
	*out = (struct values){0};
	new_rows(out, runs->n);
	if (!load_roles(out, s, runs, err) && !load_wholes(out, s, runs, err))
		return 0;
	values_free(out);
	return -1;
}

/* The rows of each run, until all are there. */
struct gathered {
	double **block;
	size_t n_columns;
	struct run_group *of_run;
};

static void gather(void *payload, size_t run, const struct sample_reader *r, size_t n_rows)
{
	struct gathered *g = payload;
	double *block = nb_alloc(n_rows * g->n_columns + 1, sizeof(*block));
	for (size_t k = 0; k < g->n_columns; k++) {
		const double *column = sample_reader_column(r, k);
		for (size_t i = 0; i < n_rows; i++)
			block[i * g->n_columns + k] = column[i];
	}
	g->block[run] = block;
	g->of_run[run].n = n_rows;
}

/* One block behind the other, in the order of the runs. */
static void put_together(struct values *out, struct gathered *g, size_t n_runs)
{
	size_t rows = 0;
	for (size_t i = 0; i < n_runs; i++) {
		g->of_run[i].first = rows;
		rows += g->of_run[i].n;
	}
	out->v = nb_alloc(rows * g->n_columns + 1, sizeof(*out->v));
	out->n_rows = rows;
	for (size_t i = 0; i < n_runs; i++) {
		if (g->of_run[i].n)
			memcpy(out->v + g->of_run[i].first * g->n_columns, g->block[i],
			       g->of_run[i].n * g->n_columns * sizeof(*out->v));
		free(g->block[i]);
		g->block[i] = NULL;
	}
}

/* All figures that have samples, when none are named. */
static size_t *choose(const size_t *figures, size_t *n)
{
	size_t *all = nb_alloc(figure_count() + *n + 1, sizeof(*all)), k = 0;
	if (figures) {
		memcpy(all, figures, *n * sizeof(*all));
		return all;
	}
	for (size_t f = 0; f < figure_count(); f++)
		if (strcmp(figure_at(f)->role, "run") != 0)
			all[k++] = f;
	*n = k;
	return all;
}

int samples_load(struct samples *out, struct store *s, const struct runs *runs,
		 const size_t *figures, size_t n_figures, struct nb_err *err)
{
	struct sample_pool *pool = NULL;
	size_t n = n_figures, *chosen = choose(figures, &n);
	*out = (struct samples){.of_run = nb_alloc(runs->n + 1, sizeof(*out->of_run))};
	struct gathered g = {nb_alloc(runs->n + 1, sizeof(*g.block)), n, out->of_run};
	int rc = sample_pool_open(&pool, s, chosen, n, 0, err);
	if (!rc)
		rc = sample_pool_read(pool, runs, (struct run_group){0, runs->n}, gather, &g, err);
	sample_pool_close(pool);
	if (!rc) {
		out->values.slot = nb_alloc(figure_count(), sizeof(*out->values.slot));
		out->values.n_columns = n;
		for (size_t k = 0; k < n; k++)
			out->values.slot[chosen[k]] = k + 1;
		put_together(&out->values, &g, runs->n);
	} else {
		for (size_t i = 0; i < runs->n; i++)
			free(g.block[i]);
		samples_free(out);
	}
	free(g.block);
	free(chosen);
	return rc;
}

struct figure_context runs_context(const struct runs *r)
{
	struct figure_context c = {.one_node = true, .one_size = true, .joined = true};
	for (size_t i = 0; i < r->n; i++) {
		c.one_node &= r->run[i].n_nodes == 1;
		c.one_size &= r->run[i].frame_size == r->run[0].frame_size;
		c.joined &=
			!strcmp(r->run[i].testbed, "netns") || !strcmp(r->run[i].path, "loopback");
	}
	return c;
}
