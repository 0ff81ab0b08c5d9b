// SPDX-License-Identifier: Apache-2.0
/*
 * Correlations against R 4.2.2 (cor.test, Kendall) and scipy 1.10 (spearmanr, kendalltau), and the
 * claim that matters most: independent series with memory are not found correlated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/correlate.h"
#include "analyze/stats/random.h"
#include "analyze/stats/rank.h"
#include "analyze/stats/status.h"
#include "close.h"
#include "golden_data.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const struct stats_correlate_options independent = {
	STATS_NEFF_NONE, 0.95, {NULL, 0}
};
static const struct stats_correlate_options bartlett = {
	STATS_NEFF_BARTLETT, 0.95, {NULL, 0}
};

static void pearson_matches_r(void **state)
{
	struct stats_correlation c;

	(void)state;
	assert_int_equal(stats_pearson(&c, golden_a, golden_b, GOLDEN_AB, &independent), STATS_OK);
	assert_int_equal(c.n, 16);
	assert_close(c.n_eff, 16, 0);
	assert_close(c.df, 14, 0);
	assert_close(c.r, 0.943039994869031, 2e-15);
	assert_close(c.t, 10.6064060583341, 1e-13);
	assert_close(c.p, 4.48370328456148e-08, 1e-13);
	assert_close(c.ci_lo, 0.840017697532615, 1e-14);
	assert_close(c.ci_hi, 0.980425747752024, 1e-14);
}

static void spearman_matches_r_and_scipy(void **state)
{
	struct stats_correlation c;

	(void)state;
	assert_int_equal(stats_spearman(&c, golden_a, golden_b, GOLDEN_AB, &independent), STATS_OK);
	assert_close(c.r, 0.957038087285171, 1e-15);
	assert_close(c.p, 6.464232540173662e-09, 1e-12);
	/* Bonett and Wright: se^2 = (1 + rho^2 / 2) / (n - 3) */
	assert_close(c.ci_lo, tanh(atanh(c.r) - 1.959963984540054 * sqrt((1 + c.r * c.r / 2) / 13)),
		     1e-14);
}

static void kendall_matches_r(void **state)
{
	struct stats_correlation c;

	(void)state;
	assert_int_equal(stats_kendall(&c, golden_a, golden_b, GOLDEN_AB, &independent), STATS_OK);
	assert_close(c.r, 0.857150888803664, 1e-14);
	assert_close(c.t, 4.50077499354747, 1e-14);
	assert_close(c.p, 6.77061480964887e-06, 1e-13);
	assert_true(c.ci_lo > 0.6 && c.ci_lo < c.r && c.r < c.ci_hi && c.ci_hi < 1);
}

/* Pair by pair, with the ties counted in the most obvious way. */
static double slow_tau_b(const double *x, const double *y, size_t n)
{
	double s = 0, nx = 0, ny = 0;
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < i; j++) {
			double dx = (x[i] > x[j]) - (x[i] < x[j]);
			double dy = (y[i] > y[j]) - (y[i] < y[j]);

			s += dx * dy;
			nx += dx * dx;
			ny += dy * dy;
		}
	}
	return s / sqrt(nx * ny);
}

static void fast_tau_is_the_slow_one(void **state)
{
	struct stats_random r;
	struct stats_tau tau;
	double x[151], y[151];
	size_t n, i;

	(void)state;
	stats_random_seed(&r, 7);
	for (n = 8; n < COUNT(x); n += 4) {
		for (i = 0; i < n; i++) {
			x[i] = (double)stats_random_below(&r, 1 + n / 2);
			y[i] = (double)stats_random_below(&r, 12) - x[i] / 3;
		}
		assert_int_equal(stats_tau_b(&tau, x, y, n), STATS_OK);
		assert_close(tau.tau_b, slow_tau_b(x, y, n), 1e-14);
	}
}

