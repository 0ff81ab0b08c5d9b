/* SPDX-License-Identifier: Apache-2.0 */
/* Three queries for all runs; rows are added up by run and by configuration. */
#include "analyze/evidence.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const ends[] = {"sender", "receiver"};

static void clear(struct evidence *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->cell[i].what);
	free(e->cell);
	free(e->cores[0]);
	free(e->cores[1]);
}

void evidence_of_runs_free(struct evidence_of_runs *e)
{
	for (size_t i = 0; i < e->n_configs; i++)
		clear(&e->config[i]);
	for (size_t i = 0; i < e->n_runs; i++)
		clear(&e->run[i]);
	free(e->config);
	free(e->run);
	free(e->offered);
	free(e->delivered);
	*e = (struct evidence_of_runs){0};
}

static void add(struct evidence *e, const char *what, int instance, double value)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->cell[i].instance == instance && !strcmp(e->cell[i].what, what)) {
			e->cell[i].value += value;
			e->cell[i].n++;
			return;
		}
	e->cell = nb_realloc(e->cell, e->n + 1, sizeof(*e->cell));
	e->cell[e->n++] = (struct evidence_cell){nb_strdup(what), instance, value, 1};
}

static void add_cores(struct evidence *e, enum evidence_end end, const char *list)
{
	int *cpu;
	size_t n;
	if (parse_cpulist(&cpu, &n, list))
		return;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < e->n_cores[end] && e->cores[end][k] != cpu[i])
			k++;
		if (k < e->n_cores[end])
			continue;
		e->cores[end] = nb_realloc(e->cores[end], k + 1, sizeof(*e->cores[end]));
		e->cores[end][e->n_cores[end]++] = cpu[i];
	}
	free(cpu);
}

/* A row of one of the queries; the columns behind the run's id are the query's own. */
typedef void take_fn(struct evidence_of_runs *out, struct evidence *e, size_t run,
		     sqlite3_stmt *st);

static void take_stage(struct evidence_of_runs *out, struct evidence *e, size_t run,
		       sqlite3_stmt *st)
{
	const char *stage = (const char *)sqlite3_column_text(st, 1);
	double packets = sqlite3_column_double(st, 2);
	if (sqlite3_column_type(st, 2) == SQLITE_NULL)
		return;
	add(e, stage, 0, packets);
	if (!strcmp(stage, "offered"))
		out->offered[run] = packets;
	/* without UDP's counters what was forwarded is all that is known */
	if (!strcmp(stage, "delivered") ||
	    (!strcmp(stage, "forwarded") && isnan(out->delivered[run])))
		out->delivered[run] = packets;
}

static void take_counter(struct evidence_of_runs *out, struct evidence *e, size_t run,
			 sqlite3_stmt *st)
{
	(void)out, (void)run;
	if (sqlite3_column_type(st, 3) != SQLITE_NULL)
		add(e, (const char *)sqlite3_column_text(st, 1), sqlite3_column_int(st, 2),
		    sqlite3_column_double(st, 3));
}

static void take_cores(struct evidence_of_runs *out, struct evidence *e, size_t run,
		       sqlite3_stmt *st)
{
	const char *role = (const char *)sqlite3_column_text(st, 1);
	(void)out, (void)run;
	add_cores(e, !strcmp(role, ends[END_SENDER]) ? END_SENDER : END_RECEIVER,
		  (const char *)sqlite3_column_text(st, 2));
}

static int take_all(struct evidence_of_runs *out, struct store *s, const char *query, take_fn *take,
		    const struct runs *runs, const char *ids, struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc = store_prepare(s, &st, store_query(query), "read the counters", err);
	if (rc)
		return -1;
	sqlite3_bind_text(st, 1, ids, -1, SQLITE_STATIC);
	while ((rc = store_step(s, st, "read the counters", err)) == 1) {
		size_t run = runs_find(runs, sqlite3_column_int64(st, 0));
		if (run < runs->n) {
			take(out, &out->config[runs->run[run].config], run, st);
			take(out, &out->run[run], run, st);
		}
	}
	sqlite3_finalize(st);
	return rc;
}

