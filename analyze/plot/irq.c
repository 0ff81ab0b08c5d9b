/* SPDX-License-Identifier: Apache-2.0 */
/* sw_irq_bounded: interrupts and softirqs of both sides, one set when both are on one host. */
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
};

static const struct series one_host[] = {
	{"node.softirq_rate", "softirqs, all kinds", 1},
	{"node.net_rx_rate",  "NET_RX softirqs",	2},
	{"node.net_tx_rate",  "NET_TX softirqs",	3},
	{"node.irq_rate",	  "hardware interrupts", 0},
};

static const struct series two_hosts[] = {
	{"sender.softirq_rate",	"sender: softirqs, all kinds",   1},
	{"sender.irq_rate",	    "sender: hardware interrupts",   0},
	{"sender.net_rx_rate",    "sender: NET_RX softirqs",	  2},
	{"receiver.softirq_rate", "receiver: softirqs, all kinds", 5},
	{"receiver.irq_rate",     "receiver: hardware interrupts", 4},
	{"receiver.net_rx_rate",	 "receiver: NET_RX softirqs",     6},
};

/* The lowest and highest positive rate, to place the axis. */
static void widen(double *least, double *most, struct level l)
{
	const double v[] = {l.mean, l.lo, l.hi};
	for (size_t i = 0; i < 3; i++) {
		if (v[i] > 0)
			*least = fmin(*least, v[i]);
		*most = fmax(*most, v[i]);
	}
}

void define_sw_irq_bounded(struct nb_text *script, const struct plot_data *d, const struct curve *c)
{
	const struct series *series = d->one_node ? one_host : two_hosts;
	size_t n = d->one_node ? sizeof(one_host) / sizeof(*one_host)
			       : sizeof(two_hosts) / sizeof(*two_hosts);
	double least = INFINITY, most = 0;
	bool zeros = false;
	char *title[8];
	struct level *l = nb_alloc(c->configs.n * n + 1, sizeof(*l));
	for (size_t i = 0; i < c->configs.n; i++)
		for (size_t k = 0; k < n; k++) {
			struct level *at = &l[i * n + k];
			*at = level_of_config(d, c->configs.first + i, run_value, series[k].figure);
			widen(&least, &most, *at);
			zeros |= at->mean <= 0 || at->lo <= 0;
		}
	if (!isfinite(least))
		least = most = 1;
	double bottom = pow(10, floor(log10(least)) - (zeros ? 1 : 0));
	define_rates(script, d, c);
	gp_data_begin(script, "rates");
	for (size_t i = 0; i < c->configs.n; i++) {
		double row[1 + 3 * 8] = {(double)i};
		for (size_t k = 0; k < n; k++) {
			const double v[] = {l[i * n + k].mean, l[i * n + k].lo, l[i * n + k].hi};
			for (size_t m = 0; m < 3; m++)
				row[1 + 3 * k + m] = v[m] < bottom ? bottom : v[m];
		}
		gp_data_row(script, row, 1 + 3 * n);
	}
	gp_data_end(script);
	for (size_t k = 0; k < n; k++)
		title[k] = nb_strdup(series[k].title);
	gp_set_texts(script, "SERIES", title, n);
	gp_data_begin(script, "style");
	for (size_t k = 0; k < n; k++) {
		double style = series[k].style;
		gp_data_row(script, &style, 1);
		free(title[k]);
	}
	gp_data_end(script);
	gp_set_number(script, "series", (double)n);
	gp_set_number(script, "bottom", bottom);
	gp_set_number(script, "top", most);
	gp_set_number(script, "zeros", zeros);
	gp_set_text(script, "hosts", d->one_node ? "both ends on one host: its totals" : "");
	free(l);
}
