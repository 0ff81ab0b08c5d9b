/* SPDX-License-Identifier: Apache-2.0 */
/* sw_irq_bounded: interrupts and softirqs of both sides, one set when both are on one host: a
 * second, and for each packet. */
#include <math.h>
#include <stdlib.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"

/* `style` is an index into the template's styles: 0 IRQ, 1 softirq, 2 NET_RX, 3 NET_TX, plus 4 for
 * the receiver's. */
struct series {
	const char *figure, *title;
	int style;
	const char *per_packet; /* NULL: not shown */
};

static const struct series one_host[] = {
	{"node.softirq_rate", "softirqs, all kinds", 1, "receiver.softirq_per_packet"},
	{"node.net_rx_rate",  "NET_RX softirqs",	2, NULL			       },
	{"node.net_tx_rate",  "NET_TX softirqs",	3, NULL			       },
	{"node.irq_rate",	  "hardware interrupts", 0, "receiver.irq_per_packet"    },
};

static const struct series two_hosts[] = {
	{"sender.softirq_rate",	"sender: softirqs, all kinds",   1, "sender.softirq_per_packet"},
	{"sender.irq_rate",	    "sender: hardware interrupts",   0, "sender.irq_per_packet"    },
	{"sender.net_rx_rate",    "sender: NET_RX softirqs",	  2, NULL			 },
	{"receiver.softirq_rate", "receiver: softirqs, all kinds", 5,
	 "receiver.softirq_per_packet"							   },
	{"receiver.irq_rate",     "receiver: hardware interrupts", 4, "receiver.irq_per_packet"  },
	{"receiver.net_rx_rate",	 "receiver: NET_RX softirqs",     6, NULL			     },
};

enum { SERIES_MAX = 8 };

/* The levels of what was measured: the series' of configuration i at level[i * n]. */
struct table {
	const struct series *series[SERIES_MAX];
	size_t n;
	struct level *level;
	double least, most; /* the lowest and highest rate above 0 */
	bool zeros, known;  /* is anything */
};

static bool measured(const struct plot_data *d, const struct curve *c, const char *figure)
{
	for (size_t i = c->runs.first; i < c->runs.first + c->runs.n; i++)
		if (!isnan(run_value(d, i, figure)))
			return true;
	return false;
}

static void take(struct table *t, const struct level *l)
{
	const double v[] = {l->mean, l->lo, l->hi};
	for (size_t i = 0; i < 3; i++) {
		t->zeros |= v[i] <= 0;
		t->known |= !isnan(v[i]);
		if (v[i] > 0)
			t->least = fmin(t->least, v[i]);
		t->most = fmax(t->most, v[i]);
	}
}

static const char *figure_of(const struct series *s, bool per_packet)
{
	return per_packet ? s->per_packet : s->figure;
}

/* What was measured of the rates, or of the figures for each packet. */
static void fill(struct table *t, const struct plot_data *d, const struct curve *c, bool per_packet)
{
	const struct series *all = d->one_node ? one_host : two_hosts;
	size_t n = d->one_node ? sizeof(one_host) / sizeof(*one_host)
			       : sizeof(two_hosts) / sizeof(*two_hosts);
	*t = (struct table){.least = INFINITY};
	for (size_t k = 0; k < n; k++)
		if (figure_of(&all[k], per_packet) &&
		    measured(d, c, figure_of(&all[k], per_packet)))
			t->series[t->n++] = &all[k];
	if (!t->n) /* a picture without any still says of which runs */
		t->series[t->n++] = &all[0];
	t->level = nb_alloc(c->configs.n * t->n + 1, sizeof(*t->level));
	for (size_t i = 0; i < c->configs.n * t->n; i++) {
		t->level[i] = level_of_config(d, c->configs.first + i / t->n, run_value,
					      figure_of(t->series[i % t->n], per_packet));
		take(t, &t->level[i]);
	}
	if (!isfinite(t->least))
		t->least = t->most = 1;
}

/* Zero has its place a decade below the lowest rate. */
static double bottom_of(const struct table *t)
{
	return pow(10, floor(log10(t->least)) - (t->zeros ? 1 : 0));
}

static void put_levels(struct nb_text *script, const char *name, const struct table *t,
		       size_t n_configs)
{
	double bottom = bottom_of(t);
	gp_data_begin(script, name);
	for (size_t i = 0; i < n_configs; i++) {
		double row[1 + 3 * SERIES_MAX] = {(double)i};
		for (size_t k = 0; k < t->n; k++) {
			const struct level *l = &t->level[i * t->n + k];
			const double v[] = {l->mean, l->lo, l->hi};
			for (size_t m = 0; m < 3; m++)
				row[1 + 3 * k + m] = v[m] < bottom ? bottom : v[m];
		}
		gp_data_row(script, row, 1 + 3 * t->n);
	}
	gp_data_end(script);
}

static void put_styles(struct nb_text *script, const char *name, const struct table *t)
{
	gp_data_begin(script, name);
	for (size_t k = 0; k < t->n; k++) {
		double style = t->series[k]->style;
		gp_data_row(script, &style, 1);
	}
	gp_data_end(script);
}

enum plot_defined define_sw_irq_bounded(struct nb_text *script, const struct plot_data *d,
					const struct curve *c)
{
	struct table t, packet;
	char *title[SERIES_MAX];
	fill(&t, d, c, false);
	fill(&packet, d, c, true);
	define_rates(script, d, c);
	put_levels(script, "rates", &t, c->configs.n);
	put_levels(script, "packet", &packet, c->configs.n);
	put_styles(script, "style", &t);
	put_styles(script, "packet_style", &packet);
	for (size_t k = 0; k < t.n; k++)
		title[k] = nb_strdup(t.series[k]->title);
	gp_set_texts(script, "SERIES", title, t.n);
	gp_set_number(script, "series", (double)t.n);
	gp_set_number(script, "bottom", bottom_of(&t));
	gp_set_number(script, "top", t.most);
	gp_set_number(script, "zeros", t.zeros);
	gp_set_number(script, "packet_series", (double)packet.n);
	gp_set_number(script, "packet_bottom", bottom_of(&packet));
	gp_set_number(script, "packet_top", packet.most);
	gp_set_number(script, "packet_zeros", packet.zeros);
	gp_set_number(script, "packet_known", packet.known);
	gp_set_number(script, "one_host", d->one_node);
	for (size_t k = 0; k < t.n; k++)
		free(title[k]);
	free(t.level);
	free(packet.level);
	return PLOT_DEFINED;
}
