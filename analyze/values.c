/* SPDX-License-Identifier: Apache-2.0 */
/* Reads figures out of the views. */
#include "analyze/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	return v->v[row * figure_count() + figure];
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

int values_of_runs(struct values *out, struct store *s, const struct runs *runs, struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc;
	*out = (struct values){0};
	if (prepare(&st, s, "run_metrics.sql", runs, err))
		return -1;
	new_rows(out, runs->n);
	while ((rc = store_step(s, st, "read the figures", err)) == 1) {
		size_t row = runs_find(runs, sqlite3_column_int64(st, 0));
		size_t figure = index_of((const char *)sqlite3_column_text(st, 1));
		if (row < runs->n && figure < figure_count() &&
		    sqlite3_column_type(st, 2) != SQLITE_NULL)
			out->v[row * figure_count() + figure] = sqlite3_column_double(st, 2);
	}
	sqlite3_finalize(st);
	if (rc)
		values_free(out);
	return rc;
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

/* One tick of one role while the rows of its endpoints come by. */
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

/* Where the rows of the query go: figure[role][column], and the tick being put together. */
struct loader {
	struct samples *out;
	sqlite3_stmt *st;
	int n_columns;
	size_t *figure;
	struct joint *joints;
	int64_t run_id, seq;
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

static void end_tick(struct loader *l)
{
	struct values *v = &l->out->values;
	if (l->run_id >= 0)
		flush(v->v + (v->n_rows - 1) * figure_count(), l->joints);
}

static void take_row(struct loader *l, const struct runs *runs)
{
	int64_t id = sqlite3_column_int64(l->st, 0), seq = sqlite3_column_int64(l->st, 1);
	const char *role = (const char *)sqlite3_column_text(l->st, 2);
	if (id != l->run_id || seq != l->seq) {
		struct run_group *of = &l->out->of_run[runs_find(runs, id)];
		end_tick(l);
		of->first = of->n ? of->first : l->out->values.n_rows;
		of->n++;
		new_rows(&l->out->values, 1);
		l->run_id = id;
		l->seq = seq;
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

int samples_load(struct samples *out, struct store *s, const struct runs *runs, struct nb_err *err)
{
	struct loader l = {.out = out, .run_id = -1};
	int rc;
	*out = (struct samples){0};
	if (prepare(&l.st, s, "steady_samples.sql", runs, err))
		return -1;
	l.n_columns = sqlite3_column_count(l.st);
	map_columns(&l);
	l.joints = nb_alloc(figure_count(), sizeof(*l.joints));
	/* one more for what a query may find that is not selected: it never does */
	out->of_run = nb_alloc(runs->n + 1, sizeof(*out->of_run));
	while ((rc = store_step(s, l.st, "read the samples", err)) == 1)
		take_row(&l, runs);
	end_tick(&l);
	sqlite3_finalize(l.st);
	free(l.figure);
	free(l.joints);
	if (rc)
		samples_free(out);
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
