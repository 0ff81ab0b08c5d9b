/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison for people, as benchstat shows it, and for programs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/explain.h"

static const struct column for_programs[] = {
	{"config",	   COL_TEXT},
	{"metric",	   COL_TEXT},
	{"a_median",	     COL_SIG4},
	{"b_median",	     COL_SIG4},
	{"delta_percent", COL_SIG4},
	{"ci_lo_percent", COL_SIG4},
	{"ci_hi_percent", COL_SIG4},
	{"p_raw",	  COL_P   },
	{"p_adj",	  COL_P   },
	{"a_n",		COL_INT },
	{"b_n",		COL_INT },
	{"change",	   COL_TEXT},
};

static const struct column for_people[] = {
	{"config",	   COL_TEXT},
	      {"metric",	 COL_TEXT},
	    {"A",		  COL_TEXT},
	{"B",	      COL_TEXT},
	      {"delta",		COL_TEXT},
	    {"95 % interval", COL_TEXT},
	{"p",	      COL_P   },
	      {"n",		    COL_TEXT},
	    {"",		 COL_TEXT},
};

enum { CELLS = sizeof(for_programs) / sizeof(*for_programs) + 1 };

static void sentence(struct nb_text *t, const struct compare_job *j, const struct comparison *c)
{
	const char *name = figure_at(c->figure)->name, *cell = j->sides.cell[c->cell].label;
	const char *word = comparison_word(c);
	char a[32], b[32], p[24];
	text_cut(t, 0);
	if (strcmp(cell, "all") != 0)
		text_addf(t, "%s: ", cell);
	if (!comparison_shown(c))
		text_addf(t, "no change of %s is shown", name);
	else if (isnan(c->delta))
		text_addf(t, "%s is %s in B", name, word);
	else
		text_addf(t, "%s is %.3g %% %s in B than in A%s%s", name, 100 * fabs(c->delta),
			  c->delta < 0 ? "lower" : "higher",
			  *figure_at(c->figure)->metric->better == 'n' ? "" : ", ",
			  *figure_at(c->figure)->metric->better == 'n' ? "" : word);
	text_addf(t, ": medians %s and %s", format_si(a, c->median_a), format_si(b, c->median_b));
	if (!isnan(c->ci_lo))
		text_addf(t, ", change %.3g to %.3g %% (95 %%, %s)", 100 * c->ci_lo, 100 * c->ci_hi,
			  !strcmp(j->asked->interval, "bootstrap") ? "bootstrap of runs"
								   : "Hodges-Lehmann");
	text_addf(t, ", %zu and %zu runs", c->n_a, c->n_b);
	if (!isnan(c->p))
		text_addf(t, ", Mann-Whitney%s, %s", c->exact ? " exact" : "", explain_p(p, c->p));
	if (!isnan(c->p_adj) && j->n > 1 && strcmp(j->asked->adjust, "none") != 0)
		text_addf(t, ", %s among %zu by %s", explain_p(p, c->p_adj), j->n,
			  j->asked->adjust);
	text_add(t, ".");
}

static void row_for_programs(struct output *out, const struct compare_job *j,
			     const struct comparison *c, struct cell finding)
{
	const struct cell cells[CELLS] = {
		cell_text(j->sides.cell[c->cell].label),
		cell_text(figure_at(c->figure)->name),
		cell_real(c->median_a),
		cell_real(c->median_b),
		cell_real(100 * c->delta),
		cell_real(100 * c->ci_lo),
		cell_real(100 * c->ci_hi),
		cell_real(c->p),
		cell_real(c->p_adj),
		cell_int((int64_t)c->n_a),
		cell_int((int64_t)c->n_b),
		cell_text(comparison_word(c)),
		finding,
	};
	output_row(out, cells);
}

