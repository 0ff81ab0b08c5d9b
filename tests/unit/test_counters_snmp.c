// SPDX-License-Identifier: Apache-2.0
/* /proc/net/snmp by the names of its columns, its source, and files that come in pieces. */
#include "counters_tree.h"

#include <sys/mman.h>

#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "common/metric.h"

static uint64_t values[SNMP_METRICS];

static int parse(const char *text)
{
	return snmp_parse(values, text, strlen(text));
}

static uint64_t metric(const char *name)
{
	for (size_t k = 0; k < SNMP_METRICS; k++)
		if (!strcmp(snmp_columns[k].metric, name))
			return values[k];
	fail_msg("no metric %s", name);
	return 0;
}

static void columns_are_found_by_name(void **state)
{
	(void)state;
	assert_int_equal(parse("Ip: InDelivers New InReceives\n"
			       "Ip: 3 4 5\n"
			       "Icmp: OutMsgs InMsgs\n"
			       "Icmp: 6 7\n"
			       "Udp: MemErrors InErrors InDatagrams\n"
			       "Udp: 8 18446744073709551614 10\n"),
			 7);
	assert_int_equal(metric("ip_in_delivers"), 3);
	assert_int_equal(metric("ip_in_receives"), 5);
	assert_int_equal(metric("icmp_out_msgs"), 6);
	assert_int_equal(metric("icmp_in_msgs"), 7);
	assert_int_equal(metric("udp_mem_errors"), 8);
	assert_true(metric("udp_in_errors") == UINT64_MAX - 1);
	assert_int_equal(metric("udp_in_datagrams"), 10);
	assert_true(metric("udp_no_ports") == METRIC_MISSING);
	assert_true(metric("ip_out_requests") == METRIC_MISSING);
}

static void a_protocol_is_its_whole_name(void **state)
{
	(void)state;
	assert_int_equal(parse("UdpLite: InDatagrams InErrors\nUdpLite: 31337 31337\n"
			       "IcmpMsg: InMsgs\nIcmpMsg: 31337\n"
			       "Udp: InDatagrams\nUdp: 1\n"),
			 1);
	assert_int_equal(metric("udp_in_datagrams"), 1);
	assert_true(metric("udp_in_errors") == METRIC_MISSING);
	assert_true(metric("icmp_in_msgs") == METRIC_MISSING);
}

static void cells_that_are_no_count_are_missing(void **state)
{
	(void)state;
	assert_int_equal(parse("Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors\n"
			       "Udp: -1 2 99999999999999999999 4\n"), /* and one too few */
			 2);
	assert_true(metric("udp_in_datagrams") == METRIC_MISSING);
	assert_int_equal(metric("udp_no_ports"), 2);
	assert_true(metric("udp_in_errors") == METRIC_MISSING);
	assert_int_equal(metric("udp_out_datagrams"), 4);
	assert_true(metric("udp_rcvbuf_errors") == METRIC_MISSING);
}

static void lines_without_their_pair_do_not_shift_the_rest(void **state)
{
	(void)state;
	assert_int_equal(parse("\nIp: InReceives\nIcmp: InMsgs\nIcmp: 2\n\nTcp: MaxConn\n"
			       "Udp: NoPorts\nUdp: 3 4 5\nUdp: InErrors"),
			 2);
	assert_true(metric("ip_in_receives") == METRIC_MISSING);
	assert_int_equal(metric("icmp_in_msgs"), 2);
	assert_int_equal(metric("udp_no_ports"), 3);
	assert_int_equal(parse(""), -1);
	assert_int_equal(parse("Udp: NoPorts\n"), -1);
	assert_int_equal(parse("Tcp: MaxConn\nTcp: -1\n"), -1);
}

static uint64_t six(const uint64_t *v, const char *name)
{
	for (size_t k = 0; k < SNMP6_METRICS; k++)
		if (!strcmp(snmp6_columns[k].metric, name))
			return v[k];
	fail_msg("no metric %s", name);
	return 0;
}

