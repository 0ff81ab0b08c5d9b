// SPDX-License-Identifier: Apache-2.0
/*
 * The sources of a network namespace but snmp: tables with a line a CPU (rt_cache, nf_conntrack),
 * /proc/net/netstat, the UDP sockets, and the qdiscs from messages as the kernel sends them.
 */
#include "counters_tree.h"

#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "collector/counters/parse.h"
#include "common/metric.h"
#include "common/netlink.h"

static const char *const martians[] = {"in_martian_dst", "in_martian_src"};
static uint64_t sums[2];

static int parse(const char *text)
{
	return cpu_columns_parse(sums, martians, 2, text, strlen(text));
}

static void columns_of_cpus_are_summed_by_name(void **state)
{
	(void)state;
	assert_int_equal(parse("a in_martian_src b in_martian_dst\n"
			       "1 0000000a 2 00000001\n"
			       "1 000000F0 2 00000002\n"),
			 2);
	assert_int_equal(sums[0], 3);
	assert_int_equal(sums[1], 0xfa);
	assert_int_equal(parse("in_martian_src\nffffffff\n00000003\n"), 1);
	assert_true(sums[0] == METRIC_MISSING);
	assert_int_equal(sums[1], 2); /* modulo 2^32, as each CPU's count is */
}

static void a_sum_without_one_cpu_is_none(void **state)
{
	(void)state;
	assert_int_equal(parse("in_martian_src in_martian_dst\n1 2\nx 3\n4 5\n"), 2);
	assert_int_equal(sums[0], 10);
	assert_true(sums[1] == METRIC_MISSING);
	assert_int_equal(parse("in_martian_src in_martian_src\n1 2\n"), 1); /* the first counts */
	assert_int_equal(sums[1], 1);
	assert_int_equal(parse("in_martian_src\n"), -1);
	assert_int_equal(parse("in_hit\n1\n"), -1);
	assert_int_equal(parse(""), -1);
}

static void rt_cache_goes_through_the_trees(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[3];
	tree_open(&t, 1, &source_rt_cache);
	assert_int_equal(source_rt_cache.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_rt_cache, v, "rt_in_no_route", ""), 8);
	assert_int_equal(tree_value(&t, &source_rt_cache, v, "rt_in_martian_dst", ""), 3);
	uint64_t before = tree_value(&t, &source_rt_cache, v, "rt_in_martian_src", ""), rise;
	tree_step(&t, 2);
	assert_int_equal(source_rt_cache.read(t.reader, v), COUNTER_OK);
	assert_true(metric_delta(&rise, before,
				 tree_value(&t, &source_rt_cache, v, "rt_in_martian_src", ""),
				 metric_find("rt_in_martian_src")->width));
	assert_int_equal(rise, 5); /* one CPU's count wrapped on the way */
	tree_step(&t, 3);	   /* no such file any more */
	assert_int_equal(source_rt_cache.read(t.reader, v), COUNTER_GONE);
	tree_end(&t, &source_rt_cache);

	tree_open(&t, 6, &source_rt_cache);
	assert_int_equal(source_rt_cache.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_rt_cache, v, "rt_in_martian_src", ""), 9);
	assert_true(tree_value(&t, &source_rt_cache, v, "rt_in_martian_dst", "") == METRIC_MISSING);
	tree_end(&t, &source_rt_cache);
}

static void conntrack_is_found_by_its_header(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[4];
	tree_open(&t, 1, &source_conntrack);
	assert_int_equal(source_conntrack.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_conntrack, v, "conntrack_invalid", ""), 26);
	assert_int_equal(tree_value(&t, &source_conntrack, v, "conntrack_insert_failed", ""), 1);
	assert_int_equal(tree_value(&t, &source_conntrack, v, "conntrack_drop", ""), 3);
	assert_int_equal(tree_value(&t, &source_conntrack, v, "conntrack_early_drop", ""), 6);
	tree_end(&t, &source_conntrack);
}

static void netstat_names_what_snmp_has_not(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[3];
	tree_open(&t, 1, &source_netstat);
	assert_int_equal(source_netstat.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_netstat, v, "ip_rp_filter", ""), 12);
	assert_int_equal(tree_value(&t, &source_netstat, v, "ip_in_no_routes", ""), 3);
	assert_int_equal(tree_value(&t, &source_netstat, v, "ip_in_truncated", ""), 15);
	tree_step(&t, 6);
	assert_int_equal(source_netstat.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_netstat, v, "ip_in_no_routes", ""), 4);
	assert_true(tree_value(&t, &source_netstat, v, "ip_rp_filter", "") == METRIC_MISSING);
	tree_end(&t, &source_netstat);
}

static void udp_sockets_are_summed(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[2];
	tree_open(&t, 1, &source_udp);
	assert_int_equal(source_udp.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_udp, v, "udp_socket_drops", ""), 20);
	assert_int_equal(tree_value(&t, &source_udp, v, "udp_rx_queue_bytes", ""), 0x342c0);
	tree_step(&t, 6); /* no socket is open: zero, not missing */
	assert_int_equal(source_udp.read(t.reader, v), COUNTER_OK);
	assert_int_equal(v[0], 0);
	tree_step(&t, 7);
	assert_int_equal(source_udp.read(t.reader, v), COUNTER_GONE);
	tree_end(&t, &source_udp);
}