/* The next permutation of y[0 .. n) in dictionary order of positions; 0 after the last. */
static int next_permutation(int *at, int n)
{
	int i = n - 2, j = n - 1, swap;

	while (i >= 0 && at[i] > at[i + 1])
		i--;
	if (i < 0)
		return 0;
	while (at[j] < at[i])
		j--;
	swap = at[i], at[i] = at[j], at[j] = swap;
	for (i++, j = n - 1; i < j; i++, j--)
		swap = at[i], at[i] = at[j], at[j] = swap;
	return 1;
}

static void variance_of_s_is_that_of_all_permutations(void **state)
{
	static const double x[] = {1, 1, 1, 2, 3, 3, 4}, y[] = {5, 5, 5, 5, 6, 7, 7};
	int at[] = {0, 1, 2, 3, 4, 5, 6}, i;
	double shuffled[7], sum = 0, squares = 0, count = 0, sd = 0;
	struct stats_tau tau;

	(void)state;
	do {
		for (i = 0; i < 7; i++)
			shuffled[i] = y[at[i]];
		assert_int_equal(stats_tau_b(&tau, x, shuffled, 7), STATS_OK);
		sum += tau.s;
		squares += tau.s * tau.s;
		count++;
		sd = tau.s_sd;
	} while (next_permutation(at, 7));
	assert_close(count, 5040, 0);
	assert_close(sum, 0, 0);
	assert_close(sd, sqrt(squares / count), 1e-13);
}

static void n_eff_is_bretherton_by_default(void **state)
{
	struct stats_correlation c;

	(void)state;
	assert_int_equal(stats_pearson(&c, golden_x, golden_y, GOLDEN_N, NULL), STATS_OK);
	assert_int_equal(c.n, 60);
	assert_close(c.n_eff, 3.448964813226915, 1e-13);
	assert_close(c.df, 1.448964813226915, 1e-13);
	assert_close(c.r, 0.849074857327575, 2e-15); /* R: ccf at lag 0 */
	assert_true(c.p > 0.2);
	assert_true(c.ci_lo < -0.9 && c.ci_hi > 0.99);
}

static void bartlett_sums_the_lags_both_share(void **state)
{
	static const double x[] = {1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2}; /* r(1) = 0 */
	static const double y[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
	double rx[60], ry[60], sum = 0;
	struct stats_correlation c;
	size_t k;

	(void)state;
	assert_int_equal(stats_pearson(&c, x, y, COUNT(x), &bartlett), STATS_OK);
	assert_close(c.n_eff, 12, 0);
	assert_int_equal(stats_acf(rx, 59, golden_x, 60, (struct stats_blocks){NULL, 0}), 0);
	assert_int_equal(stats_acf(ry, 59, golden_y, 60, (struct stats_blocks){NULL, 0}), 0);
	for (k = 1; k < 60 && rx[k] > 0 && ry[k] > 0; k++)
		sum += (1 - (double)k / 60) * rx[k] * ry[k];
	assert_true(k > 5);
	assert_int_equal(stats_pearson(&c, golden_x, golden_y, 60, &bartlett), STATS_OK);
	assert_close(c.n_eff, 60 / (1 + 2 * sum), 1e-13);
}

static void autoregression(double *x, size_t n, double phi, struct stats_random *r)
{
	size_t i;

	x[0] = stats_random_normal(r) / sqrt(1 - phi * phi);
	for (i = 1; i < n; i++)
		x[i] = phi * x[i - 1] + stats_random_normal(r);
}

typedef int correlate_fn(struct stats_correlation *out, const double *x, const double *y, size_t n,
			 const struct stats_correlate_options *options);

static double share_found(correlate_fn *correlate, const struct stats_correlate_options *options,
			  double phi)
{
	enum { N = 300, TRIES = 300 };
	static double x[N], y[N];
	struct stats_correlation c;
	struct stats_random r;
	int i, found = 0;

	stats_random_seed(&r, 20240601);
	for (i = 0; i < TRIES; i++) {
		autoregression(x, N, phi, &r);
		autoregression(y, N, phi, &r);
		assert_int_equal(correlate(&c, x, y, N, options), STATS_OK);
		found += c.p < 0.05;
	}
	return (double)found / TRIES;
}

static void independent_series_with_memory_stay_uncorrelated(void **state)
{
	static correlate_fn *const each[] = {stats_pearson, stats_spearman, stats_kendall};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(each); i++) {
		double naive = share_found(each[i], &independent, 0.9);
		double corrected = share_found(each[i], NULL, 0.9);
		double white = share_found(each[i], NULL, 0);

		assert_true(naive > 0.4); /* why n_eff is the default */
		assert_true(corrected > 0.02 && corrected < 0.08);
		assert_true(white > 0.02 && white < 0.08);
	}
	assert_true(share_found(stats_pearson, &bartlett, 0.9) < 0.09);
}

