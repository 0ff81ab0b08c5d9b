/* SPDX-License-Identifier: Apache-2.0 */
/* Figures out of the store: runs, configurations, samples, fits, ledger. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/fit.h"
#include "analyze/plot/ledger.h"
#include "analyze/select.h"
#include "analyze/values.h"
#include "analyze_store.h"

static struct test_store store;
static struct runs runs;

static int open_zoo(void **state)
{
	static struct selection all;
	struct nb_err err = {0};
	(void)state;
	if (test_store_open(&store, "scenario_zoo.sql"))
		return -1;
	return select_runs(&runs, store.s, &all, SELECT_ANALYSE, &err);
}

static int close_zoo(void **state)
{
	(void)state;
	runs_free(&runs);
	test_store_close(&store);
	return 0;
}

static double figure(const struct values *v, int64_t run_id, const char *name)
{
	return value_at(v, runs_find(&runs, run_id), figure_index(name));
}

static void near(double got, double wanted, double within)
{
	if (!(fabs(got - wanted) <= within))
		fail_msg("%.9g, not %.9g", got, wanted);
}

static void a_run_has_the_figures_of_all_its_pairs(void **state)
{
	struct values v;
	struct nb_err err = {0};
	(void)state;
	assert_int_equal(values_of_runs(&v, store.s, &runs, &err), 0);
	near(figure(&v, 3, "sender.tx_pps"), 50000, 20);
	near(figure(&v, 22, "sender.tx_pps"), 600000, 200);
	near(figure(&v, 22, "run.target_pps"), 200000, 0);
	near(figure(&v, 13, "receiver.loss_ratio"), 0.477, 0.001);
	assert_true(isnan(figure(&v, 42, "receiver.forwarded_pps")));
	assert_true(isnan(figure(&v, 42, "sender.cpu_percent")));
	assert_true(isnan(figure(&v, 14, "run.target_pps")));
	values_free(&v);
}

/* The view says the same in its own words. */
static void figures_are_those_of_v_run_metric(void **state)
{
	struct values v;
	struct nb_err err = {0};
	sqlite3_stmt *st;
	size_t compared = 0;
	(void)state;
	assert_int_equal(values_of_runs(&v, store.s, &runs, &err), 0);
	assert_int_equal(store_prepare(store.s, &st,
				       "SELECT run_id, metric, value FROM v_run_metric "
				       "WHERE pair IS NULL AND value IS NOT NULL "
				       "AND (metric NOT LIKE 'node.%' OR metric LIKE 'node.irq%')",
				       "test", &err),
			 0);
	while (sqlite3_step(st) == SQLITE_ROW) {
		size_t run = runs_find(&runs, sqlite3_column_int64(st, 0));
		double wanted = sqlite3_column_double(st, 2);
		if (run == runs.n ||
		    !strcmp((const char *)sqlite3_column_text(st, 1), "node.irq_per_packet"))
			continue;
		near(value_at(&v, run, figure_index((const char *)sqlite3_column_text(st, 1))),
		     wanted, 1e-9 * fabs(wanted));
		compared++;
	}
	sqlite3_finalize(st);
	assert_true(compared > 900);
	values_free(&v);
}

static void a_configuration_is_the_mean_of_its_repeats(void **state)
{
	struct values v, means;
	struct nb_err err = {0};
	(void)state;
	assert_int_equal(values_of_runs(&v, store.s, &runs, &err), 0);
	values_of_configs(&means, &v, &runs);
	assert_int_equal(means.n_rows, runs.n_configs);
	size_t config = runs.run[runs_find(&runs, 9)].config;
	assert_int_equal(config, runs.run[runs_find(&runs, 10)].config);
	near(value_at(&means, config, figure_index("sender.tx_pps")),
	     (figure(&v, 9, "sender.tx_pps") + figure(&v, 10, "sender.tx_pps")) / 2, 1e-6);
	values_free(&v);
	values_free(&means);
}

