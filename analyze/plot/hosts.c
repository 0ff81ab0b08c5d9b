/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of a host CPU by CPU, over the repeats of one configuration: where the CPUs spent their
 * time, which of them took interrupts and softirqs, and how packets spread over queues. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/query.h"
#include "analyze/plot/script.h"

enum { CPU_PARTS = 5, SOFTIRQS = 5, COUNTS = SOFTIRQS + 1, HOSTS_MAX = 2, CPUS_MAX = 8192 };

/* Of one host: `of` numbers for each CPU, 0 where a CPU has no row. */
struct by_cpu {
	double (*v)[COUNTS];
	size_t n; /* highest id + 1 */
	bool any;
};

static double *row_of(struct by_cpu *b, sqlite3_stmt *st)
{
	sqlite3_int64 cpu = sqlite3_column_int64(st, 0);
	if (cpu < 0 || cpu >= CPUS_MAX)
		return NULL;
	if ((size_t)cpu >= b->n) {
		b->v = nb_realloc(b->v, (size_t)cpu + 1, sizeof(*b->v));
		memset(b->v + b->n, 0, ((size_t)cpu + 1 - b->n) * sizeof(*b->v));
		b->n = (size_t)cpu + 1;
	}
	b->any = true;
	return b->v[cpu];
}

static void take_row(void *to, sqlite3_stmt *st)
{
	double *v = row_of(to, st);
	for (int k = 0; v && k < CPU_PARTS; k++)
		v[k] = plot_column(st, 1 + k);
}

static void take_irq(void *to, sqlite3_stmt *st)
{
	struct by_cpu *b = to;
	bool any = b->any;
	double *v = row_of(b, st);
	if (v)
		v[SOFTIRQS] += sqlite3_column_double(st, 2);
	b->any = any;
}

static const char *const sides_apart[] = {"sender", "receiver"};
static const char *const side_joined[] = {"node"};

static void put(struct nb_text *script, const char *name, size_t host, const struct by_cpu *b,
		size_t n_cpus, size_t columns)
{
	char block[32];
	snprintf(block, sizeof(block), "%s%zu", name, host + 1);
	gp_data_begin(script, block);
	for (size_t i = 0; i < n_cpus; i++) {
		double row[1 + COUNTS] = {(double)i};
		for (size_t k = 0; k < columns; k++)
			row[1 + k] = i < b->n ? b->v[i][k] : 0;
		gp_data_row(script, row, 1 + columns);
	}
	gp_data_end(script);
}

static void rate_words(struct nb_text *t, const struct plot_data *d)
{
	char buf[32];
	text_addf(t, ", asked %s",
		  run_rate_text(buf, &d->runs->run[d->runs->config[d->config].first]));
}

static void define_hosts(struct nb_text *script, const struct plot_data *d, const struct curve *c,
			 const struct by_cpu *cpu, const struct by_cpu *soft, size_t hosts,
			 bool with_counts)
{
	static const char *const apart[] = {"host of the sender", "host of the receiver"};
	struct nb_text more = {0};
	double soft_top = 0, irq_top = 0;
	size_t n = 1;
	char *name[HOSTS_MAX];
	rate_words(&more, d);
	define_frame_of(script, d, c, d->runs->config[d->config], more.s);
	for (size_t h = 0; h < hosts; h++) {
		n = cpu[h].n > n ? cpu[h].n : n;
		n = soft[h].n > n ? soft[h].n : n;
		name[h] = nb_strdup(hosts == 1 ? "one host, both ends" : apart[h]);
		for (size_t i = 0; i < soft[h].n; i++) {
			double sum = 0;
			for (size_t k = 0; k < SOFTIRQS; k++)
				sum += soft[h].v[i][k];
			soft_top = fmax(soft_top, sum);
			irq_top = fmax(irq_top, soft[h].v[i][SOFTIRQS]);
		}
	}
	for (size_t h = 0; h < hosts; h++) {
		put(script, "cpu", h, &cpu[h], n, CPU_PARTS);
		put(script, "soft", h, &soft[h], n, COUNTS);
	}
	gp_set_texts(script, "HOST", name, hosts);
	gp_set_number(script, "hosts", (double)hosts);
	gp_set_number(script, "cpus", (double)n);
	gp_set_number(script, "with_counts", with_counts);
	gp_set_number(script, "top", 100);
	gp_set_number(script, "soft_top", soft_top > 0 ? soft_top : 1);
	gp_set_number(script, "irq_top", irq_top > 0 ? irq_top : 1);
	gp_set_text(script, "irq_words", irq_top > 0 ? "" : "none");
	for (size_t h = 0; h < hosts; h++)
		free(name[h]);
	text_free(&more);
}

