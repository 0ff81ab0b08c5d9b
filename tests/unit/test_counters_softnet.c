// SPDX-License-Identifier: Apache-2.0
/* /proc/net/softnet_stat in every width that kernels gave it, and its source. */
#include "counters_tree.h"

#include "collector/counters/parse.h"
#include "common/metric.h"

#define ZERO8 "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "

static int parse(struct softnet_row *rows, size_t cap, const char *text)
{
	return softnet_parse(rows, cap, text, strlen(text));
}

static void each_width_gives_what_it_has(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int cpu;
		bool rps, flow_limit;
	} rows[] = {
		{"a b c 0 0 0 0 0 00000009\n",			       -1, false, false},
		{"0000000a 0000000b 0000000c 0 0 0 0 0 9 0000000d\n",    -1, true,	false},
		{"a b c 0 0 0 0 0 9 0000000d 0000000e\n",		  -1, true,  true },
		{"a b c 0 0 0 0 0 9 d e 00000007 0000001f\n",	      31, true,	true },
		{"a b c 0 0 0 0 0 9 d e 00000007\n",		     -1, true,  true }, /* no kernel's */
		{"a b c 0 0 0 0 0 9 d e 7 00000002 00000003 00000004\n", 2,  true,  true },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct softnet_row r;
		assert_int_equal(parse(&r, 1, rows[i].text), 1);
		assert_int_equal(r.cpu, rows[i].cpu);
		assert_int_equal(r.field[SOFTNET_PROCESSED], 10);
		assert_int_equal(r.field[SOFTNET_DROPPED], 11);
		assert_int_equal(r.field[SOFTNET_TIME_SQUEEZE], 12);
		assert_true(r.field[SOFTNET_RECEIVED_RPS] == (rows[i].rps ? 13 : METRIC_MISSING));
		assert_true(r.field[SOFTNET_FLOW_LIMIT] ==
			    (rows[i].flow_limit ? 14 : METRIC_MISSING));
	}
}

static void broken_rows_keep_their_place_and_say_nothing(void **state)
{
	(void)state;
	static const char text[] = ZERO8 "00000000\n"
					 "00000001 00000002\n" /* too few */
					 "\n"		       /* no row */
		ZERO8 "0000000x\n"			       /* no number */
		ZERO8 "0 0 0 0 ffffffff\n"		       /* no CPU's id */
		ZERO8 "0 000000001\n"			       /* more than 32 bits */
		ZERO8 "-1\n" ZERO8 "0000000G\n" ZERO8 "0 5";
	struct softnet_row r[8];
	assert_int_equal(parse(r, 8, text), 8);
	static const bool good[8] = {true, false, false, true, false, false, false, true};
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(r[i].cpu, -1);
		assert_true((r[i].field[SOFTNET_PROCESSED] != METRIC_MISSING) == good[i]);
	}
	assert_int_equal(r[7].field[SOFTNET_RECEIVED_RPS], 5);
	assert_int_equal(parse(r, 8, ""), -1);
	assert_int_equal(parse(r, 8, "\n \n"), -1);
}

static void rows_beyond_the_room_are_counted(void **state)
{
	(void)state;
	struct softnet_row r[2] = {{.cpu = 77}, {.cpu = 77}};
	assert_int_equal(parse(r, 1, ZERO8 "0\n" ZERO8 "0\n" ZERO8 "0\n"), 3);
	assert_int_equal(r[0].cpu, -1);
	assert_int_equal(r[1].cpu, 77);
}

static int cpus(int *out, size_t cap, const char *text)
{
	return cpus_parse(out, cap, text, strlen(text));
}

