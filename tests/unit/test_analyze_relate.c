/* SPDX-License-Identifier: Apache-2.0 */
/* What is correlated with what: samples within runs, means between configurations. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/relate.h"
#include "analyze/stats/status.h"

enum { ROWS = 400 };

static size_t fx, fy;
static const struct relate_how pearson = {stats_pearson, false, STATS_NEFF_BRETHERTON, NULL, 0};

/* A uniform number in [-0.5, 0.5), the same in every run of the test. */
static double noise(void)
{
	static uint64_t s = 42;
	s = s * 6364136223846793005U + 1442695040888963407U;
	return (double)(s >> 11) / 9007199254740992.0 - 0.5;
}

static struct values rows_of(size_t n)
{
	struct values v = {.n_rows = n, .v = malloc(n * figure_count() * sizeof(double))};
	for (size_t i = 0; i < n * figure_count(); i++)
		v.v[i] = (double)NAN;
	return v;
}

static void put(struct values *v, size_t row, double x, double y)
{
	v->v[row * figure_count() + fx] = x;
	v->v[row * figure_count() + fy] = y;
}

static int find_figures(void **state)
{
	(void)state;
	fx = figure_index("sender.tx_pps");
	fy = figure_index("node.softirq_rate");
	return 0;
}

/* Two runs at rates far apart: pooled raw, everything correlates. */
static void a_difference_between_runs_is_not_within(void **state)
{
	struct run_group of_run[2] = {
		{0,   200},
		  {200, 200}
	    };
	struct samples s = {rows_of(ROWS), of_run};
	struct stats_correlation c;
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		put(&s.values, i, (i < 200 ? 1e3 : 1e6) + noise(), (i < 200 ? 1e2 : 1e5) + noise());
	assert_int_equal(relate_within(&c, &pearson, &s, 2, fx, fy), 0);
	assert_true(fabs(c.r) < 0.15);
	assert_int_equal(c.n, ROWS);
	values_free(&s.values);
}

/* The run that scatters a thousand times more counts no more than the other: r is the mean of a
 * perfect correlation and none. */
static void each_run_counts_by_its_samples(void **state)
{
	struct run_group of_run[2] = {
		{0,   200},
		  {200, 200}
	    };
	struct samples s = {rows_of(ROWS), of_run};
	struct stats_correlation c;
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		double x = noise(), y = i < 200 ? x : noise(), size = i < 200 ? 1 : 1000;
		put(&s.values, i, 5 + size * x, 7 + size * y);
	}
	assert_int_equal(relate_within(&c, &pearson, &s, 2, fx, fy), 0);
	assert_true(fabs(c.r - 0.5) < 0.1);
	values_free(&s.values);
}

/* One run: what scaling does to it leaves r as it is. */
static void one_run_is_plain_pearson(void **state)
{
	struct run_group of_run[1] = {
		{0, 100}
	};
	struct samples s = {rows_of(100), of_run};
	double x[100], y[100];
	struct stats_correlation c, plain;
	(void)state;
	for (size_t i = 0; i < 100; i++) {
		x[i] = 1e6 + 100 * noise();
		y[i] = 0.3 * x[i] + 20 * noise();
		put(&s.values, i, x[i], y[i]);
	}
	assert_int_equal(relate_within(&c, &pearson, &s, 1, fx, fy), 0);
	assert_int_equal(stats_pearson(&plain, x, y, 100, NULL), 0);
	assert_true(fabs(c.r - plain.r) < 1e-12);
	assert_true(fabs(c.n_eff - plain.n_eff) < 1e-6);
	assert_true(fabs(c.p - plain.p) <= 1e-9 * plain.p);
	values_free(&s.values);
}

static void constant_and_short_runs_are_left_out(void **state)
{
	struct run_group of_run[3] = {
		{0,   100},
		  {100, 97 },
		     {197, 3  }
	     };
	struct samples s = {rows_of(200), of_run};
	struct stats_correlation c;
	bool missing;
	(void)state;
	for (size_t i = 0; i < 200; i++)
		put(&s.values, i, noise(), i < 100 ? noise() : 5);
	assert_int_equal(relate_within(&c, &pearson, &s, 3, fx, fy), 0);
	assert_int_equal(c.n, 100);
	assert_true(varies_within(&s, 3, fy, &missing));
	assert_false(missing);
	assert_false(varies_within(&s, 3, figure_index("run.pairs"), &missing));
	assert_true(missing);
	of_run[0].n = 0;
	assert_int_equal(relate_within(&c, &pearson, &s, 3, fx, fy), STATS_CONSTANT);
	assert_false(varies_within(&s, 3, fy, &missing));
	assert_false(missing);
	of_run[1].n = 0;
	assert_int_equal(relate_within(&c, &pearson, &s, 3, fx, fy), STATS_TOO_FEW);
	values_free(&s.values);
}

static void a_tick_that_lacks_a_figure_is_left_out(void **state)
{
	struct run_group of_run[1] = {
		{0, 50}
	       };
	struct samples s = {rows_of(50), of_run};
	struct stats_correlation c;
	(void)state;
	for (size_t i = 0; i < 50; i++)
		put(&s.values, i, noise(), i % 10 ? noise() : (double)NAN);
	assert_int_equal(relate_within(&c, &pearson, &s, 1, fx, fy), 0);
	assert_int_equal(c.n, 45);
	values_free(&s.values);
}

static void between_needs_three_for_r_and_five_for_p(void **state)
{
	struct values v = rows_of(6);
	struct stats_correlation c;
	(void)state;
	for (size_t i = 0; i < 6; i++)
		put(&v, i, (double)i, (double)(i * i));
	for (size_t n = 1; n <= 6; n++) {
		v.n_rows = n;
		int rc = relate_between(&c, &pearson, &v, fx, fy);
		assert_int_equal(rc, n < 3 ? STATS_TOO_FEW : 0);
		if (n < 3)
			continue;
		assert_true(c.r > 0.9);
		assert_int_equal(isnan(c.p), n < 5);
		assert_int_equal(isnan(c.ci_lo), n < 5);
		assert_true(c.n_eff >= (double)n && c.n_eff <= (double)n);
	}
	v.n_rows = 6;
	values_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_difference_between_runs_is_not_within),
		cmocka_unit_test(each_run_counts_by_its_samples),
		cmocka_unit_test(one_run_is_plain_pearson),
		cmocka_unit_test(constant_and_short_runs_are_left_out),
		cmocka_unit_test(a_tick_that_lacks_a_figure_is_left_out),
		cmocka_unit_test(between_needs_three_for_r_and_five_for_p),
	};
	return cmocka_run_group_tests(tests, find_figures, NULL);
}
