// SPDX-License-Identifier: Apache-2.0
/*
 * The end of the warm-up against the formula evaluated for each cut in Python, and the empirical
 * distribution function.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/ecdf.h"
#include "analyze/stats/mser.h"
#include "analyze/stats/random.h"
#include "analyze/stats/status.h"
#include "close.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* rises from 0 to 5 with a time constant of about 12 samples */
static const double warming[] = {
	0.049147, 0.294475, 0.680533, 1.206286, 1.906615, 1.450542, 2.368728, 2.586518, 2.294015,
	2.55186,  2.745715, 3.151182, 3.421847, 3.468696, 3.04345,  3.101122, 3.648218, 3.905086,
	3.926997, 3.824241, 3.571075, 4.163138, 3.997564, 4.526743, 4.349063, 4.350425, 4.791084,
	4.502017, 4.689207, 4.534398, 4.55248,	4.568601, 4.834466, 4.461624, 4.90043,	4.854719,
	4.819249, 4.51997,  4.687794, 5.0777,	4.878567, 4.792951, 4.457937, 5.093957, 4.6631,
	4.87234,  4.845863, 4.743857, 4.714672, 4.66612,  4.802311, 5.108294, 4.791323, 4.983979,
	4.997221, 5.18082,  5.028192, 4.869123, 4.513932, 4.971556, 4.844307, 5.351631, 4.967159,
	5.050915, 5.025638, 4.962371, 4.998445, 4.930355, 5.110818, 4.751258, 4.856783, 5.106821,
	5.136364, 4.398923, 5.014975, 4.999559, 4.864911, 5.126431, 5.270959, 5.19894,	4.900052,
	4.840871, 4.712202, 5.054843, 5.439659, 5.307913, 5.249225, 4.89691,  4.933083, 5.186198,
	5.143054, 4.699457, 4.909339, 4.81809,	4.63268,  5.183535, 5.527177, 4.941286, 5.02113,
	5.089745, 4.774346, 4.878701, 5.286911, 4.876365, 4.995262, 5.090834, 5.087839, 4.929379,
	4.80012,  4.724392, 5.08082,  4.904994, 4.769355, 5.250322, 4.7928,   5.123053, 5.653731,
	4.849063, 5.27532,  5.282055, 4.816016, 5.138636, 5.013724, 4.994914, 4.901908, 5.034288,
	4.979242, 5.096576, 4.956636, 4.975779, 4.679296, 5.146957, 4.986641, 5.075711, 5.406572,
	4.766185, 5.243535, 4.996141, 4.854084, 4.89451,  5.043032, 5.310533, 4.912218, 5.140659,
	4.797859, 4.959866, 5.124697, 4.9865,	5.217657, 4.564282, 4.779951, 4.791805, 5.202457,
	4.950569, 5.098171, 4.88249,  4.945134, 5.031835, 5.144723, 5.122591, 5.050965, 5.100236,
	4.927277, 4.749601, 4.880822, 4.894932, 5.101596, 5.038992, 4.958391, 5.377223, 4.81414,
	4.965165, 4.779964, 5.127942, 4.853127, 4.5982,	  4.913326, 5.031061, 4.806505, 4.937707,
	4.473321, 5.206039, 5.063971, 4.792185, 5.000214, 5.011097, 5.126003, 4.790469, 5.042933,
	5.038867, 5.022945, 4.806748, 5.074391, 5.05322,  5.199919, 4.91146,  5.244728, 4.868374,
	5.305778, 5.078842,
};

static void cut_and_statistic_match_the_formula(void **state)
{
	struct stats_mser m;

	(void)state;
	assert_int_equal(COUNT(warming), 200);
	assert_int_equal(stats_mser(&m, warming, COUNT(warming), STATS_MSER_BATCH), STATS_OK);
	assert_int_equal(m.batches, 40);
	assert_int_equal(m.cut, 50);
	assert_true(m.steady);
	assert_close(m.statistic, 0.0002497868062003988, 1e-13);
	assert_int_equal(stats_mser(&m, warming, COUNT(warming), 1), STATS_OK);
	assert_int_equal(m.cut, 34);
	assert_close(m.statistic, 0.0002501900157924211, 1e-13);
}

static void what_is_steady_from_the_start_is_hardly_cut(void **state)
{
	struct stats_random r;
	struct stats_mser m;
	double x[203];
	size_t i, cut = 0;
	int try;

	(void)state;
	stats_random_seed(&r, 61);
	for (try = 0; try < 20; try++) {
		for (i = 0; i < COUNT(x); i++)
			x[i] = 1e6 + 100 * stats_random_normal(&r);
		assert_int_equal(stats_mser(&m, x, COUNT(x), STATS_MSER_BATCH), STATS_OK);
		assert_int_equal(m.batches, 40);
		cut += m.cut;
	}
	assert_true(cut / 20 < 40);
	for (i = 0; i < COUNT(x); i++)
		x[i] = 7;
	assert_int_equal(stats_mser(&m, x, COUNT(x), STATS_MSER_BATCH), STATS_OK);
	assert_int_equal(m.cut, 0); /* of equal cuts the earliest */
	assert_close(m.statistic, 0, 0);
	assert_true(m.steady);
}

static void what_never_settles_is_not_steady(void **state)
{
	struct stats_mser m;
	double x[100];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(x); i++)
		x[i] = (double)i;
	assert_int_equal(stats_mser(&m, x, COUNT(x), STATS_MSER_BATCH), STATS_OK);
	assert_false(m.steady);
	assert_int_equal(m.cut, 50);
	x[3] = (double)NAN;
	assert_int_equal(stats_mser(&m, x, COUNT(x), STATS_MSER_BATCH), STATS_DOMAIN);
	assert_int_equal(stats_mser(&m, x, 19, STATS_MSER_BATCH), STATS_TOO_FEW);
	assert_int_equal(stats_mser(&m, x, 19, 0), STATS_DOMAIN);
}

static void ecdf_steps_at_values_that_differ(void **state)
{
	const double x[] = {3, 1, (double)NAN, 2, 3, 3};
	double value[6], share[6];
	size_t steps;

	(void)state;
	assert_int_equal(stats_ecdf(value, share, &steps, x, COUNT(x)), STATS_OK);
	assert_int_equal(steps, 3);
	assert_close(value[0], 1, 0);
	assert_close(share[0], 0.2, 1e-15);
	assert_close(value[1], 2, 0);
	assert_close(share[1], 0.4, 1e-15);
	assert_close(value[2], 3, 0);
	assert_close(share[2], 1, 0);
	assert_int_equal(stats_ecdf(value, share, &steps, x + 2, 1), STATS_TOO_FEW);
	assert_int_equal(steps, 0);
}

static void ecdf_band_is_dvoretzky_kiefer_wolfowitz(void **state)
{
	(void)state;
	assert_close(stats_ecdf_band(100, 0.95), 0.13581015157406195, 1e-14);
	assert_close(stats_ecdf_band(1, 0.95), 1, 0);
	assert_true(isnan(stats_ecdf_band(0, 0.95)));
	assert_true(isnan(stats_ecdf_band(10, 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_and_statistic_match_the_formula),
		cmocka_unit_test(what_is_steady_from_the_start_is_hardly_cut),
		cmocka_unit_test(what_never_settles_is_not_steady),
		cmocka_unit_test(ecdf_steps_at_values_that_differ),
		cmocka_unit_test(ecdf_band_is_dvoretzky_kiefer_wolfowitz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
