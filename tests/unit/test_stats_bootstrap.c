// SPDX-License-Identifier: Apache-2.0
/*
 * The two-level bootstrap: same seed, same interval; runs and memory both widen it; it covers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/bootstrap.h"
#include "analyze/stats/random.h"
#include "analyze/stats/status.h"
#include "close.h"
#include "golden_data.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const struct stats_bootstrap_options usual = {1000, 0, 1, 0.95};

static void one_seed_one_interval(void **state)
{
	const struct stats_sample s = {
		golden_y, GOLDEN_N, {NULL, 0}
	     };
	struct stats_bootstrap_options options = usual;
	struct stats_bootstrap a, b;

	(void)state;
	assert_int_equal(stats_bootstrap(&a, stats_of_median, NULL, &s, 1, &options), STATS_OK);
	assert_int_equal(stats_bootstrap(&b, stats_of_median, NULL, &s, 1, &options), STATS_OK);
	assert_close(b.lo, a.lo, 0);
	assert_close(b.hi, a.hi, 0);
	options.seed = 2;
	assert_int_equal(stats_bootstrap(&b, stats_of_median, NULL, &s, 1, &options), STATS_OK);
	assert_true(fabs(b.se - a.se) > 0);
	assert_int_equal(a.replicates, 1000);
	assert_close(a.estimate, (golden_y[25] + golden_y[33]) / 2, 0.03);
}

/* For independent values, runs of one sample: the standard error of the mean. */
static void means_of_runs_have_the_known_standard_error(void **state)
{
	const size_t ones[GOLDEN_G] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	const struct stats_sample s = {
		golden_g1, GOLDEN_G, {ones, GOLDEN_G}
	     };
	struct stats_bootstrap_options options = {20000, 0, 1, 0.95};
	double squares = 0, mean = 10.104;
	struct stats_bootstrap b;
	size_t i;

	(void)state;
	for (i = 0; i < GOLDEN_G; i++)
		squares += (golden_g1[i] - mean) * (golden_g1[i] - mean);
	assert_int_equal(stats_bootstrap(&b, stats_of_mean, NULL, &s, 1, &options), STATS_OK);
	assert_close(b.estimate, mean, 1e-14);
	assert_close(b.se, sqrt(squares) / 10, 0.02); /* divisor n: sqrt(squares / n / n) */
	assert_close(b.lo, mean - 1.96 * b.se, 0.001);
	assert_close(b.hi, mean + 1.96 * b.se, 0.001);
}

static void make_runs(double *x, size_t runs, size_t length, double phi, double between,
		      struct stats_random *r)
{
	size_t i, t;

	for (i = 0; i < runs; i++) {
		double level = between * stats_random_normal(r);
		double e = stats_random_normal(r) / sqrt(1 - phi * phi);

		for (t = 0; t < length; t++) {
			x[i * length + t] = 100 + level + e;
			e = phi * e + stats_random_normal(r);
		}
	}
}

static void blocks_carry_the_memory(void **state)
{
	static double x[2000];
	const struct stats_sample s = {
		x, COUNT(x), {NULL, 0}
	      };
	struct stats_bootstrap_options single = {500, 1, 1, 0.95}, block = {500, 0, 1, 0.95};
	struct stats_bootstrap without, with;
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 51);
	make_runs(x, 1, COUNT(x), 0.8, 0, &r);
	assert_int_equal(stats_bootstrap(&without, stats_of_mean, NULL, &s, 1, &single), STATS_OK);
	assert_int_equal(stats_bootstrap(&with, stats_of_mean, NULL, &s, 1, &block), STATS_OK);
	/* the truth: 1 / (1 - phi) / sqrt(n) = 0.112; single samples see a third of it */
	assert_close(with.se, 5 / sqrt(2000), 0.25);
	assert_close(without.se, 5.0 / 3 / sqrt(2000), 0.15);
}

static void runs_carry_the_spread_between_them(void **state)
{
	static double x[12 * 50];
	size_t runs[12], i;
	const struct stats_sample pooled = {
		x, COUNT(x), {NULL, 0}
	      };
	struct stats_sample s = {
		x, COUNT(x), {runs, 12}
	       };
	struct stats_bootstrap of_pool, of_runs;
	struct stats_bootstrap_options options = {500, 1, 1, 0.95};
	struct stats_random r;

	(void)state;
	for (i = 0; i < 12; i++)
		runs[i] = 50;
	stats_random_seed(&r, 52);
	make_runs(x, 12, 50, 0, 3, &r);
	assert_int_equal(stats_bootstrap(&of_runs, stats_of_mean, NULL, &s, 1, &options), STATS_OK);
	assert_int_equal(stats_bootstrap(&of_pool, stats_of_mean, NULL, &pooled, 1, &options),
			 STATS_OK);
	assert_close(of_runs.se, 3 / sqrt(12), 0.4);
	assert_true(of_runs.se > 4 * of_pool.se); /* samples of a run are no repeats */
}

