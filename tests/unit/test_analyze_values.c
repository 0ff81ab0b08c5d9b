/* SPDX-License-Identifier: Apache-2.0 */
/* Figures out of the store: runs, configurations, samples, fits, ledger. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/fit.h"
#include "analyze/plot/ledger.h"
#include "analyze/relate.h"
#include "analyze/select.h"
#include "analyze/values.h"
#include "analyze/within.h"
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

/* Run 12 gets a listener, which reads a third of what comes; UDP refuses another third. */
static int let_one_listen(void **state)
{
	static const char sql[] =
		"UPDATE run SET forwarded_from = 'listener' WHERE id = 12;"
		"INSERT INTO protocol_sample (endpoint_id, seq, metric_id, value) "
		"SELECT p.endpoint_id, p.seq, m.id, p.value / 3 FROM protocol_sample p, metric m "
		"WHERE p.metric_id = (SELECT id FROM metric WHERE name = 'udp_no_ports') "
		"AND m.name IN ('udp_in_datagrams', 'udp_in_errors') "
		"AND p.endpoint_id IN (SELECT id FROM endpoint WHERE run_id = 12);";
	sqlite3 *db = NULL;
	(void)state;
	int rc = sqlite3_open(store.path, &db);
	rc = rc ? rc : sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc ? -1 : 0;
}

static int anew(void **state)
{
	close_zoo(state);
	return open_zoo(state);
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
	assert_int_equal(samples_load(&s, store.s, &runs, NULL, 0, &err), 0);
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
	struct model m;
	const struct fit_by none = {NULL, 0};
	(void)state;
	assert_int_equal(values_of_runs(&v, store.s, &runs, &err), 0);
	assert_int_equal(model_parse(&m, "node.softirq_rate", "receiver.rx_pps", &err), 0);
	assert_int_equal(model_expand(&m, &runs, &err), 0);
	fit_between(&fits, &runs, &v, &m, none);
	model_free(&m);
	assert_int_equal(fits.n, runs.n_curves);
	assert_non_null(strstr(fits.v[0].label, "generator=trafgen"));
	assert_int_equal(fits.v[0].n, 10);
	assert_int_equal(fit_solve(&r, &fits.v[0], false, FIT_OLS, FIT_CLASSIC, &err), 0);
	near(r.terms[1].estimate, 0.05, 1e-3); /* as make_db.sql makes them */
	near(r.terms[0].estimate, 1900, 30);
	fit_result_free(&r);
	fit_list_free(&fits);
	assert_int_equal(
		model_parse(&m, "node.softirq_rate", "receiver.rx_pps,run.frame_size", &err), 0);
	assert_int_equal(model_expand(&m, &runs, &err), 0);
	fit_between(&fits, &runs, &v, &m, none); /* sizes 64, 128 and 256 of trafgen are one now */
	assert_true(fits.n < runs.n_curves);
	assert_int_equal(fits.v[0].n, 12);
	fit_list_free(&fits);
	model_free(&m);
	values_free(&v);
}

static void by_makes_a_fit_for_each_value(void **state)
{
	struct values v;
	struct nb_err err = {0};
	struct fit_list fits;
	struct model m;
	const char *key = "target_pps";
	(void)state;
	assert_int_equal(values_of_runs(&v, store.s, &runs, &err), 0);
	assert_int_equal(model_parse(&m, "node.softirq_rate", "receiver.rx_pps", &err), 0);
	assert_int_equal(model_expand(&m, &runs, &err), 0);
	fit_between(&fits, &runs, &v, &m, (struct fit_by){&key, 1});
	assert_int_equal(fits.n, runs.n_configs);
	assert_non_null(strstr(fits.v[0].label, "target_pps=1000,"));
	assert_int_equal(fits.v[0].n, 2);
	fit_list_free(&fits);
	model_free(&m);
	values_free(&v);
}

