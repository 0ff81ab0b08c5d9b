/* SPDX-License-Identifier: Apache-2.0 */
/* A fit as rows, as an equation and in words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/regress.h"

static const struct column columns[] = {
	{"term",	 COL_TEXT	 },
	      {"estimate",  COL_SIG4  },
	      {"se",	     COL_SIG4  },
	   {"t",	 COL_SIG4	 },
	{"p",	      COL_P	   },
	      {"ci_lo",	COL_SIG4	},
	      {"ci_hi",	COL_SIG4	},
	   {"vif",	   COL_SIG4  },
	{"r2",	       COL_FIXED3},
	      {"sigma",	COL_SIG4	},
	      {"n",	    COL_INT   },
	   {"condition", COL_SIG4	 },
	{"dw",	       COL_SIG4  },
	      {"y",	    COL_TEXT  },
	      {"scope",	COL_TEXT	},
	   {"method",    COL_TEXT  },
	{"errors",	   COL_TEXT  },
	      {"fit",	      COL_TEXT  },
};

enum { N_COLUMNS = sizeof(columns) / sizeof(*columns) };

const char *regress_term(const struct regress_job *j, const struct fit_result *r, size_t term)
{
	if (r->intercept && !term)
		return "(intercept)";
	return j->model.column[term - r->intercept].name;
}

void regress_begin(struct regress_job *j, bool explain)
{
	size_t n = N_COLUMNS;
	j->explain = explain_begin(explain, j->cli->format);
	j->columns = explain_columns(&j->explain, columns, &n);
	j->out = output_begin(stdout, j->cli->format, "regress", j->columns, n);
}

void regress_end(struct regress_job *j)
{
	rows_end(j->cli, j->out, &j->notes, &j->explain);
	if (j->equations.len && !j->cli->quiet)
		fputs(j->equations.s, stderr);
	text_free(&j->equations);
	free(j->columns);
}

/* "all" is said by saying nothing. */
static const char *name_of(const struct fit_data *d)
{
	return strcmp(d->label, "all") != 0 ? d->label : "";
}

static void of_what(struct nb_text *t, const struct regress_job *j, const struct fit_data *d,
		    const struct fit_result *r)
{
	text_addf(t, "%zu %s", r->fit.n, j->samples ? "samples" : "runs");
	if (r->drawn)
		text_add(t, " drawn");
	if (j->samples)
		text_addf(t, " of %zu run%s", d->n_runs, d->n_runs == 1 ? "" : "s");
}

/* "y = 1.2 + 3.4 × x   (R² 0.99, …)" */
static void add_equation(struct regress_job *j, const struct fit_data *d,
			 const struct fit_result *r)
{
	struct nb_text *t = &j->equations;
	text_addf(t, "%s =", figure_at(j->model.y)->name);
	for (size_t i = 0; i < r->fit.terms; i++) {
		double b = r->terms[i].estimate;
		const char *sign = b < 0 ? "−" : i ? "+" : "";
		text_addf(t, i ? " %s %.4g" : " %s%.4g", sign, fabs(b));
		if (i || !r->intercept)
			text_addf(t, " × %s", regress_term(j, r, i));
	}
	text_addf(t, "%s   (", r->intercept ? "" : " + each run's own level");
	if (!isnan(r->fit.r2))
		text_addf(t, "R² %.4g, ", r->fit.r2);
	if (!isnan(r->fit.sigma))
		text_addf(t, "σ %.4g, ", r->fit.sigma);
	text_add(t, "n = ");
	of_what(t, j, d, r);
	text_addf(t, "%s%s)\n", *name_of(d) ? "; " : "", name_of(d));
}

/* A step of x that changes y by something one can imagine: 1, 1000, or from one value to another.
 */
static void say_effect(struct nb_text *t, const struct regress_job *j, const struct fit_result *r,
		       size_t i)
{
	const struct stats_term *term = &r->terms[i];
	const struct model_column *c = &j->model.column[i - r->intercept];
	const struct model_term *of = &j->model.term[c->term];
	const struct factor *f = &of->factor[0];
	const char *y = figure_at(j->model.y)->name;
	double step = 1;
	if (of->n_factors == 1 && f->kind == FACTOR_KEY) {
		text_addf(t, "%s is %.4g %s with %s than with %s=%s", y, fabs(term->estimate),
			  term->estimate < 0 ? "lower" : "higher", c->name, f->key, f->level[0]);
	} else {
		const struct metric *m =
			f->kind == FACTOR_KEY ? NULL : figure_at(f->figure)->metric;
		bool rate = m && m->kind == METRIC_RATE && of->n_factors == 1 &&
			    f->kind == FACTOR_VALUE && f->power == 1;
		step = rate ? 1000 : 1;
		text_addf(t, "each %g more of %s goes with %.4g %s of %s", step, c->name,
			  step * fabs(term->estimate), term->estimate < 0 ? "less" : "more", y);
	}
	/* of how much less, when it is less */
	double lo = term->estimate < 0 ? -term->ci_hi : term->ci_lo;
	double hi = term->estimate < 0 ? -term->ci_lo : term->ci_hi;
	if (!isnan(lo))
		text_addf(t, " (95 %% interval %.4g to %.4g)", step * lo, step * hi);
}

