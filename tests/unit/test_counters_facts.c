// SPDX-License-Identifier: Apache-2.0
/* Facts of trees with whatever a kernel or a driver may say, and of this host. */
#include "counters_tree.h"

#include "collector/counters/facts.h"
#include "collector/counters/facts_put.h"

static void put(struct tree *t, const char *path, const char *text)
{
	tree_put(t, path, text, strlen(text));
}

static json_t *facts(struct tree *t, bool node)
{
	json_t *o = NULL;
	assert_int_equal(facts_read(&o, &t->env, node), 0);
	return o;
}

static const char *text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void texts_become_valid_utf8(void **state)
{
	(void)state;
	static const struct {
		const char *in, *want; /* NULL: no fact */
	} rows[] = {
		{"performance\n",	  "performance"			       },
		{"  two words \t\r\n",   "two words"				  },
		{"caf\xc3\xa9",		"caf\xc3\xa9"			     },
		{"bad\xff\xc3",		"bad\xef\xbf\xbd\xef\xbf\xbd"	     },
		{"\xc0\xaf\xed\xa0\x80",
		 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\"\\\x01",	     "\"\\\x01"			       },
		{"",		     NULL				  },
		{" \n",			NULL				  },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *o = json_object();
		facts_put_text(o, "k", rows[i].in, strlen(rows[i].in));
		if (rows[i].want)
			assert_string_equal(text(o, "k"), rows[i].want);
		else
			assert_null(json_object_get(o, "k"));
		json_decref(o);
	}
}

static void a_field_of_a_driver_may_lack_its_end(void **state)
{
	(void)state;
	static const char field[4] = {'e', '1', '0', '0'}, ended[8] = "ab\0cd";
	json_t *o = json_object();
	facts_put_text(o, "a", field, sizeof(field));
	facts_put_text(o, "b", ended, sizeof(ended));
	assert_string_equal(text(o, "a"), "e100");
	assert_string_equal(text(o, "b"), "ab");
	json_decref(o);
}

static void a_node_says_what_its_files_say(void **state)
{
	(void)state;
	struct tree t;
	tree_begin(&t, 1);
	put(&t, "proc/sys/kernel/osrelease", "6.1.0-13-amd64\n");
	put(&t, "proc/cpuinfo",
	    "processor\t: 0\nmodel\t\t: 85\ncpu MHz\t\t: 2000\n"
	    "model name\t: Some CPU @ 2.00GHz\n\nmodel name\t: another\n");
	put(&t, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
	    "power\xff"
	    "save\n");
	put(&t, "sys/devices/system/node/online", "0-1\n2-3\n");
	put(&t, "sys/devices/system/cpu/isolated", "\n");
	put(&t, "sys/devices/system/cpu/smt/active", "1\n");
	put(&t, "sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
	put(&t, "sys/devices/system/cpu/vulnerabilities/mds", "Vulnerable\n");
	put(&t, "proc/sys/net/core/netdev_max_backlog", "1000\n");
	put(&t, "proc/sys/net/core/rmem_max", "many\n");
	put(&t, "proc/sys/net/core/rmem_default", "4096 8192\n");
	put(&t, "proc/sys/net/core/wmem_max", "99999999999999999999\n");
	json_t *o = facts(&t, true);
	assert_string_equal(text(o, "kernel"), "6.1.0-13-amd64");
	assert_string_equal(text(o, "cpu_model"), "Some CPU @ 2.00GHz");
	assert_string_equal(text(o, "governor"), "power\xef\xbf\xbdsave");
	assert_string_equal(text(o, "cpus_online"), "0-3");
	assert_string_equal(text(o, "numa_nodes"), "0-1");
	assert_int_equal(json_integer_value(json_object_get(o, "smt_active")), 1);
	assert_null(json_object_get(o, "cpus_isolated"));
	assert_null(json_object_get(o, "machine")); /* uname() is of the host, not of the tree */
	const json_t *m = json_object_get(o, "mitigations"), *s = json_object_get(o, "sysctl");
	assert_int_equal(json_object_size(m), 1);
	assert_string_equal(text(m, "mds"), "Vulnerable");
	assert_int_equal(json_object_size(s), 1);
	assert_int_equal(json_integer_value(json_object_get(s, "net.core.netdev_max_backlog")),
			 1000);
	json_decref(o);
	tree_end(&t, NULL);
}

static void other_architectures_name_their_cpu_otherwise(void **state)
{
	(void)state;
	static const struct {
		const char *cpuinfo, *want;
	} rows[] = {
		{"processor\t: 0\ncpu\t\t: POWER9, altivec supported\n",
		 "POWER9, altivec supported"					       },
		{"system type\t: x\ncpu model\t\t: MIPS 34Kc V5.4\n",      "MIPS 34Kc V5.4"},
		{"processor\t: 0\nBogoMIPS\t: 50.00\nCPU part\t: 0xd0c\n", NULL	       },
		{"model name\t:",					  NULL	      },
		{"",						       NULL		 },
	};
	struct tree t;
	tree_begin(&t, 7);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		put(&t, "proc/cpuinfo", rows[i].cpuinfo);
		json_t *o = facts(&t, true);
		if (rows[i].want)
			assert_string_equal(text(o, "cpu_model"), rows[i].want);
		else
			assert_null(json_object_get(o, "cpu_model"));
		json_decref(o);
	}
	tree_end(&t, NULL);
}