static void the_group_of_the_cpu_controller_is_found(void **state)
{
	(void)state;
	static const struct {
		const char *text, *path;
		bool unified;
	} cases[] = {
		{"2:cpuset:/x\n1:cpu,cpuacct:/a/b\n0::/c\n", "/a/b",	     false},
		{"0::/c\n1:cpu:/a\n",			      "/a",		    false},
		{"1:name=cpu:/no\n0::/kubepods/pod1\n",	"/kubepods/pod1", true },
		{"2:cpuacct:/a\n",			   NULL,		 false},
		{"1:cpu\n",				  NULL,		  false},
		{"",					 NULL,		   false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char path[64];
		bool unified = false;
		int rc = cgroup_path_parse(path, sizeof(path), &unified, cases[i].text,
					   strlen(cases[i].text));
		assert_int_equal(rc, cases[i].path ? 0 : -1);
		if (rc)
			continue;
		assert_string_equal(path, cases[i].path);
		assert_int_equal(unified, cases[i].unified);
	}
	char little[4];
	bool unified;
	assert_int_equal(cgroup_path_parse(little, sizeof(little), &unified, "0::/long\n", 9), -1);
}

static void a_quota_is_read_in_both_versions(void **state)
{
	(void)state;
	struct cgroup_stat s;
	const char one[] = "nr_periods 9\nnr_throttled 3\nthrottled_time 5000000\n";
	const char two[] = "usage_usec 7\nnr_throttled 4\nthrottled_usec 6\n";
	assert_int_equal(cgroup_stat_parse(&s, one, strlen(one)), 0);
	assert_int_equal(s.throttled, 3);
	assert_int_equal(s.throttled_ns, 5000000);
	assert_int_equal(cgroup_stat_parse(&s, two, strlen(two)), 0);
	assert_int_equal(s.throttled, 4);
	assert_int_equal(s.throttled_ns, 6000);
	assert_int_equal(cgroup_stat_parse(&s, "usage_usec 7\n", 13), -1); /* version 2's root */
	assert_int_equal(cgroup_stat_parse(&s, "", 0), -1);
}

static void quotas_of_all_levels_add_up(void **state)
{
	(void)state;
	struct tree t = {0};
	uint64_t v[2];
	tree_open(&t, 1, &source_cgroup); /* version 1: the group, and what is above it */
	assert_int_equal(source_cgroup.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_cgroup, v, "cgroup_throttled", ""), 12);
	assert_int_equal(tree_value(&t, &source_cgroup, v, "cgroup_throttled_ns", ""), 2500);
	tree_step(&t, 2);
	assert_int_equal(source_cgroup.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_cgroup, v, "cgroup_throttled_ns", ""), 9500);
	tree_step(&t, 3);
	assert_int_equal(source_cgroup.read(t.reader, v), COUNTER_GONE);
	tree_end(&t, &source_cgroup);

	tree_open(&t, 6, &source_cgroup); /* version 2; its root has no such file */
	assert_int_equal(source_cgroup.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_cgroup, v, "cgroup_throttled_ns", ""), 42000);
	tree_end(&t, &source_cgroup);
}

static void a_senseless_file_is_no_source(void **state)
{
	(void)state;
	static const struct counter_source *const sources[] = {
		&source_rt_cache, &source_conntrack, &source_netstat, &source_udp, &source_cgroup};
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		struct tree t;
		struct nb_err err = {0};
		tree_begin(&t, 7);
		assert_int_equal(sources[i]->open(&t.reader, &t.env, &err), -1);
		assert_non_null(strstr(err.text, "/proc/"));
		tree_end(&t, NULL);
	}
}

/* --- qdiscs ---------------------------------------------------------------------------------- */

static const struct nlmsghdr *qdisc(struct nl_request *r, int ifindex, uint32_t parent,
				    const uint64_t *packets64)
{
	struct gnet_stats_basic basic = {.bytes = UINT64_C(1) << 40, .packets = 7};
	struct gnet_stats_queue queue = {
		.qlen = 3, .backlog = 180, .drops = 11, .requeues = 2, .overlimits = 1000};
	struct tcmsg *tc = nl_begin(r, RTM_NEWQDISC, 0, sizeof(*tc));
	tc->tcm_ifindex = ifindex;
	tc->tcm_parent = parent;
	tc->tcm_handle = 0x80010000;
	nl_put_text(r, TCA_KIND, "pfifo");
	struct nlattr *stats = nl_nest(r, TCA_STATS2, 0, NULL);
	/* as gnet_stats_copy_basic() does: 12 bytes and the struct's padding */
	nl_put(r, TCA_STATS_BASIC, &basic, sizeof(basic));
	if (packets64)
		nl_put(r, TCA_STATS_PKT64, packets64, sizeof(*packets64));
	nl_put(r, TCA_STATS_QUEUE, &queue, sizeof(queue));
	nl_nest_end(r, stats);
	return (const void *)r->buf;
}

