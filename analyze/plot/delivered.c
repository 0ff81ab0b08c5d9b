/* SPDX-License-Identifier: Apache-2.0 */
/* delivered: what came through against what was offered, with the line of no loss; a curve for each
 * core count or frame size. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/bound.h"
#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"

struct place {
	struct level offered, through;
	size_t mark;
};

static int by_offered(const void *a, const void *b)
{
	double x = ((const struct place *)a)->offered.mean;
	double y = ((const struct place *)b)->offered.mean;
	return (x > y) - (x < y);
}

/* What a curve is: the template's row of $curves. */
struct row {
	double points, spread, marked; /* how many: all, with an interval, of noted or void runs */
	double knee, knee_y, knee_lo, knee_hi, knee_end, knee_end_y; /* NaN: it does not bend */
	double ndr, pdr;
};

/* The highest that was received, and of all. */
struct tops {
	double seen, all;
};

/* $pointsK: offered and received, mean lo hi each, and the mark. */
static void put_points(struct nb_text *script, struct row *r, struct tops *top,
		       const struct plot_data *d, const struct curve *c, size_t k)
{
	struct place *p = nb_alloc(c->configs.n + 1, sizeof(*p));
	struct nb_text name = {0};
	size_t n = 0;
	for (size_t i = 0; i < c->configs.n; i++) {
		size_t config = c->configs.first + i;
		p[n].offered = level_of_config(d, config, run_offered, NULL);
		p[n].through = level_of_config(d, config, run_received, NULL);
		p[n].mark = config_marked(d, config);
		if (isnan(p[n].offered.mean) || isnan(p[n].through.mean))
			continue;
		top->seen = fmax(top->seen, fmax(p[n].through.mean, p[n].through.hi));
		top->all = fmax(top->all, fmax(p[n].offered.mean, p[n].offered.hi));
		top->all = fmax(top->all, top->seen);
		r->marked += p[n].mark > 0;
		r->spread += !isnan(p[n].through.lo);
		n++;
	}
	r->points = (double)n;
	qsort(p, n, sizeof(*p), by_offered);
	text_addf(&name, "points%zu", k);
	gp_data_begin(script, name.s);
	for (size_t i = 0; i < n; i++) {
		const double row[] = {p[i].offered.mean, p[i].offered.lo, p[i].offered.hi,
				      p[i].through.mean, p[i].through.lo, p[i].through.hi,
				      (double)p[i].mark};
		gp_data_row(script, row, sizeof(row) / sizeof(*row));
	}
	gp_data_end(script);
	text_free(&name);
	free(p);
}

/* Where it bends, should it bend: the line in three points, and the interval of the bend. `words`
 * says it, without what is in the key of several. */
static void take_knee(struct row *r, struct nb_text *words, const struct bound *b)
{
	const struct stats_knee *k = &b->knee;
	char at[32], lo[32], hi[32];
	double last = 0;
	for (size_t i = 0; i < b->n_points; i++)
		last = fmax(last, b->point[i].offered);
	r->knee = r->knee_y = r->knee_lo = r->knee_hi = r->knee_end = r->knee_end_y = (double)NAN;
	if (b->knee_status || !(k->p_exists < 0.05) || !(k->after.estimate < k->before.estimate))
		return;
	r->knee = k->psi;
	r->knee_y = k->y_at_psi;
	r->knee_lo = k->psi_lo;
	r->knee_hi = k->psi_hi;
	r->knee_end = last;
	r->knee_end_y = k->y_at_psi + k->after.estimate * (last - k->psi);
	text_add(words, format_si(at, k->psi));
	if (!isnan(k->psi_lo) && !isnan(k->psi_hi) &&
	    strcmp(format_si(lo, k->psi_lo), format_si(hi, k->psi_hi)) != 0)
		text_addf(words, " (95 %%: %s to %s)", lo, hi);
	if (k->livelock)
		text_add(words, ", then it falls");
}

/* NDR and PDR as nbanalyze bound has them; what was never exceeded is a lower bound. */
static char *bound_words(const struct bound_figure *f, const char *title)
{
	struct nb_text t = {0};
	char buf[32];
	bool lower = f->limit && !strcmp(f->limit, "lower");
	if (!isnan(f->value))
		text_addf(&t, "%s %s%s", title,
			  lower	     ? "≥ "
			  : f->limit ? "≤ "
				     : "",
			  format_si(buf, f->value));
	return t.s ? t.s : nb_strdup("");
}

enum plot_defined define_delivered(struct nb_text *script, const struct plot_data *d,
				   const struct curve *c)
{
	const struct family *f = d->family;
	struct row row[FAMILY_MAX] = {0};
	char *knee[FAMILY_MAX], *ndr[FAMILY_MAX], *pdr[FAMILY_MAX];
	struct tops top = {0, 0};
	define_family(script, d);
	for (size_t k = 0; k < f->n; k++) {
		struct bound bound;
		struct nb_text words = {0};
		put_points(script, &row[k], &top, d, f->curve[k], k + 1);
		bound_of_curve(&bound, d->runs, f->curve[k], d->evidence, NULL);
		take_knee(&row[k], &words, &bound);
		knee[k] = words.s;
		ndr[k] = bound_words(&bound.ndr, "NDR");
		pdr[k] = bound_words(&bound.pdr, "PDR");
		row[k].ndr = bound.ndr.value;
		row[k].pdr = bound.pdr.value;
		bound_free(&bound);
	}
	gp_data_begin(script, "curves");
	for (size_t k = 0; k < f->n; k++) {
		const double v[] = {row[k].points,  row[k].spread,   row[k].marked,
				    row[k].knee,    row[k].knee_y,   row[k].knee_lo,
				    row[k].knee_hi, row[k].knee_end, row[k].knee_end_y,
				    row[k].ndr,	    row[k].pdr};
		gp_data_row(script, v, sizeof(v) / sizeof(*v));
	}
	gp_data_end(script);
	gp_set_texts(script, "KNEE", knee, f->n);
	gp_set_texts(script, "NDR", ndr, f->n);
	gp_set_texts(script, "PDR", pdr, f->n);
	gp_set_number(script, "top", top.all > 0 ? top.all : 1);
	gp_set_number(script, "seen_top", top.seen > 0 ? top.seen : 1);
	gp_set_text(script, "seen_title", seen_title(d, c));
	for (size_t k = 0; k < f->n; k++) {
		free(knee[k]);
		free(ndr[k]);
		free(pdr[k]);
	}
	return PLOT_DEFINED;
}