static void an_interface_of_a_tree_is_known_by_its_files(void **state)
{
	(void)state;
	struct tree t;
	tree_begin(&t, 1);
	t.env.ifname = "eth0";
	put(&t, "sys/class/net/eth0/threaded", "1\n");
	put(&t, "sys/class/net/eth0/device/numa_node", "-1\n");
	put(&t, "sys/class/net/eth0/queues/rx-0/rps_cpus", "00000000,0000000c\n");
	put(&t, "sys/class/net/eth0/queues/rx-1/rps_cpus", "0\n");
	put(&t, "sys/class/net/eth0/queues/rx-3/rps_cpus", "f\n");
	put(&t, "sys/class/net/eth0/queues/tx-0/xps_cpus", "1\n");
	json_t *o = facts(&t, false);
	const json_t *rps = json_object_get(o, "rps_cpus");
	assert_int_equal(json_integer_value(json_object_get(o, "threaded")), 1);
	assert_null(json_object_get(o, "numa_node"));
	assert_int_equal(json_object_size(rps), 2);
	assert_string_equal(text(rps, "rx-0"), "00000000,0000000c");
	assert_string_equal(text(json_object_get(o, "xps_cpus"), "tx-0"), "1");
	assert_null(json_object_get(o, "cpus_online")); /* no node */
	assert_null(json_object_get(o, "ifindex"));
	json_decref(o);
	t.env.ifname = "../net/eth0"; /* a name, not a path */
	o = facts(&t, false);
	assert_null(json_object_get(o, "threaded"));
	json_decref(o);
	tree_end(&t, NULL);
}