static void names_of_ipv6_are_whole_lines(void **state)
{
	static const char text[] = "Ip6InReceives                   \t12\n"
				   "Ip6InReceivesX                  \t31337\n"
				   "Ip6InDelivers                   \t10\n"
				   "Ip6InNoRoutes                   \t2\n" /* in another order */
				   "Ip6InMcastPkts                  \t3\n"
				   "Icmp6InMsgs                     \t-1\n"
				   "Udp6NoPorts                     \t18446744073709551614\n"
				   "UdpLite6NoPorts                 \t31337\n"
				   "Udp6InErrors\n"
				   "\n"
				   "Udp6InDatagrams 7";
	uint64_t v[SNMP6_METRICS];
	(void)state;
	assert_int_equal(snmp6_parse(v, snmp6_columns, SNMP6_METRICS, text, strlen(text)), 6);
	assert_int_equal(six(v, "ip_in_receives"), 12);
	assert_int_equal(six(v, "ip_in_delivers"), 10);
	assert_int_equal(six(v, "ip_in_no_routes"), 2);
	assert_int_equal(six(v, "ip_in_multicast"), 3);
	assert_true(six(v, "icmp_in_msgs") == METRIC_MISSING);
	assert_true(six(v, "udp_no_ports") == UINT64_MAX - 1);
	assert_true(six(v, "udp_in_errors") == METRIC_MISSING);
	assert_int_equal(six(v, "udp_in_datagrams"), 7);
	assert_int_equal(snmp6_parse(v, snmp6_columns, SNMP6_METRICS, "", 0), -1);
	assert_int_equal(
		snmp6_parse(v, snmp6_columns, SNMP6_METRICS, "Ip: InReceives\nIp: 1\n", 21), -1);
}

/* Of the kernel that runs here: every name that is asked for is one of its own. */
static void this_kernel_has_every_counter_of_ipv6(void **state)
{
	struct counter_env env = {.ipv6 = true};
	struct counter_reader *r;
	struct nb_err err = {0};
	uint64_t v[SNMP6_METRICS];
	(void)state;
	if (access("/proc/net/snmp6", R_OK))
		skip();
	env.root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(source_snmp.open(&r, &env, &err), 0);
	assert_int_equal(source_snmp.read(r, v), COUNTER_OK);
	for (size_t k = 0; k < SNMP6_METRICS; k++)
		if (strcmp(snmp6_columns[k].metric, "udp_mem_errors") != 0) /* since Linux 5.11 */
			assert_true(v[k] != METRIC_MISSING);
	source_snmp.close(r);
	assert_int_equal(source_udp.open(&r, &env, &err), 0);
	assert_int_equal(source_udp.read(r, v), COUNTER_OK);
	source_udp.close(r);
	for (int six_too = 0; six_too < 2; six_too++) {
		env.ipv6 = six_too;
		assert_int_equal(source_other_ip.open(&r, &env, &err), 0);
		assert_int_equal(source_other_ip.read(r, v), COUNTER_OK);
		assert_true(v[0] != METRIC_MISSING);
		source_other_ip.close(r);
	}
	close(env.root_fd);
}

static uint64_t value(struct tree *t, const uint64_t *v, const char *name)
{
	return tree_value(t, &source_snmp, v, name, "");
}

static void the_source_reads_every_metric(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint64_t want;
	} rows[] = {
		{"ip_in_receives",	   1000},
		    {"ip_in_hdr_errors",	 1	  },
		 {"ip_in_addr_errors",    2	},
		{"ip_forw_datagrams",    3   },
		    {"ip_in_unknown_protos", 4   },
		 {"ip_in_discards",	    5   },
		{"ip_in_delivers",	   990 },
		    {"ip_out_requests",	800 },
		 {"ip_out_discards",	     6   },
		{"ip_out_no_routes",     7   },
		    {"icmp_in_msgs",	     11  },
		 {"icmp_out_msgs",	   21  },
		{"udp_in_datagrams",     500 },
		    {"udp_no_ports",	     400 },
		 {"udp_in_errors",	   30  },
		{"udp_out_datagrams",    600 },
		    {"udp_rcvbuf_errors",	  20  },
		 {"udp_sndbuf_errors",    0	},
		{"udp_in_csum_errors",   9	},
		    {"udp_mem_errors",       1	},
	};
	struct tree t = {0};
	uint64_t v[SNMP_METRICS];
	tree_open(&t, 1, &source_snmp);
	assert_int_equal(source_snmp.read(t.reader, v), COUNTER_OK);
	for (size_t i = 0; i < SNMP_METRICS; i++)
		assert_int_equal(value(&t, v, rows[i].name), rows[i].want);

	tree_step(&t, 6); /* a shorter file: nothing of the old text is left in the buffer */
	assert_int_equal(source_snmp.read(t.reader, v), COUNTER_OK);
	assert_int_equal(value(&t, v, "ip_in_receives"), 70);
	assert_int_equal(value(&t, v, "udp_in_errors"), 2);
	assert_true(value(&t, v, "udp_no_ports") == METRIC_MISSING); /* -1 */
	assert_true(value(&t, v, "udp_mem_errors") == METRIC_MISSING);
	assert_true(value(&t, v, "icmp_in_msgs") == METRIC_MISSING);
	tree_step(&t, 7);
	assert_int_equal(source_snmp.read(t.reader, v), COUNTER_GONE);
	tree_end(&t, &source_snmp);
}