static void cpu_lists(void **state)
{
	(void)state;
	int c[4] = {0};
	assert_int_equal(cpus(c, 4, "0-1,5,7\n"), 4);
	assert_int_equal(c[0], 0);
	assert_int_equal(c[1], 1);
	assert_int_equal(c[2], 5);
	assert_int_equal(c[3], 7);
	assert_int_equal(cpus(c, 4, "0-1,2"), 3);
	assert_int_equal(cpus(c, 4, "3"), 1);
	assert_int_equal(cpus(c, 1, "0-1023\n"), 1024);
	assert_int_equal(cpus(c, 4, ""), 0);
	assert_int_equal(cpus(c, 4, "\n"), 0);
	static const char *const bad[] = {"3-1", "1,1", "1-3,2", "x", "1-", "-1", "1 2", "70000"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(cpus(c, 4, bad[i]), -1);
}

static uint64_t value(struct tree *t, const uint64_t *v, const char *metric, const char *cpu)
{
	return tree_value(t, &source_softnet, v, metric, cpu);
}

static void softnet_follows_cpus_that_come_and_go(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[64], before, delta = 0;
	const struct counter_cell *cells;
	tree_open(&t, 1, &source_softnet);
	assert_int_equal(source_softnet.cells(t.reader, &cells), 4 * SOFTNET_FIELDS);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "softnet_dropped", "2"), 4);
	assert_int_equal(value(&t, v, "softnet_received_rps", "0"), 5);
	assert_int_equal(value(&t, v, "softnet_flow_limit", "3"), 6);
	before = value(&t, v, "softnet_processed", "1");

	tree_step(&t, 2);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_OK);
	assert_true(metric_delta(&delta, before, value(&t, v, "softnet_processed", "1"),
				 metric_find("softnet_processed")->width));
	assert_int_equal(delta, 250); /* over 2^32 */
	assert_int_equal(value(&t, v, "softnet_time_squeeze", "2"), 2);

	tree_step(&t, 3); /* CPU 2 offline: the third row is CPU 3's */
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "softnet_processed", "3"), 41);
	tree_step(&t, 4);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_OK);
	tree_step(&t, 5);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_softnet.cells(t.reader, &cells), 5 * SOFTNET_FIELDS);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "softnet_processed", "4"), 1);
	tree_step(&t, 7);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_GONE);
	tree_end(&t, &source_softnet);
}

static void rows_without_ids_are_the_online_cpus_in_order(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[64];
	tree_open(&t, 6, &source_softnet); /* two rows; CPUs 0 and 2 are online */
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "softnet_processed", "0"), 16);
	assert_int_equal(value(&t, v, "softnet_processed", "2"), 32);
	assert_true(value(&t, v, "softnet_received_rps", "2") == METRIC_MISSING);

	int fd = openat(t.env.root_fd, "sys/devices/system/cpu/online", O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "0-2\n", 4), 4); /* three, and still two rows */
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_GONE);
	assert_int_equal(pwrite(fd, "0-1\n", 4, 0), 4);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "softnet_processed", "1"), 32);
	close(fd);
	tree_end(&t, &source_softnet);
}

static void put_rows(struct tree *t, const char *text)
{
	tree_put(t, "proc/net/softnet_stat", text, strlen(text));
}

static void cpus_are_told_by_their_ids(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[64];
	tree_open(&t, 1, &source_softnet);
	put_rows(&t, ZERO8 "0 0 0 0 00000001\n" ZERO8 "0 0 0 0 00000003\n");
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_CHANGED);
	put_rows(&t, ZERO8 "0 0 0 0 00000001\n" ZERO8 "0 0 0 0 00000002\n"); /* as many */
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_CHANGED);
	put_rows(&t, ZERO8 "0 0 0 0 00000002\n" ZERO8 "0 0 0 0 00000002\n"); /* one twice */
	assert_int_equal(source_softnet.read(t.reader, v), COUNTER_GONE);
	tree_end(&t, &source_softnet);
}

static void rows_of_unknown_cpus_are_no_source(void **state)
{
	(void)state;
	struct tree t;
	struct nb_err err = {0};
	tree_begin(&t, 6);
	unlinkat(t.env.root_fd, "sys/devices/system/cpu/online", 0);
	assert_int_equal(source_softnet.open(&t.reader, &t.env, &err), -1);
	assert_non_null(strstr(err.text, "softnet_stat"));
	tree_end(&t, &source_softnet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_width_gives_what_it_has),
		cmocka_unit_test(broken_rows_keep_their_place_and_say_nothing),
		cmocka_unit_test(rows_beyond_the_room_are_counted),
		cmocka_unit_test(cpu_lists),
		cmocka_unit_test(softnet_follows_cpus_that_come_and_go),
		cmocka_unit_test(rows_without_ids_are_the_online_cpus_in_order),
		cmocka_unit_test(cpus_are_told_by_their_ids),
		cmocka_unit_test(rows_of_unknown_cpus_are_no_source),
	};
	return cmocka_run_group_tests_name("counters: softnet", tests, NULL, NULL);
}
