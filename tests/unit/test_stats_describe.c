// SPDX-License-Identifier: Apache-2.0
/*
 * Mean, spread, quantiles and autocorrelation: NIST's univariate sets give the digits, R 4.2.2 the
 * quantiles.
 */
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/acf.h"
#include "analyze/stats/describe.h"
#include "analyze/stats/quantile.h"
#include "analyze/stats/status.h"
#include "close.h"
#include "golden_data.h"
#include "strd_univariate.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const struct stats_blocks one_block = {NULL, 0};

/*
 * Digits that an exact computation on doubles reaches: 1000000.2 is not a double, so the sd of
 * NumAcc3 and NumAcc4 has no more than 9.5 and 8.3 in any program.
 */
static const struct {
	const char *name;
	double mean, sd, r1;
} digits[] = {
	{"PiDigits", 15,	 14.9, 14	 },
	    {"Lottery",	14.9, 14.9, 14  },
	  {"Lew",	  15,   14.9, 14  },
	{"Mavro",	  15,   13.1, 13.6},
	    {"Michelso", 15,   13.8, 13.4},
	  {"NumAcc1",  15,	  15,   15	},
	{"NumAcc2",  15,	15,   14.5},
	    {"NumAcc3",	15,   9.4,	 12  },
	  {"NumAcc4",  15,	  8.2,  10.9},
};

static void nist_univariate_to_the_digits_a_double_holds(void **state)
{
	/* where sums of squares are double, they have a digit less */
	const double less = LDBL_MANT_DIG > DBL_MANT_DIG ? 0 : 1;
	size_t i;

	(void)state;
	assert_int_equal(COUNT(digits), COUNT(strd_univariate));
	for (i = 0; i < COUNT(strd_univariate); i++) {
		const struct strd_univariate *set = &strd_univariate[i];
		struct stats_summary s;

		assert_string_equal(set->name, digits[i].name);
		assert_int_equal(stats_describe(&s, set->y, set->n, 0.95), STATS_OK);
		assert_true(digits_agreed(s.mean, set->mean) >= digits[i].mean);
		assert_true(digits_agreed(s.sd, set->sd) >= digits[i].sd - less);
		assert_true(digits_agreed(stats_autocorrelation(set->y, set->n), set->r1) >=
			    digits[i].r1 - less);
	}
}

static void a_clock_keeps_its_variance(void **state)
{
	double t[1000];
	struct stats_summary s;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(t); i++) /* epoch nanoseconds, one a millisecond: exact doubles */
		t[i] = 1732291200e9 + 1048576.0 * (double)i;
	assert_int_equal(stats_describe(&s, t, COUNT(t), 0.95), STATS_OK);
	assert_close(s.sd, 1048576.0 * sqrt(1000.0 * 1001 / 12), 1e-15);
	assert_close(s.mean, 1732291200e9 + 1048576.0 * 499.5, 0);
}

static void interval_of_the_mean_is_t(void **state)
{
	static const double x[] = {1, 2, 3, 4};
	struct stats_summary s;
	double half = 3.18244630528371 * sqrt(5.0 / 3) / 2; /* R: qt(.975, 3) */

	(void)state;
	assert_int_equal(stats_describe(&s, x, COUNT(x), 0.95), STATS_OK);
	assert_close(s.variance, 5.0 / 3, 1e-15);
	assert_close(s.ci_lo, 2.5 - half, 1e-13);
	assert_close(s.ci_hi, 2.5 + half, 1e-13);
	assert_close(s.min, 1, 0);
	assert_close(s.max, 4, 0);
}