static void terms_become_columns(void **state)
{
	struct values v;
	struct nb_err err = {0};
	struct model m;
	wide wide_x[8];
	double x[8];
	(void)state;
	assert_int_equal(values_of_runs(&v, store.s, &runs, &err), 0);
	assert_int_equal(
		model_parse(&m, "node.irq_rate",
			    "receiver.rx_pps^2,log(run.frame_size),generator,receiver.rx_pps:size",
			    &err),
		0);
	assert_int_equal(model_expand(&m, &runs, &err), 0);
	/* trafgen and paced; sizes 64 (the first), 128, 256, 512, 1518 */
	assert_int_equal(m.n_columns, 3 + 4);
	assert_string_equal(m.column[0].name, "receiver.rx_pps^2");
	assert_string_equal(m.column[1].name, "log(run.frame_size)");
	assert_non_null(strstr(m.column[2].name, "generator="));
	assert_string_equal(m.column[3].name, "receiver.rx_pps:frame_size=128");
	for (size_t i = 0; i < runs.n; i++) {
		double pps = value_at(&v, i, figure_index("receiver.rx_pps"));
		double size = (double)runs.run[i].frame_size;
		assert_true(model_row(wide_x, &m, &runs, i, &v, i));
		for (size_t k = 0; k < m.n_columns; k++)
			x[k] = (double)wide_value(wide_x[k]);
		near(x[0], pps * pps, 1e-6 * pps * pps);
		near(x[1], log(size), 1e-12);
		near(x[2], strcmp(runs.run[i].generator, runs.run[0].generator) ? 1 : 0, 0);
		near(x[3] + x[4] + x[5] + x[6], runs.run[i].frame_size == 64 ? 0 : pps, 1e-9 * pps);
	}
	assert_true(model_has_key(&m, "frame_size") && !model_has_key(&m, "kernel"));
	model_free(&m);
	values_free(&v);
}

static void terms_that_cannot_be_read_are_refused(void **state)
{
	static const char *const bad[] = {"receiver.rx_pps^1",	 "receiver.rx_pps^x",
					  "log(receiver.rx_pp)", "receiver.rx_pps,receiver.rx_pps",
					  "receiver.rx_pps:",	 "",
					  "node.irq_rate^2",	 "pairs:pairs:pairs:pairs:pairs"};
	struct model m;
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct nb_err err = {0};
		assert_int_equal(model_parse(&m, "node.irq_rate", bad[i], &err), -1);
		assert_int_equal(err.code, NB_USAGE);
		model_free(&m);
	}
	struct nb_err err = {0};
	assert_int_equal(model_parse(&m, "node.irq_rate", "colour", &err), 0);
	assert_int_equal(model_expand(&m, &runs, &err), -1);
	assert_int_equal(err.code, NB_USAGE);
	model_free(&m);
}

/* Runs at other levels: only the slope within them counts. */
static void within_a_fit_each_run_has_its_own_level(void **state)
{
	double y[6] = {12, 14, 16.5, 2, 4, 5.5};
	wide x[6];
	size_t length[2] = {3, 3};
	struct fit_data d = {.n = 6, .n_x = 1, .n_runs = 2, .x = x, .y = y, .length = length};
	struct fit_result r;
	struct nb_err err = {0};
	(void)state;
	for (int i = 0; i < 6; i++)
		x[i] = wide_of(i < 3 ? i + 1 : i + 98);
	assert_int_equal(fit_solve(&r, &d, true, FIT_OLS, FIT_CLASSIC, &err), 0);
	assert_false(r.intercept);
	assert_int_equal(r.fit.terms, 1);
	near(r.terms[0].estimate, 2, 1e-12); /* lm(y ~ x + factor(run)) */
	assert_int_equal(r.fit.df, 3);
	near(r.terms[0].se, 1.0 / 6, 1e-12);
	fit_result_free(&r);
	d.n_runs = 1;
	length[0] = 6;
	assert_int_equal(fit_solve(&r, &d, true, FIT_OLS, FIT_CLASSIC, &err), 0);
	assert_true(r.intercept && r.terms[1].estimate < 0);
	fit_result_free(&r);
}

