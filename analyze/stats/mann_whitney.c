// SPDX-License-Identifier: Apache-2.0
/*
 * Mann-Whitney by counting: the number of ways to choose n_a of the ranks with a given sum, built
 * up one rank at a time. Ranks are doubled so that mean ranks of ties are whole numbers.
 */
#include "analyze/stats/mann_whitney.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/dist.h"
#include "analyze/stats/quantile.h"
#include "analyze/stats/rank.h"
#include "analyze/stats/status.h"

/* ways[s] = number of subsets of `choose` of the doubled ranks with sum s, s <= *top; to free(). */
static double *count_sums(size_t *top, const size_t *doubled, size_t n, size_t choose)
{
	size_t i, k, s, sum = 0;
	double *ways, *last;

	for (i = 0; i < n; i++)
		sum += doubled[i];
	ways = calloc((choose + 1) * (sum + 1), sizeof(*ways));
	if (!ways)
		return NULL;
	ways[0] = 1;
	for (i = 0; i < n; i++) {
		for (k = i + 1 < choose ? i + 1 : choose; k > 0; k--) {
			double *with = ways + k * (sum + 1), *without = with - (sum + 1);

			for (s = doubled[i]; s <= sum; s++)
				with[s] += without[s - doubled[i]];
		}
	}
	last = malloc((sum + 1) * sizeof(*last));
	if (last)
		memcpy(last, ways + choose * (sum + 1), (sum + 1) * sizeof(*last));
	free(ways);
	*top = sum;
	return last;
}

/* Share of the subsets whose sum is as far from the mean n_a (n + 1) as `sum` is. */
static int exact_p(double *p, const double *rank, size_t n, size_t n_a, size_t sum)
{
	size_t mean = n_a * (n + 1), away = sum > mean ? sum - mean : mean - sum, top, s, i;
	size_t *doubled = malloc(n * sizeof(*doubled));
	double *ways = NULL, all = 0, far = 0;

	for (i = 0; i < n && doubled; i++)
		doubled[i] = (size_t)(2 * rank[i]);
	if (doubled)
		ways = count_sums(&top, doubled, n, n_a);
	free(doubled);
	if (!ways)
		return STATS_NO_MEMORY;
	for (s = 0; s <= top; s++) {
		all += ways[s];
		if ((s > mean ? s - mean : mean - s) >= away)
			far += ways[s];
	}
	free(ways);
	*p = far / all;
	return STATS_OK;
}

/* sum over groups of ties of t^3 - t */
static double tie_term(double *sorted, size_t n)
{
	double sum = 0;
	size_t i, j;

	stats_sort(sorted, n);
	for (i = 0; i < n; i = j) {
		double t;

		for (j = i; j < n && !(sorted[j] > sorted[i]); j++)
			;
		t = (double)(j - i);
		sum += t * t * t - t;
	}
	return sum;
}

static double normal_p(double u, double *values, double n_a, double n_b)
{
	double n = n_a + n_b, ties = tie_term(values, n_a + n_b > 0 ? (size_t)n : 0);
	double variance = n_a * n_b / 12 * (n + 1 - ties / (n * (n - 1)));
	double away = fabs(u - n_a * n_b / 2);

	return 2 * stats_norm_upper(fmax(away - 0.5, 0) / sqrt(variance));
}

/* All values one after another, checked. */
static int join(double *values, const double *a, size_t n_a, const double *b, size_t n_b)
{
	size_t i;

	if (!n_a || !n_b)
		return STATS_TOO_FEW;
	memcpy(values, a, n_a * sizeof(*a));
	memcpy(values + n_a, b, n_b * sizeof(*b));
	for (i = 0; i < n_a + n_b; i++)
		if (!isfinite(values[i]))
			return STATS_DOMAIN;
	return STATS_OK;
}

