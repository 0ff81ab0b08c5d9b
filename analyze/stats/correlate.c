// SPDX-License-Identifier: Apache-2.0
/*
 * Pearson and Spearman, and the effective number of pairs that their tests rest on.
 */
#include "analyze/stats/correlate.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/stats/correlate_private.h"
#include "analyze/stats/dist.h"
#include "analyze/stats/rank.h"
#include "analyze/stats/special.h"
#include "analyze/stats/status.h"

const struct stats_correlate_options stats_correlate_default = {
	.neff = STATS_NEFF_BRETHERTON,
	.confidence = 0.95,
};

static size_t count_blocks(struct stats_blocks blocks)
{
	return blocks.count ? blocks.count : 1;
}

static double bartlett_pairs(const double *dx, const double *dy, size_t n,
			     struct stats_blocks blocks)
{
	long double sxx = stats_lagged_sum(NULL, dx, n, 0, blocks);
	long double syy = stats_lagged_sum(NULL, dy, n, 0, blocks);
	long double sum = 0;
	size_t lag, pairs, limit = (size_t)(10 * sqrt((double)n));

	for (lag = 1; lag < n && lag <= limit; lag++) {
		long double rx = stats_lagged_sum(&pairs, dx, n, lag, blocks) / sxx;
		long double ry = stats_lagged_sum(NULL, dy, n, lag, blocks) / syy;

		if (!(rx > 0) || !(ry > 0))
			break;
		sum += (long double)pairs / (long double)n * rx * ry;
	}
	return (double)((long double)n / (1 + 2 * sum));
}

double stats_effective_of_r1(long double rx, long double ry, size_t n)
{
	long double q = rx * ry;

	return fmin(fmax((double)((long double)n * (1 - q) / (1 + q)), 2), (double)n);
}

static double bretherton_pairs(const double *dx, const double *dy, size_t n,
			       struct stats_blocks blocks)
{
	long double rx = stats_lagged_sum(NULL, dx, n, 1, blocks);
	long double ry = stats_lagged_sum(NULL, dy, n, 1, blocks);

	rx /= stats_lagged_sum(NULL, dx, n, 0, blocks);
	ry /= stats_lagged_sum(NULL, dy, n, 0, blocks);
	return stats_effective_of_r1(rx, ry, n);
}

double stats_effective_pairs(enum stats_neff method, const double *dx, const double *dy, size_t n,
			     struct stats_blocks blocks)
{
	double pairs = (double)n;

	if (method == STATS_NEFF_BRETHERTON)
		pairs = bretherton_pairs(dx, dy, n, blocks);
	else if (method == STATS_NEFF_BARTLETT)
		pairs = bartlett_pairs(dx, dy, n, blocks);
	return fmin(fmax(pairs, 2), (double)n);
}

static void clear(struct stats_correlation *out, size_t n)
{
	*out = (struct stats_correlation){
		.n = n,
		.n_eff = STATS_NAN,
		.r = STATS_NAN,
		.t = STATS_NAN,
		.df = STATS_NAN,
		.p = STATS_NAN,
		.ci_lo = STATS_NAN,
		.ci_hi = STATS_NAN,
	};
}

static int check(size_t n, size_t n_given, const struct stats_correlate_options *options)
{
	if (!(options->confidence > 0 && options->confidence < 1))
		return STATS_DOMAIN;
	return n < count_blocks(options->blocks) + n_given + 2 ? STATS_TOO_FEW : STATS_OK;
}

/* t and p of r; p as an incomplete beta of 1 - r^2, which has all its digits near |r| = 1. */
static void test_r(struct stats_correlation *out, long double r)
{
	long double df = (long double)out->df, rest = (1 - r) * (1 + r), p, complement;

	if (!(df > 0))
		return;
	out->t = (double)(r * sqrtl(df / rest));
	stats_beta_inc(&p, &complement, rest, r * r, df / 2, 0.5L);
	out->p = (double)p;
}

/* What the test and the interval of one kind of coefficient are made of. */
struct kind {
	stats_deviations_kind *deviations;
	int (*conclude)(struct stats_correlation *out, const double *dx, const double *dy,
			double lost, double z);
};

/* Fisher's interval: z is the normal quantile, variance that of atanh r. */
static void interval(struct stats_correlation *out, double z, double variance)
{
	if (!(variance > 0) || isinf(variance))
		return;
	out->ci_lo = tanh(atanh(out->r) - z * sqrt(variance));
	out->ci_hi = tanh(atanh(out->r) + z * sqrt(variance));
}

/* r of three sums, its test and its interval. */
static int conclude_sums(struct stats_correlation *out, long double sxx, long double syy,
			 long double sxy, double lost, double z, double spread)
{
	long double r;

	if (!(sxx > 0 && syy > 0))
		return STATS_CONSTANT;
	r = fminl(fmaxl(sxy / (sqrtl(sxx) * sqrtl(syy)), -1), 1);
	out->r = (double)r;
	out->df = out->n_eff - 1 - lost;
	test_r(out, r);
	interval(out, z, (1 + spread * out->r * out->r) / (out->n_eff - 2 - lost));
	return STATS_OK;
}

