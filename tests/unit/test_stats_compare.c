// SPDX-License-Identifier: Apache-2.0
/*
 * Two groups of runs: Welch, Mann-Whitney and Hodges-Lehmann against R 4.2.2, the exact test with
 * ties against counting every division by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/mann_whitney.h"
#include "analyze/stats/random.h"
#include "analyze/stats/status.h"
#include "analyze/stats/welch.h"
#include "close.h"
#include "golden_data.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void welch_matches_r(void **state)
{
	struct stats_welch w;

	(void)state;
	assert_int_equal(stats_welch(&w, golden_g1, GOLDEN_G, golden_g2, GOLDEN_G, 0.95), STATS_OK);
	assert_close(w.t, -5.37532515938687, 1e-13);
	assert_close(w.df, 16.3676118951677, 1e-13);
	assert_close(w.p, 5.72845655636653e-05, 1e-12);
	assert_close(w.ci_lo, -0.726096063105121, 1e-13);
	assert_close(w.ci_hi, -0.315903936894881, 1e-13);
	assert_close(w.difference, -0.521, 1e-13);
}

static void equivalence_is_two_one_sided_tests(void **state)
{
	struct stats_welch w;
	double p;

	(void)state;
	assert_int_equal(stats_welch(&w, golden_g1, GOLDEN_G, golden_g2, GOLDEN_G, 0.9), STATS_OK);
	/* at alpha the 1 - 2 alpha interval touches the bound */
	assert_close(stats_welch_within(&w, w.ci_lo, HUGE_VAL), 0.05, 1e-13);
	assert_close(stats_welch_within(&w, -HUGE_VAL, w.ci_hi), 0.05, 1e-13);
	p = stats_welch_within(&w, -0.75, -0.2);
	assert_true(p > 0.001 && p < 0.05);
	assert_true(stats_welch_within(&w, -0.2, 0.2) > 0.99);
	assert_true(isnan(stats_welch_within(&w, 1, 1)));
}

static void welch_says_what_it_cannot_do(void **state)
{
	static const double flat[] = {2, 2, 2}, other[] = {3, 3}, one[] = {1};
	struct stats_welch w;

	(void)state;
	assert_int_equal(stats_welch(&w, flat, 3, other, 2, 0.95), STATS_CONSTANT);
	assert_close(w.difference, -1, 0);
	assert_true(isnan(w.p) && isnan(w.ci_lo));
	assert_int_equal(stats_welch(&w, flat, 3, one, 1, 0.95), STATS_TOO_FEW);
	assert_close(w.difference, 1, 0);
	assert_int_equal(stats_welch(&w, flat, 0, one, 1, 0.95), STATS_TOO_FEW);
}

static void mann_whitney_matches_r(void **state)
{
	struct stats_mann_whitney m;

	(void)state;
	assert_int_equal(stats_mann_whitney(&m, golden_g1, GOLDEN_G, golden_g2, GOLDEN_G,
					    STATS_MANN_WHITNEY_EXACT),
			 STATS_OK);
	assert_true(m.exact);
	assert_close(m.u, 4, 0);
	assert_close(m.share, 0.04, 1e-15);
	assert_close(m.p, 0.000129901058693628, 1e-13);
	assert_int_equal(stats_mann_whitney(&m, golden_a, GOLDEN_AB, golden_b, GOLDEN_AB, 0),
			 STATS_OK);
	assert_false(m.exact);
	assert_close(m.u, 116, 0);
	assert_close(m.p, 0.663576955610362, 1e-13);
}

static double u_of(const double *v, unsigned chosen, size_t n)
{
	double u = 0;
	size_t i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			if (chosen >> i & 1 && !(chosen >> j & 1))
				u += v[i] > v[j] ? 1 : v[i] < v[j] ? 0 : 0.5;
	return u;
}

static void exact_with_ties_is_the_count_of_all_divisions(void **state)
{
	struct stats_mann_whitney m;
	struct stats_random r;
	double v[10];
	size_t n_a, i;

	(void)state;
	stats_random_seed(&r, 41);
	for (n_a = 1; n_a < COUNT(v); n_a++) {
		double all = 0, far = 0, away, middle = (double)n_a * (10 - (double)n_a) / 2;
		unsigned chosen;

		for (i = 0; i < COUNT(v); i++)
			v[i] = (double)stats_random_below(&r, 5);
		away = fabs(u_of(v, (1u << n_a) - 1, COUNT(v)) - middle);
		for (chosen = 0; chosen < 1u << COUNT(v); chosen++) {
			if ((size_t)__builtin_popcount(chosen) != n_a)
				continue;
			all++;
			far += fabs(u_of(v, chosen, COUNT(v)) - middle) >= away;
		}
		assert_int_equal(stats_mann_whitney(&m, v, n_a, v + n_a, COUNT(v) - n_a, 80),
				 STATS_OK);
		assert_close(fabs(m.u - middle), away, 0);
		assert_close(m.p, far / all, 1e-14);
	}
}

static void exact_and_normal_agree_in_the_middle(void **state)
{
	struct stats_mann_whitney exact, normal;
	struct stats_random r;
	double a[35], b[40];
	size_t i;

	(void)state;
	stats_random_seed(&r, 42);
	for (i = 0; i < COUNT(b); i++) {
		b[i] = rint(10 * stats_random_normal(&r));
		if (i < COUNT(a))
			a[i] = rint(2 + 10 * stats_random_normal(&r));
	}
	assert_int_equal(stats_mann_whitney(&exact, a, COUNT(a), b, COUNT(b), 80), STATS_OK);
	assert_int_equal(stats_mann_whitney(&normal, a, COUNT(a), b, COUNT(b), 0), STATS_OK);
	assert_true(exact.exact && !normal.exact);
	assert_true(normal.p > 0.05 && normal.p < 0.9);
	assert_close(normal.p, exact.p, 0.03);
}