static enum plot_defined define(struct nb_text *script, const struct plot_data *d,
				const struct curve *c, bool with_counts)
{
	const char *const *side = d->one_node ? side_joined : sides_apart;
	size_t hosts = d->one_node ? 1 : HOSTS_MAX;
	struct by_cpu cpu[HOSTS_MAX] = {{0}}, soft[HOSTS_MAX] = {{0}};
	struct run_group g = d->runs->config[d->config];
	enum plot_defined ret = PLOT_NOTHING;
	for (size_t h = 0; h < hosts && ret != PLOT_ERROR; h++) {
		if (plot_query(d, "cpu_means.sql", g, side[h], take_row, &cpu[h]) ||
		    plot_query(d, "softirq_means.sql", g, side[h], take_row, &soft[h]) ||
		    plot_query(d, "irq_means.sql", g, side[h], take_irq, &soft[h]))
			ret = PLOT_ERROR;
		else if (cpu[h].any || (with_counts && soft[h].any))
			ret = PLOT_DEFINED;
	}
	if (!ret)
		define_hosts(script, d, c, cpu, soft, hosts, with_counts);
	for (size_t h = 0; h < hosts; h++) {
		free(cpu[h].v);
		free(soft[h].v);
	}
	return ret;
}

enum plot_defined define_cpu(struct nb_text *script, const struct plot_data *d,
			     const struct curve *c)
{
	return define(script, d, c, false);
}

enum plot_defined define_cpu_interrupts(struct nb_text *script, const struct plot_data *d,
					const struct curve *c)
{
	return define(script, d, c, true);
}

/* The rows of a heat map, and its cells as lines of the script. */
struct heat {
	struct nb_text cells;
	char **name;
	size_t rows, cpus;
	double low, top;
};

static void heat_cell(struct heat *h, sqlite3_int64 cpu, size_t row, double rate)
{
	const double cell[] = {(double)cpu, (double)row, rate};
	if (cpu < 0 || cpu >= CPUS_MAX)
		return;
	gp_data_row(&h->cells, cell, 3);
	h->cpus = (size_t)cpu + 1 > h->cpus ? (size_t)cpu + 1 : h->cpus;
	h->top = fmax(h->top, rate);
	if (rate > 0)
		h->low = fmin(h->low, rate);
}

static size_t heat_row(struct heat *h, const char *name)
{
	size_t i = 0;
	while (i < h->rows && strcmp(h->name[i], name) != 0)
		i++;
	if (i == h->rows) {
		h->name = nb_realloc(h->name, h->rows + 1, sizeof(*h->name));
		h->name[h->rows++] = nb_strdup(name);
	}
	return i;
}

/* As long as the margin is wide. */
static void put_rows(struct nb_text *script, const struct heat *h)
{
	enum { ROW_MAX = 22 };
	char **name = nb_alloc(h->rows + 1, sizeof(*name));
	for (size_t i = 0; i < h->rows; i++) {
		struct nb_text t = {0};
		text_add(&t, h->name[i]);
		frame_cut(&t, ROW_MAX);
		name[i] = t.s;
	}
	gp_set_tics(script, "ROW", name, h->rows);
	for (size_t i = 0; i < h->rows; i++)
		free(name[i]);
	free(name);
}

static void take_vector(void *to, sqlite3_stmt *st)
{
	const char *name = (const char *)sqlite3_column_text(st, 1);
	heat_cell(to, sqlite3_column_int64(st, 0), heat_row(to, name ? name : "?"),
		  sqlite3_column_double(st, 2));
}

static void take_softirqs(void *to, sqlite3_stmt *st)
{
	static const char *const kinds[] = {"NET_RX", "NET_TX", "TIMER", "SCHED", "other softirqs"};
	for (int k = 0; k < SOFTIRQS; k++)
		heat_cell(to, sqlite3_column_int64(st, 0), heat_row(to, kinds[k]),
			  sqlite3_column_double(st, 1 + k));
}

static void heat_free(struct heat *h)
{
	for (size_t i = 0; i < h->rows; i++)
		free(h->name[i]);
	free(h->name);
	text_free(&h->cells);
}