/* Does a figure of the column stand in another term, too? Then no coefficient speaks alone. */
static bool entangled(const struct model *m, size_t column)
{
	const struct model_term *t = &m->term[m->column[column].term];
	for (size_t i = 0; i < m->n_terms; i++)
		for (size_t k = 0; k < t->n_factors && &m->term[i] != t; k++)
			for (size_t l = 0; l < m->term[i].n_factors; l++) {
				const struct factor *a = &t->factor[k], *b = &m->term[i].factor[l];
				if (a->kind != FACTOR_KEY && b->kind != FACTOR_KEY &&
				    a->figure == b->figure)
					return true;
			}
	return false;
}

/* What the fit says in plain words, of the terms that are shown not to be 0. */
static void add_words(struct regress_job *j, const struct fit_data *d, const struct fit_result *r)
{
	struct nb_text *t = &j->equations;
	size_t said = 0, together = 0;
	if (*name_of(d))
		text_addf(t, "%s: ", name_of(d));
	for (size_t i = r->intercept; i < r->fit.terms; i++) {
		if (!(r->terms[i].p < 0.05))
			continue;
		if (entangled(&j->model, i - r->intercept)) {
			together++;
			continue;
		}
		text_add(t, said++ ? "; " : "");
		say_effect(t, j, r, i);
	}
	if (together)
		text_addf(t, "%s%zu terms of the same figures act together, as the equation says",
			  said++ ? "; " : "", together);
	if (!said)
		text_addf(t, "nothing here is shown to go with %s", figure_at(j->model.y)->name);
	else if (!isnan(r->fit.r2))
		text_addf(t, "; that accounts for %.3g %% of how %s varies", 100 * r->fit.r2,
			  figure_at(j->model.y)->name);
	text_add(t, ".\n");
}

/* --explain: a sentence a term, with all that it rests on. */
static void sentence(struct nb_text *t, const struct regress_job *j, const struct fit_data *d,
		     const struct fit_result *r, size_t i)
{
	static const char *const methods[] = {
		[FIT_OLS] = "least squares", [FIT_HUBER] = "Huber", [FIT_THEIL_SEN] = "Theil-Sen"};
	const struct stats_term *term = &r->terms[i];
	char p[24];
	text_cut(t, 0);
	if (*name_of(d))
		text_addf(t, "%s: ", name_of(d));
	if (r->intercept && !i) {
		text_addf(t, "with every x at 0, %s is %.4g", figure_at(j->model.y)->name,
			  term->estimate);
		if (!isnan(term->ci_lo))
			text_addf(t, " (95 %% interval %.4g to %.4g)", term->ci_lo, term->ci_hi);
	} else {
		say_effect(t, j, r, i);
	}
	text_addf(t, ": %s", methods[j->method]);
	if (j->method == FIT_OLS)
		text_addf(t, ", %s errors", j->errors_name);
	text_add(t, ", ");
	of_what(t, j, d, r);
	if (r->memory > 1.1)
		text_addf(t, ", worth about %.4g independent ones",
			  (double)r->fit.n / (r->memory * r->memory));
	if (!isnan(term->p))
		text_addf(t, ", %s%s", explain_p(p, term->p),
			  term->p < 0.05 ? "" : ": not shown to be other than 0");
	text_add(t, ".");
}

void regress_print(struct regress_job *j, const struct fit_data *d, const struct fit_result *r)
{
	struct nb_text t = {0};
	for (size_t i = 0; i < r->fit.terms; i++) {
		const struct stats_term *term = &r->terms[i];
		sentence(&t, j, d, r, i);
		const struct cell cells[N_COLUMNS + 1] = {
			cell_text(regress_term(j, r, i)),
			cell_real(term->estimate),
			cell_real(term->se),
			cell_real(term->t),
			cell_real(term->p),
			cell_real(term->ci_lo),
			cell_real(term->ci_hi),
			cell_real(r->vif[i]),
			cell_real(r->fit.r2),
			cell_real(r->fit.sigma),
			cell_int((int64_t)r->fit.n),
			cell_real(r->fit.condition),
			cell_real(r->durbin_watson),
			cell_text(figure_at(j->model.y)->name),
			cell_text(j->samples ? "within" : "between"),
			cell_text(j->method_name),
			cell_text(j->errors_name),
			cell_text(d->label),
			explain_cell(&j->explain, t.s),
		};
		output_row(j->out, cells);
	}
	add_equation(j, d, r);
	add_words(j, d, r);
	text_free(&t);
}
