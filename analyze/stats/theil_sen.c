// SPDX-License-Identifier: Apache-2.0
/*
 * Theil-Sen slope: of all pairs, or of a large random sample of them.
 */
#include "analyze/stats/theil_sen.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/dist.h"
#include "analyze/stats/quantile.h"
#include "analyze/stats/random.h"
#include "analyze/stats/rank.h"
#include "analyze/stats/status.h"

static void take_slope(double *slopes, size_t *m, const double *x, const double *y, size_t i,
		       size_t j)
{
	double dx = x[i] - x[j];

	if (dx > 0 || dx < 0)
		slopes[(*m)++] = (y[i] - y[j]) / dx;
}

/* The slopes of all pairs, or of `draws` random ones; returns how many. */
static size_t make_slopes(double *slopes, const double *x, const double *y, size_t n, size_t draws,
			  uint64_t seed)
{
	struct stats_random random;
	size_t i, j, m = 0;

	if (!draws) {
		for (i = 1; i < n; i++)
			for (j = 0; j < i; j++)
				take_slope(slopes, &m, x, y, i, j);
		return m;
	}
	stats_random_seed(&random, seed);
	for (; draws; draws--) {
		i = (size_t)stats_random_below(&random, n);
		j = (size_t)stats_random_below(&random, n - 1);
		take_slope(slopes, &m, x, y, i, j + (j >= i));
	}
	return m;
}

static void conclude(struct stats_theil_sen *out, const double *slopes, size_t m, double pairs,
		     const struct stats_tau *tau, double confidence)
{
	double z = -stats_norm_quantile((1 - confidence) / 2), half, lo, hi;

	out->slope = stats_quantile_sorted(slopes, m, 0.5);
	half = z * tau->s_sd / 2 / pairs * (double)m;
	lo = fmax(rint((double)m / 2 - half) - 1, 0);
	hi = fmin(rint((double)m / 2 + half), (double)(m - 1));
	out->slope_lo = slopes[(size_t)lo];
	out->slope_hi = slopes[(size_t)hi];
	out->p = 2 * stats_norm_cdf(-fabs(tau->s / tau->s_sd));
}

static int check(const double *x, const double *y, size_t n, double confidence)
{
	size_t i, differ = 0;

	if (!(confidence > 0 && confidence < 1))
		return STATS_DOMAIN;
	for (i = 0; i < n; i++) {
		if (!isfinite(x[i]) || !isfinite(y[i]))
			return STATS_DOMAIN;
		differ += x[i] < x[0] || x[i] > x[0];
	}
	if (n < 3)
		return STATS_TOO_FEW;
	return differ ? STATS_OK : STATS_CONSTANT;
}

int stats_theil_sen(struct stats_theil_sen *out, const double *x, const double *y, size_t n,
		    double confidence, uint64_t seed)
{
	const size_t exact = STATS_THEIL_SEN_EXACT * (STATS_THEIL_SEN_EXACT - 1) / 2;
	size_t m, draws = n > STATS_THEIL_SEN_EXACT ? exact : 0;
	double pairs = (double)n * (double)(n - (n > 0)) / 2, middle_x, middle_y;
	double *slopes = NULL;
	struct stats_tau tau;
	int ret;

	*out = (struct stats_theil_sen){.n = n,
					.slope = STATS_NAN,
					.slope_lo = STATS_NAN,
					.slope_hi = STATS_NAN,
					.intercept = STATS_NAN,
					.p = STATS_NAN,
					.sampled = draws > 0};
	ret = check(x, y, n, confidence);
	if (ret)
		return ret;
	ret = stats_tau_b(&tau, x, y, n);
	if (ret == STATS_CONSTANT)
		tau = (struct stats_tau){0, 0, 1};
	else if (ret)
		return ret;
	slopes = malloc((draws ? draws : (size_t)pairs) * sizeof(*slopes));
	ret = STATS_NO_MEMORY;
	if (!slopes)
		return ret;
	m = make_slopes(slopes, x, y, n, draws, seed);
	ret = STATS_CONSTANT; /* all but a few x are equal, and no pair drawn had one of them */
	if (!m)
		goto cleanup;
	stats_sort(slopes, m);
	if (draws)
		pairs *= (double)m / (double)draws;
	else
		pairs = (double)m;
	conclude(out, slopes, m, pairs, &tau, confidence);
	ret = stats_median(&middle_x, x, n);
	if (!ret)
		ret = stats_median(&middle_y, y, n);
	if (!ret)
		out->intercept = middle_y - out->slope * middle_x;
cleanup:
	free(slopes);
	return ret;
}
