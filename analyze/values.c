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

/* A query of columns run_id, seq, role and metrics by name; rows with the same run_id and seq stand
 * together and make one row of `out`. */
struct loader {
	sqlite3_stmt *st;
	int n_columns;
	size_t *figure; /* [role][column] */
	struct joint *joints;
	struct values *out;
	struct run_group *of_run; /* rows are added, and counted for each run; NULL: a row a run */
	size_t row;
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

static void end_row(struct loader *l)
{
	if (l->run_id >= 0)
		flush(l->out->v + l->row * figure_count(), l->joints);
}

static void begin_row(struct loader *l, size_t run)
{
	end_row(l);
	l->row = run;
	if (!l->of_run)
		return;
	struct run_group *of = &l->of_run[run];
	of->first = of->n ? of->first : l->out->n_rows;
	of->n++;
	l->row = l->out->n_rows;
	new_rows(l->out, 1);
}

static void take_row(struct loader *l, const struct runs *runs)
{
	int64_t id = sqlite3_column_int64(l->st, 0), seq = sqlite3_column_int64(l->st, 1);
	const char *role = (const char *)sqlite3_column_text(l->st, 2);
	if (id != l->run_id || seq != l->seq) {
		begin_row(l, runs_find(runs, id));
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

static int load(struct values *out, struct run_group *of_run, struct store *s, const char *query,
		const struct runs *runs, struct nb_err *err)
{
	struct loader l = {.out = out, .of_run = of_run, .run_id = -1};
	int rc;
	if (prepare(&l.st, s, query, runs, err))
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
	if (!load(out, NULL, s, "run_roles.sql", runs, err) && !load_wholes(out, s, runs, err))
		return 0;
	values_free(out);
	return -1;
}

int samples_load(struct samples *out, struct store *s, const struct runs *runs, struct nb_err *err)
{
	*out = (struct samples){0};
	out->of_run = nb_alloc(runs->n + 1, sizeof(*out->of_run));
	if (!load(&out->values, out->of_run, s, "steady_samples.sql", runs, err))
		return 0;
	samples_free(out);
	return -1;
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