static int conclude_r(struct stats_correlation *out, const double *dx, const double *dy,
		      double lost, double z, double spread)
{
	long double sxx = 0, syy = 0, sxy = 0;
	size_t i;

	for (i = 0; i < out->n; i++) {
		sxx += (long double)dx[i] * (long double)dx[i];
		syy += (long double)dy[i] * (long double)dy[i];
		sxy += (long double)dx[i] * (long double)dy[i];
	}
	return conclude_sums(out, sxx, syy, sxy, lost, z, spread);
}

int stats_pearson_of_sums(struct stats_correlation *out, const struct stats_pair_sums *sums,
			  size_t n, size_t blocks, enum stats_neff neff, double confidence)
{
	clear(out, n);
	if (!(confidence > 0 && confidence < 1) || neff == STATS_NEFF_BARTLETT)
		return STATS_DOMAIN;
	if (n < blocks + 2)
		return STATS_TOO_FEW;
	if (!(sums->xx > 0 && sums->yy > 0))
		return STATS_CONSTANT;
	out->n_eff =
		neff == STATS_NEFF_BRETHERTON
			? stats_effective_of_r1(sums->x_lag / sums->xx, sums->y_lag / sums->yy, n)
			: (double)n;
	return conclude_sums(out, sums->xx, sums->yy, sums->xy, (double)blocks,
			     -stats_norm_quantile((1 - confidence) / 2), 0);
}

static int conclude_pearson(struct stats_correlation *out, const double *dx, const double *dy,
			    double lost, double z)
{
	return conclude_r(out, dx, dy, lost, z, 0);
}

static int conclude_spearman(struct stats_correlation *out, const double *dx, const double *dy,
			     double lost, double z)
{
	return conclude_r(out, dx, dy, lost, z, 0.5);
}

static int conclude_kendall(struct stats_correlation *out, const double *dx, const double *dy,
			    double lost, double z)
{
	double worth = out->n_eff - (lost - 1);
	struct stats_tau tau;
	int ret = stats_tau_b(&tau, dx, dy, out->n);

	if (ret)
		return ret;
	out->r = tau.tau_b;
	out->df = HUGE_VAL;
	if (worth > 1) {
		out->t = tau.s / tau.s_sd * sqrt(worth / (double)out->n);
		out->p = 2 * stats_norm_cdf(-fabs(out->t));
	}
	interval(out, z, 0.437 / (worth - 4));
	return STATS_OK;
}

static int value_deviations(double *d, const double *x, size_t n, struct stats_blocks blocks)
{
	long double squares;

	return stats_deviations(d, &squares, x, n, blocks);
}

/* `given`: n x n_given, row after row; what they explain of x and y is taken away first. */
static int correlate_given(struct stats_correlation *out, const double *x, const double *y,
			   const double *given, size_t n_given, size_t n,
			   const struct stats_correlate_options *chosen, const struct kind *kind)
{
	struct stats_correlate_options options = chosen ? *chosen : stats_correlate_default;
	double *dx = NULL, *dy = NULL, z;
	int ret;

	clear(out, n);
	ret = check(n, n_given, &options);
	if (ret)
		return ret;
	ret = STATS_NO_MEMORY;
	dx = malloc(n * sizeof(*dx));
	dy = malloc(n * sizeof(*dy));
	if (!dx || !dy)
		goto cleanup;
	ret = kind->deviations(dx, x, n, options.blocks);
	if (!ret)
		ret = kind->deviations(dy, y, n, options.blocks);
	if (!ret && n_given)
		ret = stats_partial_out(dx, dy, given, n_given, n, options.blocks,
					kind->deviations);
	if (ret)
		goto cleanup;
	out->n_eff = stats_effective_pairs(options.neff, dx, dy, n, options.blocks);
	z = -stats_norm_quantile((1 - options.confidence) / 2);
	ret = kind->conclude(out, dx, dy, (double)(count_blocks(options.blocks) + n_given), z);
cleanup:
	free(dx);
	free(dy);
	return ret;
}

static int correlate(struct stats_correlation *out, const double *x, const double *y, size_t n,
		     const struct stats_correlate_options *options, const struct kind *kind)
{
	return correlate_given(out, x, y, NULL, 0, n, options, kind);
}

static const struct kind pearson = {value_deviations, conclude_pearson};
static const struct kind spearman = {stats_rank_deviations, conclude_spearman};

int stats_pearson(struct stats_correlation *out, const double *x, const double *y, size_t n,
		  const struct stats_correlate_options *options)
{
	return correlate(out, x, y, n, options, &pearson);
}

int stats_spearman(struct stats_correlation *out, const double *x, const double *y, size_t n,
		   const struct stats_correlate_options *options)
{
	return correlate(out, x, y, n, options, &spearman);
}

int stats_partial(struct stats_correlation *out, const double *x, const double *y,
		  const double *given, size_t n_given, size_t n, int ranks,
		  const struct stats_correlate_options *options)
{
	return correlate_given(out, x, y, given, n_given, n, options, ranks ? &spearman : &pearson);
}

int stats_kendall(struct stats_correlation *out, const double *x, const double *y, size_t n,
		  const struct stats_correlate_options *options)
{
	static const struct kind kendall = {stats_rank_deviations, conclude_kendall};

	return correlate(out, x, y, n, options, &kendall);
}