/* One row more than are held: all but one are taken, and the fit says so. */
static void of_many_rows_as_many_as_are_held_are_drawn(void **state)
{
	static const enum fit_method methods[] = {FIT_HUBER, FIT_THEIL_SEN};
	size_t n = FIT_DRAWN + 1;
	wide *x = calloc(n, sizeof(*x));
	double *y = calloc(n, sizeof(*y));
	struct fit_data d = {.n = n, .n_x = 1, .n_runs = 1, .x = x, .y = y, .length = &n};
	struct nb_err err = {0};
	(void)state;
	for (size_t i = 0; i < n; i++) {
		x[i] = wide_of((long double)(i % 1000));
		y[i] = 3 + 2 * (double)(i % 1000) + (double)(i * 7919 % 101) - 50;
	}
	for (size_t k = 0; k < 2; k++) {
		struct fit_result r;
		assert_int_equal(fit_solve(&r, &d, true, methods[k], FIT_CLASSIC, &err), 0);
		assert_true(r.drawn);
		assert_int_equal(r.fit.n, FIT_DRAWN);
		near(r.terms[1].estimate, 2, 1e-3);
		fit_result_free(&r);
	}
	free(x);
	free(y);
}

/* Kept or read again, with any errors: the same digits. */
static void a_fit_of_rows_that_are_read_again_is_the_same(void **state)
{
	static const enum fit_errors errors[] = {FIT_CLASSIC, FIT_HC3, FIT_HAC};
	const struct fit_by none = {NULL, 0};
	struct nb_err err = {0};
	struct model m;
	size_t compared = 0;
	(void)state;
	assert_int_equal(
		model_parse(&m, "node.softirq_rate", "receiver.rx_pps,node.irq_rate", &err), 0);
	assert_int_equal(model_expand(&m, &runs, &err), 0);
	for (size_t e = 0; e < 3; e++) {
		struct fit_list kept, again;
		assert_int_equal(fit_within(&kept, store.s, &runs, &m, none, FIT_KEEP_ALL, &err),
				 0);
		assert_int_equal(fit_within(&again, store.s, &runs, &m, none, 0, &err), 0);
		assert_int_equal(kept.n, again.n);
		for (size_t i = 0; i < kept.n; i++) {
			struct fit_result a, b;
			assert_int_equal(kept.v[i].n_again, 0);
			assert_int_equal(kept.v[i].n, again.v[i].n);
			int rc = fit_solve(&a, &kept.v[i], true, FIT_OLS, errors[e], &err);
			assert_int_equal(fit_solve(&b, &again.v[i], true, FIT_OLS, errors[e], &err),
					 rc);
			if (!rc && again.v[i].n_again) {
				assert_memory_equal(a.terms, b.terms,
						    a.fit.terms * sizeof(*a.terms));
				assert_memory_equal(&a.memory, &b.memory, sizeof(a.memory));
				assert_memory_equal(&a.durbin_watson, &b.durbin_watson,
						    sizeof(a.durbin_watson));
				compared++;
			}
			fit_result_free(&a);
			fit_result_free(&b);
		}
		fit_list_free(&kept);
		fit_list_free(&again);
	}
	assert_true(compared >= 3);
	model_free(&m);
}

/* The view is the definition; the reader goes to the tables. */
static void samples_are_what_the_view_says(void **state)
{
	static const char sql[] =
		"SELECT run_id, seq, tx_pps, rx_pps, forwarded_pps, tx_drop_pps, rx_drop_pps, "
		"tx_error_pps, rx_error_pps, tx_mbps, rx_mbps, irq_rate, softirq_rate, net_tx_rate, "
		"net_rx_rate, softnet_drop_pps, cpu_percent, softirq_per_packet, irq_per_packet, "
		"cpu_ns_per_packet FROM v_steady WHERE role = ?1 AND run_id IN (SELECT run_id FROM "
		"v_run WHERE pairs = 1) ORDER BY run_id, seq";
	static const char *const roles[] = {"sender", "receiver"};
	struct samples s;
	struct nb_err err = {0};
	size_t compared = 0;
	(void)state;
	assert_int_equal(samples_load(&s, store.s, &runs, NULL, 0, &err), 0);
	for (size_t k = 0; k < 2; k++) {
		sqlite3_stmt *st;
		int64_t id = -1;
		size_t row = 0;
		assert_int_equal(store_prepare(store.s, &st, sql, "test", &err), 0);
		sqlite3_bind_text(st, 1, roles[k], -1, SQLITE_STATIC);
		while (store_step(store.s, st, "test", &err) == 1) {
			size_t run = runs_find(&runs, sqlite3_column_int64(st, 0));
			if (run == runs.n)
				continue;
			row = sqlite3_column_int64(st, 0) == id ? row + 1 : s.of_run[run].first;
			id = sqlite3_column_int64(st, 0);
			for (int i = 2; i < sqlite3_column_count(st); i++) {
				char name[64];
				snprintf(name, sizeof(name), "%s.%s", roles[k],
					 sqlite3_column_name(st, i));
				double got = value_at(&s.values, row, figure_index(name));
				double wanted = sqlite3_column_double(st, i);
				if (sqlite3_column_type(st, i) == SQLITE_NULL)
					assert_true(isnan(got));
				else
					near(got, wanted, 1e-12 * fabs(wanted));
				compared++;
			}
		}
		sqlite3_finalize(st);
	}
	assert_true(compared > 1000);
	samples_free(&s);
}

