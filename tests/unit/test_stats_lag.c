// SPDX-License-Identifier: Apache-2.0
/*
 * Correlation at lags against R 4.2.2 (ccf), and the search for the lag on series whose lag is
 * known and on series that have none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/lag.h"
#include "analyze/stats/random.h"
#include "analyze/stats/status.h"
#include "close.h"
#include "golden_data.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const struct stats_blocks one = {NULL, 0};

static void ccf_matches_r(void **state)
{
	static const double want[] = {0.633953470381293, 0.703196176645975, 0.775511901795981,
				      0.849074857327575, 0.827750104320646, 0.80533228966071,
				      0.78266165713148};
	double r[7];
	size_t i;

	(void)state;
	assert_int_equal(stats_ccf(r, 3, golden_x, golden_y, GOLDEN_N, one), STATS_OK);
	for (i = 0; i < COUNT(want); i++)
		assert_close(r[i], want[i], 2e-15);
}

static void no_pair_reaches_across_a_boundary(void **state)
{
	/* deviations -1 0 1 | -1 1 and 1 0 -1 | -2 2 */
	static const double x[] = {4, 5, 6, 1, 3}, y[] = {3, 2, 1, 0, 4};
	static const size_t runs[] = {3, 2};
	const struct stats_blocks blocks = {runs, 2};
	double r[7], scale = sqrt(4.0 * 10);

	(void)state;
	assert_int_equal(stats_ccf(r, 3, x, y, 5, blocks), STATS_OK);
	assert_close(r[3], 2 / scale, 1e-15);
	assert_close(r[4], (0 + 0 - 2) / scale, 1e-15); /* x[t+1] y[t] */
	assert_close(r[5], 1 / scale, 1e-15);
	assert_close(r[2], (0 + 0 - 2) / scale, 1e-15); /* x[t] y[t+1] */
	assert_true(isnan(r[0]) && isnan(r[6]));
}

static void autoregression_finds_order_and_coefficients(void **state)
{
	static double x[4000], d[4000];
	struct stats_random r;
	double a[10];
	long double squares;
	size_t t, order;

	(void)state;
	stats_random_seed(&r, 21);
	for (t = 0; t < COUNT(x); t++)
		x[t] = stats_random_normal(&r) + (t > 1 ? 1.2 * x[t - 1] - 0.5 * x[t - 2] : 0);
	assert_int_equal(stats_deviations(d, &squares, x, COUNT(x), one), STATS_OK);
	assert_int_equal(stats_autoregression(a, &order, 10, d, COUNT(x), one), STATS_OK);
	assert_in_range(order, 2, 4);
	assert_close(a[0], 1.2, 0.04);
	assert_close(a[1], -0.5, 0.1);
	/* Yule and Walker's equations of order 1 have the one solution r1 */
	assert_int_equal(stats_autoregression(a, &order, 1, d, COUNT(x), one), STATS_OK);
	assert_int_equal(order, 1);
	assert_close(a[0], stats_autocorrelation(x, COUNT(x)), 1e-14);
}

/* x with memory phi; y follows it `behind` samples later, with noise. */
static void make_pair(double *x, double *y, size_t n, size_t behind, double phi,
		      struct stats_random *r)
{
	size_t t;

	for (t = 0; t < n; t++) {
		x[t] = (t ? phi * x[t - 1] : 0) + stats_random_normal(r);
		y[t] = (t >= behind ? x[t - behind] : 0) + stats_random_normal(r);
	}
}

