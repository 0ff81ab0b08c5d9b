// SPDX-License-Identifier: Apache-2.0
/*
 * Huber's regression against MASS::rlm (7.3.58, acc = 1e-12), Theil-Sen against scipy 1.10.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/huber.h"
#include "analyze/stats/random.h"
#include "analyze/stats/status.h"
#include "analyze/stats/theil_sen.h"
#include "close.h"
#include "golden_data.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void huber_matches_rlm(void **state)
{
	struct stats_huber_fit fit;
	struct stats_term b[2];

	(void)state;
	assert_int_equal(stats_huber(&fit, b, golden_x, golden_y, GOLDEN_N, 1, 1, 0.95), STATS_OK);
	assert_close(b[0].estimate, 0.885856612647417, 1e-9);
	assert_close(b[1].estimate, 0.372864633958375, 1e-9);
	assert_close(fit.scale, 0.545258677417693, 1e-9);
	assert_int_equal(fit.n, 60);
	assert_int_equal(fit.df, 58);
}

static void huber_errors_follow_the_formula(void **state)
{
	/* se^2 = [1 + p/n (1-m)/m]^2 sum psi^2 / (n-p) / m^2 / Sxx, m the share of unclipped rows
	 */
	double psi2 = 0, clipped = 0, sxx = 0, m, correction, mean = 3.05;
	struct stats_huber_fit fit;
	struct stats_term b[2];
	int i;

	(void)state;
	assert_int_equal(stats_huber(&fit, b, golden_x, golden_y, GOLDEN_N, 1, 1, 0.95), STATS_OK);
	for (i = 0; i < GOLDEN_N; i++) {
		double e = golden_y[i] - b[0].estimate - b[1].estimate * golden_x[i];
		double psi = fmin(fabs(e), 1.345 * fit.scale);

		psi2 += psi * psi;
		clipped += fabs(e) > 1.345 * fit.scale;
		sxx += (golden_x[i] - mean) * (golden_x[i] - mean);
	}
	assert_true(clipped > 0);
	assert_close((double)fit.outlying, clipped, 0);
	m = 1 - clipped / 60;
	correction = 1 + 2.0 / 60 * (1 - m) / m;
	assert_close(b[1].se, correction / m * sqrt(psi2 / 58 / sxx), 1e-12);
}

/* A line with normal noise of sd 0.5, and `bad` of the n points thrown far up. */
static void make_line(double *x, double *y, size_t n, size_t bad, struct stats_random *r)
{
	size_t i;

	for (i = 0; i < n; i++) {
		x[i] = (double)i / 10;
		y[i] = 5 + 2 * x[i] + 0.5 * stats_random_normal(r);
		if (i >= n - bad)
			y[i] += 100;
	}
}

static void outliers_do_not_carry_huber_away(void **state)
{
	double x[100], y[100];
	struct stats_huber_fit fit;
	struct stats_term b[2];
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 11);
	make_line(x, y, COUNT(x), 5, &r);
	assert_int_equal(stats_huber(&fit, b, x, y, COUNT(x), 1, 1, 0.95), STATS_OK);
	assert_close(b[1].estimate, 2, 0.06);
	assert_true(b[1].ci_lo < 2.01 && b[1].ci_hi > 1.99);
	assert_in_range(fit.outlying, 5, 40);
	assert_close(fit.scale, 0.5, 0.3);
}

static void huber_errors_are_nearly_those_of_least_squares_on_clean_data(void **state)
{
	enum { N = 50, TRIES = 300 };
	double x[N], y[N];
	struct stats_huber_fit fit;
	struct stats_term b[2];
	struct stats_random r;
	int i, covered = 0;

	(void)state;
	stats_random_seed(&r, 12);
	for (i = 0; i < TRIES; i++) {
		make_line(x, y, N, 0, &r);
		assert_int_equal(stats_huber(&fit, b, x, y, N, 1, 1, 0.95), STATS_OK);
		covered += b[1].ci_lo < 2 && 2 < b[1].ci_hi;
	}
	assert_in_range(covered, 275, 295); /* 285 expected, sd 3.8 */
}

