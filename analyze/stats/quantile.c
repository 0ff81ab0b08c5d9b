// SPDX-License-Identifier: Apache-2.0
/*
 * Order statistics of one series.
 */
#include "analyze/stats/quantile.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/status.h"

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void stats_sort(double *x, size_t n)
{
	if (n > 1)
		qsort(x, n, sizeof(*x), by_value);
}

int stats_sorted_copy(double **out, size_t *kept, const double *x, size_t n)
{
	double *copy;
	size_t i, m = 0;

	*out = NULL;
	*kept = 0;
	copy = malloc((n ? n : 1) * sizeof(*copy));
	if (!copy)
		return STATS_NO_MEMORY;
	for (i = 0; i < n; i++)
		if (!isnan(x[i]))
			copy[m++] = x[i];
	if (!m) {
		free(copy);
		return STATS_TOO_FEW;
	}
	stats_sort(copy, m);
	*out = copy;
	*kept = m;
	return STATS_OK;
}

double stats_quantile_sorted(const double *sorted, size_t n, double p)
{
	double place, share;
	size_t below;

	if (!n || !(p >= 0 && p <= 1))
		return STATS_NAN;
	place = (double)(n - 1) * p;
	below = (size_t)place;
	share = place - (double)below;
	if (below + 1 >= n || !(share > 0))
		return sorted[below];
	return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

int stats_quantiles(double *out, const double *p, size_t n_p, const double *x, size_t n)
{
	double *sorted;
	size_t kept, i;
	int ret = stats_sorted_copy(&sorted, &kept, x, n);

	for (i = 0; i < n_p; i++)
		out[i] = ret ? STATS_NAN : stats_quantile_sorted(sorted, kept, p[i]);
	free(sorted);
	return ret;
}

static double median_sorted(const double *sorted, size_t n)
{
	if (n % 2)
		return sorted[n / 2];
	return sorted[n / 2 - 1] + (sorted[n / 2] - sorted[n / 2 - 1]) / 2;
}

int stats_median(double *out, const double *x, size_t n)
{
	double *sorted;
	size_t kept;
	int ret = stats_sorted_copy(&sorted, &kept, x, n);

	*out = ret ? STATS_NAN : median_sorted(sorted, kept);
	free(sorted);
	return ret;
}

int stats_mad(double *mad, double *median, const double *x, size_t n)
{
	double *sorted, middle;
	size_t kept, i;
	int ret = stats_sorted_copy(&sorted, &kept, x, n);

	*mad = STATS_NAN;
	if (median)
		*median = STATS_NAN;
	if (ret)
		return ret;
	middle = median_sorted(sorted, kept);
	if (median)
		*median = middle;
	for (i = 0; i < kept; i++)
		sorted[i] = fabs(sorted[i] - middle);
	stats_sort(sorted, kept);
	*mad = STATS_MAD_SCALE * median_sorted(sorted, kept);
	free(sorted);
	return STATS_OK;
}
