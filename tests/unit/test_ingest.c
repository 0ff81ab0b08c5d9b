/* SPDX-License-Identifier: Apache-2.0 */
/* What comes from outside: rows of numbers, names of metric files, pages of an exporter. */
#include "unit.h"

#include <string.h>

#include "collector/ingest/file_name.h"
#include "collector/ingest/numbers.h"
#include "collector/ingest/prom.h"

static void numbers_come_in_rows_however_they_are_separated(void **state)
{
	static const char text[] = "\xef\xbb\xbf"
				   "1, 2,nan\r\n4\t5 6\n\n9223372036854775807,0,0\n7,8";
	static const int64_t want[] = {1, 2, NUMBERS_MISSING, 4, 5, 6, INT64_MAX, 0, 0};
	struct numbers n;
	struct nb_err err = {0};
	(void)state;
	assert_int_equal(numbers_parse(&n, text, sizeof(text) - 1, &err), 0);
	assert_int_equal(n.rows, 3);
	assert_int_equal(n.columns, 3);
	assert_int_equal(n.cut_line, 5);
	assert_memory_equal(n.v, want, sizeof(want));
	numbers_free(&n);
}

static void what_is_no_row_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *why;
	} cases[] = {
		{"",		      0,	"empty"				       },
		{"1, 2",			 4,  "no complete line"			      },
		{"1, -2\n",		    6,  "line 1, column 4: a negative number"	    },
		{"1, 2\n1, x\n",		 10, "line 2, column 4: not a whole number"	   },
		{"1, 2\n1\n",	      7,	 "line 2: 1 columns, and 2 in the lines before"},
		{"1,,2\n",		   5,  "line 1, column 3: a value is missing"	    },
		{"1,\n",			 3,  "line 1, column 3: a value is missing"	  },
		{"1\0\n",		  3,  "line 1, column 2: a NUL byte"		   },
		{"9223372036854775808\n", 20, "line 1, column 1: a number beyond 63 bits"	 },
		{"1.5\n",		  4,  "line 1, column 2: not a whole number"	   },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct numbers n;
		struct nb_err err = {0};
		assert_int_equal(numbers_parse(&n, cases[i].text, cases[i].len, &err), -1);
		if (strncmp(err.text, cases[i].why, strlen(cases[i].why)) != 0)
			assert_string_equal(err.text, cases[i].why);
	}
}

static void a_file_name_says_its_run(void **state)
{
	struct file_name n;
	(void)state;
	assert_true(file_name_parse(&n, "rx_20000pps_120_core_2-3_size_64_20240328122409.txt"));
	assert_int_equal(n.kind, FILE_ENDPOINT);
	assert_false(n.sender);
	assert_int_equal(n.pps, 20000);
	assert_int_equal(n.seconds, 120);
	assert_int_equal(n.n_cores, 2);
	assert_int_equal(n.pairs, 1);
	assert_int_equal(n.pair, 0);
	assert_int_equal(n.stamp_s, 1711628649); /* date -u -d '2024-03-28 12:24:09' +%s */
	assert_string_equal(n.cores, "2-3");
	assert_true(file_name_parse(&n, "server_server1-ve-0_pr_5000_runtime_15_cores_1_pairs_2_"
					"size_128_core_list_5_ts_20261122181639.log"));
	assert_true(n.sender);
	assert_int_equal(n.pair, 1);
	assert_string_equal(n.pod, "server1-ve-0");
	assert_true(file_name_parse(&n, "tx_pps_700_pairs_2_size_64_cores_1_pods-cores_4_6.log"));
	assert_int_equal(n.kind, FILE_ENDPOINTS);
	assert_string_equal(n.cores, "4,6");
}

