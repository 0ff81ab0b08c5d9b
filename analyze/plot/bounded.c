/* SPDX-License-Identifier: Apache-2.0 */
/* tx_bounded and rx_bounded: target against observed, in packets per second and in percent. */
#include "analyze/plot/bounded.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/level.h"
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

static void define(struct nb_text *script, const struct plot_data *d, const struct curve *c,
		   run_figure *observed, bool with_offered)
{
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
		add_labels(&l, c, v.mean, share.mean);
	}
	gp_data_end(script);
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
}

void define_tx_bounded(struct nb_text *script, const struct plot_data *d, const struct curve *c)
{
	const struct run *run = &d->runs->run[c->runs.first];
	gp_set_text(script, "drop_title",
		    !strcmp(run->path, "loopback") ? "rx_dropped (the backlog of lo was full)"
		    : d->veth ? "tx_dropped (on veth: the receiver's backlog was full)"
			      : "tx_dropped (by the sender's driver)");
	define(script, d, c, run_offered, false);
}

void define_rx_bounded(struct nb_text *script, const struct plot_data *d, const struct curve *c)
{
	gp_set_text(script, "seen_title", seen_title(d, c));
	define(script, d, c, run_received, true);
}
