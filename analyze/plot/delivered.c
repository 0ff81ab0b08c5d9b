/* SPDX-License-Identifier: Apache-2.0 */
/* delivered: what came through against what was offered, with the line of no loss. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"
#include "analyze/stats/knee.h"
#include "analyze/stats/loss.h"

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

/* What runs of the curve offered, received and lost, side by side; those that lack one left out. */
struct points {
	double *offered, *received, *loss;
	size_t n;
};

static struct points points_of(const struct plot_data *d, const struct curve *c)
{
	struct points p = {nb_alloc(c->runs.n + 1, sizeof(double)),
			   nb_alloc(c->runs.n + 1, sizeof(double)),
			   nb_alloc(c->runs.n + 1, sizeof(double)), 0};
	for (size_t i = c->runs.first; i < c->runs.first + c->runs.n; i++) {
		p.offered[p.n] = run_offered(d, i, NULL);
		p.received[p.n] = run_received(d, i, NULL);
		double loss = run_value(d, i, "receiver.loss_ratio");
		p.loss[p.n] = loss < 0 ? 0 : loss;
		p.n += !isnan(p.offered[p.n]) && !isnan(p.received[p.n]);
	}
	return p;
}

static const double confidence = 0.95;

/* Where it bends, should it bend: the line in three points, and the interval of the bend. */
static void define_knee(struct nb_text *script, const struct points *p)
{
	struct stats_knee k;
	struct nb_text t = {0};
	char at[32], lo[32], hi[32];
	double last = 0;
	for (size_t i = 0; i < p->n; i++)
		last = fmax(last, p->offered[i]);
	bool bends = !stats_knee(&k, p->offered, p->received, p->n, confidence) &&
		     k.p_exists < 1 - confidence && k.after.estimate < k.before.estimate;
	if (bends)
		text_addf(&t, "two lines that meet at %s", format_si(at, k.psi));
	if (bends && !isnan(k.psi_lo) && !isnan(k.psi_hi) &&
	    strcmp(format_si(lo, k.psi_lo), format_si(hi, k.psi_hi)) != 0)
		text_addf(&t, " (95 %%: %s to %s)", lo, hi);
	if (bends && k.livelock)
		text_add(&t, ", then it falls");
	gp_set_number(script, "knee", bends ? k.psi : (double)NAN);
	gp_set_number(script, "knee_y", bends ? k.y_at_psi : (double)NAN);
	gp_set_number(script, "knee_lo", bends ? fmin(k.psi_lo, k.psi) : (double)NAN);
	gp_set_number(script, "knee_hi", bends ? fmax(k.psi_hi, k.psi) : (double)NAN);
	gp_set_number(script, "knee_end", last);
	gp_set_number(script, "knee_end_y",
		      bends ? k.y_at_psi + k.after.estimate * (last - k.psi) : (double)NAN);
	gp_set_text(script, "knee_words", t.len ? t.s : "");
	text_free(&t);
}

/* NDR and PDR; what was never exceeded is a lower bound. */
static void define_bound(struct nb_text *script, const struct points *p, const char *name,
			 const char *title, double goal)
{
	struct stats_loss_bound b = {.rate = NAN, .failed = NAN};
	struct nb_text t = {0}, words = {0};
	char buf[32];
	if (stats_loss_bound(&b, p->offered, p->loss, p->n, goal))
		b.rate = NAN;
	if (!isnan(b.rate))
		text_addf(&words, "%s %s%s", title, isnan(b.failed) ? "≥ " : "",
			  format_si(buf, b.rate));
	gp_set_number(script, name, b.rate);
	text_addf(&t, "%s_words", name);
	gp_set_text(script, t.s, words.len ? words.s : "");
	text_free(&t);
	text_free(&words);
}

enum plot_defined define_delivered(struct nb_text *script, const struct plot_data *d,
				   const struct curve *c)
{
	struct points runs = points_of(d, c);
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
	define_knee(script, &runs);
	define_bound(script, &runs, "ndr", "NDR", 0);
	define_bound(script, &runs, "pdr", "PDR", 0.005);
	free(runs.offered);
	free(runs.received);
	free(runs.loss);
	free(mark);
	free(p);
	return PLOT_DEFINED;
}
