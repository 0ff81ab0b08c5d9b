/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel and the driver say of an interface: RTM_GETLINK, the ethtool ioctls that every
 * kernel has, and what only sysfs tells.
 */
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
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
	uint32_t command;
	const char *key;
} offloads[] = {
	{ETHTOOL_GRXCSUM, "rx_checksum"   },
	{ETHTOOL_GTXCSUM, "tx_checksum"   },
	{ETHTOOL_GSG,     "scatter_gather"},
	{ETHTOOL_GTSO,    "tso"	    },
	{ETHTOOL_GGSO,    "gso"	    },
	{ETHTOOL_GGRO,    "gro"	    },
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

static bool ethtool(int fd, const char *ifname, void *command)
{
	struct ifreq r = {0};
	memcpy(r.ifr_name, ifname, strlen(ifname));
	r.ifr_data = command;
	return fd >= 0 && !ioctl(fd, SIOCETHTOOL, &r);
}

static void put_count(json_t *o, const char *key, uint32_t now, uint32_t max)
{
	char max_key[32];
	if (!max)
		return; /* this driver has none of the kind */
	snprintf(max_key, sizeof(max_key), "%s_max", key);
	json_object_set_new(o, key, json_integer(now));
	json_object_set_new(o, max_key, json_integer(max));
}

static void put_driver(json_t *o, int fd, const char *ifname)
{
	struct ethtool_drvinfo d = {.cmd = ETHTOOL_GDRVINFO};
	struct ethtool_channels c = {.cmd = ETHTOOL_GCHANNELS};
	struct ethtool_ringparam r = {.cmd = ETHTOOL_GRINGPARAM};
	if (ethtool(fd, ifname, &d)) {
		facts_put_text(o, "driver", d.driver, sizeof(d.driver));
		facts_put_text(o, "driver_version", d.version, sizeof(d.version));
		facts_put_text(o, "firmware", d.fw_version, sizeof(d.fw_version));
		facts_put_text(o, "bus", d.bus_info, sizeof(d.bus_info));
	}
	json_t *channels = json_object(), *rings = json_object(), *on = json_object();
	if (ethtool(fd, ifname, &c)) {
		put_count(channels, "rx", c.rx_count, c.max_rx);
		put_count(channels, "tx", c.tx_count, c.max_tx);
		put_count(channels, "combined", c.combined_count, c.max_combined);
	}
	if (ethtool(fd, ifname, &r)) {
		put_count(rings, "rx", r.rx_pending, r.rx_max_pending);
		put_count(rings, "tx", r.tx_pending, r.tx_max_pending);
	}
	for (size_t i = 0; i < sizeof(offloads) / sizeof(*offloads); i++) {
		struct ethtool_value v = {.cmd = offloads[i].command};
		if (ethtool(fd, ifname, &v))
			json_object_set_new(on, offloads[i].key, json_boolean(v.data));
	}
	facts_put_part(o, "channels", channels);
	facts_put_part(o, "rings", rings);
	facts_put_part(o, "offloads", on);
}

static void put_sysfs(json_t *o, const struct counter_env *env)
{
	char path[128], queue[32];
	for (size_t i = 0; i < sizeof(sysfs_numbers) / sizeof(*sysfs_numbers); i++) {
		snprintf(path, sizeof(path), "sys/class/net/%s/%s", env->ifname,
			 sysfs_numbers[i].file);
		facts_put_number(o, sysfs_numbers[i].key, env->root_fd, path);
	}
	json_t *rps = json_object();
	for (size_t i = 0; i == json_object_size(rps) && i < 4096; i++) {
		snprintf(queue, sizeof(queue), "rx-%zu", i);
		snprintf(path, sizeof(path), "sys/class/net/%s/queues/%s/rps_cpus", env->ifname,
			 queue);
		facts_put_line(rps, queue, env->root_fd, path);
	}
	facts_put_part(o, "rps_cpus", rps);
}

void facts_put_link(json_t *o, const struct counter_env *env)
{
	if (strlen(env->ifname) >= IFNAMSIZ || strchr(env->ifname, '/'))
		return;
	if (counter_env_is_host(env)) {
		int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		put_rtnetlink(o, env->ifname);
		put_driver(o, fd, env->ifname);
		if (fd >= 0)
			close(fd);
	}
	if (sysfs_shows(env))
		put_sysfs(o, env);
}
