/* SPDX-License-Identifier: Apache-2.0 */
/* Correlations as rows, a pair each, with sentences. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/correlate.h"
#include "analyze/explain.h"

enum { N_COLUMNS = 12, N_CELLS = N_COLUMNS + 2 };

static const struct column columns[N_COLUMNS + 1] = {
	{"x",      COL_TEXT  },
	       {"y",	     COL_TEXT  },
	    {"method", COL_TEXT  },
	  {"scope",  COL_TEXT  },
	{"n",      COL_INT   },
	       {"n_eff",	 COL_SIG4	 },
	    {"r",	  COL_FIXED3},
	  {"ci_lo",  COL_FIXED3},
	{"ci_hi",  COL_FIXED3},
	       {"p_raw",	 COL_P     },
	    {"p_adj",  COL_P	   },
	  {"lag_s",  COL_SIG4  },
	{"first",  COL_TEXT  },
};

/* Is a correlation shown, at the level that the intervals have? */
static bool shown(const struct relation *r)
{
	return r->p_adj < 0.05;
}

/* Whose movement comes first; NULL when nothing is shown. */
static const char *first_of(const struct relation *r)
{
	if (!shown(r))
		return NULL;
	return r->lag_s > 0   ? figure_at(r->x)->name
	       : r->lag_s < 0 ? figure_at(r->y)->name
			      : "together";
}

static void say_who(struct nb_text *t, const struct correlate_job *j, const struct relation *r)
{
	const char *x = figure_at(r->x)->name, *y = figure_at(r->y)->name;
	bool y_first = r->lag_s < 0;
	if (!isnan(r->p_adj) && !shown(r))
		text_addf(t, "no correlation of %s and %s is shown", x, y);
	else if (j->asked->lag && fabs(r->lag_s) > 0)
		text_addf(t, "%s moves first and %s %s %.4g s later", y_first ? y : x,
			  y_first ? x : y, r->c.r > 0 ? "follows" : "moves the other way",
			  fabs(r->lag_s));
	else
		text_addf(t,
			  r->c.r > 0 ? "%s and %s rise and fall together"
				     : "%s falls when %s rises",
			  x, y);
}

/* "Within runs, x and y rise and fall together: Pearson's r 0.95 (95 % interval 0.94 to 0.96; 420
 * samples, worth 327 independent ones; p = 4e-158 among all pairs, by holm)." */
static void sentence(struct nb_text *t, const struct correlate_job *j, const char *scope,
		     const struct relation *r)
{
	static const struct {
		const char *method, *name;
	} names[] = {
		{"pearson",  "Pearson's r"	 },
		{"spearman", "Spearman's rho" },
		{"kendall",  "Kendall's tau-b"},
	};
	char p[24];
	bool within = !strcmp(scope, "within");
	text_cut(t, 0);
	text_addf(t, "%s, ", within ? "Within runs" : "Between configurations");
	say_who(t, j, r);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i].method, j->asked->method))
			text_addf(t, ": %s%s %.3f", j->how.n_given ? "partial " : "", names[i].name,
				  r->c.r);
	text_add(t, " (");
	if (!isnan(r->c.ci_lo))
		text_addf(t, "95 %% interval %.3f to %.3f; ", r->c.ci_lo, r->c.ci_hi);
	text_addf(t, "%zu %s", r->c.n, within ? "samples" : "configurations");
	if (within && !j->asked->lag)
		text_addf(t, ", worth %.4g independent ones", r->c.n_eff);
	if (j->asked->lag)
		text_addf(t, ", their memory filtered out; %.3f as they are", r->r_raw);
	if (isnan(r->p_adj))
		text_add(t, "; too few for a p value");
	else if (!strcmp(j->asked->adjust, "none"))
		text_addf(t, "; %s", explain_p(p, r->c.p));
	else
		text_addf(t, "; %s among all pairs, by %s", explain_p(p, r->p_adj),
			  j->asked->adjust);
	for (size_t k = 0; k < j->how.n_given; k++)
		text_addf(t, "%s%s", k ? ", " : "; held still: ", figure_at(j->how.given[k])->name);
	text_add(t, ").");
}

void correlate_rows(struct correlate_job *j)
{
	struct explain explain = explain_begin(j->asked->explain, j->cli->format);
	size_t n_columns = N_COLUMNS + j->asked->lag;
	struct column *all = explain_columns(&explain, columns, &n_columns);
	struct output *out = output_begin(stdout, j->cli->format, "correlate", all, n_columns);
	struct nb_text t = {0};
	for (size_t k = 0; k < j->n_scopes; k++) {
		const struct relations *s = &j->scopes[k];
		for (size_t i = 0; i < s->n && (!j->asked->top || i < j->asked->top); i++) {
			const struct relation *r = &s->v[i];
			sentence(&t, j, s->scope, r);
			struct cell finding = explain_cell(&explain, t.s),
				    first = cell_text(first_of(r));
			const struct cell cells[N_CELLS] = {
				cell_text(figure_at(r->x)->name),
				cell_text(figure_at(r->y)->name),
				cell_text(j->asked->method),
				cell_text(s->scope),
				cell_int((int64_t)r->c.n),
				cell_real(r->c.n_eff),
				cell_real(r->c.r),
				cell_real(r->c.ci_lo),
				cell_real(r->c.ci_hi),
				cell_real(r->c.p),
				cell_real(r->p_adj),
				cell_real(r->lag_s),
				j->asked->lag ? first : finding,
				finding,
			};
			output_row(out, cells);
		}
	}
	rows_end(j->cli, out, &j->notes, &explain);
	text_free(&t);
	free(all);
}