static void within_runs_the_steps_between_runs_vanish(void **state)
{
	/* three runs at rising rates; within each y falls as x rises */
	static const double x[] = {1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24};
	static const double y[] = {4, 3, 2, 1, 14, 13, 12, 11, 24, 23, 22, 21};
	static const size_t length[] = {4, 4, 4};
	struct stats_correlate_options within = {
		STATS_NEFF_NONE, 0.95, {length, 3}
	  };
	struct stats_correlation c;

	(void)state;
	assert_int_equal(stats_pearson(&c, x, y, 12, &independent), STATS_OK);
	assert_true(c.r > 0.9);
	assert_int_equal(stats_pearson(&c, x, y, 12, &within), STATS_OK);
	assert_close(c.r, -1, 1e-15);
	assert_close(c.df, 8, 0); /* 12 - 3 means - 1 */
	assert_close(c.p, 0, 0);
	assert_int_equal(stats_spearman(&c, x, y, 12, &within), STATS_OK);
	assert_close(c.r, -1, 1e-15);
	assert_int_equal(stats_kendall(&c, x, y, 12, &within), STATS_OK);
	assert_close(c.r, -1, 1e-15);
}

static void memory_is_not_sought_across_runs(void **state)
{
	struct stats_correlate_options within = {
		STATS_NEFF_BRETHERTON, 0.95, {NULL, 0}
	      };
	double x[400], y[400];
	size_t length[200], i;
	struct stats_correlation c;
	struct stats_random r;

	(void)state;
	/* runs of two samples that mirror each other: r1 within the runs is -1/2 */
	stats_random_seed(&r, 3);
	for (i = 0; i < COUNT(length); i++) {
		length[i] = 2;
		x[2 * i] = stats_random_normal(&r);
		x[2 * i + 1] = -x[2 * i];
		y[2 * i] = stats_random_normal(&r);
		y[2 * i + 1] = -y[2 * i];
	}
	within.blocks = (struct stats_blocks){length, COUNT(length)};
	assert_int_equal(stats_pearson(&c, x, y, COUNT(x), &within), STATS_OK);
	assert_close(c.n_eff, 400 * 0.75 / 1.25, 1e-13);
	assert_close(c.df, c.n_eff - 201, 1e-13);
}

static void already_centred_runs_give_the_same(void **state)
{
	static const size_t length[] = {20, 40};
	struct stats_correlate_options within = {
		STATS_NEFF_BRETHERTON, 0.9, {length, 2}
	       };
	double dx[GOLDEN_N], dy[GOLDEN_N];
	struct stats_correlation raw, centred;
	long double squares;

	(void)state;
	assert_int_equal(stats_deviations(dx, &squares, golden_x, GOLDEN_N, within.blocks), 0);
	assert_int_equal(stats_deviations(dy, &squares, golden_y, GOLDEN_N, within.blocks), 0);
	assert_int_equal(stats_pearson(&raw, golden_x, golden_y, GOLDEN_N, &within), STATS_OK);
	assert_int_equal(stats_pearson(&centred, dx, dy, GOLDEN_N, &within), STATS_OK);
	assert_close(centred.r, raw.r, 1e-14);
	assert_close(centred.n_eff, raw.n_eff, 1e-12);
}

