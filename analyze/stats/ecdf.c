// SPDX-License-Identifier: Apache-2.0
/*
 * Empirical distribution function.
 */
#include "analyze/stats/ecdf.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/quantile.h"
#include "analyze/stats/status.h"

int stats_ecdf(double *value, double *share, size_t *steps, const double *x, size_t n)
{
	double *sorted;
	size_t kept, i, m = 0;
	int ret = stats_sorted_copy(&sorted, &kept, x, n);

	for (i = 0; i < kept; i++) {
		if (i + 1 < kept && !(sorted[i + 1] > sorted[i]))
			continue; /* a step ends with the last of equal values */
		value[m] = sorted[i];
		share[m++] = (double)(i + 1) / (double)kept;
	}
	*steps = m;
	free(sorted);
	return ret;
}

double stats_ecdf_band(size_t n, double confidence)
{
	if (!n || !(confidence > 0 && confidence < 1))
		return STATS_NAN;
	return fmin(1, sqrt(log(2 / (1 - confidence)) / (2 * (double)n)));
}