static void huber_says_what_it_cannot_do(void **state)
{
	static const double x[] = {1, 1, 1, 1}, t[] = {1, 2, 3, 4}, y[] = {1, 2, 4, 3};
	const double gap[] = {1, 2, (double)NAN, 3};
	struct stats_huber_fit fit;
	struct stats_term b[2];

	(void)state;
	assert_int_equal(stats_huber(&fit, b, x, y, 4, 1, 1, 0.95), STATS_RANK);
	assert_int_equal(fit.dependent, 1);
	assert_int_equal(stats_huber(&fit, b, t, y, 2, 1, 1, 0.95), STATS_TOO_FEW);
	assert_int_equal(stats_huber(&fit, b, t, gap, 4, 1, 1, 0.95), STATS_DOMAIN);
	assert_true(isnan(b[0].estimate) && isnan(b[1].se));
	assert_int_equal(stats_huber(&fit, b, t, t, 4, 1, 1, 0.95), STATS_OK);
	assert_close(b[1].estimate, 1, 1e-15);
	assert_true(isnan(b[1].se)); /* all on the line: no scale */
}

static void theil_sen_matches_scipy(void **state)
{
	struct stats_theil_sen s;

	(void)state;
	assert_int_equal(stats_theil_sen(&s, golden_x, golden_y, GOLDEN_N, 0.95, 0), STATS_OK);
	assert_close(s.slope, 0.3166223684210525, 1e-13);
	assert_close(s.intercept, 1.5308367763157897, 1e-13);
	assert_close(s.slope_lo, 0.19263, 1e-13);
	assert_close(s.slope_hi, 0.4164424444444445, 1e-13);
	assert_false(s.sampled);
	assert_true(s.p < 1e-10);
}

static void a_sample_of_the_pairs_gives_nearly_the_same(void **state)
{
	enum { N = STATS_THEIL_SEN_EXACT + 500 };
	static double x[N], y[N];
	struct stats_theil_sen s, again;
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 13);
	make_line(x, y, N, N / 5, &r);
	assert_int_equal(stats_theil_sen(&s, x, y, N, 0.95, 1), STATS_OK);
	assert_true(s.sampled);
	assert_close(s.slope, 2, 0.35); /* least squares would say 2.4 and more */
	assert_true(s.slope_lo < s.slope && s.slope < s.slope_hi);
	assert_int_equal(stats_theil_sen(&again, x, y, N, 0.95, 1), STATS_OK);
	assert_close(again.slope, s.slope, 0);
	assert_int_equal(stats_theil_sen(&again, x, y, N, 0.95, 2), STATS_OK);
	assert_close(again.slope, s.slope, 1e-3);
	assert_close(again.slope_hi - again.slope_lo, s.slope_hi - s.slope_lo, 0.02);
}

static void theil_sen_covers_the_slope(void **state)
{
	enum { N = 20, TRIES = 400 };
	double x[N], y[N];
	struct stats_theil_sen s;
	struct stats_random r;
	int i, covered = 0;

	(void)state;
	stats_random_seed(&r, 14);
	for (i = 0; i < TRIES; i++) {
		make_line(x, y, N, 0, &r);
		assert_int_equal(stats_theil_sen(&s, x, y, N, 0.95, 0), STATS_OK);
		covered += s.slope_lo <= 2 && 2 <= s.slope_hi;
	}
	assert_in_range(covered, 368, 395); /* 380 expected, sd 4.4; Sen's interval is a bit wide */
}

static void theil_sen_says_what_it_cannot_do(void **state)
{
	static const double x[] = {1, 1, 1}, t[] = {1, 2, 2}, y[] = {3, 4, 6};
	const double gap[] = {1, (double)NAN, 2};
	struct stats_theil_sen s;

	(void)state;
	assert_int_equal(stats_theil_sen(&s, x, y, 3, 0.95, 0), STATS_CONSTANT);
	assert_true(isnan(s.slope));
	assert_int_equal(stats_theil_sen(&s, t, y, 2, 0.95, 0), STATS_TOO_FEW);
	assert_int_equal(stats_theil_sen(&s, t, gap, 3, 0.95, 0), STATS_DOMAIN);
	assert_int_equal(stats_theil_sen(&s, t, y, 3, 0.95, 0), STATS_OK);
	assert_close(s.slope, 2, 1e-15); /* of 1 and 3: the pair with equal x has none */
	assert_int_equal(stats_theil_sen(&s, t, x, 3, 0.95, 0), STATS_OK);
	assert_close(s.slope, 0, 0);
	assert_close(s.p, 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(huber_matches_rlm),
		cmocka_unit_test(huber_errors_follow_the_formula),
		cmocka_unit_test(outliers_do_not_carry_huber_away),
		cmocka_unit_test(huber_errors_are_nearly_those_of_least_squares_on_clean_data),
		cmocka_unit_test(huber_says_what_it_cannot_do),
		cmocka_unit_test(theil_sen_matches_scipy),
		cmocka_unit_test(a_sample_of_the_pairs_gives_nearly_the_same),
		cmocka_unit_test(theil_sen_covers_the_slope),
		cmocka_unit_test(theil_sen_says_what_it_cannot_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