int stats_mann_whitney(struct stats_mann_whitney *out, const double *a, size_t n_a, const double *b,
		       size_t n_b, size_t max_exact)
{
	size_t n = n_a + n_b, i;
	double *values = malloc((n + 1) * sizeof(*values)), *rank = malloc((n + 1) * sizeof(*rank));
	double sum = 0, pairs = (double)n_a * (double)n_b;
	int ret = STATS_NO_MEMORY;

	*out = (struct stats_mann_whitney){n_a, n_b, STATS_NAN, STATS_NAN, STATS_NAN, 0};
	if (!values || !rank)
		goto cleanup;
	ret = join(values, a, n_a, b, n_b);
	if (!ret)
		ret = stats_ranks(rank, values, n);
	if (ret)
		goto cleanup;
	for (i = 0; i < n_a; i++)
		sum += rank[i];
	out->u = sum - (double)n_a * ((double)n_a + 1) / 2;
	out->share = out->u / pairs;
	out->exact = n <= max_exact;
	if (out->exact)
		ret = exact_p(&out->p, rank, n, n_a, (size_t)(2 * sum));
	else
		out->p = normal_p(out->u, values, (double)n_a, (double)n_b);
	stats_sort(values, n);
	if (!ret && !(values[n - 1] > values[0])) {
		out->p = 1;
		ret = STATS_CONSTANT;
	}
cleanup:
	free(values);
	free(rank);
	return ret;
}

double stats_mann_whitney_least_p(size_t n_a, size_t n_b)
{
	double ways = 1;
	size_t i;

	for (i = 1; i <= n_b; i++)
		ways *= (double)(n_a + i) / (double)i;
	return fmin(1, 2 / ways);
}

/*
 * Which of the sorted differences, counted from 1, begins the interval: the largest c with
 * *below = P(U <= c - 1) <= alpha / 2, or 1 where there is none.
 */
static int first_inside(size_t *c, double *below, size_t n_a, size_t n_b, double alpha)
{
	size_t n = n_a + n_b, i, top, least = n_a * (n_a + 1);
	size_t *doubled = malloc(n * sizeof(*doubled));
	double *ways = NULL, all = 0;

	for (i = 0; i < n && doubled; i++)
		doubled[i] = 2 * (i + 1);
	if (doubled)
		ways = count_sums(&top, doubled, n, n_a);
	free(doubled);
	if (!ways)
		return STATS_NO_MEMORY;
	for (i = 0; i <= top; i++)
		all += ways[i];
	*below = ways[least] / all;
	for (*c = 1; 2 * *c <= n_a * n_b; (*c)++) {
		double next = *below + ways[least + 2 * *c] / all;

		if (next > alpha / 2)
			break;
		*below = next;
	}
	free(ways);
	return STATS_OK;
}

static int find_interval(struct stats_shift *out, const double *differences, size_t n_a, size_t n_b,
			 double alpha)
{
	double pairs = (double)n_a * (double)n_b, below = alpha / 2;
	size_t c;
	int ret = STATS_OK;

	if (n_a + n_b <= STATS_MANN_WHITNEY_EXACT) {
		ret = first_inside(&c, &below, n_a, n_b, alpha);
	} else {
		double sd = sqrt(pairs * ((double)(n_a + n_b) + 1) / 12);

		c = (size_t)fmax(pairs / 2 + stats_norm_quantile(alpha / 2) * sd, 1);
	}
	if (ret)
		return ret;
	out->lo = differences[c - 1];
	out->hi = differences[n_a * n_b - c];
	out->confidence = 1 - 2 * below;
	return STATS_OK;
}

int stats_hodges_lehmann(struct stats_shift *out, const double *a, size_t n_a, const double *b,
			 size_t n_b, double confidence)
{
	double *differences, *values = malloc((n_a + n_b + 1) * sizeof(*values));
	size_t i, j, m = 0;
	int ret;

	*out = (struct stats_shift){STATS_NAN, STATS_NAN, STATS_NAN, STATS_NAN};
	if (!values)
		return STATS_NO_MEMORY;
	ret = join(values, a, n_a, b, n_b);
	free(values);
	if (ret)
		return ret;
	if (!(confidence > 0 && confidence < 1))
		return STATS_DOMAIN;
	differences = malloc(n_a * n_b * sizeof(*differences));
	if (!differences)
		return STATS_NO_MEMORY;
	for (i = 0; i < n_a; i++)
		for (j = 0; j < n_b; j++)
			differences[m++] = a[i] - b[j];
	stats_sort(differences, m);
	out->shift = stats_quantile_sorted(differences, m, 0.5);
	ret = find_interval(out, differences, n_a, n_b, 1 - confidence);
	free(differences);
	return ret;
}
