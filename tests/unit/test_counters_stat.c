// SPDX-License-Identifier: Apache-2.0
/* /proc/stat: its parser, and the source `stat` over the trees. */
#include "counters_tree.h"

#include "collector/counters/parse.h"
#include "collector/counters/proc_stat.h"
#include "common/metric.h"

#define TICK UINT64_C(10000000) /* ns: USER_HZ is 100 on every architecture of today */

static int parse(struct stat_totals *totals, struct stat_cpu *cpus, size_t cap, const char *text)
{
	return stat_parse(totals, cpus, cap, text, strlen(text));
}

static void rows_of_online_cpus_and_totals(void **state)
{
	(void)state;
	struct stat_totals t;
	struct stat_cpu c[4];
	assert_int_equal(parse(&t, c, 4,
			       "cpu  9 9 9 9 9 9 9 9 9 9\n"
			       "cpu0 1 2 3 4 5 6 7 8 0 0\n"
			       "cpu2 11 12 13 14 15 16 17 18 0 0\n"
			       "intr 1000 1 2 3\nctxt 2000\nbtime 5\nsoftirq 3000 4 5\n"),
			 2);
	assert_int_equal(c[0].cpu, 0);
	assert_int_equal(c[1].cpu, 2);
	for (size_t k = 0; k < STAT_STATES; k++) {
		assert_int_equal(c[0].ticks[k], k + 1);
		assert_int_equal(c[1].ticks[k], k + 11);
	}
	assert_int_equal(t.irqs, 1000);
	assert_int_equal(t.context_switches, 2000);
	assert_int_equal(t.softirqs, 3000);
}

static void an_old_kernel_has_no_steal(void **state)
{
	(void)state;
	struct stat_totals t;
	struct stat_cpu c[1];
	assert_int_equal(parse(&t, c, 1, "cpu0 1 2 3 4 5 6 7\nctxt 1\n"), 1);
	assert_int_equal(c[0].ticks[STAT_SOFTIRQ], 7);
	assert_true(c[0].ticks[STAT_STEAL] == METRIC_MISSING);
	assert_true(t.irqs == METRIC_MISSING);
	assert_true(t.softirqs == METRIC_MISSING);
}

static void rows_that_make_no_sense_are_left_out(void **state)
{
	(void)state;
	struct stat_totals t;
	struct stat_cpu c[4];
	assert_int_equal(parse(&t, c, 4,
			       "cpu1 1 x -3 99999999999999999999 5\n"
			       "cpu1 7 7 7 7\ncpu0 7 7 7 7\n" /* ids rise, each once */
			       "cpu 3 7 7 7\ncpuX 7\ncpu3x 7\ncpu70000 7\ncpu-3 7\ncpu"),
			 1);
	assert_int_equal(c[0].ticks[STAT_USER], 1);
	assert_true(c[0].ticks[STAT_NICE] == METRIC_MISSING);
	assert_true(c[0].ticks[STAT_SYSTEM] == METRIC_MISSING);
	assert_true(c[0].ticks[STAT_IDLE] == METRIC_MISSING);
	assert_int_equal(c[0].ticks[STAT_IOWAIT], 5);
	assert_int_equal(parse(&t, c, 4, ""), -1);
	assert_int_equal(parse(&t, c, 4, "nothing\nof\nthis\n"), -1);
}

static void more_rows_than_room_are_counted(void **state)
{
	(void)state;
	struct stat_totals t;
	struct stat_cpu c[2] = {{.cpu = 77}, {.cpu = 77}};
	assert_int_equal(parse(&t, c, 1, "cpu0 1 1 1 1\ncpu1 2 2 2 2\ncpu2 3 3 3 3\n"), 3);
	assert_int_equal(c[0].cpu, 0);
	assert_int_equal(c[1].cpu, 77);
}

static void ticks_become_nanoseconds(void **state)
{
	(void)state;
	assert_int_equal(stat_ticks_ns(0), 0);
	assert_int_equal(stat_ticks_ns(123), 123 * TICK);
	assert_true(stat_ticks_ns(METRIC_MISSING) == METRIC_MISSING);
}

static uint64_t node_value(struct tree *t, const uint64_t *v, const char *metric, const char *cpu)
{
	return tree_value(t, &source_stat, v, metric, cpu);
}

