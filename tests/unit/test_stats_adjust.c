// SPDX-License-Identifier: Apache-2.0
/*
 * Adjusted p-values against R 4.2.2 (p.adjust) on the 25 tests of Benjamini's example.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/adjust.h"
#include "analyze/stats/status.h"
#include "close.h"

#define M 25

static const double p[M] = {0.001, 0.008, 0.039, 0.041, 0.042, 0.06,  0.074, 0.205, 0.212,
			    0.216, 0.222, 0.251, 0.269, 0.275, 0.34,  0.341, 0.384, 0.569,
			    0.594, 0.696, 0.762, 0.94,	0.942, 0.975, 0.986};
static const double holm[M] = {0.025, 0.192, 0.897, 0.902, 0.902, 1, 1, 1, 1, 1, 1, 1, 1,
			       1,     1,     1,	    1,	   1,	  1, 1, 1, 1, 1, 1, 1};
static const double bh[M] = {0.025,
			     0.1,
			     0.21,
			     0.21,
			     0.21,
			     0.25,
			     0.264285714285714,
			     0.491071428571429,
			     0.491071428571429,
			     0.491071428571429,
			     0.491071428571429,
			     0.491071428571429,
			     0.491071428571429,
			     0.491071428571429,
			     0.5328125,
			     0.5328125,
			     0.564705882352941,
			     0.781578947368421,
			     0.781578947368421,
			     0.87,
			     0.907142857142857,
			     0.986,
			     0.986,
			     0.986,
			     0.986};
static const double by[M] = {0.0953989544438377,
			     0.381595817775351,
			     0.801351217328236,
			     0.801351217328236,
			     0.801351217328236,
			     0.953989544438377,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1,
			     1};

static void expect(enum stats_adjustment method, const double *want)
{
	double got[M], shuffled[M];
	size_t i;

	assert_int_equal(stats_adjust(got, p, M, method), STATS_OK);
	for (i = 0; i < M; i++)
		assert_close(got[i], want[i], 1e-14);
	/* in another order, and in place */
	for (i = 0; i < M; i++)
		shuffled[i * 7 % M] = p[i];
	assert_int_equal(stats_adjust(shuffled, shuffled, M, method), STATS_OK);
	for (i = 0; i < M; i++)
		assert_close(shuffled[i * 7 % M], want[i], 1e-14);
}

static void each_method_matches_r(void **state)
{
	(void)state;
	expect(STATS_ADJUST_NONE, p);
	expect(STATS_ADJUST_HOLM, holm);
	expect(STATS_ADJUST_BH, bh);
	expect(STATS_ADJUST_BY, by);
}

static void a_test_not_made_does_not_count(void **state)
{
	const double some[] = {0.01, (double)NAN, 0.04};
	double got[3];

	(void)state;
	assert_int_equal(stats_adjust(got, some, 3, STATS_ADJUST_HOLM), STATS_OK);
	assert_close(got[0], 0.02, 1e-15);
	assert_true(isnan(got[1]));
	assert_close(got[2], 0.04, 1e-15);
	assert_int_equal(stats_adjust(got, some, 0, STATS_ADJUST_BH), STATS_OK);
}

static void p_outside_0_to_1_is_refused(void **state)
{
	const double bad[] = {0.5, 1.5};
	double got[2] = {7, 7};

	(void)state;
	assert_int_equal(stats_adjust(got, bad, 2, STATS_ADJUST_BH), STATS_DOMAIN);
	assert_close(got[0], 7, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_method_matches_r),
		cmocka_unit_test(a_test_not_made_does_not_count),
		cmocka_unit_test(p_outside_0_to_1_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
