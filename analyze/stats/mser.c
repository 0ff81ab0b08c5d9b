// SPDX-License-Identifier: Apache-2.0
/*
 * MSER in one pass from the end: mean and squares of the batches behind each cut.
 */
#include "analyze/stats/mser.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/status.h"

static int make_batches(long double *mean, const double *x, size_t batches, size_t batch)
{
	size_t i, j;

	for (i = 0; i < batches; i++) {
		mean[i] = 0;
		for (j = 0; j < batch; j++) {
			if (!isfinite(x[i * batch + j]))
				return STATS_DOMAIN;
			mean[i] += (long double)x[i * batch + j];
		}
		mean[i] /= (long double)batch;
	}
	return STATS_OK;
}

static void find_cut(struct stats_mser *out, const long double *value, size_t batch)
{
	long double mean = 0, squares = 0, best = HUGE_VALL;
	size_t k = out->batches, d, cut = 0;

	for (d = k; d-- > 0;) {
		long double m = (long double)(k - d), step = value[d] - mean, statistic;

		mean += step / m;
		squares += step * (value[d] - mean);
		statistic = squares / (m * m);
		/* of equal cuts the earliest */
		if (d <= k / 2 && statistic <= best) {
			best = statistic;
			cut = d;
		}
	}
	out->cut = cut * batch;
	out->statistic = (double)best;
	out->steady = cut < k / 2;
}

int stats_mser(struct stats_mser *out, const double *x, size_t n, size_t batch)
{
	long double *value;
	int ret;

	*out = (struct stats_mser){0, STATS_NAN, 0, 0};
	if (!batch)
		return STATS_DOMAIN;
	out->batches = n / batch;
	if (out->batches < 4)
		return STATS_TOO_FEW;
	value = malloc(out->batches * sizeof(*value));
	if (!value)
		return STATS_NO_MEMORY;
	ret = make_batches(value, x, out->batches, batch);
	if (!ret)
		find_cut(out, value, batch);
	free(value);
	return ret;
}
