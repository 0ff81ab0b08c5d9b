/* SPDX-License-Identifier: Apache-2.0 */
/* Rows from the cells of a source: what the tables are is a table. */
#include "collector/watch_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 8, WIDTH_FIRST = 16, WIDTH = 13 };

#define PERCENT 1e-7 /* of ns per second */
#define MBIT	8e-6 /* of bytes */

const struct watch_table watch_tables[] = {
	{"queue",
	 "queue", {{"pps", "queue_packets", 1},
	  {"mbps", "queue_bytes", MBIT},
	  {"dropped", "queue_drops", 1},
	  {"ring_full", "queue_ring_full", 1}}},
	{"irq", "irq", {{"rate", "irq_count", 1}}},
	{"cpu",
	 "stat", {{"user", "cpu_user", PERCENT},
	  {"nice", "cpu_nice", PERCENT},
	  {"system", "cpu_system", PERCENT},
	  {"irq", "cpu_irq", PERCENT},
	  {"softirq", "cpu_softirq", PERCENT},
	  {"iowait", "cpu_iowait", PERCENT},
	  {"steal", "cpu_steal", PERCENT},
	  {"idle", "cpu_idle", PERCENT}}},
	{"softnet",
	 "softnet", {{"processed", "softnet_processed", 1},
	  {"dropped", "softnet_dropped", 1},
	  {"time_squeeze", "softnet_time_squeeze", 1},
	  {"received_rps", "softnet_received_rps", 1},
	  {"flow_limit", "softnet_flow_limit", 1}}},
	{0					 },
};

struct row {
	const char *instance;
	double value[COLUMNS_MAX]; /* NaN: not known */
	double key;
};

const struct watch_table *watch_table_find(const char *name, size_t len)
{
	for (const struct watch_table *t = watch_tables; t->name; t++)
		if (strlen(t->name) == len && !memcmp(t->name, name, len))
			return t;
	return NULL;
}

static size_t column_of(const struct watch_table *t, const char *title)
{
	size_t c = 0;
	while (t->columns[c].title && strcmp(t->columns[c].title, title) != 0)
		c++;
	return c;
}

bool watch_table_has(const struct watch_table *t, const char *title)
{
	return t->columns[column_of(t, title)].title != NULL;
}

static int falling(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (isnan(x->key) || isnan(y->key))
		return isnan(x->key) - isnan(y->key);
	return (x->key < y->key) - (x->key > y->key);
}

static void fill(struct row *row, const struct watch_table *t, const struct counter_cell *cell,
		 uint64_t before, uint64_t now, int64_t dt_ns)
{
	uint64_t rise;
	for (size_t c = 0; t->columns[c].title; c++)
		if (!strcmp(t->columns[c].metric, cell->metric->name) && dt_ns > 0 &&
		    metric_delta(&rise, before, now, cell->metric->width))
			row->value[c] = (double)rise * 1e9 / (double)dt_ns * t->columns[c].scale;
}

static bool is_of(const struct watch_table *t, const struct counter_cell *cell)
{
	for (size_t c = 0; t->columns[c].title; c++)
		if (!strcmp(t->columns[c].metric, cell->metric->name))
			return true;
	return false;
}

static void print_row(struct nb_text *out, const struct watch_table *t, const struct row *row)
{
	text_addf(out, "%-*s", WIDTH_FIRST, row->instance);
	for (size_t c = 0; t->columns[c].title; c++)
		if (isnan(row->value[c]))
			text_addf(out, "%*s", WIDTH, "-");
		else
			text_addf(out, "%*.*f", WIDTH, t->columns[c].scale < 1 ? 1 : 0,
				  row->value[c]);
	text_add(out, "\n");
}

void watch_table_print(struct nb_text *out, const struct watch_table *t,
		       const struct counter_cell *cells, size_t n, const uint64_t *before,
		       const uint64_t *now, int64_t dt_ns, const char *sort)
{
	struct row *rows = nb_alloc(n, sizeof(*rows));
	size_t n_rows = 0, by = sort ? column_of(t, sort) : 0;
	for (size_t i = 0; i < n; i++) {
		if (!is_of(t, &cells[i]))
			continue;
		if (!n_rows || strcmp(rows[n_rows - 1].instance, cells[i].instance) != 0) {
			rows[n_rows] = (struct row){.instance = cells[i].instance};
			for (size_t c = 0; c < COLUMNS_MAX; c++)
				rows[n_rows].value[c] = NAN;
			n_rows++;
		}
		fill(&rows[n_rows - 1], t, &cells[i], before[i], now[i], dt_ns);
	}
	if (sort && t->columns[by].title) {
		for (size_t i = 0; i < n_rows; i++)
			rows[i].key = rows[i].value[by];
		qsort(rows, n_rows, sizeof(*rows), falling);
	}
	text_addf(out, "%-*s", WIDTH_FIRST, t->name);
	for (size_t c = 0; t->columns[c].title; c++)
		text_addf(out, "%*s", WIDTH, t->columns[c].title);
	text_add(out, "\n");
	for (size_t i = 0; i < n_rows; i++)
		print_row(out, t, &rows[i]);
	free(rows);
}
