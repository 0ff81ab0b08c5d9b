/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver says of its interface, by the ethtool ioctls that every kernel has. */
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/counters/facts_put.h"

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

/* Which parts of a packet choose its queue: letters as of `ethtool -N IF rx-flow-hash udp4`. */
static const struct {
	uint64_t bit;
	char letter;
} hash_parts[] = {
	{RXH_L2DA,	   'm'},
	   {RXH_VLAN,     'v'},
	{RXH_L3_PROTO, 't'},
	     {RXH_IP_SRC,	  's'},
	{RXH_IP_DST,   'd'},
	   {RXH_L4_B_0_1, 'f'},
	{RXH_L4_B_2_3, 'n'},
};

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

static void put_flow_hash(json_t *o, int fd, const char *ifname)
{
	struct ethtool_rxnfc c = {.cmd = ETHTOOL_GRXFH, .flow_type = UDP_V4_FLOW};
	char text[sizeof(hash_parts) / sizeof(*hash_parts)];
	size_t n = 0;
	if (!ethtool(fd, ifname, &c))
		return;
	for (size_t i = 0; i < sizeof(hash_parts) / sizeof(*hash_parts); i++)
		if (c.data & hash_parts[i].bit)
			text[n++] = hash_parts[i].letter;
	facts_put_text(o, "flow_hash_udp4", n ? text : "none", n ? n : strlen("none"));
}

static void put_coalescing(json_t *o, int fd, const char *ifname)
{
	struct ethtool_coalesce c = {.cmd = ETHTOOL_GCOALESCE};
	if (!ethtool(fd, ifname, &c))
		return;
	json_object_set_new(o, "coalescing",
			    json_pack("{s:I, s:I, s:I, s:I, s:b, s:b}", "rx_usecs",
				      (json_int_t)c.rx_coalesce_usecs, "rx_frames",
				      (json_int_t)c.rx_max_coalesced_frames, "tx_usecs",
				      (json_int_t)c.tx_coalesce_usecs, "tx_frames",
				      (json_int_t)c.tx_max_coalesced_frames, "adaptive_rx",
				      c.use_adaptive_rx_coalesce != 0, "adaptive_tx",
				      c.use_adaptive_tx_coalesce != 0));
}

static void put_all(json_t *o, int fd, const char *ifname)
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
	put_coalescing(o, fd, ifname);
	put_flow_hash(o, fd, ifname);
}

void facts_put_driver(json_t *o, const char *ifname)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	put_all(o, fd, ifname);
	if (fd >= 0)
		close(fd);
}