static void a_clock_correlates_to_the_last_digits(void **state)
{
	/* r of x = epoch ns with y is that of the seconds since the first */
	double ns[1000], s[1000], y[1000];
	struct stats_correlation a, b;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ns); i++) {
		s[i] = (double)i;
		ns[i] = 1732291200e9 + 0x1p30 * (double)i;
		y[i] = 1000000 + 30 * (double)i + (double)(i * i * 7919 % 1000);
	}
	assert_int_equal(stats_pearson(&a, s, y, COUNT(y), &independent), STATS_OK);
	assert_int_equal(stats_pearson(&b, ns, y, COUNT(y), &independent), STATS_OK);
	assert_close(b.r, a.r, 1e-15);
	assert_close(b.p, a.p, 1e-11);
}

static void what_does_not_vary_has_no_correlation(void **state)
{
	static const double x[] = {1, 2, 3, 4}, flat[] = {0.1, 0.1, 0.1, 0.1};
	static correlate_fn *const each[] = {stats_pearson, stats_spearman, stats_kendall};
	struct stats_correlate_options bad = {
		STATS_NEFF_NONE, 1.5, {NULL, 0}
	       };
	static const size_t length[] = {1, 1, 1, 1};
	struct stats_correlate_options runs = {
		STATS_NEFF_NONE, 0.95, {length, 4}
	  };
	const double gap[] = {1, (double)NAN, 3, 4};
	struct stats_correlation c;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(each); i++) {
		assert_int_equal(each[i](&c, x, flat, 4, NULL), STATS_CONSTANT);
		assert_true(isnan(c.r) && isnan(c.p) && isnan(c.ci_lo));
		assert_int_equal(c.n, 4);
		assert_int_equal(each[i](&c, flat, x, 4, NULL), STATS_CONSTANT);
		assert_int_equal(each[i](&c, x, x, 2, NULL), STATS_TOO_FEW);
		assert_int_equal(each[i](&c, x, gap, 4, NULL), STATS_DOMAIN);
		assert_int_equal(each[i](&c, x, x, 4, &bad), STATS_DOMAIN);
		assert_int_equal(each[i](&c, x, x, 4, &runs), STATS_TOO_FEW);
	}
}

static void too_small_n_eff_gives_r_without_p(void **state)
{
	double x[50], y[50];
	struct stats_correlation c;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(x); i++) {
		x[i] = sin(2 * M_PI * (double)i / 49);
		y[i] = x[i] + 1e-6 * (double)(i % 7);
	}
	assert_int_equal(stats_pearson(&c, x, y, COUNT(x), NULL), STATS_OK);
	assert_close(c.r, 1, 1e-6);
	assert_close(c.n_eff, 2, 0);
	assert_true(isnan(c.p) && isnan(c.t) && isnan(c.ci_lo) && isnan(c.ci_hi));
}

static void ranks_share_ties(void **state)
{
	static const double x[] = {30, 10, 20, 10, 10, 30};
	static const double want[] = {5.5, 2, 4, 2, 2, 5.5};
	double rank[6];
	size_t i;

	(void)state;
	assert_int_equal(stats_ranks(rank, x, 6), STATS_OK);
	for (i = 0; i < 6; i++)
		assert_close(rank[i], want[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pearson_matches_r),
		cmocka_unit_test(spearman_matches_r_and_scipy),
		cmocka_unit_test(kendall_matches_r),
		cmocka_unit_test(fast_tau_is_the_slow_one),
		cmocka_unit_test(variance_of_s_is_that_of_all_permutations),
		cmocka_unit_test(n_eff_is_bretherton_by_default),
		cmocka_unit_test(bartlett_sums_the_lags_both_share),
		cmocka_unit_test(independent_series_with_memory_stay_uncorrelated),
		cmocka_unit_test(within_runs_the_steps_between_runs_vanish),
		cmocka_unit_test(memory_is_not_sought_across_runs),
		cmocka_unit_test(already_centred_runs_give_the_same),
		cmocka_unit_test(a_clock_correlates_to_the_last_digits),
		cmocka_unit_test(what_does_not_vary_has_no_correlation),
		cmocka_unit_test(too_small_n_eff_gives_r_without_p),
		cmocka_unit_test(ranks_share_ties),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
