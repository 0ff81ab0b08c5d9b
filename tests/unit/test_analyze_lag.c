/* SPDX-License-Identifier: Apache-2.0 */
/* Samples on a grid, and which of two figures moves first. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/relate_lag.h"
#include "analyze/select.h"
#include "analyze/stats/status.h"
#include "analyze_store.h"

enum { RUN = 300, ROWS = 2 * RUN, SHIFT = 3 };

static size_t fx, fy;
static struct test_store store;

static double noise(void)
{
	static uint64_t s = 7;
	s = s * 6364136223846793005U + 1442695040888963407U;
	return (double)(s >> 11) / 9007199254740992.0 - 0.5;
}

/* Two runs of RUN samples, one behind the other, and a grid that holds both. */
struct series {
	struct samples s;
	struct run_group of_run[2];
	struct grid g;
	bool takes[2], follows[ROWS];
};

static void put(struct series *t, size_t row, double x, double y)
{
	t->s.values.v[row * figure_count() + fx] = x;
	t->s.values.v[row * figure_count() + fy] = y;
}

/* x follows y by SHIFT samples within each run; the second run scatters a thousand times more. */
static void make(struct series *t)
{
	*t = (struct series){
		.of_run = {{0, RUN}, {RUN, RUN}},
		  .takes = {true,	  true      }
	       };
	t->s = (struct samples){{.n_rows = ROWS}, t->of_run};
	t->s.values.v = calloc(ROWS * figure_count(), sizeof(double));
	t->g = (struct grid){.interval_s = 0.1, .takes = t->takes, .follows = t->follows};
	for (size_t r = 0; r < 2; r++) {
		double y[RUN], size = r ? 1000 : 1;
		for (size_t i = 0; i < RUN; i++) {
			y[i] = noise();
			double x = (i < SHIFT ? noise() : y[i - SHIFT]) + 0.2 * noise();
			put(t, r * RUN + i, 5 + size * x, 9 + size * y[i]);
			t->follows[r * RUN + i] = i > 0;
		}
	}
}

static int find_figures(void **state)
{
	(void)state;
	fx = figure_index("sender.tx_pps");
	fy = figure_index("node.softirq_rate");
	return test_store_open(&store, "scenario_one_run.sql");
}

static int close_store(void **state)
{
	(void)state;
	test_store_close(&store);
	return 0;
}

static void the_one_that_moves_first_is_found_in_both_directions(void **state)
{
	struct series t;
	struct stats_lag lag;
	(void)state;
	make(&t);
	assert_int_equal(relate_lag(&lag, &t.g, &t.s, 2, fx, fy, 10), 0);
	assert_int_equal(lag.lag, SHIFT);
	assert_true(lag.r > 0.8 && lag.p < 1e-6);
	assert_int_equal(relate_lag(&lag, &t.g, &t.s, 2, fy, fx, 10), 0);
	assert_int_equal(lag.lag, -SHIFT);
	values_free(&t.s.values);
}

/* Runs of another interval do not stand on the grid. */
static void a_run_off_the_grid_is_left_out(void **state)
{
	struct series t;
	struct stats_lag both, one;
	(void)state;
	make(&t);
	assert_int_equal(relate_lag(&both, &t.g, &t.s, 2, fx, fy, 10), 0);
	t.takes[1] = false;
	assert_int_equal(relate_lag(&one, &t.g, &t.s, 2, fx, fy, 10), 0);
	assert_true(one.n < both.n && one.n <= RUN);
	t.takes[0] = false;
	assert_int_equal(relate_lag(&one, &t.g, &t.s, 2, fx, fy, 10), STATS_TOO_FEW);
	values_free(&t.s.values);
}

/* A missing value or a gap ends a piece: no pair reaches across, and short pieces are left out. */
static void no_lag_is_sought_across_a_gap(void **state)
{
	struct series t;
	struct stats_lag whole, broken;
	(void)state;
	make(&t);
	assert_int_equal(relate_lag(&whole, &t.g, &t.s, 2, fx, fy, 10), 0);
	t.follows[RUN / 2] = false;
	put(&t, RUN + RUN / 2, (double)NAN, 1);
	assert_int_equal(relate_lag(&broken, &t.g, &t.s, 2, fx, fy, 10), 0);
	assert_int_equal(broken.lag, SHIFT);
	assert_true(broken.n < whole.n);
	for (size_t i = 0; i < ROWS; i++)
		t.follows[i] = i % 3; /* pieces of three */
	assert_int_equal(relate_lag(&broken, &t.g, &t.s, 2, fx, fy, 2), STATS_TOO_FEW);
	values_free(&t.s.values);
}

static void what_does_not_vary_is_constant(void **state)
{
	struct series t;
	struct stats_lag lag;
	(void)state;
	make(&t);
	for (size_t i = 0; i < ROWS; i++)
		put(&t, i, 5, noise());
	assert_int_equal(relate_lag(&lag, &t.g, &t.s, 2, fx, fy, 10), STATS_CONSTANT);
	values_free(&t.s.values);
}

/* The stamps of the store: samples a second apart, none missing. */
static void the_grid_is_that_of_the_stamps(void **state)
{
	struct runs runs;
	struct samples s;
	struct grid g;
	struct nb_err err = {0};
	const struct selection all = {0};
	(void)state;
	assert_int_equal(select_runs(&runs, store.s, &all, SELECT_ALL, &err), 0);
	assert_int_equal(samples_load(&s, store.s, &runs, NULL, 0, &err), 0);
	assert_int_equal(grid_load(&g, store.s, &runs, &s, &err), 0);
	assert_true(fabs(g.interval_s - 1) < 0.05);
	assert_int_equal(g.n_left_out, 0);
	assert_int_equal(g.n_gaps, 0);
	size_t n = 0;
	for (size_t i = 0; i < s.values.n_rows; i++)
		n += g.follows[i];
	assert_int_equal(n, s.values.n_rows - 1); /* all but the first of the one run */
	grid_free(&g);
	for (size_t i = 0; i < runs.n; i++)
		s.of_run[i].n = 0; /* no run has two samples */
	assert_int_equal(grid_load(&g, store.s, &runs, &s, &err), -1);
	assert_int_equal(err.code, NB_NODATA);
	samples_free(&s);
	runs_free(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_one_that_moves_first_is_found_in_both_directions),
		cmocka_unit_test(a_run_off_the_grid_is_left_out),
		cmocka_unit_test(no_lag_is_sought_across_a_gap),
		cmocka_unit_test(what_does_not_vary_is_constant),
		cmocka_unit_test(the_grid_is_that_of_the_stamps),
	};
	return cmocka_run_group_tests(tests, find_figures, close_store);
}