static void stat_follows_cpus_that_come_and_go(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[64];
	const struct counter_cell *cells;
	tree_open(&t, 1, &source_stat);
	assert_int_equal(source_stat.cells(t.reader, &cells), 3 + 4 * 8);
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	assert_int_equal(node_value(&t, v, "irqs", ""), 8000000);
	assert_int_equal(node_value(&t, v, "softirqs", ""), 9000000);
	assert_int_equal(node_value(&t, v, "context_switches", ""), 5000000);
	assert_int_equal(node_value(&t, v, "cpu_user", "1"), 2000 * TICK);
	assert_int_equal(node_value(&t, v, "cpu_softirq", "2"), 66 * TICK);
	assert_int_equal(node_value(&t, v, "cpu_steal", "3"), 2 * TICK);
	assert_int_equal(node_value(&t, v, "cpu_iowait", "3"), 450 * TICK);

	tree_step(&t, 2);
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	assert_int_equal(node_value(&t, v, "cpu_user", "1"), 2090 * TICK);
	assert_int_equal(node_value(&t, v, "cpu_iowait", "3"), 450 * TICK); /* 441: held */
	assert_int_equal(node_value(&t, v, "cpu_iowait", "0"), 310 * TICK);

	tree_step(&t, 3); /* CPU 2 offline */
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_stat.cells(t.reader, &cells), 3 + 3 * 8);
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	assert_int_equal(node_value(&t, v, "cpu_user", "3"), 4002 * TICK);
	assert_int_equal(node_value(&t, v, "irqs", ""), 8002100);

	tree_step(&t, 4); /* and back, its idle time begun anew: not held */
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	assert_int_equal(node_value(&t, v, "cpu_idle", "2"), 12 * TICK);
	assert_int_equal(node_value(&t, v, "cpu_iowait", "3"), 451 * TICK);

	tree_step(&t, 5); /* CPU 4 came */
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	assert_int_equal(node_value(&t, v, "cpu_idle", "4"), 50 * TICK);

	tree_step(&t, 7);
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_GONE);
	tree_end(&t, &source_stat);
}

static void as_many_cpus_are_not_the_same_cpus(void **state)
{
	(void)state;
	static const char *const texts[] = {"cpu0 1 2 3 4\ncpu1 1 2 3 4\n",
					    "cpu0 1 2 3 4\ncpu2 9 9 9 9\n"};
	struct tree t = {0};
	uint64_t v[64];
	tree_open(&t, 1, &source_stat);
	for (size_t i = 0; i < 2; i++) {
		tree_put(&t, "proc/stat", texts[i], strlen(texts[i]));
		assert_int_equal(source_stat.read(t.reader, v), COUNTER_CHANGED);
		assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	}
	assert_int_equal(node_value(&t, v, "cpu_user", "2"), 9 * TICK);
	tree_end(&t, &source_stat);
}

static void a_large_fall_of_idle_time_is_passed_on(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[64];
	tree_open(&t, 2, &source_stat);
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	tree_step(&t, 4); /* the same CPUs; CPU 2 was away between two reads */
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	assert_int_equal(node_value(&t, v, "cpu_idle", "2"), 12 * TICK);
	tree_end(&t, &source_stat);
}

static void an_old_kernel_still_has_a_node(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[64];
	tree_open(&t, 6, &source_stat);
	assert_int_equal(source_stat.read(t.reader, v), COUNTER_OK);
	assert_true(node_value(&t, v, "softirqs", "") == METRIC_MISSING);
	assert_true(node_value(&t, v, "cpu_steal", "1") == METRIC_MISSING);
	assert_int_equal(node_value(&t, v, "cpu_softirq", "1"), 75 * TICK);
	tree_end(&t, &source_stat);
}

static void a_missing_or_senseless_file_is_no_source(void **state)
{
	(void)state;
	struct tree t;
	struct nb_err err = {0};
	tree_begin(&t, 7);
	assert_int_equal(source_stat.open(&t.reader, &t.env, &err), -1);
	assert_non_null(strstr(err.text, "/proc/stat"));
	nb_error_clear(&err);
	unlinkat(t.env.root_fd, "proc/stat", 0);
	assert_int_equal(source_stat.open(&t.reader, &t.env, &err), -1);
	assert_non_null(strstr(err.text, "/proc/stat: No such file"));
	tree_end(&t, &source_stat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_online_cpus_and_totals),
		cmocka_unit_test(an_old_kernel_has_no_steal),
		cmocka_unit_test(rows_that_make_no_sense_are_left_out),
		cmocka_unit_test(more_rows_than_room_are_counted),
		cmocka_unit_test(ticks_become_nanoseconds),
		cmocka_unit_test(stat_follows_cpus_that_come_and_go),
		cmocka_unit_test(as_many_cpus_are_not_the_same_cpus),
		cmocka_unit_test(a_large_fall_of_idle_time_is_passed_on),
		cmocka_unit_test(an_old_kernel_still_has_a_node),
		cmocka_unit_test(a_missing_or_senseless_file_is_no_source),
	};
	return cmocka_run_group_tests_name("counters: stat", tests, NULL, NULL);
}