/* Control groups of both versions; a limit that is not set is no fact. */
static void limits_of_a_container_are_known(void **state)
{
	(void)state;
	struct tree t;
	tree_begin(&t, 1);
	put(&t, "proc/self/status", "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n");
	put(&t, "proc/self/cgroup", "0::/kubepods/pod1\n");
	put(&t, "sys/fs/cgroup/kubepods/pod1/cpu.max", "400000 100000\n");
	put(&t, "sys/fs/cgroup/kubepods/pod1/memory.max", "max\n");
	put(&t, "sys/fs/cgroup/cpuset.cpus.effective", "2-5\n"); /* the mount is the group's */
	json_t *o = facts(&t, false);
	const json_t *limits = json_object_get(o, "cgroup");
	assert_string_equal(text(o, "cpus_allowed"), "0-1");
	assert_int_equal(json_object_size(limits), 2);
	assert_string_equal(text(limits, "cpu"), "400000 100000");
	assert_string_equal(text(limits, "cpuset"), "2-5");
	json_decref(o);
	tree_end(&t, NULL);

	tree_begin(&t, 1);
	put(&t, "proc/self/cgroup",
	    "12:memory:/a\n4:cpu,cpuacct:/a\n3:cpusets:/\n1:name=systemd:/x:y\nbroken\n:\n");
	put(&t, "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "4194304000\n");
	put(&t, "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1\n");
	put(&t, "sys/fs/cgroup/cpuset/cpuset.effective_cpus", "1\n"); /* of none of its groups */
	o = facts(&t, true);
	limits = json_object_get(o, "cgroup");
	assert_int_equal(json_object_size(limits), 1);
	assert_string_equal(text(limits, "memory"), "4194304000");
	json_decref(o);
	put(&t, "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712\n");
	o = facts(&t, true);
	assert_null(json_object_get(o, "cgroup"));
	json_decref(o);
	tree_end(&t, NULL);
}

static void a_node_says_where_its_vectors_interrupt(void **state)
{
	(void)state;
	struct tree t;
	tree_begin(&t, 1);
	put(&t, "sys/class/net/eth0/device/msi_irqs/38", "msix\n");
	put(&t, "sys/class/net/eth0/device/msi_irqs/39", "msix\n");
	put(&t, "sys/kernel/irq/38/actions", "eth0-TxRx-0\n");
	put(&t, "proc/irq/38/smp_affinity_list", "2-3\n");
	put(&t, "proc/irq/39/smp_affinity_list", "0\n");
	json_t *o = facts(&t, true);
	const json_t *affinity = json_object_get(o, "irq_affinity");
	assert_int_equal(json_object_size(affinity), 2);
	assert_string_equal(text(affinity, "38 eth0-TxRx-0"), "2-3");
	assert_string_equal(text(affinity, "39"), "0");
	json_decref(o);
	tree_end(&t, NULL);
}

static void an_empty_tree_has_no_facts(void **state)
{
	(void)state;
	static const char *const names[] = {"eth0", "../../eth0", "", NULL,
					    "a-name-that-no-interface-may-have"};
	struct tree t;
	tree_begin(&t, 7);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		t.env.ifname = names[i];
		json_t *o = facts(&t, true);
		assert_int_equal(json_object_size(o), 0);
		json_decref(o);
	}
	tree_end(&t, NULL);
}

static void lo_of_this_host_is_known(void **state)
{
	(void)state;
	struct counter_env env = {.root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
				  .ifname = "lo"};
	json_t *o = NULL;
	assert_int_equal(facts_read(&o, &env, true), 0);
	assert_int_equal(json_integer_value(json_object_get(o, "ifindex")), 1);
	assert_string_equal(text(o, "mac"), "00:00:00:00:00:00");
	assert_true(json_integer_value(json_object_get(o, "mtu")) > 0);
	assert_true(json_integer_value(json_object_get(o, "tx_queues")) > 0);
	assert_non_null(text(o, "qdisc"));
	assert_non_null(text(o, "kernel"));
	assert_non_null(text(o, "machine"));
	assert_true(json_is_boolean(json_object_get(json_object_get(o, "offloads"), "gro")));
	assert_null(json_object_get(o, "kind"));
	assert_null(json_object_get(o, "channels")); /* lo has none to set */
	json_decref(o);
	env.ifname =
		"a-name-that-is-longer-than-any-that-an-interface-may-have-and-than-its-record";
	assert_int_equal(facts_read(&o, &env, false), 0);
	assert_null(json_object_get(o, "ifindex"));
	json_decref(o);
	close(env.root_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_become_valid_utf8),
		cmocka_unit_test(a_field_of_a_driver_may_lack_its_end),
		cmocka_unit_test(a_node_says_what_its_files_say),
		cmocka_unit_test(other_architectures_name_their_cpu_otherwise),
		cmocka_unit_test(an_interface_of_a_tree_is_known_by_its_files),
		cmocka_unit_test(limits_of_a_container_are_known),
		cmocka_unit_test(a_node_says_where_its_vectors_interrupt),
		cmocka_unit_test(an_empty_tree_has_no_facts),
		cmocka_unit_test(lo_of_this_host_is_known),
	};
	return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
