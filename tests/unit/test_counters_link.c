// SPDX-License-Identifier: Apache-2.0
/* The interface's counters: the parsers, and the two ways that read files, over the trees. */
#include "counters_tree.h"

#include "collector/counters/link.h"
#include "common/metric.h"

static uint64_t values[LINK_METRICS];

static uint64_t metric(const char *name)
{
	for (size_t k = 0; k < LINK_METRICS; k++)
		if (!strcmp(link_metrics[k], name))
			return values[k];
	fail_msg("no metric %s", name);
	return 0;
}

static void the_length_says_which_counters_there_are(void **state)
{
	(void)state;
	uint64_t kernel[30];
	for (uint64_t k = 0; k < 30; k++)
		kernel[k] = 1000 + k;
	for (size_t n = 23; n <= 30; n++) { /* 26 and more: a kernel to come */
		assert_int_equal(link_parse(values, kernel, n * 8), n < 25 ? n : 25);
		for (size_t k = 0; k < LINK_METRICS; k++)
			assert_true(values[k] == (k < n ? 1000 + k : METRIC_MISSING));
	}
	assert_int_equal(link_parse(values, kernel, 7), -1);
	assert_int_equal(link_parse(values, NULL, 0), -1);
}

static void every_counter_is_in_the_registry(void **state)
{
	(void)state;
	for (size_t k = 0; k < LINK_METRICS; k++) {
		assert_non_null(metric_find(link_metrics[k]));
		assert_int_equal(metric_find(link_metrics[k])->width, 64);
	}
}

static int parse(const char *ifname, const char *text)
{
	return net_dev_parse(values, ifname, text, strlen(text));
}

static void net_dev_columns_are_the_kernels(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint64_t column; /* from 1; 0: not to be told from /proc/net/dev */
	} rows[] = {
		{"rx_bytes",	     1 },
		{"rx_packets",	       2 },
		{"rx_errors",	      3 },
		{"rx_dropped",	       4 },
		{"rx_fifo_errors",	   5 },
		{"rx_compressed",	  7 },
		{"multicast",	      8 },
		{"tx_bytes",	     9 },
		{"tx_packets",	       10},
		{"tx_errors",	      11},
		{"tx_dropped",	       12},
		{"tx_fifo_errors",	   13},
		{"collisions",	       14},
		{"tx_compressed",	  16},
		{"rx_frame_errors",	    0 },
		{"rx_missed_errors",     0 },
		{"rx_nohandler",	 0 },
		{"rx_length_errors",     0 },
		{"rx_over_errors",	   0 },
		{"rx_crc_errors",	  0 },
		{"tx_carrier_errors",    0 },
		{"tx_aborted_errors",    0 },
		{"tx_window_errors",     0 },
		{"tx_heartbeat_errors",	0 },
		{"rx_otherhost_dropped", 0 },
	};
	assert_int_equal(parse("eth0", " face |bytes packets\n lo: 9 9\n"
				       "  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"),
			 0);
	for (size_t i = 0; i < LINK_METRICS; i++)
		assert_true(metric(rows[i].name) ==
			    (rows[i].column ? rows[i].column : METRIC_MISSING));
}

static void an_interface_is_its_whole_name(void **state)
{
	(void)state;
	static const char text[] = "eth0.1: 1 1\n xeth0: 2 2\neth00:3 3\n eth:4 4\n  eth0:5 -6\n";
	assert_int_equal(parse("eth0", text), 0);
	assert_int_equal(metric("rx_bytes"), 5);
	assert_true(metric("rx_packets") == METRIC_MISSING);
	assert_true(metric("tx_bytes") == METRIC_MISSING); /* the row is short */
	assert_int_equal(parse("eth0.1", text), 0);
	assert_int_equal(metric("rx_bytes"), 1);
	assert_int_equal(parse("eth1", text), -1);
	assert_int_equal(parse("", text), -1);
	assert_int_equal(parse("eth0", ""), -1);
	assert_int_equal(parse("eth0", "eth0"), -1);
}

static uint64_t value(struct tree *t, const uint64_t *v, const char *name)
{
	return tree_value(t, &source_link, v, name, "");
}