static void missing_values_are_left_out_and_counted(void **state)
{
	const double nan = (double)NAN, x[] = {nan, 5, nan, 7, 3};
	const double p[] = {0, 0.5, 1};
	struct stats_summary s;
	double q[3], m;

	(void)state;
	assert_int_equal(stats_describe(&s, x, COUNT(x), 0.95), STATS_OK);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.missing, 2);
	assert_close(s.mean, 5, 0);
	assert_close(s.sd, 2, 1e-15);
	assert_close(s.min, 3, 0);
	assert_close(s.max, 7, 0);
	assert_int_equal(stats_quantiles(q, p, 3, x, COUNT(x)), STATS_OK);
	assert_close(q[0], 3, 0);
	assert_close(q[1], 5, 0);
	assert_close(q[2], 7, 0);
	assert_int_equal(stats_median(&m, x, COUNT(x)), STATS_OK);
	assert_close(m, 5, 0);
}

static void too_little_is_said_so(void **state)
{
	const double nan = (double)NAN, none[] = {nan, nan}, one[] = {4}, inf[] = {1, HUGE_VAL};
	struct stats_summary s;
	double v, w;

	(void)state;
	assert_int_equal(stats_describe(&s, none, 2, 0.95), STATS_TOO_FEW);
	assert_true(isnan(s.mean) && isnan(s.min) && s.n == 0 && s.missing == 2);
	assert_int_equal(stats_describe(&s, one, 1, 0.95), STATS_OK);
	assert_close(s.mean, 4, 0);
	assert_true(isnan(s.sd) && isnan(s.ci_lo));
	assert_int_equal(stats_describe(&s, inf, 2, 0.95), STATS_DOMAIN);
	assert_int_equal(stats_describe(&s, golden_g1, GOLDEN_G, 1), STATS_DOMAIN);
	assert_int_equal(stats_median(&v, none, 2), STATS_TOO_FEW);
	assert_true(isnan(v));
	assert_int_equal(stats_mad(&v, &w, none, 2), STATS_TOO_FEW);
	assert_true(isnan(v) && isnan(w));
	assert_true(isnan(stats_mean(none, 2)));
	assert_int_equal(stats_mean_interval(&v, &w, 1, 1, 1, 0.95), STATS_TOO_FEW);
}

static void quantiles_are_of_type_7(void **state)
{
	static const double p[] = {0.05, 0.25, 0.5, 0.75, 0.95};
	static const double want[] = {9.8805, 9.9825, 10.08, 10.2125, 10.3705};
	double got[5], m;
	size_t i;

	(void)state;
	assert_int_equal(stats_quantiles(got, p, 5, golden_g1, GOLDEN_G), STATS_OK);
	for (i = 0; i < 5; i++)
		assert_close(got[i], want[i], 1e-15);
	assert_int_equal(stats_median(&m, golden_g1, GOLDEN_G), STATS_OK);
	assert_close(m, 10.08, 1e-15);
	assert_true(isnan(stats_quantile_sorted(golden_g1, 0, 0.5)));
	assert_true(isnan(stats_quantile_sorted(golden_g1, 3, 1.5)));
}

static void acf_matches_r(void **state)
{
	static const double want[] = {1,
				      0.938193485661909,
				      0.876426522544397,
				      0.816007433885634,
				      0.754335301979751,
				      0.693055889471407,
				      0.630674389429859};
	double r[7];
	size_t i;

	(void)state;
	assert_int_equal(stats_acf(r, 6, golden_y, GOLDEN_N, one_block), STATS_OK);
	for (i = 0; i < COUNT(want); i++)
		assert_close(r[i], want[i], 2e-15);
	assert_close(stats_autocorrelation(golden_x, GOLDEN_N), 0.95, 1e-15);
}

static void mad_matches_r(void **state)
{
	double mad, median;

	(void)state;
	assert_int_equal(stats_mad(&mad, &median, golden_g1, GOLDEN_G), STATS_OK);
	assert_close(mad, 0.192738, 1e-13);
	assert_close(median, 10.08, 1e-15);
}

