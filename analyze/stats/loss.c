// SPDX-License-Identifier: Apache-2.0
/*
 * NDR and PDR from measured points.
 */
#include "analyze/stats/loss.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/status.h"

struct point {
	double rate, loss;
};

static int by_rate(const void *a, const void *b)
{
	const struct point *p = a, *q = b;

	return (p->rate > q->rate) - (p->rate < q->rate);
}

/* Sorted points, one a rate; negative on error. */
static int collect(struct point *points, size_t *kept, const double *offered,
		   const double *loss_ratio, size_t n)
{
	size_t i, j, k, m = 0;

	for (i = 0; i < n; i++) {
		if (isnan(offered[i]) || isnan(loss_ratio[i]))
			continue;
		if (isinf(offered[i]) || loss_ratio[i] < 0 || loss_ratio[i] > 1)
			return STATS_DOMAIN;
		points[m++] = (struct point){offered[i], loss_ratio[i]};
	}
	qsort(points, m, sizeof(*points), by_rate);
	for (i = 0, k = 0; i < m; i = j) {
		double sum = 0, rate = points[i].rate;

		for (j = i; j < m && !(points[j].rate > rate); j++)
			sum += points[j].loss;
		points[k++] = (struct point){rate, sum / (double)(j - i)};
	}
	*kept = k;
	return k ? STATS_OK : STATS_TOO_FEW;
}

int stats_loss_bound(struct stats_loss_bound *out, const double *offered, const double *loss_ratio,
		     size_t n, double goal)
{
	struct point *points = malloc((n ? n : 1) * sizeof(*points));
	size_t i = 0, j;
	int ret = STATS_NO_MEMORY;

	*out = (struct stats_loss_bound){STATS_NAN, STATS_NAN, STATS_NAN, 0, 0};
	if (!points)
		return ret;
	ret = goal >= 0 && goal <= 1 ? collect(points, &out->n, offered, loss_ratio, n)
				     : STATS_DOMAIN;
	if (ret)
		goto cleanup;
	while (i < out->n && points[i].loss <= goal)
		i++;
	if (i > 0)
		out->rate = out->passed = points[i - 1].rate;
	if (i == out->n)
		goto cleanup;
	out->failed = points[i].rate;
	for (j = i + 1; j < out->n; j++)
		out->passed_above += points[j].loss <= goal;
	if (i > 0)
		out->rate += (goal - points[i - 1].loss) / (points[i].loss - points[i - 1].loss) *
			     (out->failed - out->passed);
cleanup:
	free(points);
	return ret;
}