static void row_for_people(struct output *out, const struct compare_job *j,
			   const struct comparison *c, size_t skip)
{
	bool shown = comparison_shown(c);
	char a[32] = "-", b[32] = "-", delta[32] = "~", interval[64] = "-", n[48];
	if (c->n_a)
		format_si(a, c->median_a);
	if (c->n_b)
		format_si(b, c->median_b);
	if (shown && !isnan(c->delta))
		snprintf(delta, sizeof(delta), "%+.2f %%", 100 * c->delta);
	else if (shown)
		snprintf(delta, sizeof(delta), "from 0");
	if (!isnan(c->ci_lo))
		snprintf(interval, sizeof(interval), "%+.2f … %+.2f %%", 100 * c->ci_lo,
			 100 * c->ci_hi);
	snprintf(n, sizeof(n), "%zu+%zu", c->n_a, c->n_b);
	const struct cell cells[] = {
		cell_text(j->sides.cell[c->cell].label),
		cell_text(figure_at(c->figure)->name),
		cell_text(a),
		cell_text(b),
		cell_text(delta),
		cell_text(interval),
		cell_real(c->p_adj),
		cell_text(n),
		cell_text(shown ? comparison_word(c) : ""),
	};
	output_row(out, cells + skip);
}

void compare_run_ids(struct nb_text *t, const struct compare_job *j, int side)
{
	struct runs some = {0}; /* only what runs_ids_text() looks at */
	for (size_t c = 0; c < j->sides.n_cells; c++)
		for (size_t i = 0; i < j->sides.cell[c].n[side]; i++) {
			some.run = nb_realloc(some.run, some.n + 1, sizeof(*some.run));
			some.run[some.n++] = j->runs->run[j->sides.cell[c].run[side][i]];
		}
	runs_ids_text(t, &some, (struct run_group){0, some.n});
	free(some.run);
}

/* Which runs are held against which, and what else is not the same: before the rows for people,
 * else as notes. */
static void say_sides(struct compare_job *j, bool people)
{
	bool markdown = j->cli->format == FMT_MARKDOWN;
	const char *begin = markdown ? "- " : "";
	struct nb_text ids[2] = {0};
	compare_run_ids(&ids[0], j, 0);
	compare_run_ids(&ids[1], j, 1);
	for (int k = 0; k < 2; k++)
		if (people)
			printf("%s%c: %s (runs %s)\n", begin, 'A' + k, j->name[k], ids[k].s);
		else
			notes_add(&j->notes, k ? "b" : "a", "%c is %s: runs %s", 'A' + k,
				  j->name[k], ids[k].s);
	for (size_t i = 0; i < j->sides.n_differences; i++) {
		const struct difference *d = &j->sides.difference[i];
		if (people)
			printf("%sdiffers: %s: %s → %s\n", begin, d->item, d->a ? d->a : "none",
			       d->b ? d->b : "none");
		else
			notes_add(&j->notes, "differs", "%s: %s → %s", d->item,
				  d->a ? d->a : "none", d->b ? d->b : "none");
	}
	if (people)
		printf("\n");
	text_free(&ids[0]);
	text_free(&ids[1]);
}

void compare_print(struct compare_job *j)
{
	bool people = j->cli->format == FMT_TABLE || j->cli->format == FMT_MARKDOWN;
	struct explain explain = explain_begin(j->asked->explain, j->cli->format);
	/* one cell needs no name */
	size_t skip = people && j->sides.n_cells == 1;
	size_t n_columns = people ? sizeof(for_people) / sizeof(*for_people) - skip
				  : sizeof(for_programs) / sizeof(*for_programs);
	struct nb_text t = {0};
	say_sides(j, people);
	struct column *columns =
		explain_columns(&explain, people ? for_people + skip : for_programs, &n_columns);
	struct output *out = output_begin(stdout, j->cli->format, "compare", columns, n_columns);
	for (size_t i = 0; i < j->n; i++) {
		sentence(&t, j, &j->v[i]);
		struct cell finding = explain_cell(&explain, t.s);
		if (people)
			row_for_people(out, j, &j->v[i], skip);
		else
			row_for_programs(out, j, &j->v[i], finding);
	}
	rows_end(j->cli, out, &j->notes, &explain);
	text_free(&t);
	free(columns);
}