static void other_names_are_no_metric_files(void **state)
{
	static const char *const names[] = {
		"",
		"README",
		"tx_20000pps_120_core_2-3_size_64_20240328122409",
		"tx_20000pps_120_core_2-3_size_64_20240328122409.txt.gz",
		"tx_20000pps_120_core_2-3_size_0_20240328122409.txt",
		"tx_20000pps_120_core_3-2_size_64_20240328122409.txt",
		"tx_99999999999999999999pps_120_core_2_size_64_20240328122409.txt",
		"tx_20000pps_120_core_2_size_64_20241328122409.txt",
	};
	(void)state;
	struct file_name n;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (file_name_parse(&n, names[i]))
			fail_msg("taken for a metric file: %s", names[i]);
	/* the third of two pairs */
	assert_false(file_name_parse(&n, "server_server2-ve-0_pr_5000_runtime_15_cores_1_pairs_2_"
					 "size_128_core_list_5_ts_20261122181639.log"));
}

static const struct prom_cell *find(const struct prom_cells *c, const char *metric,
				    const char *instance)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->v[i].metric->name, metric) && !strcmp(c->v[i].instance, instance))
			return &c->v[i];
	fail_msg("no %s of '%s'", metric, instance);
	return NULL;
}

static void a_page_becomes_our_counters_of_the_busiest_interface(void **state)
{
	static const char page[] =
		"# HELP node_intr_total Interrupts.\n# TYPE node_intr_total counter\n"
		"node_intr_total 1.5e+03\n"
		"node_network_receive_bytes_total{device=\"lo\"} 9e9\n"
		"node_network_receive_bytes_total{device=\"eth0\"} 10\r\n"
		"node_network_receive_bytes_total{ device = \"eth1\" , } 20 1700000000000\n"
		"node_network_receive_packets_total{device=\"eth0\"} 1\n"
		"node_network_receive_packets_total{device=\"eth1\"} 2\n"
		"node_network_receive_packets_total{device=\"eth1\"} 3\n"
		"node_softnet_processed_total{cpu=\"10\"} 7\n"
		"node_softnet_processed_total{cpu=\"2\"} NaN\n"
		"something{else=\"a \\\" } b\"} -1";
	struct prom_cells c;
	char ifname[16] = "";
	size_t line = 0;
	(void)state;
	assert_int_equal(prom_page(&c, ifname, page, sizeof(page) - 1, &line), 0);
	assert_string_equal(ifname, "eth1");
	assert_int_equal(find(&c, "irqs", "")->value, 1500);
	assert_int_equal(find(&c, "rx_bytes", "")->value, 20);
	assert_int_equal(find(&c, "softnet_processed", "10")->value, 7);
	assert_true(find(&c, "softnet_processed", "2")->value == METRIC_MISSING);
	assert_int_equal(c.n, 5); /* rx_packets once, though said twice */
	prom_cells_free(&c);
}

static void what_is_no_page_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *page;
		size_t line;
	} cases[] = {
		{"node_intr_total 1\n<html>\n",	2},
		{"node_intr_total\n",		      1},
		{"node_intr_total 1x\n",		 1},
		{"a{b=\"c} 1\n",			 1},
		{"\n# x\nnode_intr_total{cpu=0} 1\n", 3},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct prom_cells c;
		char ifname[16] = "eth0";
		size_t line = 0;
		assert_int_equal(prom_page(&c, ifname, cases[i].page, strlen(cases[i].page), &line),
				 -1);
		assert_int_equal(line, cases[i].line);
	}
	/* a NUL byte is part of no number, and ends none */
	static const char nul[] = "node_intr_total 5\0\n";
	struct prom_cells c;
	char ifname[16] = "eth0";
	size_t line = 0;
	assert_int_equal(prom_page(&c, ifname, nul, sizeof(nul) - 1, &line), -1);
	assert_int_equal(line, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_come_in_rows_however_they_are_separated),
		cmocka_unit_test(what_is_no_row_is_refused_with_its_place),
		cmocka_unit_test(a_file_name_says_its_run),
		cmocka_unit_test(other_names_are_no_metric_files),
		cmocka_unit_test(a_page_becomes_our_counters_of_the_busiest_interface),
		cmocka_unit_test(what_is_no_page_is_refused_with_its_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
