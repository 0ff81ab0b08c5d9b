// SPDX-License-Identifier: Apache-2.0
/*
 * Mean, variance, range and the interval of the mean.
 */
#include "analyze/stats/describe.h"

#include <math.h>

#include "analyze/stats/dist.h"
#include "analyze/stats/status.h"

/* Index of the first value present, or n. */
static size_t first_present(const double *x, size_t n)
{
	size_t i = 0;

	while (i < n && isnan(x[i]))
		i++;
	return i;
}

/* Mean of x - origin over the values present, and how many these are. */
static long double mean_from(size_t *used, const double *x, size_t n, long double origin)
{
	long double sum = 0;
	size_t i;

	*used = 0;
	for (i = 0; i < n; i++) {
		if (isnan(x[i]))
			continue;
		sum += (long double)x[i] - origin;
		(*used)++;
	}
	return *used ? sum / (long double)*used : 0;
}

/* The mean to the last bit of long double: about the first value, then once more about itself. */
static long double mean_exact(size_t *used, const double *x, size_t n)
{
	size_t first = first_present(x, n);
	long double mean;

	*used = 0;
	if (first == n)
		return (long double)NAN;
	mean = (long double)x[first];
	mean += mean_from(used, x, n, mean);
	return mean + mean_from(used, x, n, mean);
}

double stats_mean(const double *x, size_t n)
{
	size_t used;

	return (double)mean_exact(&used, x, n);
}

int stats_describe(struct stats_summary *out, const double *x, size_t n, double confidence)
{
	long double mean, squares = 0, residue = 0;
	size_t i;

	*out = (struct stats_summary){
		.mean = STATS_NAN,
		.variance = STATS_NAN,
		.sd = STATS_NAN,
		.min = STATS_NAN,
		.max = STATS_NAN,
		.ci_lo = STATS_NAN,
		.ci_hi = STATS_NAN,
	};
	mean = mean_exact(&out->n, x, n);
	out->missing = n - out->n;
	if (!out->n)
		return STATS_TOO_FEW;
	for (i = 0; i < n; i++) {
		long double d = (long double)x[i] - mean;

		if (isnan(x[i]))
			continue;
		if (isinf(x[i]))
			return STATS_DOMAIN;
		squares += d * d;
		residue += d;
		out->min = x[i] >= out->min ? out->min : x[i];
		out->max = x[i] <= out->max ? out->max : x[i];
	}
	out->mean = (double)mean;
	if (out->n < 2)
		return STATS_OK;
	squares -= residue * residue / (long double)out->n;
	squares /= (long double)(out->n - 1);
	out->variance = squares > 0 ? (double)squares : 0;
	out->sd = squares > 0 ? (double)sqrtl(squares) : 0;
	return stats_mean_interval(&out->ci_lo, &out->ci_hi, out->mean, out->sd, (double)out->n,
				   confidence);
}

int stats_mean_interval(double *lo, double *hi, double mean, double sd, double n_eff,
			double confidence)
{
	double half;

	*lo = *hi = STATS_NAN;
	if (!(confidence > 0 && confidence < 1))
		return STATS_DOMAIN;
	if (!(n_eff > 1))
		return STATS_TOO_FEW;
	half = -stats_t_quantile((1 - confidence) / 2, n_eff - 1) * sd / sqrt(n_eff);
	*lo = mean - half;
	*hi = mean + half;
	return STATS_OK;
}

size_t stats_pair_complete(double *x, double *y, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		if (isnan(x[i]) || isnan(y[i]))
			continue;
		x[kept] = x[i];
		y[kept++] = y[i];
	}
	return kept;
}
