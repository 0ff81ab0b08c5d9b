/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel says of an interface: RTM_GETLINK, and what only sysfs tells.
 */
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/counters/facts_put.h"
#include "collector/counters/link.h"
#include "common/netlink.h"

struct answer {
	_Alignas(struct nlmsghdr) unsigned char buf[16384];
};

static const struct {
	uint16_t type;
	const char *key;
} link_numbers[] = {
	{IFLA_MTU,	   "mtu"	},
	{IFLA_TXQLEN,	      "txqueuelen"},
	{IFLA_NUM_TX_QUEUES, "tx_queues" },
	{IFLA_NUM_RX_QUEUES, "rx_queues" },
};

static const struct {
	const char *file, *key;
} sysfs_numbers[] = {
	{"threaded",	     "threaded"	       },
	{"gro_flush_timeout",    "gro_flush_timeout"	 },
	{"napi_defer_hard_irqs", "napi_defer_hard_irqs"},
	{"device/numa_node",     "numa_node"		},
};

static void put_attr_text(json_t *o, const char *key, const struct nlattr *a)
{
	if (a)
		facts_put_text(o, key, nl_data(a), nl_size(a));
}

static void put_mac(json_t *o, const struct nlattr *a)
{
	char text[3 * 32] = "";
	const unsigned char *byte = a ? nl_data(a) : NULL;
	size_t n = a ? nl_size(a) : 0;
	for (size_t i = 0; i < n && i < 32; i++)
		snprintf(text + strlen(text), 4, "%s%02x", i ? ":" : "", byte[i]);
	facts_put_text(o, "mac", text, sizeof(text));
}

static void put_rtnetlink(json_t *o, const char *ifname)
{
	static const char *const states[] = {"unknown", "notpresent", "down", "lowerlayerdown",
					     "testing", "dormant",    "up"};
	struct nb_err ignored = {0};
	struct nl_request r;
	struct answer answer;
	const struct nlmsghdr *h = (const void *)answer.buf;
	const struct ifinfomsg *info = (const void *)(h + 1);
	int fd = nl_open(NETLINK_ROUTE, &ignored);
	if (fd < 0)
		return;
	nl_begin(&r, RTM_GETLINK, 0, sizeof(*info));
	nl_put_text(&r, IFLA_IFNAME, ifname);
	ssize_t n = nl_ask(fd, &r, answer.buf, sizeof(answer.buf));
	close(fd);
	if (n < (ssize_t)(sizeof(*h) + sizeof(*info)))
		return;
	json_object_set_new(o, "ifindex", json_integer(info->ifi_index));
	for (size_t i = 0; i < sizeof(link_numbers) / sizeof(*link_numbers); i++) {
		const struct nlattr *a = nl_find(h, sizeof(*info), link_numbers[i].type);
		uint32_t v;
		if (!a || nl_size(a) != sizeof(v))
			continue;
		memcpy(&v, nl_data(a), sizeof(v));
		json_object_set_new(o, link_numbers[i].key, json_integer(v));
	}
	const struct nlattr *state = nl_find(h, sizeof(*info), IFLA_OPERSTATE);
	unsigned char k = state && nl_size(state) ? *(const unsigned char *)nl_data(state) : 0xff;
	if (k < sizeof(states) / sizeof(*states))
		json_object_set_new(o, "operstate", json_string(states[k]));
	put_attr_text(o, "qdisc", nl_find(h, sizeof(*info), IFLA_QDISC));
	const struct nlattr *kind = nl_find(h, sizeof(*info), IFLA_LINKINFO);
	put_attr_text(o, "kind", kind ? nl_find_in(kind, IFLA_INFO_KIND) : NULL);
	put_mac(o, nl_find(h, sizeof(*info), IFLA_ADDRESS));
}

/* Which CPUs a mask of each queue names. With one queue there is no XPS to read. */
static void put_masks(json_t *o, const struct counter_env *env, const char *file,
		      const char *direction)
{
	char path[128], queue[32];
	json_t *masks = json_object();
	for (size_t i = 0; i == json_object_size(masks) && i < 4096; i++) {
		snprintf(queue, sizeof(queue), "%s-%zu", direction, i);
		snprintf(path, sizeof(path), "sys/class/net/%s/queues/%s/%s", env->ifname, queue,
			 file);
		facts_put_line(masks, queue, env->root_fd, path);
	}
	facts_put_part(o, file, masks);
}

static void put_sysfs(json_t *o, const struct counter_env *env)
{
	char path[128];
	for (size_t i = 0; i < sizeof(sysfs_numbers) / sizeof(*sysfs_numbers); i++) {
		snprintf(path, sizeof(path), "sys/class/net/%s/%s", env->ifname,
			 sysfs_numbers[i].file);
		facts_put_number(o, sysfs_numbers[i].key, env->root_fd, path);
	}
	put_masks(o, env, "rps_cpus", "rx");
	put_masks(o, env, "xps_cpus", "tx");
}

void facts_put_link(json_t *o, const struct counter_env *env)
{
	if (strlen(env->ifname) >= IFNAMSIZ || strchr(env->ifname, '/'))
		return;
	if (counter_env_is_host(env)) {
		put_rtnetlink(o, env->ifname);
		facts_put_driver(o, env->ifname);
	}
	if (sysfs_shows(env))
		put_sysfs(o, env);
}