static void a_senseless_file_is_no_source(void **state)
{
	(void)state;
	struct tree t;
	struct nb_err err = {0};
	tree_begin(&t, 7);
	assert_int_equal(source_snmp.open(&t.reader, &t.env, &err), -1);
	assert_non_null(strstr(err.text, "/proc/net/snmp"));
	tree_end(&t, &source_snmp);
}

/* /proc/self/maps with many mappings: the kernel hands out a page of text at a time. */
static void files_that_come_in_pieces_are_read_whole(void **state)
{
	(void)state;
	enum { PAGES = 600 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, PAGES * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(map != MAP_FAILED);
	for (size_t i = 0; i < PAGES; i += 2)
		assert_int_equal(mprotect(map + i * page, page, PROT_NONE), 0);
	int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct nb_err err = {0};
	struct procfile f;
	assert_int_equal(procfile_open(&f, root, "proc/self/maps", &err), 0);
	assert_int_equal(procfile_read(&f), 0);
	size_t lines = 0;
	for (size_t i = 0; i < f.len; i++)
		lines += f.buf[i] == '\n';
	assert_true(lines > PAGES);
	assert_true(f.buf[f.len - 1] == '\n');
	assert_true(pread(f.fd, f.buf, f.cap, 0) < (ssize_t)f.len); /* it does come in pieces */
	size_t len = f.len;
	f.row_most = 1024;
	assert_int_equal(procfile_read(&f), 0);
	assert_int_equal(f.len, len);
	procfile_close(&f);
	close(root);
	munmap(map, PAGES * page);
}

static void a_file_that_grows_is_read_whole(void **state)
{
	(void)state;
	struct tree t;
	struct nb_err err = {0};
	struct procfile f;
	char block[1000];
	memset(block, 'x', sizeof(block));
	tree_begin(&t, 7);
	assert_int_equal(procfile_open(&f, t.env.root_fd, "proc/stat", &err), 0);
	int fd = openat(t.env.root_fd, "proc/stat", O_WRONLY | O_TRUNC);
	for (size_t i = 0; i < 50; i++)
		assert_int_equal(write(fd, block, sizeof(block)), sizeof(block));
	assert_int_equal(procfile_read(&f), 0);
	assert_int_equal(f.len, 50 * sizeof(block));
	assert_int_equal(ftruncate(fd, 3), 0);
	assert_int_equal(procfile_read(&f), 0);
	assert_int_equal(f.len, 3);
	close(fd);
	procfile_close(&f);
	tree_end(&t, &source_snmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(a_protocol_is_its_whole_name),
		cmocka_unit_test(cells_that_are_no_count_are_missing),
		cmocka_unit_test(lines_without_their_pair_do_not_shift_the_rest),
		cmocka_unit_test(names_of_ipv6_are_whole_lines),
		cmocka_unit_test(this_kernel_has_every_counter_of_ipv6),
		cmocka_unit_test(the_source_reads_every_metric),
		cmocka_unit_test(a_senseless_file_is_no_source),
		cmocka_unit_test(files_that_come_in_pieces_are_read_whole),
		cmocka_unit_test(a_file_that_grows_is_read_whole),
	};
	return cmocka_run_group_tests_name("counters: snmp", tests, NULL, NULL);
}
