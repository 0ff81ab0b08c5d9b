// SPDX-License-Identifier: Apache-2.0
/* The source `cores`: the endpoint's share of /proc/stat. */
#include "counters_tree.h"

#include "common/metric.h"

#define TICK UINT64_C(10000000) /* ns: USER_HZ is 100 on every architecture of today */

static void cores_sums_its_own_cores_alone(void **state)
{
	(void)state;
	static const int own[] = {3, 0};
	struct tree t = {0};
	struct nb_err err = {0};
	uint64_t v[2];
	tree_begin(&t, 1);
	t.env.cores = own;
	t.env.n_cores = 2;
	assert_int_equal(source_cores.open(&t.reader, &t.env, &err), 0);
	assert_int_equal(source_cores.read(t.reader, v), COUNTER_OK);
	/* user nice system irq softirq steal of CPUs 0 and 3, then idle and iowait */
	uint64_t busy = 1000 + 10 + 500 + 0 + 40 + 7 + 4000 + 5 + 900 + 0 + 77 + 2;
	uint64_t idle = 90000 + 300 + 86000 + 450;
	assert_int_equal(tree_value(&t, &source_cores, v, "cpu_busy_ns", ""), busy * TICK);
	assert_int_equal(tree_value(&t, &source_cores, v, "cpu_total_ns", ""),
			 (busy + idle) * TICK);

	tree_step(&t, 3); /* CPU 2 went: none of these */
	assert_int_equal(source_cores.read(t.reader, v), COUNTER_OK);
	uint64_t later = 1020 + 10 + 530 + 50 + 7 + 4002 + 5 + 902 + 77 + 2;
	assert_int_equal(v[0], later * TICK);
	tree_end(&t, &source_cores);
}

static void cores_changes_with_its_own_cores(void **state)
{
	(void)state;
	static const int own[] = {2};
	struct tree t = {0};
	struct nb_err err = {0};
	uint64_t v[2];
	tree_begin(&t, 2);
	t.env.cores = own;
	t.env.n_cores = 1;
	assert_int_equal(source_cores.open(&t.reader, &t.env, &err), 0);
	assert_int_equal(source_cores.read(t.reader, v), COUNTER_OK);
	assert_int_equal(v[0], (3000 + 600 + 66 + 1) * TICK);
	tree_step(&t, 3);
	assert_int_equal(source_cores.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_cores.read(t.reader, v), COUNTER_OK);
	assert_true(v[0] == METRIC_MISSING); /* no core is left: not 0 % busy */
	assert_true(v[1] == METRIC_MISSING);
	tree_step(&t, 4);
	assert_int_equal(source_cores.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_cores.read(t.reader, v), COUNTER_OK);
	assert_int_equal(v[0], (3010 + 605 + 66 + 1) * TICK);
	tree_end(&t, &source_cores);
}

static void cores_without_a_list_is_every_cpu(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[2];
	tree_open(&t, 6, &source_cores); /* without steal */
	assert_int_equal(source_cores.read(t.reader, v), COUNTER_OK);
	uint64_t busy = 1040 + 10 + 550 + 50 + 2360 + 720 + 75;
	assert_int_equal(v[0], busy * TICK);
	assert_int_equal(v[1], (busy + 90300 + 310 + 88000 + 20) * TICK);
	tree_end(&t, &source_cores);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cores_sums_its_own_cores_alone),
		cmocka_unit_test(cores_changes_with_its_own_cores),
		cmocka_unit_test(cores_without_a_list_is_every_cpu),
	};
	return cmocka_run_group_tests_name("counters: cores", tests, NULL, NULL);
}