static void pairs_with_a_gap_are_dropped_in_order(void **state)
{
	const double nan = (double)NAN;
	double x[] = {1, nan, 3, 4, 5}, y[] = {10, 20, 30, nan, 50};

	(void)state;
	assert_int_equal(stats_pair_complete(x, y, 5), 3);
	assert_true(x[0] < 2 && x[1] > 2 && x[1] < 4 && x[2] > 4);
	assert_close(y[1], 30, 0);
	assert_close(y[2], 50, 0);
}

static void acf_never_reaches_across_a_boundary(void **state)
{
	/* two runs, each rising by itself: across the boundary the product would be negative */
	static const double x[] = {0, 1, 2, 10, 11, 12, 13};
	static const size_t length[] = {3, 4};
	const struct stats_blocks runs = {length, 2};
	double r[5];

	(void)state;
	assert_int_equal(stats_acf(r, 4, x, COUNT(x), runs), STATS_OK);
	assert_close(r[0], 1, 1e-15);
	/* squares 2 + 5; lag 1: 0 + (0.75 - 0.25 + 0.75); lag 2: -1 + 2 (-0.75); lag 3: -2.25 */
	assert_close(r[1], 1.25 / 7, 1e-15);
	assert_close(r[2], -2.5 / 7, 1e-15);
	assert_close(r[3], -2.25 / 7, 1e-15);
	assert_true(isnan(r[4]));
	assert_int_equal(stats_acf(r, 1, x, COUNT(x) - 1, runs), STATS_DOMAIN);
}

static void constants_have_no_autocorrelation(void **state)
{
	static const double x[] = {0.1, 0.1, 0.1, 0.1}, step[] = {1, 1, 2, 2};
	static const double last_bit[] = {0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2};
	static const size_t length[] = {2, 2};
	const struct stats_blocks runs = {length, 2};
	double r[2];

	(void)state;
	assert_int_equal(stats_acf(r, 1, x, 4, one_block), STATS_CONSTANT);
	assert_int_equal(stats_acf(r, 1, last_bit, 4, one_block), STATS_CONSTANT);
	assert_true(isnan(r[0]) && isnan(r[1]));
	assert_int_equal(stats_acf(r, 1, step, 4, one_block), STATS_OK);
	assert_int_equal(stats_acf(r, 1, step, 4, runs), STATS_CONSTANT);
	assert_true(isnan(stats_effective_size(x, 4)));
}

static void effective_size_shrinks_with_memory_and_stays_in_range(void **state)
{
	double slow[200], flip[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(slow); i++) {
		slow[i] = sin((double)i / 30);
		flip[i] = i % 2 ? 1 : -1;
	}
	assert_true(stats_effective_size(slow, COUNT(slow)) < 5);
	assert_true(stats_effective_size(slow, COUNT(slow)) >= 1);
	assert_close(stats_effective_size(flip, COUNT(flip)), 200, 0);
}

static void each_status_has_words_of_its_own(void **state)
{
	int a, b;

	(void)state;
	for (a = STATS_NOT_CONVERGED - 1; a <= STATS_OK; a++)
		for (b = STATS_NOT_CONVERGED - 1; b < a; b++)
			assert_string_not_equal(stats_status_text(a), stats_status_text(b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nist_univariate_to_the_digits_a_double_holds),
		cmocka_unit_test(a_clock_keeps_its_variance),
		cmocka_unit_test(interval_of_the_mean_is_t),
		cmocka_unit_test(missing_values_are_left_out_and_counted),
		cmocka_unit_test(too_little_is_said_so),
		cmocka_unit_test(quantiles_are_of_type_7),
		cmocka_unit_test(acf_matches_r),
		cmocka_unit_test(mad_matches_r),
		cmocka_unit_test(pairs_with_a_gap_are_dropped_in_order),
		cmocka_unit_test(acf_never_reaches_across_a_boundary),
		cmocka_unit_test(constants_have_no_autocorrelation),
		cmocka_unit_test(effective_size_shrinks_with_memory_and_stays_in_range),
		cmocka_unit_test(each_status_has_words_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
