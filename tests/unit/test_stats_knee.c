// SPDX-License-Identifier: Apache-2.0
/*
 * The bend of a curve against R's segmented (1.6-2), on curves whose bend is known, and how often a
 * straight line is said to bend. NDR and PDR read off a curve.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/knee.h"
#include "analyze/stats/loss.h"
#include "analyze/stats/random.h"
#include "analyze/stats/status.h"
#include "close.h"
#include "golden_data.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void knee_matches_segmented(void **state)
{
	struct stats_knee k;

	(void)state;
	assert_int_equal(stats_knee(&k, golden_x, golden_y, GOLDEN_N, 0.95), STATS_OK);
	assert_close(k.psi, 2.50000024571446, 1e-6);
	assert_close(k.psi_se, 0.0170069733559132, 1e-5);
	assert_close(k.after.estimate - k.before.estimate, -0.978148368663312, 1e-6);
	assert_close(k.rss, 0.0573762060241053, 1e-7);
	assert_true(k.rss <= 0.0573762060241053); /* segmented stops iterating before the minimum */
	assert_close(k.before.estimate, 0.996751068788071, 1e-6);
	assert_close(k.after.estimate, 0.0186027001247592, 1e-5);
	assert_close(k.before.se, 0.00887769507323445, 1e-5);
	assert_close(k.after.se, 0.00535719916049336, 1e-5);
	assert_close(k.y_at_psi, 0.00824027042483039 + 0.996751068788071 * k.psi, 1e-6);
	assert_int_equal(k.df, 56);
	/* segmented's interval is psi -/+ t se: the profile is about that wide */
	assert_close(k.psi_lo, 2.46593118418354, 0.005);
	assert_close(k.psi_hi, 2.53406930724539, 0.005);
	assert_true(k.p_exists < 1e-20);
	assert_false(k.livelock);
}

/* n points over 0 .. 6 that bend at 2.5 from slope 1 to `after`, with noise of size `noise`. */
static void make_curve(double *x, double *y, size_t n, double after, double noise,
		       struct stats_random *r)
{
	size_t i;

	for (i = 0; i < n; i++) {
		x[i] = 6 * (double)(i + 1) / (double)n;
		y[i] = fmin(x[i], 2.5) + after * fmax(x[i] - 2.5, 0);
		y[i] += noise * stats_random_normal(r);
	}
}

static void a_curve_without_noise_gives_its_own_bend(void **state)
{
	double x[17], y[17];
	struct stats_random r;
	struct stats_knee k;

	(void)state;
	stats_random_seed(&r, 31);
	make_curve(x, y, COUNT(x), 0.1, 0, &r);
	assert_int_equal(stats_knee(&k, x, y, COUNT(x), 0.95), STATS_OK);
	assert_close(k.psi, 2.5, 1e-14);
	assert_close(k.before.estimate, 1, 1e-14);
	assert_close(k.after.estimate, 0.1, 1e-13);
	assert_close(k.psi_lo, 2.5, 1e-9);
	assert_close(k.psi_hi, 2.5, 1e-9);
	assert_close(k.r2, 1, 1e-15);
}

static double slow_rss(const double *x, const double *y, size_t n, double psi)
{
	struct stats_ols_fit fit;
	struct stats_term b[3];
	struct stats_ols *ols;
	size_t i;

	assert_int_equal(stats_ols_new(&ols, 2, 1), STATS_OK);
	for (i = 0; i < n; i++) {
		long double row[2] = {(long double)x[i], (long double)fmax(x[i] - psi, 0)};

		assert_int_equal(stats_ols_add(ols, row, (long double)y[i]), STATS_OK);
	}
	assert_int_equal(stats_ols_solve(&fit, b, ols, 0.95), STATS_OK);
	stats_ols_free(ols);
	return fit.rss;
}

static void no_psi_on_a_fine_grid_is_better(void **state)
{
	double x[24], y[24];
	struct stats_random r;
	struct stats_knee k;
	int i, step;

	(void)state;
	stats_random_seed(&r, 32);
	for (i = 0; i < 10; i++) {
		make_curve(x, y, COUNT(x), 0.1 * i, 0.3, &r);
		assert_int_equal(stats_knee(&k, x, y, COUNT(x), 0.95), STATS_OK);
		for (step = 0; step <= 175; step++) {
			double psi = x[1] + (x[22] - x[1]) * step / 175;

			assert_true(slow_rss(x, y, COUNT(x), psi) >= k.rss * (1 - 1e-12));
		}
	}
}

