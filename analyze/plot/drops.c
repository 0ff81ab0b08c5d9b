/* SPDX-License-Identifier: Apache-2.0 */
/* drop_bounded: of what was asked, which share arrived, which was lost at which stage, which was
 * never offered. The upper panel stacks the shares to 100 %; the lower shows small ones on a log
 * scale with a place for zero. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"

enum { DELIVERED = -1 };

/* The share of what was asked that stayed at a stage, or arrived. */
static double share(const struct plot_data *d, size_t run, const void *which)
{
	const struct run_ledger *l = &d->ledger->run[run];
	int stage = *(const int *)which;
	return (stage == DELIVERED ? l->delivered : l->lost[stage]) / l->asked;
}

/* Below the smallest share that was seen, a decade lower, is the place of zero. */
struct scale {
	double least; /* positive share */
	bool any[32], known[32];
	double packets; /* offered in all runs */
};

static struct scale scale_of(const struct plot_data *d, const struct curve *c)
{
	struct scale s = {.least = 1e-3};
	for (size_t i = c->runs.first; i < c->runs.first + c->runs.n; i++) {
		s.packets += isnan(d->ledger->run[i].offered) ? 0 : d->ledger->run[i].offered;
		for (int k = 0; k < (int)n_loss_stages; k++) {
			double v = share(d, i, &k);
			s.known[k] |= !isnan(v);
			s.any[k] |= v > 0;
			if (v > 0 && v < s.least)
				s.least = v;
		}
	}
	return s;
}

/* Stacked from 0: delivered, then the stages in reverse path order, what was not offered on top. */
static void define_stack(struct nb_text *script, const struct plot_data *d, const struct curve *c,
			 const int *drawn, size_t n_drawn)
{
	double *row = nb_alloc(n_drawn + 2, sizeof(*row));
	int delivered = DELIVERED;
	gp_data_begin(script, "stack");
	for (size_t i = 0; i < c->configs.n; i++) {
		size_t config = c->configs.first + i;
		double up = level_of_config(d, config, share, &delivered).mean;
		row[0] = (double)i;
		row[1] = up;
		for (size_t k = n_drawn; k-- > 0;) {
			double v = level_of_config(d, config, share, &drawn[k]).mean;
			up += v > 0 ? v : 0; /* a stage that gained packets has no height */
			row[2 + k] = up;
		}
		gp_data_row(script, row, n_drawn + 2);
	}
	gp_data_end(script);
	free(row);
}

static double placed(double v, double zero)
{
	return v > zero || isnan(v) ? v : zero;
}

static void define_shares(struct nb_text *script, const struct plot_data *d, const struct curve *c,
			  const int *drawn, size_t n_drawn, double zero)
{
	double *row = nb_alloc(1 + 3 * n_drawn, sizeof(*row));
	gp_data_begin(script, "shares");
	for (size_t i = 0; i < c->configs.n; i++) {
		row[0] = (double)i;
		for (size_t k = 0; k < n_drawn; k++) {
			struct level l = level_of_config(d, c->configs.first + i, share, &drawn[k]);
			row[1 + 3 * k] = placed(l.mean, zero);
			row[2 + 3 * k] = placed(l.lo, zero);
			row[3 + 3 * k] = placed(l.hi, zero);
		}
		gp_data_row(script, row, 1 + 3 * n_drawn);
	}
	gp_data_end(script);
	free(row);
}

enum plot_defined define_drop_bounded(struct nb_text *script, const struct plot_data *d,
				      const struct curve *c)
{
	struct scale s = scale_of(d, c);
	int *drawn = nb_alloc(n_loss_stages, sizeof(*drawn));
	char **title = nb_alloc(n_loss_stages, sizeof(*title));
	struct nb_text none = {0};
	size_t n = 0;
	/* what was not offered and the residual are there where they are known: zero is news */
	for (int k = 0; k < (int)n_loss_stages; k++)
		if (s.any[k] || (s.known[k] && (!k || k == (int)n_loss_stages - 1))) {
			title[n] = nb_strdup(loss_stages[k].title);
			drawn[n++] = k;
		}
	if (!n) { /* nothing was counted: the picture says so by being empty */
		title[n] = nb_strdup(loss_stages[n_loss_stages - 1].title);
		drawn[n++] = (int)n_loss_stages - 1;
	}
	double zero = pow(10, ceil(log10(s.least)) - 2);
	define_rates(script, d, c);
	gp_set_texts(script, "STAGE", title, n);
	gp_data_begin(script, "style"); /* which of the template's styles each stage has */
	for (size_t k = 0; k < n; k++) {
		double style = drawn[k];
		gp_data_row(script, &style, 1);
	}
	gp_data_end(script);
	gp_set_number(script, "stages", (double)n);
	gp_set_number(script, "zero", zero);
	gp_set_number(script, "top", 1);
	const struct run *last = &d->runs->run[c->runs.first + c->runs.n - 1];
	if (last->target_pps == RUN_NONE)
		gp_set_text(script, "rate_title",
			    "target rate (packets/s); max: shares of what was offered");
	define_stack(script, d, c, drawn, n);
	define_shares(script, d, c, drawn, n, zero);
	bool lost = false;
	for (size_t k = 0; k < n_loss_stages; k++)
		lost |= s.any[k] && loss_stages[k].loss;
	char buf[32];
	if (!lost && s.packets > 0)
		text_addf(&none, "no loss at any stage in %s packets", format_si(buf, s.packets));
	gp_set_text(script, "nothing", none.len ? none.s : "");
	for (size_t k = 0; k < n; k++)
		free(title[k]);
	text_free(&none);
	free(title);
	free(drawn);
	return PLOT_DEFINED;
}