static void a_qdisc_is_read_from_its_message(void **state)
{
	(void)state;
	struct nl_request r;
	struct qdisc_row row;
	const uint64_t many = UINT64_C(5) << 32 | 7;
	assert_int_equal(qdisc_parse(&row, qdisc(&r, 4, TC_H_ROOT, NULL), 5), 0);
	assert_int_equal(qdisc_parse(&row, qdisc(&r, 5, TC_H_ROOT, NULL), 5), 1);
	assert_int_equal(row.parent, TC_H_ROOT);
	assert_string_equal(row.kind, "pfifo");
	assert_int_equal(row.field[QDISC_PACKETS], 7);
	assert_true(row.field[QDISC_BYTES] == UINT64_C(1) << 40);
	assert_int_equal(row.field[QDISC_DROPS], 11);
	assert_int_equal(row.field[QDISC_OVERLIMITS], 1000);
	assert_int_equal(row.field[QDISC_REQUEUES], 2);
	assert_int_equal(row.field[QDISC_BACKLOG_PACKETS], 3);
	assert_int_equal(row.field[QDISC_BACKLOG_BYTES], 180);
	assert_int_equal(qdisc_parse(&row, qdisc(&r, 5, TC_H_ROOT, &many), 5), 1);
	assert_true(row.field[QDISC_PACKETS] == many);

	struct tcmsg *tc = nl_begin(&r, RTM_NEWQDISC, 0, sizeof(*tc));
	tc->tcm_ifindex = 5;
	assert_int_equal(qdisc_parse(&row, (const void *)r.buf, 5), 1);
	assert_true(row.field[QDISC_DROPS] == METRIC_MISSING); /* no statistics: not 0 */
	nl_begin(&r, RTM_NEWLINK, 0, sizeof(*tc));
	assert_int_equal(qdisc_parse(&row, (const void *)r.buf, 5), -EBADMSG);
}

static int count(void *payload, const struct nlmsghdr *message)
{
	(void)message;
	++*(int *)payload;
	return 0;
}

static size_t put_message(unsigned char *at, uint16_t type, uint16_t flags, uint32_t seq, int error)
{
	struct nlmsghdr h = {.nlmsg_len = NLMSG_LENGTH(sizeof(error)),
			     .nlmsg_type = type,
			     .nlmsg_flags = flags,
			     .nlmsg_seq = seq};
	memcpy(at, &h, sizeof(h));
	memcpy(at + NLMSG_HDRLEN, &error, sizeof(error));
	return h.nlmsg_len;
}

static void a_dump_is_taken_to_its_end(void **state)
{
	(void)state;
	_Alignas(struct nlmsghdr) unsigned char piece[256];
	int n = 0;
	bool done = false;
	size_t len = put_message(piece, RTM_NEWQDISC, 0, 9, 0);
	len += put_message(piece + len, RTM_NEWQDISC, 0, 8, 0); /* of a dump given up */
	len += put_message(piece + len, RTM_NEWQDISC, 0, 9, 0);
	assert_int_equal(nl_each(piece, len, 9, &done, count, &n), 0);
	assert_int_equal(n, 2);
	assert_false(done);
	len = put_message(piece, NLMSG_DONE, 0, 9, 0);
	assert_int_equal(nl_each(piece, len, 9, &done, count, &n), 0);
	assert_true(done);

	done = false;
	len = put_message(piece, NLMSG_ERROR, 0, 9, -EOPNOTSUPP);
	assert_int_equal(nl_each(piece, len, 9, &done, count, &n), -EOPNOTSUPP);
	assert_true(done);
	done = false;
	len = put_message(piece, RTM_NEWQDISC, NLM_F_DUMP_INTR, 9, 0);
	len += put_message(piece + len, NLMSG_DONE, NLM_F_DUMP_INTR, 9, 0);
	assert_int_equal(nl_each(piece, len, 9, &done, count, &n), -EINTR);
	assert_true(done);
	done = false;
	((struct nlmsghdr *)piece)->nlmsg_len = 999; /* reaches beyond the piece */
	assert_int_equal(nl_each(piece, len, 9, &done, count, &n), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_of_cpus_are_summed_by_name),
		cmocka_unit_test(a_sum_without_one_cpu_is_none),
		cmocka_unit_test(rt_cache_goes_through_the_trees),
		cmocka_unit_test(conntrack_is_found_by_its_header),
		cmocka_unit_test(netstat_names_what_snmp_has_not),
		cmocka_unit_test(udp_sockets_are_summed),
		cmocka_unit_test(the_group_of_the_cpu_controller_is_found),
		cmocka_unit_test(a_quota_is_read_in_both_versions),
		cmocka_unit_test(quotas_of_all_levels_add_up),
		cmocka_unit_test(a_senseless_file_is_no_source),
		cmocka_unit_test(a_qdisc_is_read_from_its_message),
		cmocka_unit_test(a_dump_is_taken_to_its_end),
	};
	return cmocka_run_group_tests_name("counters: namespace", tests, NULL, NULL);
}