static void the_least_p_tells_how_many_runs_are_needed(void **state)
{
	/* R: wilcox.test of n against n without overlap */
	static const double want[] = {1,
				      0.333333333333333,
				      0.1,
				      0.0285714285714286,
				      0.00793650793650794,
				      0.00216450216450216,
				      0.000582750582750583,
				      0.000155400155400155,
				      4.11353352529823e-05};
	double a[9], b[9];
	size_t n;

	(void)state;
	for (n = 1; n <= COUNT(want); n++) {
		struct stats_mann_whitney m;

		a[n - 1] = (double)n;
		b[n - 1] = 100 + (double)n;
		assert_close(stats_mann_whitney_least_p(n, n), want[n - 1], 1e-14);
		assert_int_equal(stats_mann_whitney(&m, a, n, b, n, 80), STATS_OK);
		assert_close(m.p, want[n - 1], 1e-14);
	}
}

static void hodges_lehmann_matches_r(void **state)
{
	struct stats_shift s;

	(void)state;
	assert_int_equal(stats_hodges_lehmann(&s, golden_g1, GOLDEN_G, golden_g2, GOLDEN_G, 0.95),
			 STATS_OK);
	assert_close(s.shift, -0.525, 1e-13);
	assert_close(s.lo, -0.75, 1e-13);
	assert_close(s.hi, -0.3, 1e-13);
	assert_true(s.confidence >= 0.95 && s.confidence < 0.97);
}

static void few_runs_have_a_lower_confidence_and_say_so(void **state)
{
	static const double a[] = {1, 2, 3}, b[] = {11, 12, 14};
	struct stats_shift s;

	(void)state;
	assert_int_equal(stats_hodges_lehmann(&s, a, 3, b, 3, 0.95), STATS_OK);
	assert_close(s.confidence, 0.9, 1e-15); /* all of the nine differences */
	assert_close(s.lo, -13, 0);
	assert_close(s.hi, -8, 0);
	assert_close(s.shift, -10, 0);
	assert_int_equal(stats_hodges_lehmann(&s, a, 3, b, 3, 0.7), STATS_OK);
	assert_close(s.confidence, 0.8, 1e-15); /* without the outermost on each side */
	assert_close(s.lo, -12, 0);
}

static void the_interval_covers_the_shift(void **state)
{
	enum { TRIES = 400 };
	struct stats_shift s;
	struct stats_random r;
	double a[60], b[60];
	size_t sizes[] = {6, 60}, k, i;
	int try, covered;

	(void)state;
	stats_random_seed(&r, 43);
	for (k = 0; k < COUNT(sizes); k++) {
		for (try = 0, covered = 0; try < TRIES / (k ? 4 : 1); try++) {
			for (i = 0; i < sizes[k]; i++) {
				a[i] = stats_random_normal(&r);
				b[i] = 3 + stats_random_normal(&r);
			}
			assert_int_equal(stats_hodges_lehmann(&s, a, sizes[k], b, sizes[k], 0.95),
					 STATS_OK);
			covered += s.lo <= -3 && -3 <= s.hi;
		}
		if (k)
			assert_in_range(covered, 88, 99); /* 95 of 100, sd 2.2 */
		else
			assert_in_range(covered, 372, 395); /* 383 of 400, sd 4 */
	}
}

static void rank_tests_say_what_they_cannot_do(void **state)
{
	static const double flat[] = {2, 2, 2}, x[] = {1, 2, 3};
	const double gap[] = {1, (double)NAN};
	struct stats_mann_whitney m;
	struct stats_shift s;

	(void)state;
	assert_int_equal(stats_mann_whitney(&m, flat, 3, flat, 2, 80), STATS_CONSTANT);
	assert_close(m.p, 1, 0);
	assert_int_equal(stats_mann_whitney(&m, flat, 3, flat, 2, 0), STATS_CONSTANT);
	assert_close(m.p, 1, 0);
	assert_int_equal(stats_mann_whitney(&m, x, 3, x, 0, 80), STATS_TOO_FEW);
	assert_int_equal(stats_mann_whitney(&m, x, 3, gap, 2, 80), STATS_DOMAIN);
	assert_int_equal(stats_hodges_lehmann(&s, x, 0, x, 3, 0.95), STATS_TOO_FEW);
	assert_int_equal(stats_hodges_lehmann(&s, x, 3, gap, 2, 0.95), STATS_DOMAIN);
	assert_int_equal(stats_hodges_lehmann(&s, x, 3, x, 3, 1), STATS_DOMAIN);
	assert_true(isnan(s.shift));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(welch_matches_r),
		cmocka_unit_test(equivalence_is_two_one_sided_tests),
		cmocka_unit_test(welch_says_what_it_cannot_do),
		cmocka_unit_test(mann_whitney_matches_r),
		cmocka_unit_test(exact_with_ties_is_the_count_of_all_divisions),
		cmocka_unit_test(exact_and_normal_agree_in_the_middle),
		cmocka_unit_test(the_least_p_tells_how_many_runs_are_needed),
		cmocka_unit_test(hodges_lehmann_matches_r),
		cmocka_unit_test(few_runs_have_a_lower_confidence_and_say_so),
		cmocka_unit_test(the_interval_covers_the_shift),
		cmocka_unit_test(rank_tests_say_what_they_cannot_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