/* The steady window leaves out the first second and the two at the end. */
static void samples_are_those_of_the_steady_window(void **state)
{
	struct samples s;
	struct nb_err err = {0};
	(void)state;
	assert_int_equal(samples_load(&s, store.s, &runs, &err), 0);
	assert_int_equal(s.of_run[runs_find(&runs, 3)].n, 11);
	assert_int_equal(s.of_run[runs_find(&runs, 41)].n, 0);
	struct run_group g = s.of_run[runs_find(&runs, 23)];
	for (size_t i = g.first; i < g.first + g.n; i++) {
		near(value_at(&s.values, i, figure_index("sender.tx_pps")), 1200000, 2000);
		near(value_at(&s.values, i, figure_index("receiver.rx_drop_pps")), 150000, 3000);
	}
	g = s.of_run[runs_find(&runs, 42)];
	assert_true(isnan(value_at(&s.values, g.first, figure_index("receiver.forwarded_pps"))));
	samples_free(&s);
}

static void a_ledger_adds_up(void **state)
{
	struct ledger l;
	struct nb_err err = {0};
	(void)state;
	assert_int_equal(ledger_load(&l, store.s, &runs, &err), 0);
	for (size_t i = 0; i < runs.n; i++) {
		const struct run_ledger *r = &l.run[i];
		double sum = r->delivered;
		if (runs.run[i].id == 42) /* nothing behind the interface was counted */
			continue;
		for (size_t k = 0; k < n_loss_stages; k++)
			sum += isnan(r->lost[k]) ? 0 : r->lost[k];
		near(sum, r->asked, 0.5);
	}
	ledger_free(&l);
}

static void fits_split_where_more_than_rate_and_x_differ(void **state)
{
	struct values v;
	struct nb_err err = {0};
	struct fit_list fits;
	struct fit_result r;
	const size_t y = figure_index("node.softirq_rate");
	const size_t x[] = {figure_index("receiver.rx_pps"), figure_index("run.frame_size")};
	(void)state;
	assert_int_equal(values_of_runs(&v, store.s, &runs, &err), 0);
	fit_between(&fits, &runs, &v, y, x, 1);
	assert_int_equal(fits.n, runs.n_curves);
	assert_non_null(strstr(fits.v[0].label, "generator=trafgen"));
	assert_int_equal(fits.v[0].n, 10);
	assert_int_equal(fit_solve(&r, &fits.v[0], false), 0);
	near(r.terms[1].estimate, 0.05, 1e-3); /* as make_db.sql makes them */
	near(r.terms[0].estimate, 1900, 30);
	free(r.terms);
	fit_list_free(&fits);
	fit_between(&fits, &runs, &v, y, x, 2); /* sizes 64, 128 and 256 of trafgen are one now */
	assert_true(fits.n < runs.n_curves);
	assert_int_equal(fits.v[0].n, 12);
	fit_list_free(&fits);
	values_free(&v);
}

/* Runs at other levels: only the slope within them counts. */
static void within_a_fit_each_run_has_its_own_level(void **state)
{
	double x[6] = {1, 2, 3, 101, 102, 103}, y[6] = {12, 14, 16.5, 2, 4, 5.5};
	size_t length[2] = {3, 3};
	struct fit_data d = {.n = 6, .n_x = 1, .n_runs = 2, .x = x, .y = y, .length = length};
	struct fit_result r;
	(void)state;
	assert_int_equal(fit_solve(&r, &d, true), 0);
	assert_false(r.intercept);
	assert_int_equal(r.fit.terms, 1);
	near(r.terms[0].estimate, 2, 1e-12); /* lm(y ~ x + factor(run)) */
	assert_int_equal(r.fit.df, 3);
	near(r.terms[0].se, 1.0 / 6, 1e-12);
	free(r.terms);
	d.n_runs = 1;
	length[0] = 6;
	assert_int_equal(fit_solve(&r, &d, true), 0);
	assert_true(r.intercept && r.terms[1].estimate < 0);
	free(r.terms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_has_the_figures_of_all_its_pairs),
		cmocka_unit_test(figures_are_those_of_v_run_metric),
		cmocka_unit_test(a_configuration_is_the_mean_of_its_repeats),
		cmocka_unit_test(samples_are_those_of_the_steady_window),
		cmocka_unit_test(a_ledger_adds_up),
		cmocka_unit_test(fits_split_where_more_than_rate_and_x_differ),
		cmocka_unit_test(within_a_fit_each_run_has_its_own_level),
	};
	return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