static void the_lag_is_found_and_its_sign_says_who_leads(void **state)
{
	double x[300], y[300];
	struct stats_random r;
	struct stats_lag lag;

	(void)state;
	stats_random_seed(&r, 22);
	make_pair(x, y, COUNT(x), 4, 0.9, &r);
	assert_int_equal(stats_lead_lag(&lag, x, y, COUNT(x), 10, one, 0.95), STATS_OK);
	assert_int_equal(lag.lag, -4); /* x moves first */
	assert_true(lag.order >= 1 && lag.n + lag.order == COUNT(x));
	assert_true(lag.p < 1e-6);
	assert_true(lag.r > lag.band && lag.ci_lo < lag.r && lag.r < lag.ci_hi);
	assert_true(lag.ci_lo > 0.3);
	assert_true(lag.r_raw > lag.r); /* memory adds to it */
	assert_int_equal(stats_lead_lag(&lag, y, x, COUNT(x), 10, one, 0.95), STATS_OK);
	assert_int_equal(lag.lag, 4);
}

static void independent_series_have_no_lag(void **state)
{
	enum { N = 200, TRIES = 300 };
	double x[N], y[N], other[N];
	struct stats_random r;
	struct stats_lag lag;
	int i, found = 0;

	(void)state;
	stats_random_seed(&r, 23);
	for (i = 0; i < TRIES; i++) {
		make_pair(x, other, N, 0, 0.9, &r);
		make_pair(y, other, N, 0, 0.9, &r);
		assert_int_equal(stats_lead_lag(&lag, x, y, N, 10, one, 0.95), STATS_OK);
		found += lag.p < 0.05;
	}
	assert_in_range(found, 3, 27); /* 15 expected, sd 3.8; unfiltered it would be over 200 */
}

static void each_run_is_filtered_by_itself(void **state)
{
	static const size_t runs[] = {150, 2, 148};
	const struct stats_blocks blocks = {runs, 3};
	double x[300], y[300];
	struct stats_random r;
	struct stats_lag lag;
	size_t t;

	(void)state;
	stats_random_seed(&r, 24);
	make_pair(x, y, COUNT(x), 2, 0.8, &r);
	for (t = 150; t < COUNT(x); t++) /* a step between runs that is no memory */
		x[t] += 1000, y[t] -= 1000;
	assert_int_equal(stats_lead_lag(&lag, x, y, COUNT(x), 6, blocks, 0.95), STATS_OK);
	assert_int_equal(lag.lag, -2);
	assert_true(lag.r > 0.4);
	assert_int_equal(lag.n, 298 - 2 * lag.order + (lag.order < 2 ? 2 - lag.order : 0));
}

static void what_cannot_be_searched_is_refused(void **state)
{
	static const double x[] = {1, 2, 4, 3, 5, 7, 6, 8}, flat[8] = {0};
	const double gap[] = {1, 2, (double)NAN, 3, 5, 7, 6, 8};
	struct stats_lag lag;
	double r[3];

	(void)state;
	assert_int_equal(stats_ccf(r, 1, x, flat, 8, one), STATS_CONSTANT);
	assert_true(isnan(r[0]) && isnan(r[1]));
	assert_int_equal(stats_lead_lag(&lag, x, flat, 8, 1, one, 0.95), STATS_CONSTANT);
	assert_int_equal(stats_lead_lag(&lag, x, gap, 8, 1, one, 0.95), STATS_DOMAIN);
	assert_int_equal(stats_lead_lag(&lag, x, x, 8, 7, one, 0.95), STATS_TOO_FEW);
	assert_true(isnan(lag.r) && isnan(lag.p));
	assert_int_equal(stats_lead_lag(&lag, x, x, 8, 1, one, 0), STATS_DOMAIN);
	assert_int_equal(stats_lead_lag(&lag, x, x, 8, 1, one, 0.95), STATS_OK);
	assert_int_equal(lag.lag, 0);
	assert_close(lag.r, 1, 1e-15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ccf_matches_r),
		cmocka_unit_test(no_pair_reaches_across_a_boundary),
		cmocka_unit_test(autoregression_finds_order_and_coefficients),
		cmocka_unit_test(the_lag_is_found_and_its_sign_says_who_leads),
		cmocka_unit_test(independent_series_have_no_lag),
		cmocka_unit_test(each_run_is_filtered_by_itself),
		cmocka_unit_test(what_cannot_be_searched_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
