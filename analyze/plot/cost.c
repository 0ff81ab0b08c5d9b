/* SPDX-License-Identifier: Apache-2.0 */
/* loss: what was lost of what was offered, on a log scale with a place for zero. cost: CPU time,
 * softirqs and interrupts for each packet. */
#include <math.h>
#include <stdlib.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"

static double placed(double v, double zero)
{
	return v > zero || isnan(v) ? v : zero;
}

/* What the runs of a family lost: the least share above 0, and whether any was, or was measured. */
struct losses {
	double least, packets;
	bool any, known;
};

static void losses_take(struct losses *l, const struct plot_data *d, const struct curve *c)
{
	for (size_t i = c->runs.first; i < c->runs.first + c->runs.n; i++) {
		double loss = run_value(d, i, "receiver.loss_ratio");
		l->any |= loss > 0;
		l->known |= !isnan(loss);
		l->packets += isnan(d->ledger->run[i].offered) ? 0 : d->ledger->run[i].offered;
		if (loss > 0 && loss < l->least)
			l->least = loss;
	}
}

/* $pointsK: offered, loss (mean lo hi), the mark. How many points there are, and how many of marked
 * runs, goes to v. */
static void put_losses(struct nb_text *script, double v[2], double *top, const struct plot_data *d,
		       const struct curve *c, size_t k, double zero)
{
	struct nb_text name = {0};
	text_addf(&name, "points%zu", k);
	gp_data_begin(script, name.s);
	for (size_t i = c->configs.first; i < c->configs.first + c->configs.n; i++) {
		struct level x = level_of_config(d, i, run_offered, NULL);
		struct level y = level_of_config(d, i, run_value, "receiver.loss_ratio");
		size_t mark = config_marked(d, i);
		if (isnan(x.mean) || isnan(y.mean))
			continue;
		const double row[] = {x.mean, placed(y.mean, zero), placed(y.lo, zero),
				      placed(y.hi, zero), (double)mark};
		gp_data_row(script, row, 5);
		*top = fmax(*top, x.mean);
		v[0]++;
		v[1] += mark > 0;
	}
	gp_data_end(script);
	text_free(&name);
}

enum plot_defined define_loss(struct nb_text *script, const struct plot_data *d,
			      const struct curve *c)
{
	const struct family *f = d->family;
	struct losses l = {.least = 1e-3};
	double counts[FAMILY_MAX][2] = {0}, top = 0;
	struct nb_text none = {0};
	char buf[32];
	(void)c;
	for (size_t k = 0; k < f->n; k++)
		losses_take(&l, d, f->curve[k]);
	double zero = pow(10, ceil(log10(l.least)) - 2);
	define_family(script, d);
	for (size_t k = 0; k < f->n; k++)
		put_losses(script, counts[k], &top, d, f->curve[k], k + 1, zero);
	gp_data_begin(script, "curves");
	for (size_t k = 0; k < f->n; k++)
		gp_data_row(script, counts[k], 2);
	gp_data_end(script);
	if (!l.known)
		text_add(&none, "the loss was not measured");
	else if (!l.any && l.packets > 0)
		text_addf(&none, "no loss in %s packets", format_si(buf, l.packets));
	gp_set_text(script, "nothing", none.len ? none.s : "");
	gp_set_number(script, "zero", zero);
	gp_set_number(script, "top", top > 0 ? top : 1);
	text_free(&none);
	return PLOT_DEFINED;
}

struct item {
	const char *figure, *title;
	bool of_host; /* once where both ends are on one host */
};

static const struct item items[] = {
	{"sender.cpu_ns_per_packet",    "sender's cores",      false},
	{"receiver.cpu_ns_per_packet",  "receiver's cores",	   false},
	{"receiver.softirq_per_packet", "softirqs",	    false},
	{"receiver.irq_per_packet",	    "hardware interrupts", false},
};

enum { N_ITEMS = sizeof(items) / sizeof(*items), N_CPU = 2 };

static bool measured(const struct plot_data *d, const struct curve *c, const char *figure)
{
	for (size_t i = c->runs.first; i < c->runs.first + c->runs.n; i++)
		if (run_value(d, i, figure) > 0)
			return true;
	return false;
}

struct span {
	double low, top;
};

static void widen(struct span *s, double v)
{
	if (v > 0) {
		s->low = fmin(s->low, v);
		s->top = fmax(s->top, v);
	}
}

static void put_span(struct nb_text *script, const char *low, const char *top, struct span s)
{
	bool any = s.top > 0;
	gp_set_number(script, low, any ? s.low : 1);
	/* wide enough for tics at 1, 2 and 5 to read it by */
	gp_set_number(script, top, any ? fmax(s.top, 4 * s.low) : 10);
}

enum plot_defined define_cost(struct nb_text *script, const struct plot_data *d,
			      const struct curve *c)
{
	const struct item *shown[N_ITEMS];
	char *title[N_ITEMS + 1] = {NULL};
	struct span cpu = {INFINITY, 0}, count = {INFINITY, 0};
	size_t n = 0, upper = 0;
	for (size_t k = 0; k < N_ITEMS; k++) {
		if (!measured(d, c, items[k].figure))
			continue;
		upper += k < N_CPU;
		title[n] = nb_strdup(items[k].title);
		shown[n++] = &items[k];
	}
	define_rates(script, d, c);
	gp_data_begin(script, "rates");
	for (size_t i = 0; i < c->configs.n; i++) {
		double row[1 + 3 * N_ITEMS] = {(double)i};
		for (size_t k = 0; k < n; k++) {
			struct level l = level_of_config(d, c->configs.first + i, run_value,
							 shown[k]->figure);
			const double v[] = {l.mean, l.lo, l.hi};
			for (size_t m = 0; m < 3; m++) { /* a log scale has no place for 0 */
				row[1 + 3 * k + m] = v[m] > 0 ? v[m] : (double)NAN;
				widen(k < upper ? &cpu : &count, v[m]);
			}
		}
		gp_data_row(script, row, 1 + 3 * n);
	}
	gp_data_end(script);
	gp_set_texts(script, "SERIES", title, n ? n : 1);
	gp_set_number(script, "series", (double)n);
	gp_set_number(script, "upper", (double)upper);
	put_span(script, "cpu_low", "cpu_top", cpu);
	put_span(script, "low", "top", count);
	gp_set_number(script, "one_host", d->one_node);
	for (size_t k = 0; k < n; k++)
		free(title[k]);
	return n ? PLOT_DEFINED : PLOT_NOTHING;
}
