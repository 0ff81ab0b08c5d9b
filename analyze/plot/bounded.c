/* SPDX-License-Identifier: Apache-2.0 */
/* tx_bounded and rx_bounded: target against observed, in packets per second and in percent. */
#include "analyze/plot/bounded.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/level.h"
#include "analyze/plot/query.h"
#include "analyze/plot/script.h"

struct share_of {
	run_figure *figure;
	double target;
};

static double percent(const struct plot_data *d, size_t run, const void *which)
{
	const struct share_of *s = which;
	return 100 * s->figure(d, run, NULL) / s->target;
}

static double max_of(double a, double b)
{
	return fmax(a, b); /* the other where one is NaN */
}

/* Figures above the bars of one curve. */
struct labels {
	char **value, **share;
	size_t n;
};

static void add_labels(struct labels *l, const struct curve *c, double value, double share)
{
	struct nb_text v = {0}, s = {0};
	char buf[32];
	if (!crowded(c)) {
		text_add(&v, isnan(value) ? "not measured" : format_si(buf, value));
		if (!isnan(share)) /* 99.97 must not read 100 */
			text_addf(&s, share < 99.95 && share > 99 ? "%.2f %%" : "%.3g %%",
				  share < 100.05 && share >= 99.995 ? 100 : share);
	}
	l->value[l->n] = v.s;
	l->share[l->n++] = s.s;
}

/* What single pairs had, lowest and highest of each configuration. */
struct pair_range {
	const struct plot_data *d;
	size_t first; /* config */
	double (*v)[2];
	int column;
};

static void take_pair(void *to, sqlite3_stmt *st)
{
	struct pair_range *r = to;
	size_t run = runs_find(r->d->runs, sqlite3_column_int64(st, 0));
	double *v = r->v[r->d->runs->run[run].config - r->first];
	double x = plot_column(st, r->column);
	v[0] = fmin(v[0], x);
	v[1] = fmax(v[1], x);
}

/* Rows of lowest and highest, times the number of pairs: what all would have carried if each had
 * been like it. */
static int define_pairs(struct nb_text *script, const struct plot_data *d, const struct curve *c,
			bool received, double *top)
{
	double pairs = (double)d->runs->run[c->runs.first].pairs;
	struct pair_range r = {d, c->configs.first, nb_alloc(c->configs.n + 1, sizeof(*r.v)),
			       received ? 2 : 1};
	for (size_t i = 0; i < c->configs.n; i++)
		r.v[i][0] = r.v[i][1] = NAN;
	int ret = pairs > 1 ? plot_query(d, "pair_rates.sql", c->runs, NULL, take_pair, &r) : 0;
	gp_data_begin(script, "pairs");
	for (size_t i = 0; i < c->configs.n; i++) {
		const double row[] = {(double)i, r.v[i][0] * pairs, r.v[i][1] * pairs};
		gp_data_row(script, row, 3);
		*top = max_of(*top, row[2]);
	}
	gp_data_end(script);
	gp_set_number(script, "pairs", pairs);
	free(r.v);
	return ret;
}

/* The first rate that was not reached: its place, or none. */
struct shortfall {
	size_t place;
	bool any;
	double target, got;
};

static const double reached = 0.99;

static void define_shortfall(struct nb_text *script, const struct shortfall *s, const char *verb)
{
	struct nb_text t = {0};
	char asked[32], got[32];
	if (s->any)
		text_addf(&t, "falls short from here: asked %s, %s %s", format_si(asked, s->target),
			  verb, format_si(got, s->got));
	gp_set_number(script, "short_at", s->any ? (double)s->place : -1);
	gp_set_text(script, "short_words", t.len ? t.s : "");
	text_free(&t);
}

static enum plot_defined define(struct nb_text *script, const struct plot_data *d,
				const struct curve *c, run_figure *observed, bool with_offered)
{
	struct shortfall falls = {.any = false};
	size_t n = c->configs.n;
	struct labels l = {nb_alloc(n + 1, sizeof(char *)), nb_alloc(n + 1, sizeof(char *)), 0};
	double top = 0, share_top = 100;
	bool drops = false, targets = false;
	define_rates(script, d, c);
	gp_data_begin(script, "rates");
	for (size_t i = 0; i < n; i++) {
		size_t config = c->configs.first + i;
		double target = config_target(d, config);
		struct share_of of = {observed, target};
		struct level v = level_of_config(d, config, observed, NULL);
		struct level o = level_of_config(d, config, run_offered, NULL);
		struct level sent = level_of_config(d, config, run_value, "sender.tx_pps");
		double lost = o.mean - sent.mean;
		struct level share = level_of_config(d, config, percent, &of);
		double extra = with_offered ? o.mean : lost;
		const double row[] = {(double)i, target,     v.mean,   v.lo,	v.hi,
				      extra,	 share.mean, share.lo, share.hi};
		gp_data_row(script, row, sizeof(row) / sizeof(*row));
		top = max_of(max_of(top, target), max_of(v.hi, max_of(v.mean, o.mean)));
		share_top = max_of(share_top, max_of(share.hi, share.mean));
		drops |= lost > 0;
		targets |= !isnan(target);
		if (!falls.any && v.mean < reached * target)
			falls = (struct shortfall){i, true, target, v.mean};
		add_labels(&l, c, v.mean, share.mean);
	}
	gp_data_end(script);
	int failed = define_pairs(script, d, c, with_offered, &top);
	define_shortfall(script, &falls, with_offered ? "received" : "offered");
	gp_set_texts(script, "VALUE", l.value, n);
	gp_set_texts(script, "SHARE", l.share, n);
	gp_set_number(script, "top", top > 0 ? top : 1);
	gp_set_number(script, "share_top", share_top);
	gp_set_number(script, "drops", drops);
	gp_set_number(script, "targets", targets);
	for (size_t i = 0; i < n; i++) {
		free(l.value[i]);
		free(l.share[i]);
	}
	free(l.value);
	free(l.share);
	return failed ? PLOT_ERROR : PLOT_DEFINED;
}

enum plot_defined define_tx_bounded(struct nb_text *script, const struct plot_data *d,
				    const struct curve *c)
{
	const struct run *run = &d->runs->run[c->runs.first];
	gp_set_text(script, "drop_title",
		    !strcmp(run->path, "loopback") ? "rx_dropped (the backlog of lo was full)"
		    : d->veth ? "tx_dropped (on veth: the receiver's backlog was full)"
			      : "tx_dropped (by the sender's driver)");
	return define(script, d, c, run_offered, false);
}

enum plot_defined define_rx_bounded(struct nb_text *script, const struct plot_data *d,
				    const struct curve *c)
{
	gp_set_text(script, "seen_title", seen_title(d, c));
	return define(script, d, c, run_received, true);
}
