/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of --fail-if: how they are read, and what they say. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "analyze/gate.h"

static struct gate parsed(const char *text)
{
	struct gate g;
	struct nb_err err = {0};
	assert_int_equal(gate_parse(&g, text, &err), 0);
	assert_ptr_equal(g.text, text);
	return g;
}

static void near(double got, double want)
{
	assert_true(fabs(got - want) <= 1e-12 * fmax(1, fabs(want)));
}

static void a_condition_is_read_in_all_its_forms(void **state)
{
	(void)state;
	struct gate g = parsed("receiver.rx_pps.median < -2%");
	assert_int_equal(g.figure, figure_index("receiver.rx_pps"));
	assert_true(g.change && !g.above && !g.or_equal);
	near(g.limit, -0.02);
	near(g.quantile, 0.5);
	near(g.alpha, 0.05);
	g = parsed("receiver.loss_ratio.max>=0.001");
	assert_true(!g.change && g.above && g.or_equal);
	near(g.limit, 0.001);
	near(g.quantile, 1);
	g = parsed("  sender.tx_pps.mean > 1e6 ");
	assert_true(isnan(g.quantile));
	near(g.limit, 1e6);
	near(parsed("sender.tx_pps.p95 <= 5 %").quantile, 0.95);
	near(parsed("sender.tx_pps.min < 0").quantile, 0);
}

/* Worse is less of a rate and more of a loss. */
static void regressed_knows_which_way_is_worse(void **state)
{
	(void)state;
	struct gate g = parsed("regressed(receiver.rx_pps, min=2%)");
	assert_true(g.change && !g.above);
	near(g.limit, -0.02);
	g = parsed("regressed( receiver.loss_ratio , alpha=0.01 )");
	assert_true(g.change && g.above);
	near(g.limit, 0);
	near(g.alpha, 0.01);
}

static void what_cannot_be_read_is_refused_with_the_word(void **state)
{
	static const char *const bad[][2] = {
		{"",				    "condition"		},
		{"receiver.rx_pps.median",		   "condition"	      },
		{"receiver.rx_pps < 1",			"a metric and median"},
		{"receiver.rx_pps.p0 < 1",		   "a metric and median"},
		{"receiver.rx_pps.p100 < 1",	     "a metric and median"},
		{"receiver.rx_pps.median < ",	      "a number"		},
		{"receiver.rx_pps.median < 1%%",	 "a number"	   },
		{"receiver.rx_pps.median < nan",	 "a number"	   },
		{"receiver.rx_pps.median < inf",	 "a number"	   },
		{"receiver.rx_pqs.median < 1",	       "unknown metric"     },
		{"regressed(receiver.rx_pps",	      "closed by )"	   },
		{"regressed(receiver.rx_pps) now",	   "closed by )"	},
		{"regressed()",				"metric"		},
		{"regressed(receiver.rx_pps, min=-2%)", "min=PERCENT%"	      },
		{"regressed(receiver.rx_pps, min=2)",   "min=PERCENT%"	    },
		{"regressed(receiver.rx_pps, alpha=1)", "alpha="		},
		{"regressed(receiver.rx_pps, beta=1)",  "min= or alpha="     },
		{"regressed(node.irq_rate)",	     "neither better"     },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct gate g;
		struct nb_err err = {0};
		assert_int_equal(gate_parse(&g, bad[i][0], &err), -1);
		assert_int_equal(err.code, NB_USAGE);
		if (!strstr(err.text, bad[i][1]))
			fail_msg("'%s': no '%s' in: %s", bad[i][0], bad[i][1], err.text);
	}
}

static void a_change_is_a_share_of_a(void **state)
{
	const double a[] = {100, 100, 110}, b[] = {90, 95, 99}, none[] = {0, 0, 0};
	(void)state;
	struct gate g = parsed("sender.tx_pps.median < -2%");
	near(gate_value(&g, a, 3, b, 3), -0.05);
	near(gate_value(&g, none, 3, none, 3), 0);
	assert_true(isinf(gate_value(&g, none, 3, b, 3)));
	g = parsed("sender.tx_pps.mean < 100");
	near(gate_value(&g, a, 3, b, 3), 284.0 / 3);
	assert_true(isnan(gate_value(&g, a, 3, b, 0)));
	near(gate_statistic(&g, a, 3), 310.0 / 3);
}

/* A change that is not shown is no pass and no failure; a value needs no test. */
static void a_verdict_needs_a_limit_passed_and_a_change_shown(void **state)
{
	(void)state;
	struct gate g = parsed("sender.tx_pps.median < -2%");
	assert_int_equal(gate_judge(&g, -0.05, 0.001), GATE_FAILED);
	assert_int_equal(gate_judge(&g, -0.05, 0.2), GATE_INCONCLUSIVE);
	assert_int_equal(gate_judge(&g, -0.05, (double)NAN), GATE_INCONCLUSIVE);
	assert_int_equal(gate_judge(&g, -0.02, 0.001), GATE_PASSED);
	assert_int_equal(gate_judge(&g, 0.05, 0.001), GATE_PASSED);
	g = parsed("receiver.loss_ratio.max >= 0.5");
	assert_int_equal(gate_judge(&g, 0.5, (double)NAN), GATE_FAILED);
	assert_int_equal(gate_judge(&g, 0.4, (double)NAN), GATE_PASSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_is_read_in_all_its_forms),
		cmocka_unit_test(regressed_knows_which_way_is_worse),
		cmocka_unit_test(what_cannot_be_read_is_refused_with_the_word),
		cmocka_unit_test(a_change_is_a_share_of_a),
		cmocka_unit_test(a_verdict_needs_a_limit_passed_and_a_change_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