/* Where the root is no host's, the kernel is not asked, though it would have an eth0 or lo. */
static void a_tree_is_read_from_its_net_dev(void **state)
{
	(void)state;
	struct tree t = {.env.ifname = "eth0"};
	uint64_t v[LINK_METRICS];
	tree_open(&t, 1, &source_link);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "rx_packets"), 1000000);
	assert_int_equal(value(&t, v, "tx_packets"), 1000001);
	assert_int_equal(value(&t, v, "rx_dropped"), 23);
	assert_true(value(&t, v, "rx_missed_errors") == METRIC_MISSING);
	tree_step(&t, 2);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "rx_packets"), 2000000);
	static const char row[] = "eth0: 128000000 2000000 11\n"; /* a short row … */
	tree_put(&t, "proc/net/dev", row, strlen(row));
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	assert_true(value(&t, v, "rx_dropped") == METRIC_MISSING);
	tree_step(&t, 2); /* … does not make what follows another interface */
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	tree_step(&t, 4); /* another eth0: its counters start from 0 */
	assert_int_equal(source_link.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "rx_packets"), 10);
	tree_step(&t, 5); /* none */
	assert_int_equal(source_link.read(t.reader, v), COUNTER_GONE);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_GONE);
	tree_step(&t, 4); /* one that came back with higher counters is another, too */
	assert_int_equal(source_link.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	tree_end(&t, &source_link);
}

static void sysfs_is_the_last_way(void **state)
{
	(void)state;
	struct tree t = {.env.ifname = "eth0"};
	struct nb_err err = {0};
	uint64_t v[LINK_METRICS];
	tree_begin(&t, 1);
	t.env.ifname = "eth0";
	unlinkat(t.env.root_fd, "proc/net/dev", 0);
	assert_int_equal(source_link.open(&t.reader, &t.env, &err), 0);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	for (size_t k = 0; k < LINK_METRICS; k++)
		assert_true(value(&t, v, link_metrics[k]) == (k < 24 ? 100 + k : METRIC_MISSING));
	tree_step(&t, 2);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "rx_nohandler"), 223);
	tree_step(&t, 3); /* no statistics */
	assert_int_equal(source_link.read(t.reader, v), COUNTER_GONE);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_GONE);
	tree_step(&t, 1);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_link.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "tx_packets"), 101);
	tree_end(&t, &source_link);
}

static void an_interface_that_is_not_there_is_no_source(void **state)
{
	(void)state;
	static const char *const names[] = {"lo0", "", "../net/eth0", NULL,
					    "a-name-that-no-interface-may-have"};
	struct tree t;
	tree_begin(&t, 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct nb_err err = {0};
		t.env.ifname = names[i];
		assert_int_equal(source_link.open(&t.reader, &t.env, &err), -1);
		assert_true(err.text[0]);
		assert_true(!names[i] || strstr(err.text, names[i]));
	}
	tree_end(&t, &source_link);
}

static void the_table_of_sources_is_in_order(void **state)
{
	(void)state;
	size_t nodes = 0;
	assert_string_equal(counter_sources[0]->name,
			    "link"); /* gives its row of `sample` its time */
	for (size_t i = 0; counter_sources[i]; i++) {
		assert_ptr_equal(counter_source_find(counter_sources[i]->name), counter_sources[i]);
		assert_true(counter_sources[i]->node || !nodes); /* endpoints first */
		nodes += counter_sources[i]->node;
	}
	assert_true(nodes >= 3);
	assert_null(counter_source_find("interrupts?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_length_says_which_counters_there_are),
		cmocka_unit_test(every_counter_is_in_the_registry),
		cmocka_unit_test(net_dev_columns_are_the_kernels),
		cmocka_unit_test(an_interface_is_its_whole_name),
		cmocka_unit_test(a_tree_is_read_from_its_net_dev),
		cmocka_unit_test(sysfs_is_the_last_way),
		cmocka_unit_test(an_interface_that_is_not_there_is_no_source),
		cmocka_unit_test(the_table_of_sources_is_in_order),
	};
	return cmocka_run_group_tests_name("counters: link", tests, NULL, NULL);
}