/* One pass with sums of runs says what the arrays of two figures say, with any number of threads.
 */
static void sums_say_what_the_samples_say(void **state)
{
	static const char *const names[] = {"sender.tx_pps",	  "receiver.forwarded_pps",
					    "sender.cpu_percent", "node.softirq_rate",
					    "node.net_rx_rate",	  "receiver.rx_drop_pps"};
	enum { N = 6 };
	const struct relate_how how = {.method = stats_pearson};
	size_t figures[N];
	struct samples s;
	struct within one, many;
	struct nb_err err = {0};
	(void)state;
	for (size_t i = 0; i < N; i++)
		figures[i] = figure_index(names[i]);
	assert_int_equal(samples_load(&s, store.s, &runs, figures, N, &err), 0);
	assert_int_equal(within_pearson(&one, store.s, &runs, figures, N, STATS_NEFF_BRETHERTON, 1,
					&err),
			 0);
	assert_int_equal(within_pearson(&many, store.s, &runs, figures, N, STATS_NEFF_BRETHERTON, 5,
					&err),
			 0);
	for (size_t i = 0; i < N; i++)
		for (size_t j = i + 1; j < N; j++) {
			struct stats_correlation c;
			const struct stats_correlation *got = &one.pair[i * N + j];
			int rc = relate_within(&c, &how, &s, runs.n, figures[i], figures[j]);
			assert_int_equal(one.status[i * N + j], rc);
			assert_memory_equal(got, &many.pair[i * N + j], sizeof(*got));
			if (rc)
				continue;
			assert_int_equal(got->n, c.n);
			near(got->r, c.r, 1e-13);
			near(got->n_eff, c.n_eff, 1e-10 * c.n_eff);
			near(got->ci_lo, c.ci_lo, 1e-12);
		}
	for (size_t i = 0; i < runs.n; i++)
		assert_int_equal(one.rows[i], s.of_run[i].n);
	within_free(&one);
	within_free(&many);
	samples_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_has_the_figures_of_all_its_pairs),
		cmocka_unit_test_setup_teardown(figures_are_those_of_v_run_metric, let_one_listen,
						anew),
		cmocka_unit_test(a_configuration_is_the_mean_of_its_repeats),
		cmocka_unit_test(samples_are_those_of_the_steady_window),
		cmocka_unit_test(a_ledger_adds_up),
		cmocka_unit_test(fits_split_where_more_than_rate_and_x_differ),
		cmocka_unit_test(by_makes_a_fit_for_each_value),
		cmocka_unit_test(terms_become_columns),
		cmocka_unit_test(terms_that_cannot_be_read_are_refused),
		cmocka_unit_test(within_a_fit_each_run_has_its_own_level),
		cmocka_unit_test(of_many_rows_as_many_as_are_held_are_drawn),
		cmocka_unit_test(a_fit_of_rows_that_are_read_again_is_the_same),
		cmocka_unit_test_setup_teardown(samples_are_what_the_view_says, let_one_listen,
						anew),
		cmocka_unit_test(sums_say_what_the_samples_say),
	};
	return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
