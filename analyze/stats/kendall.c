// SPDX-License-Identifier: Apache-2.0
/*
 * Kendall's tau-b by counting the exchanges of a merge sort.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/rank.h"
#include "analyze/stats/status.h"

/* Sums over the groups of equal values, t the size of a group. */
struct ties {
	uint64_t pairs;	   /* t (t - 1) / 2 */
	long double cubic; /* t (t - 1) (2 t + 5) */
	long double third; /* t (t - 1) (t - 2) */
};

static void add_tie(struct ties *ties, size_t size)
{
	long double t = (long double)size;

	ties->pairs += (uint64_t)size * (size - 1) / 2;
	ties->cubic += t * (t - 1) * (2 * t + 5);
	ties->third += t * (t - 1) * (t - 2);
}

static struct ties count_ties(const double *sorted, size_t n)
{
	struct ties ties = {0, 0, 0};
	size_t i, j;

	for (i = 0; i < n; i = j) {
		for (j = i + 1; j < n && !(sorted[j] > sorted[i]); j++)
			;
		add_tie(&ties, j - i);
	}
	return ties;
}

struct pair {
	double x, y;
};

static int by_x_then_y(const void *a, const void *b)
{
	const struct pair *p = a, *q = b;
	int order = (p->x > q->x) - (p->x < q->x);

	return order ? order : (p->y > q->y) - (p->y < q->y);
}

static uint64_t count_joint_ties(const struct pair *sorted, size_t n)
{
	uint64_t pairs = 0;
	size_t i, j;

	for (i = 0; i < n; i = j) {
		for (j = i + 1; j < n && !by_x_then_y(&sorted[j], &sorted[i]); j++)
			;
		pairs += (uint64_t)(j - i) * (j - i - 1) / 2;
	}
	return pairs;
}

/* Merge y[0..m) and y[m..n), both ascending; returns how many pairs stood in the wrong order. */
static uint64_t merge(double *y, size_t m, size_t n, double *scratch)
{
	size_t i = 0, j = m, k = 0;
	uint64_t exchanges = 0;

	while (i < m && j < n) {
		if (y[j] < y[i]) {
			exchanges += m - i;
			scratch[k++] = y[j++];
		} else {
			scratch[k++] = y[i++];
		}
	}
	memcpy(scratch + k, y + i, (m - i) * sizeof(*y));
	memcpy(y, scratch, (k + m - i) * sizeof(*y));
	return exchanges;
}

static uint64_t sort_counting(double *y, size_t n, double *scratch)
{
	uint64_t exchanges = 0;
	size_t width, at;

	for (width = 1; width < n; width *= 2) {
		for (at = 0; at + width < n; at += 2 * width) {
			size_t end = n - at < 2 * width ? n - at : 2 * width;

			exchanges += merge(y + at, width, end, scratch);
		}
	}
	return exchanges;
}

/* y and scratch have room for n values. */
static int tau_of_pairs(struct stats_tau *out, struct pair *p, size_t n, double *y, double *scratch)
{
	uint64_t all = (uint64_t)n * (n - 1) / 2, joint, exchanges;
	long double m = (long double)n, v, s;
	struct ties tx, ty;
	size_t i;

	qsort(p, n, sizeof(*p), by_x_then_y);
	joint = count_joint_ties(p, n);
	for (i = 0; i < n; i++)
		y[i] = p[i].x;
	tx = count_ties(y, n);
	for (i = 0; i < n; i++)
		y[i] = p[i].y;
	exchanges = sort_counting(y, n, scratch);
	ty = count_ties(y, n);
	if (tx.pairs == all || ty.pairs == all)
		return STATS_CONSTANT;

	s = (long double)all - (long double)tx.pairs - (long double)ty.pairs + (long double)joint -
	    2 * (long double)exchanges;
	out->s = (double)s;
	out->tau_b = (double)(s / (sqrtl((long double)(all - tx.pairs)) *
				   sqrtl((long double)(all - ty.pairs))));
	v = (m * (m - 1) * (2 * m + 5) - tx.cubic - ty.cubic) / 18;
	v += 2 * (long double)tx.pairs * (long double)ty.pairs / (m * (m - 1));
	v += tx.third * ty.third / (9 * m * (m - 1) * (m - 2));
	out->s_sd = (double)sqrtl(v);
	return STATS_OK;
}

int stats_tau_b(struct stats_tau *out, const double *x, const double *y, size_t n)
{
	struct pair *p = malloc((n ? n : 1) * sizeof(*p));
	double *sorted = malloc((n ? n : 1) * sizeof(*sorted));
	double *scratch = malloc((n ? n : 1) * sizeof(*scratch));
	size_t i;
	int ret = STATS_NO_MEMORY;

	*out = (struct stats_tau){STATS_NAN, STATS_NAN, STATS_NAN};
	if (!p || !sorted || !scratch)
		goto cleanup;
	ret = STATS_TOO_FEW;
	if (n < 3)
		goto cleanup;
	for (i = 0; i < n; i++)
		p[i] = (struct pair){x[i], y[i]};
	ret = tau_of_pairs(out, p, n, sorted, scratch);
cleanup:
	free(p);
	free(sorted);
	free(scratch);
	return ret;
}
