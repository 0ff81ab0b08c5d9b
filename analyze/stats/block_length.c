// SPDX-License-Identifier: Apache-2.0
/*
 * How long the blocks of a bootstrap should be: long where the series has a long memory.
 */
#include <math.h>
#include <stdlib.h>

#include "analyze/stats/bootstrap.h"
#include "analyze/stats/status.h"

#define QUIET_LAGS 5 /* so many insignificant lags in a row end the memory */

/* 1 up to 1/2, then down to 0 at 1 */
static double flat_top(double t)
{
	return fmin(1, fmax(0, 2 * (1 - t)));
}

/* The last lag before QUIET_LAGS autocorrelations in a row within +-2 sqrt(log10 n / n). */
static size_t memory(const double *d, long double squares, size_t n, double run,
		     struct stats_blocks runs)
{
	double limit = 2 * sqrt(log10((double)n) / (double)n);
	size_t lag, quiet = 0, last = (size_t)ceil(sqrt(run)) + QUIET_LAGS;

	for (lag = 1; lag <= last && (double)lag < run; lag++) {
		double r = (double)(stats_lagged_sum(NULL, d, n, lag, runs) / squares);

		quiet = fabs(r) < limit ? quiet + 1 : 0;
		if (quiet == QUIET_LAGS)
			return lag - QUIET_LAGS;
	}
	return lag - 1 - quiet;
}

int stats_block_length(double *length, const double *x, size_t n, struct stats_blocks runs)
{
	double *d = malloc((n + 1) * sizeof(*d)), run, ratio;
	long double squares, spectrum, slope = 0;
	size_t lag, last;
	int ret;

	*length = STATS_NAN;
	if (!d)
		return STATS_NO_MEMORY;
	ret = stats_deviations(d, &squares, x, n, runs);
	if (ret == STATS_CONSTANT) {
		*length = 1;
		ret = STATS_OK;
	} else if (!ret) {
		run = (double)n / (double)(runs.count ? runs.count : 1);
		last = 2 * memory(d, squares, n, run, runs);
		spectrum = squares;
		for (lag = 1; lag <= last && (double)lag < run; lag++) {
			long double sum = stats_lagged_sum(NULL, d, n, lag, runs);

			sum *= 2 * (long double)flat_top((double)lag / (double)last);
			spectrum += sum;
			slope += (long double)lag * sum;
		}
		/* (2 G^2 / D n)^(1/3) with D = 4/3 spectrum^2 */
		ratio = spectrum > 0 ? (double)(slope / spectrum) : 0;
		*length = cbrt(1.5 * ratio * ratio * run);
		*length = fmax(1, fmin(*length, fmin(3 * sqrt(run), run / 3)));
	}
	free(d);
	return ret;
}