int evidence_load(struct evidence_of_runs *out, struct store *s, const struct runs *runs,
		  struct nb_err *err)
{
	struct nb_text ids = {0};
	*out = (struct evidence_of_runs){
		.config = nb_alloc(runs->n_configs + 1, sizeof(*out->config)),
		.n_configs = runs->n_configs,
		.run = nb_alloc(runs->n + 1, sizeof(*out->run)),
		.n_runs = runs->n,
		.offered = nb_alloc(runs->n + 1, sizeof(*out->offered)),
		.delivered = nb_alloc(runs->n + 1, sizeof(*out->delivered)),
	};
	for (size_t i = 0; i < runs->n; i++) {
		out->config[runs->run[i].config].seconds += runs->run[i].effective_s;
		out->run[i].seconds = runs->run[i].effective_s;
		out->offered[i] = out->delivered[i] = (double)NAN;
	}
	runs_ids(&ids, runs);
	int rc = take_all(out, s, "bound_ledger.sql", take_stage, runs, ids.s, err);
	rc = rc ? rc : take_all(out, s, "bound_counters.sql", take_counter, runs, ids.s, err);
	rc = rc ? rc : take_all(out, s, "bound_cores.sql", take_cores, runs, ids.s, err);
	text_free(&ids);
	if (rc)
		evidence_of_runs_free(out);
	return rc;
}

double evidence_sum(const struct evidence *e, const char *what)
{
	double sum = (double)NAN;
	for (size_t i = 0; i < e->n; i++)
		if (!strcmp(e->cell[i].what, what))
			sum = (isnan(sum) ? 0 : sum) + e->cell[i].value;
	return sum;
}

static const struct evidence_cell *cell(const struct evidence *e, const char *what, int instance)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->cell[i].instance == instance && !strcmp(e->cell[i].what, what))
			return &e->cell[i];
	return NULL;
}

double evidence_mean(const struct evidence *e, const char *what)
{
	const struct evidence_cell *c = cell(e, what, 0);
	return c ? c->value / (double)c->n : (double)NAN;
}

double evidence_at(const struct evidence *e, const char *what, int instance)
{
	const struct evidence_cell *c = cell(e, what, instance);
	return c ? c->value : (double)NAN;
}

int evidence_most(const struct evidence *e, const char *what)
{
	const struct evidence_cell *most = NULL;
	for (size_t i = 0; i < e->n; i++) {
		const struct evidence_cell *c = &e->cell[i];
		if (!strcmp(c->what, what) && c->value > (most ? most->value : 0))
			most = c;
	}
	return most ? most->instance : -1;
}

double evidence_imbalance(const struct evidence *e, const char *what)
{
	double sum = 0, most = 0;
	size_t n = 0;
	for (size_t i = 0; i < e->n; i++)
		if (!strcmp(e->cell[i].what, what)) {
			sum += e->cell[i].value;
			most = fmax(most, e->cell[i].value);
			n++;
		}
	return n > 1 && sum > 0 ? most * (double)n / sum : (double)NAN;
}

static double of_end(const struct evidence *e, enum evidence_end end, const char *counter, int cpu)
{
	char name[64];
	snprintf(name, sizeof(name), "%s.%s", ends[end], counter);
	return evidence_at(e, name, cpu);
}

double evidence_cpu(const struct evidence *e, enum evidence_end end, const char *part, int cpu)
{
	double whole = of_end(e, end, "cpu_whole", cpu);
	return whole > 0 ? of_end(e, end, part, cpu) / whole : (double)NAN;
}

double evidence_own_sum(const struct evidence *e, enum evidence_end end, const char *counter)
{
	double sum = (double)NAN;
	for (size_t i = 0; i < e->n_cores[end]; i++) {
		double v = of_end(e, end, counter, e->cores[end][i]);
		if (!isnan(v))
			sum = (isnan(sum) ? 0 : sum) + v;
	}
	return sum;
}

double evidence_own(const struct evidence *e, enum evidence_end end, const char *part)
{
	double whole = evidence_own_sum(e, end, "cpu_whole");
	return whole > 0 ? evidence_own_sum(e, end, part) / whole : (double)NAN;
}