enum plot_defined define_interrupts(struct nb_text *script, const struct plot_data *d,
				    const struct curve *c)
{
	struct heat h = {.low = INFINITY};
	struct run_group g = d->runs->config[d->config];
	struct nb_text more = {0};
	int failed = plot_query(d, "irq_means.sql", g, d->side, take_vector, &h);
	size_t vectors = h.rows;
	if (failed || plot_query(d, "softirq_means.sql", g, d->side, take_softirqs, &h)) {
		heat_free(&h);
		return PLOT_ERROR;
	}
	if (!h.rows)
		return PLOT_NOTHING;
	rate_words(&more, d);
	text_addf(&more, "; %s", strcmp(d->side, "node") ? d->side : "one host, both ends");
	if (!vectors)
		text_add(&more, "; softirqs only");
	define_frame_of(script, d, c, g, more.s);
	gp_data_begin(script, "cells");
	text_add(script, h.cells.s);
	gp_data_end(script);
	put_rows(script, &h);
	gp_set_number(script, "rows", (double)h.rows);
	gp_set_number(script, "cpus", (double)h.cpus);
	gp_set_number(script, "top", h.top > 0 ? fmax(h.top, h.low * 10) : 10);
	gp_set_number(script, "low", h.top > 0 ? h.low : 1);
	gp_set_text(script, "nothing", h.top > 0 ? "" : "nothing was counted");
	heat_free(&h);
	text_free(&more);
	return PLOT_DEFINED;
}

enum { QUEUES_MAX = 4096 };

/* tx and rx. */
struct queues {
	double *pps[2];
	size_t n[2];
};

static void take_queue(void *to, sqlite3_stmt *st)
{
	struct queues *q = to;
	int rx = sqlite3_column_int(st, 0) != 0;
	sqlite3_int64 id = sqlite3_column_int64(st, 1);
	if (id < 0 || id >= QUEUES_MAX)
		return;
	if ((size_t)id >= q->n[rx]) {
		q->pps[rx] = nb_realloc(q->pps[rx], (size_t)id + 1, sizeof(double));
		for (size_t i = q->n[rx]; i <= (size_t)id; i++)
			q->pps[rx][i] = 0;
		q->n[rx] = (size_t)id + 1;
	}
	q->pps[rx][id] = sqlite3_column_double(st, 2);
}

/* Mean, and in words how even: the busiest over the mean, and Jain's index (1: all alike). */
static double balance(struct nb_text *words, const char *what, const double *v, size_t n)
{
	double sum = 0, squares = 0, most = 0;
	for (size_t i = 0; i < n; i++) {
		sum += v[i];
		squares += v[i] * v[i];
		most = fmax(most, v[i]);
	}
	if (!n)
		text_addf(words, "%s: no counters for each queue", what);
	else if (sum > 0)
		text_addf(words, "%s: busiest / mean %.2f, Jain's index %.2f", what,
			  most * (double)n / sum, sum * sum / ((double)n * squares));
	else
		text_addf(words, "%s: nothing", what);
	return n ? sum / (double)n : (double)NAN;
}

enum plot_defined define_queue_rate(struct nb_text *script, const struct plot_data *d,
				    const struct curve *c)
{
	static const char *const names[] = {"tx", "rx"};
	static const char *const titles[] = {"transmit", "receive"};
	struct queues q = {{NULL}, {0}};
	struct run_group g = d->runs->config[d->config];
	struct nb_text more = {0};
	double top = 0;
	if (plot_query(d, "queue_means.sql", g, d->side, take_queue, &q)) {
		free(q.pps[0]);
		free(q.pps[1]);
		return PLOT_ERROR;
	}
	if (!q.n[0] && !q.n[1])
		return PLOT_NOTHING;
	rate_words(&more, d);
	text_addf(&more, "; interface of the %s", d->side);
	define_frame_of(script, d, c, g, more.s);
	for (size_t k = 0; k < 2; k++) {
		struct nb_text words = {0};
		char name[32];
		double mean = balance(&words, titles[k], q.pps[k], q.n[k]);
		gp_data_begin(script, names[k]);
		for (size_t i = 0; i < q.n[k] || !i; i++) {
			const double row[] = {(double)i, i < q.n[k] ? q.pps[k][i] : (double)NAN};
			gp_data_row(script, row, 2);
			top = fmax(top, row[1]);
		}
		gp_data_end(script);
		snprintf(name, sizeof(name), "words_%s", names[k]);
		gp_set_text(script, name, words.s);
		snprintf(name, sizeof(name), "mean_%s", names[k]);
		gp_set_number(script, name, isnan(mean) ? -1 : mean);
		snprintf(name, sizeof(name), "n_%s", names[k]);
		gp_set_number(script, name, (double)q.n[k]);
		free(q.pps[k]);
		text_free(&words);
	}
	gp_set_number(script, "top", top > 0 ? top : 1);
	text_free(&more);
	return PLOT_DEFINED;
}
