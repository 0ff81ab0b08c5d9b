/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue of figures, and which of them count the same. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/figure.h"

static const struct figure *f(const char *name)
{
	return figure_at(figure_index(name));
}

static void the_names_of_the_contract_are_there(void **state)
{
	static const char *const names[] = {
		"sender.tx_pps",
		"receiver.rx_pps",
		"sender.tx_drop_pps",
		"receiver.rx_drop_pps",
		"receiver.loss_ratio",
		"sender.irq_rate",
		"receiver.softirq_rate",
		"node.net_rx_rate",
		"receiver.net_tx_rate",
		"sender.cpu_percent",
		"receiver.rx_mbps",
		"receiver.softirq_per_packet",
		"sender.cpu_ns_per_packet",
		"run.target_pps",
		"run.offered_pps",
		"run.frame_size",
		"run.n_cores",
		"run.pairs",
	};
	size_t at;
	struct nb_err err = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(figure_find(&at, "-x", names[i], &err), 0);
}

static void a_typo_names_what_is_near(void **state)
{
	static const struct {
		const char *typo, *wanted;
	} rows[] = {
		{"receiver.rx_pp",	   "receiver.rx_pps"	    },
		{"reciever.rx_pps",	    "receiver.rx_pps"	     },
		{"loss_ratio",	       "receiver.loss_ratio"    },
		{"SENDER.TX_PPS",	  "nbanalyze metrics lists"},
		{"",		      "nbanalyze metrics lists"},
		{"'; DROP TABLE run; --", "nbanalyze metrics lists"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct nb_err err = {0};
		size_t at;
		assert_int_equal(figure_find(&at, "--metrics", rows[i].typo, &err), -1);
		assert_int_equal(err.code, NB_USAGE);
		assert_non_null(strstr(err.text, rows[i].wanted));
	}
}

static void a_list_is_whole_or_nothing(void **state)
{
	size_t *list = NULL, n = 0;
	struct nb_err err = {0};
	(void)state;
	assert_int_equal(figure_list(&list, &n, "-x", "run.pairs,sender.tx_pps", &err), 0);
	assert_int_equal(n, 2);
	assert_string_equal(figure_at(list[1])->name, "sender.tx_pps");
	free(list);
	list = NULL;
	assert_int_equal(figure_list(&list, &n, "-x", "run.pairs,run.pairs", &err), -1);
	assert_non_null(strstr(err.text, "twice"));
	assert_null(list);
}

static void columns_have_no_point(void **state)
{
	char buf[64];
	(void)state;
	assert_string_equal(figure_column(buf, f("receiver.rx_pps")), "receiver_rx_pps");
}

static void a_shared_counter_makes_an_identity(void **state)
{
	const struct figure_context one = {.one_node = true, .one_size = true, .joined = true};
	const struct figure_context two = {0};
	static const struct {
		const char *a, *b;
		bool one, two; /* identical on one host over veth; on two hosts, sizes varied */
	} rows[] = {
		{"sender.tx_pps",	  "sender.tx_mbps",	    true,  false},
		{"sender.tx_pps",	  "receiver.rx_pps",	     true,  false},
		{"sender.tx_pps",	  "receiver.rx_mbps",	      true,  false},
		{"sender.tx_pps",	  "receiver.forwarded_pps",   false, false},
		{"sender.irq_rate",	    "receiver.irq_rate",	 true,  false},
		{"sender.irq_rate",	    "sender.softirq_rate",	   false, false},
		{"node.irq_rate",	  "sender.irq_per_packet",	   true,	 false},
		{"sender.irq_rate",	    "sender.irq_per_packet",    true,  true },
		{"sender.tx_pps",	  "sender.cpu_ns_per_packet", true,  true },
		{"sender.cpu_percent",  "receiver.cpu_percent",     false, false},
		{"receiver.loss_ratio", "sender.tx_pps",		 true,  true },
		{"receiver.loss_ratio", "receiver.forwarded_pps",	  true,	true },
		{"receiver.loss_ratio", "run.target_pps",		  false, false},
		{"run.offered_pps",	    "sender.tx_pps",	     true,  true },
		{"run.target_pps",	   "sender.tx_pps",	    false, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(figures_identical(f(rows[i].a), f(rows[i].b), one), rows[i].one);
		assert_int_equal(figures_identical(f(rows[i].b), f(rows[i].a), one), rows[i].one);
		assert_int_equal(figures_identical(f(rows[i].a), f(rows[i].b), two), rows[i].two);
	}
}

static void one_figure_may_have_two_names(void **state)
{
	const struct figure_context one = {.one_node = true, .one_size = true, .joined = true};
	const struct figure_context two = {0};
	(void)state;
	assert_true(figures_same(f("sender.tx_pps"), f("receiver.rx_pps"), one));
	assert_true(figures_same(f("sender.softirq_per_packet"), f("receiver.softirq_per_packet"),
				 one));
	assert_true(figures_same(f("node.irq_rate"), f("sender.irq_rate"), one));
	assert_false(figures_same(f("sender.tx_pps"), f("receiver.rx_pps"), two));
	assert_false(figures_same(f("sender.tx_pps"), f("sender.tx_mbps"), one));
	assert_false(figures_same(f("sender.tx_pps"), f("run.offered_pps"), one));
	assert_false(figures_same(f("run.target_pps"), f("run.pairs"), one));
}

static void by_default_each_host_is_counted_once(void **state)
{
	const struct figure_context one = {.one_node = true}, two = {0};
	(void)state;
	assert_true(figure_default(f("node.irq_rate"), one));
	assert_false(figure_default(f("sender.irq_rate"), one));
	assert_false(figure_default(f("node.irq_rate"), two));
	assert_true(figure_default(f("receiver.irq_rate"), two));
	assert_false(figure_default(f("sender.rx_pps"), two));
	assert_true(figure_default(f("sender.tx_mbps"), two));
	assert_false(
		figure_default(f("sender.tx_mbps"), (struct figure_context){.one_size = true}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_names_of_the_contract_are_there),
		cmocka_unit_test(a_typo_names_what_is_near),
		cmocka_unit_test(a_list_is_whole_or_nothing),
		cmocka_unit_test(columns_have_no_point),
		cmocka_unit_test(a_shared_counter_makes_an_identity),
		cmocka_unit_test(one_figure_may_have_two_names),
		cmocka_unit_test(by_default_each_host_is_counted_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
