// SPDX-License-Identifier: Apache-2.0
/*
 * Holm, Benjamini-Hochberg and Benjamini-Yekutieli.
 */
#include "analyze/stats/adjust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/status.h"

struct test {
	double p;
	size_t index;
};

static int by_p(const void *a, const void *b)
{
	const struct test *s = a, *t = b;

	return (s->p > t->p) - (s->p < t->p);
}

/* Step down: the smallest first, and none below the one before it. */
static void holm(double *adjusted, const struct test *sorted, size_t m)
{
	double highest = 0;
	size_t i;

	for (i = 0; i < m; i++) {
		highest = fmax(highest, fmin(1, (double)(m - i) * sorted[i].p));
		adjusted[sorted[i].index] = highest;
	}
}

/* Step up: the largest first, and none above the one before it. */
static void step_up(double *adjusted, const struct test *sorted, size_t m, double scale)
{
	double lowest = 1;
	size_t i;

	for (i = m; i-- > 0;) {
		lowest = fmin(lowest, scale * (double)m * sorted[i].p / (double)(i + 1));
		adjusted[sorted[i].index] = lowest;
	}
}

static double harmonic(size_t m)
{
	double sum = 0;

	for (; m; m--)
		sum += 1 / (double)m;
	return sum;
}

enum stats_adjustment stats_adjustment_of(const char *name)
{
	static const struct {
		const char *name;
		enum stats_adjustment method;
	} methods[] = {
		{"holm", STATS_ADJUST_HOLM},
		{"bh",   STATS_ADJUST_BH  },
		{"by",   STATS_ADJUST_BY  },
	};
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (!strcmp(methods[i].name, name))
			return methods[i].method;
	return STATS_ADJUST_NONE;
}

int stats_adjust(double *adjusted, const double *p, size_t n, enum stats_adjustment method)
{
	struct test *sorted;
	size_t i, m = 0;

	for (i = 0; i < n; i++)
		if (p[i] < 0 || p[i] > 1)
			return STATS_DOMAIN;
	sorted = malloc((n ? n : 1) * sizeof(*sorted));
	if (!sorted)
		return STATS_NO_MEMORY;
	for (i = 0; i < n; i++) {
		if (!isnan(p[i]))
			sorted[m++] = (struct test){p[i], i};
		adjusted[i] = p[i];
	}
	qsort(sorted, m, sizeof(*sorted), by_p);
	if (method == STATS_ADJUST_HOLM)
		holm(adjusted, sorted, m);
	else if (method == STATS_ADJUST_BH)
		step_up(adjusted, sorted, m, 1);
	else if (method == STATS_ADJUST_BY)
		step_up(adjusted, sorted, m, harmonic(m));
	free(sorted);
	return STATS_OK;
}
