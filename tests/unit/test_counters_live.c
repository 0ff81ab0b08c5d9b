// SPDX-License-Identifier: Apache-2.0
/*
 * The sources on the kernel that runs: lo of this namespace; and, where that is permitted, an
 * interface that is removed and made again in a namespace of its own.
 */
#include "counters_tree.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/wait.h>

#include "collector/counters/facts.h"
#include "collector/counters/link.h"
#include "common/metric.h"
#include "common/netlink.h"

enum { NOT_PERMITTED = 77 };

static struct counter_env host(const char *ifname)
{
	return (struct counter_env){.root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
				    .ifname = ifname};
}

/* What a kernel or an interface may not have; the reason is told all the same. */
static bool may_be_absent(const char *name)
{
	static const char *const names[] = {"rt_cache", "conntrack", "queue",
					    "irq",	"cgroup",    NULL};
	for (const char *const *n = names; *n; n++)
		if (!strcmp(*n, name))
			return true;
	return false;
}

static void every_source_reads_this_host_twice(void **state)
{
	(void)state;
	struct counter_env env = host("lo");
	const char *const links[] = {"lo"};
	env.links = links;
	env.n_links = 1;
	for (const struct counter_source *const *s = counter_sources; *s; s++) {
		struct nb_err err = {0};
		struct counter_reader *r;
		const struct counter_cell *cells;
		if ((*s)->open(&r, &env, &err)) {
			assert_true(strlen(err.text) > 0);
			if (may_be_absent((*s)->name))
				continue;
			fail_msg("%s: %s", (*s)->name, err.text);
		}
		size_t n = (*s)->cells(r, &cells);
		assert_true(n > 0);
		uint64_t *v = test_calloc(2 * n, sizeof(*v)), delta;
		assert_int_equal((*s)->read(r, v), COUNTER_OK);
		assert_int_equal((*s)->read(r, v + n), COUNTER_OK);
		for (size_t i = 0; i < n; i++)
			if (v[i] != METRIC_MISSING && cells[i].metric->kind == METRIC_COUNTER &&
			    strcmp(cells[i].metric->name, "udp_socket_drops") != 0)
				assert_true(metric_delta(&delta, v[i], v[n + i],
							 cells[i].metric->width));
		test_free(v);
		(*s)->close(r);
	}
	close(env.root_fd);
}

static void the_ways_agree_about_lo(void **state)
{
	(void)state;
	struct counter_env env = host("lo");
	struct nb_err err = {0};
	uint64_t a[LINK_METRICS], b[LINK_METRICS], c[LINK_METRICS];
	struct link_state *netlink, *net_dev;
	assert_true(counter_env_is_host(&env));
	assert_int_equal(link_netlink.open(&netlink, &env, &err), 0);
	assert_int_equal(link_net_dev.open(&net_dev, &env, &err), 0);
	assert_int_equal(link_netlink.read(netlink, a), COUNTER_OK);
	assert_int_equal(link_net_dev.read(net_dev, b), COUNTER_OK);
	assert_int_equal(link_netlink.read(netlink, c), COUNTER_OK);
	for (size_t k = 0; k < 4; k++) { /* packets and bytes; others of this host may use lo */
		assert_true(a[k] <= b[k]);
		assert_true(b[k] <= c[k]);
	}
	link_netlink.close(netlink);
	link_net_dev.close(net_dev);
	assert_int_equal(
		link_netlink.open(&netlink, &(struct counter_env){.ifname = "nb-none"}, &err), -1);
	assert_non_null(strstr(err.text, "nb-none"));
	close(env.root_fd);
}

/* Sysfs shows the namespace in which it was mounted; lo looks the same in all of them. */
static void sysfs_is_not_believed_about_lo(void **state)
{
	(void)state;
	struct counter_env env = host("lo");
	assert_false(sysfs_shows(&env));
	close(env.root_fd);
}

static int add_veth(int fd, const char *near)
{
	struct nl_request r;
	nl_begin(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
	nl_put_text(&r, IFLA_IFNAME, near);
	struct nlattr *info = nl_nest(&r, IFLA_LINKINFO, 0, NULL);
	nl_put_text(&r, IFLA_INFO_KIND, "veth");
	nl_nest_end(&r, info);
	return nl_talk(fd, &r);
}

static int del_link(int fd, const char *name)
{
	struct nl_request r;
	nl_begin(&r, RTM_DELLINK, 0, sizeof(struct ifinfomsg));
	nl_put_text(&r, IFLA_IFNAME, name);
	return nl_talk(fd, &r);
}

#define STEP(what)                                                                                 \
	do {                                                                                       \
		if (!(what))                                                                       \
			return __LINE__;                                                           \
	} while (0)

/* In a child: 0, or the line of the step that failed. */
static int remake_interface(void)
{
	struct counter_env env = host("eth0");
	struct nb_err err = {0};
	struct counter_reader *r;
	uint64_t v[LINK_METRICS];
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (unshare(CLONE_NEWNET))
		return NOT_PERMITTED;
	int fd = nl_open(NETLINK_ROUTE, &err);
	STEP(source_link.open(&r, &env, &err) == -1); /* no eth0 here, whatever /sys shows */
	STEP(strstr(err.text, "no interface eth0"));
	nb_error_clear(&err);
	int ret = add_veth(fd, "eth0");
	if (ret == -EOPNOTSUPP)
		return NOT_PERMITTED;
	STEP(!ret);
	json_t *facts, *channels;
	STEP(!facts_read(&facts, &env, false));
	STEP(!strcmp(json_string_value(json_object_get(facts, "kind")), "veth"));
	STEP(!strcmp(json_string_value(json_object_get(facts, "driver")), "veth"));
	channels = json_object_get(facts, "channels"); /* rx and tx; none are combined */
	STEP(!channels ||
	     (json_object_get(channels, "rx") && !json_object_get(channels, "combined")));
	json_decref(facts);
	STEP(!sysfs_shows(&env)); /* the stranger, if the host has an eth0 */
	STEP(!source_link.open(&r, &env, &err));
	STEP(!setns(home, CLONE_NEWNET)); /* the reader stays where it was opened */
	STEP(source_link.read(r, v) == COUNTER_OK && v[0] == 0);
	STEP(!del_link(fd, "eth0"));
	STEP(source_link.read(r, v) == COUNTER_GONE);
	STEP(source_link.read(r, v) == COUNTER_GONE);
	STEP(!add_veth(fd, "eth0"));
	STEP(source_link.read(r, v) == COUNTER_CHANGED);
	STEP(source_link.read(r, v) == COUNTER_OK);
	source_link.close(r);
	return 0;
}

static void an_interface_made_again_is_another(void **state)
{
	(void)state;
	int status = -1;
	pid_t pid = fork();
	if (!pid) {
		int line = remake_interface();
		if (line && line != NOT_PERMITTED)
			fprintf(stderr, "%s:%d failed\n", __FILE__, line);
		_exit(line == NOT_PERMITTED ? line : line != 0);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NOT_PERMITTED)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_source_reads_this_host_twice),
		cmocka_unit_test(the_ways_agree_about_lo),
		cmocka_unit_test(sysfs_is_not_believed_about_lo),
		cmocka_unit_test(an_interface_made_again_is_another),
	};
	return cmocka_run_group_tests_name("counters: this host", tests, NULL, NULL);
}
