/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a comparison: the sides, what else is not the same of them, and each figure in each
 * cell. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/stats/mann_whitney.h"

/* What is compared when nobody names figures; those that count the same here once. */
static const char *const preset[] = {
	"sender.tx_pps",	 "receiver.rx_pps",    "receiver.forwarded_pps",
	"receiver.loss_ratio",	 "sender.cpu_percent", "receiver.cpu_percent",
	"node.irq_rate",	 "node.softirq_rate",  "receiver.irq_rate",
	"receiver.softirq_rate",
};

static void choose_preset(struct compare_job *j)
{
	struct figure_context context = runs_context(j->runs);
	j->figures = nb_alloc(sizeof(preset) / sizeof(*preset), sizeof(*j->figures));
	for (size_t i = 0; i < sizeof(preset) / sizeof(*preset); i++) {
		size_t f = figure_index(preset[i]), k = 0;
		if (!figure_default(figure_at(f), context))
			continue;
		while (k < j->n_figures &&
		       !figures_same(figure_at(j->figures[k]), figure_at(f), context))
			k++;
		if (k == j->n_figures)
			j->figures[j->n_figures++] = f;
	}
}

static void adjust(struct compare_job *j)
{
	double *p = nb_alloc(j->n + 1, sizeof(*p));
	for (size_t i = 0; i < j->n; i++)
		p[i] = j->v[i].p;
	stats_adjust(p, p, j->n, stats_adjustment_of(j->asked->adjust));
	for (size_t i = 0; i < j->n; i++)
		j->v[i].p_adj = p[i];
	free(p);
}

static double tests_of(const struct compare_job *j)
{
	return !strcmp(j->asked->adjust, "none") ? 1 : (double)j->n;
}

bool comparison_can_show(const struct compare_job *j, const struct comparison *c)
{
	return stats_mann_whitney_least_p(c->n_a, c->n_b) * tests_of(j) < 0.05;
}

/* Rows that no outcome could show, however far apart the sides are. */
static void say_few(struct compare_job *j)
{
	size_t few = 0;
	for (size_t i = 0; i < j->n; i++)
		few += !comparison_can_show(j, &j->v[i]);
	if (few)
		notes_add(
			&j->notes, "few_runs",
			"%zu of %zu rows have too few runs to show anything at 0.05 among %.0f: more "
			"runs (--repeat; 10 a side are good), or fewer figures (--metrics)",
			few, j->n, tests_of(j));
}

/* The rows, and a note on cells of one side. */
static void compute(struct compare_job *j)
{
	struct nb_text alone = {0};
	j->v = nb_alloc(j->sides.n_cells * j->n_figures + 1, sizeof(*j->v));
	for (size_t c = 0; c < j->sides.n_cells; c++) {
		const struct cell_runs *cell = &j->sides.cell[c];
		if (!cell->n[0] || !cell->n[1]) {
			text_addf(&alone, "%s%s (%c)", alone.len ? "; " : "", cell->label,
				  cell->n[0] ? 'A' : 'B');
			continue;
		}
		for (size_t f = 0; f < j->n_figures; f++) {
			struct comparison *v = &j->v[j->n];
			*v = comparison_make(j, c, j->figures[f]);
			if (v->n_a || v->n_b)
				j->n++;
			else
				comparison_free(v);
		}
	}
	adjust(j);
	if (alone.len)
		notes_add(&j->notes, "one_sided", "only one side has: %s", alone.s);
	say_few(j);
	text_free(&alone);
}

/* Is it, under its last name, among the differences of the configuration already? */
static bool told(const struct sides *s, const char *item)
{
	const char *name = strrchr(item, ' ');
	for (size_t i = 0; name && i < s->n_differences; i++)
		if (!strcmp(s->difference[i].item, name + 1))
			return true;
	return false;
}

static void side_ids(struct nb_text *t, const struct compare_job *j, int side)
{
	text_add(t, "[");
	for (size_t c = 0; c < j->sides.n_cells; c++)
		for (size_t i = 0; i < j->sides.cell[c].n[side]; i++)
			text_addf(t, "%s%lld", t->len > 1 ? "," : "",
				  (long long)j->runs->run[j->sides.cell[c].run[side][i]].id);
	text_add(t, "]");
}

/* Facts that are one value on one side and another on the other. */
static int add_facts(struct compare_job *j, struct store *s)
{
	enum { MOST = 12 };
	struct nb_text ids[2] = {0};
	struct sides *d = &j->sides;
	sqlite3_stmt *st = NULL;
	size_t more = 0;
	int rc = store_prepare(s, &st, store_query("compare_facts.sql"), "compare the hosts",
			       &j->cli->err);
	for (int k = 0; k < 2 && !rc; k++) {
		side_ids(&ids[k], j, k);
		sqlite3_bind_text(st, k + 1, ids[k].s, -1, SQLITE_STATIC);
	}
	for (size_t first = d->n_differences;
	     !rc && (rc = store_step(s, st, "compare the hosts", &j->cli->err)) == 1; rc = 0) {
		const char *item = (const char *)sqlite3_column_text(st, 0);
		if (told(d, item))
			continue;
		if (d->n_differences - first == MOST) {
			more++;
			continue;
		}
		d->difference =
			nb_realloc(d->difference, d->n_differences + 1, sizeof(*d->difference));
		d->difference[d->n_differences++] =
			(struct difference){nb_strdup(item),
					    nb_strdup((const char *)sqlite3_column_text(st, 1)),
					    nb_strdup((const char *)sqlite3_column_text(st, 2))};
	}
	if (more)
		notes_add(&j->notes, "differs_more",
			  "%zu more facts differ: nbanalyze show RUN RUN lists them", more);
	sqlite3_finalize(st);
	text_free(&ids[0]);
	text_free(&ids[1]);
	return rc;
}

int compare_make(struct compare_job *j, struct store *s)
{
	if (j->asked->metrics &&
	    figure_list(&j->figures, &j->n_figures, "--metrics", j->asked->metrics, &j->cli->err))
		return -1;
	if (sides_make(&j->sides, j->runs, j->name[0], j->name[1], &j->cli->err) ||
	    add_facts(j, s) || values_of_runs(&j->values, s, j->runs, &j->cli->err))
		return -1;
	if (!j->asked->metrics)
		choose_preset(j);
	notes_left_out(&j->notes, j->runs);
	compute(j);
	if (j->n)
		return 0;
	notes_end(j->cli, &j->notes);
	return nb_error_code(
		&j->cli->err, NB_NODATA,
		"compare: nothing to hold against each other: no configuration has runs "
		"of both sides with these figures");
}

void compare_free(struct compare_job *j)
{
	for (size_t i = 0; i < j->n; i++)
		comparison_free(&j->v[i]);
	free(j->v);
	free(j->gates);
	free(j->figures);
	sides_free(&j->sides);
	values_free(&j->values);
	notes_free(&j->notes);
}
