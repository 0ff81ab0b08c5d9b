/* SPDX-License-Identifier: Apache-2.0 */
/* Which pictures a terminal can show, and what they are drawn from there. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/level.h"
#include "analyze/plot/query.h"
#include "analyze/plot/terminal.h"

enum { ROWS = 18, SERIES = 3 };

/* Columns of numbers: x, and a y for each series. */
struct numbers {
	double *v[1 + SERIES];
	size_t n;
};

static void add(struct numbers *t, double x, double a, double b, double c)
{
	const double row[] = {x, a, b, c};
	for (size_t k = 0; k < 1 + SERIES; k++) {
		t->v[k] = nb_realloc(t->v[k], t->n + 1, sizeof(double));
		t->v[k][t->n] = row[k];
	}
	t->n++;
}

static void take_tick(void *to, sqlite3_stmt *st)
{
	add(to, plot_column(st, 0), NAN, plot_column(st, 1), plot_column(st, 2));
}

static void of_curve(struct numbers *t, const struct plot_data *d, const struct curve *c,
		     bool over_offered)
{
	for (size_t i = c->configs.first; i < c->configs.first + c->configs.n; i++) {
		double offered = level_of_config(d, i, run_offered, NULL).mean;
		double received = level_of_config(d, i, run_received, NULL).mean;
		double x = over_offered ? offered : config_target(d, i);
		if (!isnan(x))
			add(t, x, x, offered, received);
	}
}

/* Which of the columns each kind shows, and their names. */
static const struct term_kind {
	const char *kind, *x_name;
	const char *names[SERIES]; /* NULL: not shown */
} kinds[] = {
	{"tx_bounded", "target rate (packets/s)", {"asked", "offered by the sender", NULL}  },
	{"rx_bounded", "target rate (packets/s)", {"asked", NULL, "received"}		     },
	{"delivered",  "offered (packets/s)",     {"all that was offered", NULL, "received"}},
	{"timeseries", "seconds",		  {NULL, "offered", "received"}	       },
};

static const struct term_kind *find(const struct plot_kind *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].kind, kind->name))
			return &kinds[i];
	return NULL;
}

bool term_can(const struct plot_kind *kind)
{
	return find(kind) != NULL;
}

static int by_x(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* By rising x: what was offered need not rise with what was asked. */
static void put_in_order(struct numbers *t)
{
	double(*rows)[1 + SERIES] = nb_alloc(t->n + 1, sizeof(*rows));
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < 1 + SERIES; k++)
			rows[i][k] = t->v[k][i];
	qsort(rows, t->n, sizeof(*rows), by_x);
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < 1 + SERIES; k++)
			t->v[k][i] = rows[i][k];
	free(rows);
}

enum plot_defined term_picture(struct nb_text *out, const struct plot_kind *kind,
			       const struct plot_data *d, const struct curve *c, bool color,
			       size_t columns)
{
	const struct term_kind *t = find(kind);
	struct numbers v = {.n = 0};
	struct nb_text words = {0};
	struct term_series series[SERIES];
	size_t n = 0;
	if (!t)
		return PLOT_NOTHING;
	if (kind->about != ABOUT_RUN)
		of_curve(&v, d, c, !strcmp(kind->name, "delivered"));
	else if (plot_query(d, "run_series.sql", (struct run_group){d->run, 1}, NULL, take_tick,
			    &v))
		return PLOT_ERROR;
	put_in_order(&v);
	curve_words(&words, d->runs, c);
	for (size_t k = 0; k < SERIES; k++)
		if (t->names[k])
			series[n++] = (struct term_series){t->names[k], v.v[0], v.v[1 + k], v.n};
	const struct term_chart chart = {.title = kind->title,
					 .words = words.s,
					 .x_name = t->x_name,
					 .series = series,
					 .n = n,
					 .color = color,
					 .columns = columns,
					 .rows = ROWS};
	if (v.n)
		term_chart(out, &chart);
	enum plot_defined ret = v.n ? PLOT_DEFINED : PLOT_NOTHING;
	for (size_t k = 0; k < 1 + SERIES; k++)
		free(v.v[k]);
	text_free(&words);
	return ret;
}