static void bend_and_slopes_are_covered_by_their_intervals(void **state)
{
	enum { N = 24, TRIES = 120 };
	int i, psi = 0, before = 0, after = 0;
	double x[N], y[N], squares = 0;
	struct stats_random r;
	struct stats_knee k;

	(void)state;
	stats_random_seed(&r, 33);
	for (i = 0; i < TRIES; i++) {
		make_curve(x, y, N, 0, 0.1, &r);
		assert_int_equal(stats_knee(&k, x, y, N, 0.95), STATS_OK);
		psi += k.psi_lo < 2.5 && 2.5 < k.psi_hi;
		before += k.before.ci_lo < 1 && 1 < k.before.ci_hi;
		after += k.after.ci_lo < 0 && 0 < k.after.ci_hi;
		squares += (k.psi - 2.5) * (k.psi - 2.5);
	}
	assert_in_range(psi, 107, 119); /* 114 expected, sd 2.4 */
	assert_in_range(before, 106, 119);
	assert_in_range(after, 106, 119);
	assert_true(sqrt(squares / TRIES) < 0.1);
}

static void a_straight_line_does_not_bend(void **state)
{
	enum { N = 24, TRIES = 200 };
	double x[N], y[N];
	struct stats_random r;
	struct stats_knee k;
	int i, found = 0;

	(void)state;
	stats_random_seed(&r, 34);
	for (i = 0; i < TRIES; i++) {
		make_curve(x, y, N, 1, 0.2, &r);
		assert_int_equal(stats_knee(&k, x, y, N, 0.95), STATS_OK);
		found += k.p_exists < 0.05;
		assert_false(k.livelock);
	}
	assert_in_range(found, 3, 18); /* 10 expected, sd 3.1 */
}

static void livelock_is_a_fall_after_a_rise(void **state)
{
	double x[24], y[24];
	struct stats_random r;
	struct stats_knee k;
	size_t i;

	(void)state;
	stats_random_seed(&r, 35);
	make_curve(x, y, COUNT(x), -0.1, 0.05, &r);
	assert_int_equal(stats_knee(&k, x, y, COUNT(x), 0.95), STATS_OK);
	assert_true(k.livelock);
	assert_true(k.after.ci_hi < 0);
	make_curve(x, y, COUNT(x), 0.05, 0.05, &r);
	assert_int_equal(stats_knee(&k, x, y, COUNT(x), 0.95), STATS_OK);
	assert_false(k.livelock);
	for (i = 0; i < COUNT(x); i++) /* falls all the way, and steeper in the end */
		y[i] = -fmin(x[i], 2.5) - 3 * fmax(x[i] - 2.5, 0) + 0.01 * (double)(i % 3);
	assert_int_equal(stats_knee(&k, x, y, COUNT(x), 0.95), STATS_OK);
	assert_true(k.after.ci_hi < 0);
	assert_false(k.livelock);
}

static void a_bend_beyond_the_data_has_no_upper_bound(void **state)
{
	double x[12], y[12];
	struct stats_random r;
	struct stats_knee k;

	(void)state;
	stats_random_seed(&r, 36);
	make_curve(x, y, COUNT(x), 0.9, 0.3, &r);
	assert_int_equal(stats_knee(&k, x, y, COUNT(x), 0.95), STATS_OK);
	assert_true(isnan(k.psi_lo) && isnan(k.psi_hi));
	assert_true(k.p_exists > 0.05);
}

static void too_few_rates_have_no_knee(void **state)
{
	static const double x[] = {1, 2, 3, 3, 3, 3}, y[] = {1, 2, 3, 2.9, 3.1, 3};
	static const double t[] = {1, 2, 3, 4, 5}, flat[] = {7, 7, 7, 7, 7};
	const double gap[] = {1, 2, (double)NAN, 3, 4};
	struct stats_knee k;

	(void)state;
	assert_int_equal(stats_knee(&k, x, y, 6, 0.95), STATS_TOO_FEW);
	assert_true(isnan(k.psi) && isnan(k.after.estimate));
	assert_int_equal(stats_knee(&k, t, t, 4, 0.95), STATS_TOO_FEW);
	assert_int_equal(stats_knee(&k, t, flat, 5, 0.95), STATS_CONSTANT);
	assert_int_equal(stats_knee(&k, t, gap, 5, 0.95), STATS_DOMAIN);
	assert_int_equal(stats_knee(&k, t, t, 5, 95), STATS_DOMAIN);
}

