// SPDX-License-Identifier: Apache-2.0
/* /proc/softirqs and its source. */
#include "counters_tree.h"

#include "collector/counters/parse.h"
#include "common/metric.h"

enum { TIMER = 1, NET_RX = 3, BLOCK = 4, TASKLET = 6, SCHED = 7, HRTIMER = 8, RCU = 9 };

static int parse(struct softirqs_cpu *cpus, size_t cap, const char *text)
{
	return softirqs_parse(cpus, cap, text, strlen(text));
}

static void the_header_names_the_cpu_of_each_column(void **state)
{
	(void)state;
	struct softirqs_cpu c[3];
	assert_int_equal(parse(c, 3,
			       "                    CPU1       CPU4       CPU12\n"
			       "      NET_RX:          7          8  4294967295\n"
			       "       BLOCK:          0          0          0\n"),
			 3);
	assert_int_equal(c[0].cpu, 1);
	assert_int_equal(c[1].cpu, 4);
	assert_int_equal(c[2].cpu, 12);
	assert_int_equal(c[0].count[NET_RX], 7);
	assert_int_equal(c[1].count[NET_RX], 8);
	assert_int_equal(c[2].count[NET_RX], UINT32_MAX);
	assert_int_equal(c[2].count[BLOCK], 0);
	assert_true(c[0].count[RCU] == METRIC_MISSING);
}

static void blanks_after_the_colon_are_not_needed(void **state)
{
	(void)state;
	struct softirqs_cpu c[2];
	assert_int_equal(parse(c, 2, "CPU0 CPU1\n  NET_RX:50 60\nTIMER:1\t2"), 2);
	assert_int_equal(c[0].count[NET_RX], 50);
	assert_int_equal(c[1].count[NET_RX], 60);
	assert_int_equal(c[1].count[TIMER], 2);
}

static void odd_rows_do_no_harm(void **state)
{
	(void)state;
	struct softirqs_cpu c[2];
	assert_int_equal(parse(c, 2,
			       "CPU0 CPU1\n"
			       " FUTURE: 1 2\n"		  /* a vector that is not known */
			       " SCHED: 5 6 7 8\n"	  /* more columns than CPUs */
			       " TASKLET: 3\n"		  /* fewer */
			       " HRTIMER: x 4294967296\n" /* no number */
			       " RCU 9 9\n\n: 4 4\n NET_RX:\n"),
			 2);
	assert_int_equal(c[1].count[SCHED], 6);
	assert_int_equal(c[0].count[TASKLET], 3);
	assert_true(c[1].count[TASKLET] == METRIC_MISSING);
	assert_true(c[0].count[HRTIMER] == METRIC_MISSING);
	assert_true(c[0].count[RCU] == METRIC_MISSING);
	assert_true(c[0].count[NET_RX] == METRIC_MISSING);
}

static void a_header_that_is_none_is_refused(void **state)
{
	(void)state;
	struct softirqs_cpu c[2];
	static const char *const bad[] = {
		"",	 "\n",	       "CPU1 CPU0\n", "CPU0 CPU0\n", "CPU0 core1\n",
		"CPU\n", "CPU70000\n", "TIMER: 1 2\n"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(parse(c, 2, bad[i]), -1);
}

static void more_columns_than_room_are_counted(void **state)
{
	(void)state;
	struct softirqs_cpu c[2] = {{.cpu = 77}, {.cpu = 77}};
	assert_int_equal(parse(c, 1, "CPU0 CPU1 CPU2\nTIMER: 1 2 3\n"), 3);
	assert_int_equal(c[0].count[TIMER], 1);
	assert_int_equal(c[1].cpu, 77);
}

static uint64_t value(struct tree *t, const uint64_t *v, const char *metric, const char *cpu)
{
	return tree_value(t, &source_softirqs, v, metric, cpu);
}

static void possible_cpus_that_never_ran_have_no_cells(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[64], before, delta = 0;
	const struct counter_cell *cells;
	tree_open(&t, 1, &source_softirqs); /* six possible, four online */
	assert_int_equal(source_softirqs.cells(t.reader, &cells), 4 * SOFTIRQ_VECTORS);
	assert_int_equal(source_softirqs.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "softirq_timer", "3"), 131);
	assert_int_equal(value(&t, v, "softirq_irq_poll", "3"), 0);
	assert_int_equal(value(&t, v, "softirq_rcu", "0"), 901);
	before = value(&t, v, "softirq_net_rx", "2");

	tree_step(&t, 2);
	assert_int_equal(source_softirqs.read(t.reader, v), COUNTER_OK);
	assert_true(metric_delta(&delta, before, value(&t, v, "softirq_net_rx", "2"),
				 metric_find("softirq_net_rx")->width));
	assert_int_equal(delta, 100); /* over 2^32 */

	tree_step(&t, 3); /* CPU 2 is offline: it is possible still, and its counts stand */
	assert_int_equal(source_softirqs.read(t.reader, v), COUNTER_OK);
	tree_step(&t, 5); /* CPU 4 runs its first softirq */
	assert_int_equal(source_softirqs.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_softirqs.cells(t.reader, &cells), 5 * SOFTIRQ_VECTORS);
	assert_int_equal(source_softirqs.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "softirq_timer", "4"), 3);
	assert_int_equal(value(&t, v, "softirq_net_rx", "4"), 0);

	tree_step(&t, 7);
	assert_int_equal(source_softirqs.read(t.reader, v), COUNTER_GONE);
	tree_step(&t, 5);
	assert_int_equal(source_softirqs.read(t.reader, v), COUNTER_OK);
	tree_end(&t, &source_softirqs);
}

static void an_old_kernel_lacks_vectors(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[64];
	tree_open(&t, 6, &source_softirqs);
	assert_int_equal(source_softirqs.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "softirq_net_rx", "2"), 60);
	assert_int_equal(value(&t, v, "softirq_rcu", "0"), 8);
	assert_true(value(&t, v, "softirq_rcu", "2") == METRIC_MISSING);
	assert_true(value(&t, v, "softirq_hrtimer", "0") == METRIC_MISSING);
	assert_true(value(&t, v, "softirq_tasklet", "2") == METRIC_MISSING);
	tree_end(&t, &source_softirqs);
}

static void a_senseless_file_is_no_source(void **state)
{
	(void)state;
	struct tree t;
	struct nb_err err = {0};
	tree_begin(&t, 7);
	assert_int_equal(source_softirqs.open(&t.reader, &t.env, &err), -1);
	assert_non_null(strstr(err.text, "/proc/softirqs"));
	tree_end(&t, &source_softirqs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_names_the_cpu_of_each_column),
		cmocka_unit_test(blanks_after_the_colon_are_not_needed),
		cmocka_unit_test(odd_rows_do_no_harm),
		cmocka_unit_test(a_header_that_is_none_is_refused),
		cmocka_unit_test(more_columns_than_room_are_counted),
		cmocka_unit_test(possible_cpus_that_never_ran_have_no_cells),
		cmocka_unit_test(an_old_kernel_lacks_vectors),
		cmocka_unit_test(a_senseless_file_is_no_source),
	};
	return cmocka_run_group_tests_name("counters: softirqs", tests, NULL, NULL);
}