static void a_change_of_medians_is_covered(void **state)
{
	enum { RUNS = 12, TRIES = 150 };
	double a[RUNS * 20], b[RUNS * 20];
	size_t runs[RUNS], i;
	struct stats_sample both[] = {
		{a, COUNT(a), {runs, RUNS}},
		     {b, COUNT(b), {runs, RUNS}}
	};
	struct stats_bootstrap_options options = {300, 0, 1, 0.95};
	struct stats_bootstrap c;
	struct stats_random r;
	int t, covered = 0;

	(void)state;
	for (i = 0; i < RUNS; i++)
		runs[i] = 20;
	stats_random_seed(&r, 53);
	for (t = 0; t < TRIES; t++) {
		make_runs(a, RUNS, 20, 0.5, 2, &r);
		make_runs(b, RUNS, 20, 0.5, 2, &r);
		for (i = 0; i < COUNT(b); i++)
			b[i] *= 0.98;
		options.seed = (uint64_t)t;
		assert_int_equal(stats_bootstrap(&c, stats_of_median_change, NULL, both, 2,
						 &options),
				 STATS_OK);
		covered += c.lo <= -0.02 && -0.02 <= c.hi;
	}
	assert_in_range(covered, 132, 149); /* 142 at the nominal 95 %, sd 2.7 */
}

static void block_length_follows_the_memory(void **state)
{
	static double x[10000];
	struct stats_random r;
	double length, phi = 0.5, ratio = 2 * phi / (1 - phi * phi);

	(void)state;
	stats_random_seed(&r, 54);
	make_runs(x, 1, COUNT(x), 0, 0, &r);
	assert_int_equal(stats_block_length(&length, x, COUNT(x), (struct stats_blocks){NULL, 0}),
			 STATS_OK);
	assert_true(length < 8);
	make_runs(x, 1, COUNT(x), phi, 0, &r);
	assert_int_equal(stats_block_length(&length, x, COUNT(x), (struct stats_blocks){NULL, 0}),
			 STATS_OK);
	/* for a known autoregression (1.5 ratio^2 n)^(1/3) = 29.9 */
	assert_close(length, cbrt(1.5 * ratio * ratio * 10000), 0.25);
	make_runs(x, 1, COUNT(x), 0.99, 0, &r);
	assert_int_equal(stats_block_length(&length, x, COUNT(x), (struct stats_blocks){NULL, 0}),
			 STATS_OK);
	assert_true(length > 150 && length <= 300); /* 3 sqrt(n) at most */
}

static double odd_one_out(const struct stats_sample *samples, size_t n, void *payload)
{
	(void)n;
	++*(int *)payload;
	return samples[0].x[0] > 10.1 ? samples[0].x[0] : (double)NAN;
}

static void replicates_without_a_number_are_left_out(void **state)
{
	const struct stats_sample s = {
		golden_g1, GOLDEN_G, {NULL, 0}
	      };
	struct stats_bootstrap_options options = {400, 1, 5, 0.95};
	struct stats_bootstrap b;
	int calls = 0, ret;

	(void)state;
	ret = stats_bootstrap(&b, odd_one_out, &calls, &s, 1, &options);
	assert_int_equal(calls, 401);
	assert_in_range(b.replicates, 150, 250); /* half of g1 are above 10.1 */
	assert_int_equal(ret, b.replicates < 200 ? STATS_NOT_CONVERGED : STATS_OK);
}

static void what_cannot_be_resampled_is_refused(void **state)
{
	static const size_t wrong[] = {4, 5}, empty[] = {0, 10};
	const double gap[] = {1, (double)NAN};
	const struct stats_sample none =
					  {
						  golden_g1, 0, {NULL, 0}
	 },
				  bad = {gap, 2, {NULL, 0}};
	const struct stats_sample off = {
		golden_g1, GOLDEN_G, {wrong, 2}
	       };
	const struct stats_sample hole = {
		golden_g1, GOLDEN_G, {empty, 2}
	       };
	const struct stats_sample good = {
		golden_g1, GOLDEN_G, {NULL, 0}
	      };
	struct stats_bootstrap_options options = {100, 0, 1, 1};
	struct stats_bootstrap b;

	(void)state;
	assert_int_equal(stats_bootstrap(&b, stats_of_mean, NULL, &none, 1, &usual), STATS_TOO_FEW);
	assert_int_equal(stats_bootstrap(&b, stats_of_mean, NULL, &bad, 1, &usual), STATS_DOMAIN);
	assert_int_equal(stats_bootstrap(&b, stats_of_mean, NULL, &off, 1, &usual), STATS_DOMAIN);
	assert_int_equal(stats_bootstrap(&b, stats_of_mean, NULL, &hole, 1, &usual), STATS_DOMAIN);
	assert_int_equal(stats_bootstrap(&b, stats_of_mean, NULL, &good, 1, &options),
			 STATS_DOMAIN);
	assert_int_equal(stats_bootstrap(&b, stats_of_mean_change, NULL, &good, 1, &usual),
			 STATS_NOT_CONVERGED);
	assert_true(isnan(b.lo) && isnan(b.hi));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_seed_one_interval),
		cmocka_unit_test(means_of_runs_have_the_known_standard_error),
		cmocka_unit_test(blocks_carry_the_memory),
		cmocka_unit_test(runs_carry_the_spread_between_them),
		cmocka_unit_test(a_change_of_medians_is_covered),
		cmocka_unit_test(block_length_follows_the_memory),
		cmocka_unit_test(replicates_without_a_number_are_left_out),
		cmocka_unit_test(what_cannot_be_resampled_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