static void order_of_the_points_does_not_matter(void **state)
{
	double x[GOLDEN_N], y[GOLDEN_N];
	struct stats_knee a, b;
	size_t i;

	(void)state;
	for (i = 0; i < GOLDEN_N; i++) {
		x[i * 7 % GOLDEN_N] = golden_x[i];
		y[i * 7 % GOLDEN_N] = golden_y[i];
	}
	assert_int_equal(stats_knee(&a, golden_x, golden_y, GOLDEN_N, 0.95), STATS_OK);
	assert_int_equal(stats_knee(&b, x, y, GOLDEN_N, 0.95), STATS_OK);
	assert_close(b.psi, a.psi, 1e-12);
	assert_close(b.rss, a.rss, 1e-12);
}

static const double rates[] = {3e5, 1e5, 2e5, 5e5, 4e5};
static const double losses[] = {0.001, 0, 0, 0.3, 0.011};

static void ndr_is_the_last_rate_without_loss(void **state)
{
	struct stats_loss_bound b;

	(void)state;
	assert_int_equal(stats_loss_bound(&b, rates, losses, 5, 0), STATS_OK);
	assert_close(b.rate, 2e5, 0);
	assert_close(b.passed, 2e5, 0);
	assert_close(b.failed, 3e5, 0);
	assert_int_equal(b.n, 5);
	assert_int_equal(b.passed_above, 0);
}

static void pdr_is_interpolated(void **state)
{
	struct stats_loss_bound b;

	(void)state;
	assert_int_equal(stats_loss_bound(&b, rates, losses, 5, 0.005), STATS_OK);
	assert_close(b.passed, 3e5, 0);
	assert_close(b.failed, 4e5, 0);
	assert_close(b.rate, 3e5 + 0.4 * 1e5, 1e-15);
}

static void a_curve_that_never_fails_gives_a_lower_bound(void **state)
{
	struct stats_loss_bound b;

	(void)state;
	assert_int_equal(stats_loss_bound(&b, rates, losses, 5, 0.5), STATS_OK);
	assert_close(b.rate, 5e5, 0);
	assert_true(isnan(b.failed));
	assert_int_equal(stats_loss_bound(&b, rates + 3, losses + 3, 2, 0), STATS_OK);
	assert_true(isnan(b.rate) && isnan(b.passed));
	assert_close(b.failed, 4e5, 0);
}

static void repeats_are_averaged_and_late_passes_counted(void **state)
{
	const double rate[] = {1, 1, 2, 2, 3, 4, (double)NAN, 5};
	const double loss[] = {0, 0, 0, 0.02, 0, 0, 0.5, 0.2};
	struct stats_loss_bound b;

	(void)state;
	assert_int_equal(stats_loss_bound(&b, rate, loss, 8, 0), STATS_OK);
	assert_close(b.rate, 1, 0);
	assert_close(b.failed, 2, 0);
	assert_int_equal(b.n, 5);
	assert_int_equal(b.passed_above, 2);
	assert_int_equal(stats_loss_bound(&b, rate, loss, 8, 0.005), STATS_OK);
	assert_close(b.rate, 1.5, 1e-15); /* 0.01 on average at 2 */
	assert_int_equal(stats_loss_bound(&b, rate + 6, loss + 6, 1, 0), STATS_TOO_FEW);
	assert_int_equal(stats_loss_bound(&b, loss, rate, 8, 0), STATS_DOMAIN);
	assert_int_equal(stats_loss_bound(&b, rate, loss, 8, -1), STATS_DOMAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knee_matches_segmented),
		cmocka_unit_test(a_curve_without_noise_gives_its_own_bend),
		cmocka_unit_test(no_psi_on_a_fine_grid_is_better),
		cmocka_unit_test(bend_and_slopes_are_covered_by_their_intervals),
		cmocka_unit_test(a_straight_line_does_not_bend),
		cmocka_unit_test(livelock_is_a_fall_after_a_rise),
		cmocka_unit_test(a_bend_beyond_the_data_has_no_upper_bound),
		cmocka_unit_test(too_few_rates_have_no_knee),
		cmocka_unit_test(order_of_the_points_does_not_matter),
		cmocka_unit_test(ndr_is_the_last_rate_without_loss),
		cmocka_unit_test(pdr_is_interpolated),
		cmocka_unit_test(a_curve_that_never_fails_gives_a_lower_bound),
		cmocka_unit_test(repeats_are_averaged_and_late_passes_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
