/* SPDX-License-Identifier: Apache-2.0 */
/* ecdf: how the received rate scatters from sample to sample, each rate against its own median. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"
#include "analyze/stats/ecdf.h"
#include "analyze/stats/quantile.h"

enum { RATES_DRAWN = 6, STEPS_DRAWN = 400, N_QUANTILES = 5, SAMPLES_MIN = 3 };
static const double quantiles[N_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* The samples of one rate in percent of their median. */
struct scatter {
	size_t config, n;
	double *x, q[N_QUANTILES];
};

static bool gather(struct scatter *out, const struct plot_data *d, const struct samples *s,
		   size_t config, size_t figure)
{
	struct run_group g = d->runs->config[config];
	size_t n = 0;
	for (size_t i = g.first; i < g.first + g.n; i++)
		n += s->of_run[i].n;
	*out = (struct scatter){.config = config, .x = nb_alloc(n + 1, sizeof(double))};
	for (size_t i = g.first; i < g.first + g.n; i++)
		out->n += values_pick(out->x + out->n, &s->values, s->of_run[i], figure);
	double median;
	if (out->n < SAMPLES_MIN || stats_median(&median, out->x, out->n) || !(median > 0)) {
		free(out->x);
		return false;
	}
	for (size_t i = 0; i < out->n; i++)
		out->x[i] *= 100 / median;
	stats_quantiles(out->q, quantiles, N_QUANTILES, out->x, out->n);
	return true;
}

/* As many steps as can be told apart, the ends always. */
static void put_steps(struct nb_text *script, const struct scatter *s, size_t k)
{
	double *value = nb_alloc(s->n, sizeof(double)), *share = nb_alloc(s->n, sizeof(double));
	size_t n = 0;
	char name[32];
	snprintf(name, sizeof(name), "steps%zu", k + 1);
	gp_data_begin(script, name);
	stats_ecdf(value, share, &n, s->x, s->n);
	size_t stride = n > STEPS_DRAWN ? n / STEPS_DRAWN : 1;
	const double start[] = {n ? value[0] : (double)NAN, 0};
	gp_data_row(script, start, 2);
	for (size_t i = 0; i < n; i += i + stride < n || i == n - 1 ? stride : n - 1 - i) {
		const double row[] = {value[i], share[i]};
		gp_data_row(script, row, 2);
	}
	gp_data_end(script);
	free(value);
	free(share);
}

static void put_boxes(struct nb_text *script, const struct scatter *s, size_t n)
{
	gp_data_begin(script, "box");
	for (size_t k = 0; k < n; k++) {
		const double row[] = {(double)k, s[k].q[0], s[k].q[1],	   s[k].q[2],
				      s[k].q[3], s[k].q[4], (double)s[k].n};
		gp_data_row(script, row, 7);
	}
	gp_data_end(script);
}

static void put_names(struct nb_text *script, const struct plot_data *d, const struct scatter *s,
		      size_t n)
{
	char *rate[RATES_DRAWN], *samples[RATES_DRAWN];
	for (size_t k = 0; k < n; k++) {
		struct nb_text t = {0}, u = {0};
		char buf[32];
		text_addf(&t, "%s%s%s",
			  run_rate_text(buf, &d->runs->run[d->runs->config[s[k].config].first]),
			  *config_mark(d, s[k].config) ? " " : "", config_mark(d, s[k].config));
		text_addf(&u, "%zu, ± %.2g %%", s[k].n, (s[k].q[3] - s[k].q[1]) / 2);
		rate[k] = t.s;
		samples[k] = u.s;
	}
	gp_set_texts(script, "RATE", rate, n);
	gp_set_texts(script, "SAMPLES", samples, n);
	for (size_t k = 0; k < n; k++) {
		free(rate[k]);
		free(samples[k]);
	}
}

/* What shows 98 % of all samples and every box. */
static void put_range(struct nb_text *script, const struct scatter *s, size_t n)
{
	static const double ends[] = {0.01, 0.99};
	double lo = 99, hi = 101, q[2];
	for (size_t k = 0; k < n; k++) {
		stats_quantiles(q, ends, 2, s[k].x, s[k].n);
		lo = fmin(lo, q[0]);
		hi = fmax(hi, q[1]);
	}
	gp_set_number(script, "x_low", lo - (hi - lo) * 0.03);
	gp_set_number(script, "x_high", hi + (hi - lo) * 0.03);
}

enum plot_defined define_ecdf(struct nb_text *script, const struct plot_data *d,
			      const struct curve *c)
{
	struct samples s;
	struct scatter v[RATES_DRAWN];
	size_t n = 0, of = c->configs.n, most = of < RATES_DRAWN ? of : RATES_DRAWN;
	size_t figure = figure_index("receiver.forwarded_pps");
	bool forwarded = false;
	if (samples_load(&s, d->store, d->runs, NULL, 0, d->err))
		return PLOT_ERROR;
	for (size_t i = c->runs.first; i < c->runs.first + c->runs.n; i++)
		forwarded |= !isnan(value_at(d->values, i, figure));
	figure = forwarded ? figure : figure_index("receiver.rx_pps");
	for (size_t k = 0; k < most; k++) { /* from the lowest to the highest, evenly */
		size_t at = most > 1 ? k * (of - 1) / (most - 1) : 0;
		n += gather(&v[n], d, &s, c->configs.first + at, figure);
	}
	samples_free(&s);
	if (!n)
		return PLOT_NOTHING;
	define_frame_apart(script, d, c, "");
	for (size_t k = 0; k < n; k++)
		put_steps(script, &v[k], k);
	put_boxes(script, v, n);
	put_names(script, d, v, n);
	put_range(script, v, n);
	gp_set_number(script, "rates", (double)n);
	gp_set_number(script, "top", 1);
	gp_set_text(script, "nothing", "");
	gp_set_text(
		script, "x_name",
		forwarded
			? "received in a sample, % of the rate's median (box: middle half, line: 5 to 95 %)"
			: "rx_packets in a sample, % of the rate's median (box: middle half, line: 5 to 95 %)");
	for (size_t k = 0; k < n; k++)
		free(v[k].x);
	return PLOT_DEFINED;
}
