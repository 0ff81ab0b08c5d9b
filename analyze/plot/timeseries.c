/* SPDX-License-Identifier: Apache-2.0 */
/* timeseries: a run tick by tick. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/envelope.h"
#include "analyze/plot/level.h"
#include "analyze/plot/query.h"
#include "analyze/plot/script.h"

enum { T, OFFERED, RECEIVED, TX_DROP, RX_DROP, CPU_S, CPU_R, STEADY, UDP_DROP, N_COLUMNS };
/* more would not be told apart across a picture */
enum { COLUMNS_DRAWN = 700 };

struct series {
	double *v[N_COLUMNS];
	size_t n, cap;
};

static void take(void *to, sqlite3_stmt *st)
{
	struct series *s = to;
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		for (int k = 0; k < N_COLUMNS; k++)
			s->v[k] = nb_realloc(s->v[k], s->cap, sizeof(double));
	}
	for (int k = 0; k < N_COLUMNS; k++)
		s->v[k][s->n] = plot_column(st, k);
	s->n++;
}

static double highest(const double *v, size_t n, double least)
{
	for (size_t i = 0; i < n; i++)
		least = fmax(least, v[i]);
	return least;
}

static void put(struct nb_text *script, const char *name, const struct series *s, int column)
{
	double *t = nb_alloc(s->n + 1, sizeof(*t)), *v = nb_alloc(s->n + 1, sizeof(*v));
	memcpy(t, s->v[T], s->n * sizeof(*t));
	memcpy(v, s->v[column], s->n * sizeof(*v));
	size_t n = plot_envelope(t, v, s->n, COLUMNS_DRAWN);
	gp_data_begin(script, name);
	for (size_t i = 0; i < n; i++) {
		const double row[] = {t[i], v[i]};
		gp_data_row(script, row, 2);
	}
	gp_data_end(script);
	free(t);
	free(v);
}

static void define_steady(struct nb_text *script, const struct series *s)
{
	double from = NAN, to = NAN;
	for (size_t i = 0; i < s->n; i++)
		if (s->v[STEADY][i] > 0) {
			/* the interval that ends at the first steady tick is part of the window */
			from = isnan(from) ? s->v[T][i ? i - 1 : 0] : from;
			to = s->v[T][i];
		}
	gp_set_number(script, "steady_from", isnan(from) ? 0 : from);
	gp_set_number(script, "steady_to", isnan(to) ? 0 : to);
}

enum plot_defined define_timeseries(struct nb_text *script, const struct plot_data *d,
				    const struct curve *c)
{
	struct series s = {0};
	const struct run *run = &d->runs->run[d->run];
	struct run_group g = {d->run, 1};
	struct nb_text more = {0}, verdict = {0};
	if (plot_query(d, "run_series.sql", g, NULL, take, &s)) {
		for (int k = 0; k < N_COLUMNS; k++)
			free(s.v[k]);
		return PLOT_ERROR;
	}
	if (!s.n)
		return PLOT_NOTHING;
	char buf[32];
	text_addf(&more, ", asked %s", run_rate_text(buf, run));
	define_frame_of(script, d, c, g, more.s);
	text_add(&verdict, run->verdict ? run->verdict : run->status);
	if (run->reasons && *run->reasons)
		text_addf(&verdict, ": %.60s", run->reasons);
	gp_set_text(script, "verdict", verdict.s);
	/* over veth both ends count what one backlog drops */
	bool both = !d->veth;
	for (size_t i = 0; i < s.n; i++) {
		double tx = s.v[TX_DROP][i], rx = s.v[RX_DROP][i];
		s.v[TX_DROP][i] = !both			   ? fmax(tx, rx)
				  : isnan(tx) || isnan(rx) ? fmax(tx, rx)
							   : tx + rx;
	}
	put(script, "offered", &s, OFFERED);
	put(script, "received", &s, RECEIVED);
	put(script, "drops", &s, TX_DROP);
	put(script, "udp_drops", &s, UDP_DROP);
	put(script, "cpu_s", &s, CPU_S);
	put(script, "cpu_r", &s, CPU_R);
	double asked = config_target(d, run->config), udp_drop = highest(s.v[UDP_DROP], s.n, 0);
	double drop = highest(s.v[TX_DROP], s.n, udp_drop);
	double top = highest(s.v[OFFERED], s.n, highest(s.v[RECEIVED], s.n, 0));
	gp_set_number(script, "asked", asked);
	/* what was asked far above what came would flatten it */
	gp_set_number(script, "top", asked > top && asked < 2 * top ? asked : top > 0 ? top : 1);
	gp_set_number(script, "drop_top", drop > 0 ? drop : 1);
	gp_set_number(script, "any_drops", drop > 0);
	gp_set_number(script, "any_udp_drops", udp_drop > 0);
	gp_set_number(script, "t_end", s.v[T][s.n - 1]);
	gp_set_number(script, "has_cpu",
		      highest(s.v[CPU_R], s.n, highest(s.v[CPU_S], s.n, -1)) >= 0);
	gp_set_text(script, "seen_title", seen_title(d, c));
	define_steady(script, &s);
	for (int k = 0; k < N_COLUMNS; k++)
		free(s.v[k]);
	text_free(&more);
	text_free(&verdict);
	return PLOT_DEFINED;
}
