/* SPDX-License-Identifier: Apache-2.0 */
/* delivered: what came through against what was offered, with the line of no loss. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/bound.h"
#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"

struct place {
	struct level offered, through;
	const char *mark;
};

static int by_offered(const void *a, const void *b)
{
	double x = ((const struct place *)a)->offered.mean;
	double y = ((const struct place *)b)->offered.mean;
	return (x > y) - (x < y);
}

/* Where it bends, should it bend: the line in three points, and the interval of the bend. */
static void define_knee(struct nb_text *script, const struct bound *b)
{
	const struct stats_knee *k = &b->knee;
	struct nb_text t = {0};
	char at[32], lo[32], hi[32];
	double last = 0;
	for (size_t i = 0; i < b->n_points; i++)
		last = fmax(last, b->point[i].offered);
	bool bends =
		!b->knee_status && k->p_exists < 0.05 && k->after.estimate < k->before.estimate;
	if (bends)
		text_addf(&t, "two lines that meet at %s", format_si(at, k->psi));
	if (bends && !isnan(k->psi_lo) && !isnan(k->psi_hi) &&
	    strcmp(format_si(lo, k->psi_lo), format_si(hi, k->psi_hi)) != 0)
		text_addf(&t, " (95 %%: %s to %s)", lo, hi);
	if (bends && k->livelock)
		text_add(&t, ", then it falls");
	gp_set_number(script, "knee", bends ? k->psi : (double)NAN);
	gp_set_number(script, "knee_y", bends ? k->y_at_psi : (double)NAN);
	gp_set_number(script, "knee_lo", bends ? k->psi_lo : (double)NAN);
	gp_set_number(script, "knee_hi", bends ? k->psi_hi : (double)NAN);
	gp_set_number(script, "knee_end", last);
	gp_set_number(script, "knee_end_y",
		      bends ? k->y_at_psi + k->after.estimate * (last - k->psi) : (double)NAN);
	gp_set_text(script, "knee_words", t.len ? t.s : "");
	text_free(&t);
}

/* NDR and PDR as nbanalyze bound has them; what was never exceeded is a lower bound. */
static void define_bound(struct nb_text *script, const struct bound_figure *f, const char *name,
			 const char *title)
{
	struct nb_text t = {0}, words = {0};
	char buf[32];
	bool lower = f->limit && !strcmp(f->limit, "lower");
	if (!isnan(f->value))
		text_addf(&words, "%s %s%s", title,
			  lower	     ? "≥ "
			  : f->limit ? "≤ "
				     : "",
			  format_si(buf, f->value));
	gp_set_number(script, name, f->value);
	text_addf(&t, "%s_words", name);
	gp_set_text(script, t.s, words.len ? words.s : "");
	text_free(&t);
	text_free(&words);
}

enum plot_defined define_delivered(struct nb_text *script, const struct plot_data *d,
				   const struct curve *c)
{
	struct bound bound;
	size_t n = 0, marked = 0;
	double top = 0;
	struct place *p = nb_alloc(c->configs.n + 1, sizeof(*p));
	char **mark = nb_alloc(c->configs.n + 1, sizeof(*mark));
	for (size_t i = 0; i < c->configs.n; i++) {
		size_t config = c->configs.first + i;
		p[n].offered = level_of_config(d, config, run_offered, NULL);
		p[n].through = level_of_config(d, config, run_received, NULL);
		p[n].mark = config_mark(d, config);
		if (isnan(p[n].offered.mean) || isnan(p[n].through.mean))
			continue;
		top = fmax(top, fmax(p[n].offered.mean, p[n].offered.hi));
		top = fmax(top, fmax(p[n].through.mean, p[n].through.hi));
		n++;
	}
	qsort(p, n, sizeof(*p), by_offered);
	define_frame(script, d, c);
	gp_data_begin(script, "points");
	for (size_t i = 0; i < n; i++) {
		const double row[] = {p[i].offered.mean, p[i].offered.lo, p[i].offered.hi,
				      p[i].through.mean, p[i].through.lo, p[i].through.hi,
				      *p[i].mark ? 1 : 0};
		gp_data_row(script, row, sizeof(row) / sizeof(*row));
		mark[i] = nb_strdup(p[i].mark);
		marked += *p[i].mark != '\0';
	}
	if (!n) { /* a block without a row is an error to gnuplot */
		const double row[] = {(double)NAN, (double)NAN, (double)NAN, (double)NAN,
				      (double)NAN, (double)NAN, (double)NAN};
		gp_data_row(script, row, sizeof(row) / sizeof(*row));
	}
	gp_data_end(script);
	gp_set_texts(script, "MARK", mark, n ? n : 1);
	gp_set_number(script, "marked", (double)marked);
	gp_set_number(script, "top", top > 0 ? top : 1);
	gp_set_text(script, "seen_title", seen_title(d, c));
	for (size_t i = 0; i < n; i++)
		free(mark[i]);
	bound_of_curve(&bound, d->runs, c, d->evidence, NULL);
	define_knee(script, &bound);
	define_bound(script, &bound.ndr, "ndr", "NDR");
	define_bound(script, &bound.pdr, "pdr", "PDR");
	bound_free(&bound);
	free(mark);
	free(p);
	return PLOT_DEFINED;
}
