/* SPDX-License-Identifier: Apache-2.0 */
/* One figure of two sides: medians, their change, its interval and p. The run is the unit. */
#include "analyze/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/bootstrap.h"
#include "analyze/stats/mann_whitney.h"
#include "analyze/stats/quantile.h"
#include "analyze/stats/status.h"

static size_t pick(double *out, const struct compare_job *j, const struct cell_runs *cell, int side,
		   size_t figure)
{
	size_t n = 0;
	for (size_t i = 0; i < cell->n[side]; i++) {
		double v = value_at(&j->values, cell->run[side][i], figure);
		if (!isnan(v))
			out[n++] = v;
	}
	return n;
}

/* Hodges and Lehmann's interval of B - A, over A's median. */
static void shift_interval(struct comparison *c)
{
	struct stats_shift s;
	if (stats_hodges_lehmann(&s, c->b, c->n_b, c->a, c->n_a, 0.95) ||
	    s.confidence < 0.95 - 1e-9)
		return;
	c->ci_lo = s.lo / fabs(c->median_a);
	c->ci_hi = s.hi / fabs(c->median_a);
}

static void bootstrap_interval(struct comparison *c, uint64_t seed)
{
	size_t n = c->n_a > c->n_b ? c->n_a : c->n_b;
	size_t *ones = nb_alloc(n + 1, sizeof(*ones)); /* a run is one value */
	for (size_t i = 0; i < n; i++)
		ones[i] = 1;
	const struct stats_sample samples[] = {
		{c->a, c->n_a, {ones, c->n_a}},
		{c->b, c->n_b, {ones, c->n_b}},
	};
	const struct stats_bootstrap_options options = {
		.replicates = 10000, .block_length = 1, .seed = seed, .confidence = 0.95};
	struct stats_bootstrap out;
	if (c->n_a > 3 && c->n_b > 3 &&
	    !stats_bootstrap(&out, stats_of_median_change, NULL, samples, 2, &options)) {
		c->ci_lo = out.lo;
		c->ci_hi = out.hi;
	}
	free(ones);
}

struct comparison comparison_make(const struct compare_job *j, size_t cell, size_t figure)
{
	const struct cell_runs *runs = &j->sides.cell[cell];
	struct comparison c = {
		.cell = cell,
		.figure = figure,
		.a = nb_alloc(runs->n[0] + 1, sizeof(*c.a)),
		.b = nb_alloc(runs->n[1] + 1, sizeof(*c.b)),
		.delta = STATS_NAN,
		.ci_lo = STATS_NAN,
		.ci_hi = STATS_NAN,
		.p = STATS_NAN,
		.p_adj = STATS_NAN,
	};
	struct stats_mann_whitney test;
	c.n_a = pick(c.a, j, runs, 0, figure);
	c.n_b = pick(c.b, j, runs, 1, figure);
	stats_median(&c.median_a, c.a, c.n_a);
	stats_median(&c.median_b, c.b, c.n_b);
	int rc = stats_mann_whitney(&test, c.a, c.n_a, c.b, c.n_b, STATS_MANN_WHITNEY_EXACT);
	if (!rc || rc == STATS_CONSTANT) {
		c.p = test.p;
		c.exact = test.exact || rc;
	}
	if (!(fabs(c.median_a) > 0))
		return c;
	c.delta = (c.median_b - c.median_a) / fabs(c.median_a);
	if (!strcmp(j->asked->interval, "bootstrap"))
		bootstrap_interval(&c, j->asked->seed);
	else
		shift_interval(&c);
	return c;
}

void comparison_free(struct comparison *c)
{
	free(c->a);
	free(c->b);
}

bool comparison_shown(const struct comparison *c)
{
	return c->p_adj < 0.05;
}

const char *comparison_word(const struct comparison *c)
{
	const char *better = figure_at(c->figure)->metric->better;
	bool more = c->median_b > c->median_a;
	if (!comparison_shown(c))
		return "~";
	if (!strcmp(better, "none"))
		return more ? "more" : "less";
	return more == !strcmp(better, "more") ? "better" : "worse";
}
