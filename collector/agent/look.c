/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a collector on another host must know before it can plan: the CPUs that may be used here,
 * the interface's address, the way to a receiver and the MAC address of its next hop (by ARP or
 * neighbour discovery), and the interfaces there are. Needs no rights: an unknown neighbour is made
 * known by sending a datagram that dies at the first hop.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/agent/state.h"
#include "common/clock.h"
#include "common/ip.h"
#include "common/netlink.h"

enum { REPLY_BYTES = 32768, RESOLVE_MS = 2000, CPUS = 8192 };

struct look {
	int fd;
	json_t *answer;
	unsigned char family; /* of the address that is wanted */
	struct ip address;    /* of the interface asked for */
	uint32_t ifindex, neighbour_of;
	struct ip neighbour;
	unsigned char mac[6];
	bool resolved;
	_Alignas(struct nlmsghdr) unsigned char reply[REPLY_BYTES];
};

static void add_mac(json_t *to, const char *key, const unsigned char *mac)
{
	char text[18];
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	json_object_set_new(to, key, json_string(text));
}

static bool attr_ip(struct ip *out, unsigned char family, const struct nlattr *a)
{
	if (!a || nl_size(a) != ip_size(family))
		return false;
	*out = (struct ip){.family = family};
	memcpy(out->bytes, nl_data(a), ip_size(family));
	return true;
}

static void add_address(json_t *to, const char *key, const struct ip *a)
{
	char text[INET6_ADDRSTRLEN];
	json_object_set_new(to, key,
			    json_string(inet_ntop(a->family, a->bytes, text, sizeof(text))));
}

static bool attr_u32(uint32_t *out, const struct nlattr *a)
{
	if (!a || nl_size(a) < sizeof(*out))
		return false;
	memcpy(out, nl_data(a), sizeof(*out));
	return true;
}

static void add_text(json_t *to, const char *key, const struct nlattr *a)
{
	if (a && nl_size(a))
		json_object_set_new(
			to, key, json_stringn_nocheck(nl_data(a), strnlen(nl_data(a), nl_size(a))));
}

/* --- interfaces ------------------------------------------------------------------------------ */

static int take_link(void *payload, const struct nlmsghdr *m)
{
	struct look *l = payload;
	const struct ifinfomsg *info = (const void *)(m + 1);
	uint32_t v;
	if (m->nlmsg_type != RTM_NEWLINK || m->nlmsg_len < NLMSG_LENGTH(sizeof(*info)))
		return 0;
	json_t *link = json_pack("{s:i}", "index", info->ifi_index);
	const struct nlattr *mac = nl_find(m, sizeof(*info), IFLA_ADDRESS);
	const struct nlattr *about = nl_find(m, sizeof(*info), IFLA_LINKINFO);
	add_text(link, "name", nl_find(m, sizeof(*info), IFLA_IFNAME));
	if (about)
		add_text(link, "kind", nl_find_in(about, IFLA_INFO_KIND));
	if (mac && nl_size(mac) == 6)
		add_mac(link, "mac", nl_data(mac));
	if (attr_u32(&v, nl_find(m, sizeof(*info), IFLA_MTU)))
		json_object_set_new(link, "mtu", json_integer(v));
	if (attr_u32(&v, nl_find(m, sizeof(*info), IFLA_MASTER)))
		json_object_set_new(link, "master", json_integer(v));
	if (attr_u32(&v, nl_find(m, sizeof(*info), IFLA_LINK)))
		json_object_set_new(link, "peer", json_integer(v));
	json_array_append_new(json_object_get(l->answer, "links"), link);
	return 0;
}

static void look_at_links(struct look *l)
{
	struct nl_request r;
	json_object_set_new(l->answer, "links", json_array());
	nl_begin(&r, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
	nl_dump(l->fd, &r, l->reply, sizeof(l->reply), take_link, l);
}

static int take_address(void *payload, const struct nlmsghdr *m)
{
	struct look *l = payload;
	const struct ifaddrmsg *info = (const void *)(m + 1);
	if (m->nlmsg_type != RTM_NEWADDR || m->nlmsg_len < NLMSG_LENGTH(sizeof(*info)) ||
	    info->ifa_family != l->family || info->ifa_index != l->ifindex || l->address.family)
		return 0;
	/* of IPv6 one that others can reach, and that stays: none of its own link, none that fell
	 * to another or is going out of use */
	bool six = l->family == AF_INET6;
	if (six && (info->ifa_scope != RT_SCOPE_UNIVERSE ||
		    (info->ifa_flags & (IFA_F_DADFAILED | IFA_F_DEPRECATED | IFA_F_TEMPORARY))))
		return 0;
	/* the latter is the other end's, where there is the former */
	if (!attr_ip(&l->address, l->family, nl_find(m, sizeof(*info), IFA_LOCAL)))
		attr_ip(&l->address, l->family, nl_find(m, sizeof(*info), IFA_ADDRESS));
	return 0;
}

static void look_at_address(struct look *l)
{
	struct nl_request r;
	struct ifaddrmsg *info = nl_begin(&r, RTM_GETADDR, NLM_F_DUMP, sizeof(*info));
	info->ifa_family = l->family;
	nl_dump(l->fd, &r, l->reply, sizeof(l->reply), take_address, l);
	if (l->address.family)
		add_address(l->answer, "address", &l->address);
}

/* --- the way to a receiver ------------------------------------------------------------------- */

static int take_neighbour(void *payload, const struct nlmsghdr *m)
{
	struct look *l = payload;
	const struct ndmsg *info = (const void *)(m + 1);
	if (m->nlmsg_type != RTM_NEWNEIGH || m->nlmsg_len < NLMSG_LENGTH(sizeof(*info)) ||
	    info->ndm_ifindex != (int)l->neighbour_of ||
	    (info->ndm_state & (NUD_INCOMPLETE | NUD_FAILED)))
		return 0;
	const struct nlattr *mac = nl_find(m, sizeof(*info), NDA_LLADDR);
	struct ip to;
	if (mac && nl_size(mac) == 6 &&
	    attr_ip(&to, l->neighbour.family, nl_find(m, sizeof(*info), NDA_DST)) &&
	    !memcmp(to.bytes, l->neighbour.bytes, sizeof(to.bytes))) {
		memcpy(l->mac, nl_data(mac), sizeof(l->mac));
		l->resolved = true;
	}
	return 0;
}

static bool know_neighbour(struct look *l)
{
	struct nl_request r;
	struct ndmsg *info = nl_begin(&r, RTM_GETNEIGH, NLM_F_DUMP, sizeof(*info));
	info->ndm_family = l->neighbour.family;
	l->resolved = false;
	nl_dump(l->fd, &r, l->reply, sizeof(l->reply), take_neighbour, l);
	return l->resolved;
}

/* A datagram to the discard port whose TTL ends at the next hop makes the kernel ask for it. */
static void nudge(const struct ip *to)
{
	enum { DISCARD = 9 };
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(DISCARD)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(DISCARD)};
	bool ipv6 = to->family == AF_INET6;
	int one = 1, fd = socket(to->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	memcpy(&four.sin_addr, to->bytes, sizeof(four.sin_addr));
	memcpy(&six.sin6_addr, to->bytes, sizeof(six.sin6_addr));
	setsockopt(fd, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_UNICAST_HOPS : IP_TTL, &one,
		   sizeof(one));
	(void)!sendto(fd, "", 0, MSG_DONTWAIT, ipv6 ? (const void *)&six : (const void *)&four,
		      ipv6 ? sizeof(six) : sizeof(four));
	close(fd);
}

static bool resolve(struct look *l, const struct ip *to)
{
	int64_t until = clock_monotonic() + RESOLVE_MS * NB_MSEC;
	for (int i = 0; !know_neighbour(l) && clock_monotonic() < until; i++) {
		if (i % 50 == 0)
			nudge(to);
		usleep(10000);
	}
	return l->resolved;
}

static void ask_route(struct look *l, const struct ip *to, json_t *route)
{
	struct nl_request r;
	struct rtmsg *info = nl_begin(&r, RTM_GETROUTE, 0, sizeof(*info));
	uint32_t out = 0;
	char name[IF_NAMESIZE] = "";
	info->rtm_family = to->family;
	info->rtm_dst_len = (unsigned char)(8 * ip_size(to->family));
	nl_put(&r, RTA_DST, to->bytes, ip_size(to->family));
	if (l->ifindex) /* of several networks, the one that was asked for */
		nl_put_u32(&r, RTA_OIF, l->ifindex);
	ssize_t n = nl_ask(l->fd, &r, l->reply, sizeof(l->reply));
	const struct nlmsghdr *m = (const void *)l->reply;
	if (n < (ssize_t)NLMSG_LENGTH(sizeof(*info))) {
		json_object_set_new(route, "error",
				    json_string(strerror(n < 0 ? (int)-n : EBADMSG)));
		return;
	}
	struct ip source;
	attr_u32(&out, nl_find(m, sizeof(*info), RTA_OIF));
	if (attr_ip(&source, to->family, nl_find(m, sizeof(*info), RTA_PREFSRC)))
		add_address(route, "source", &source);
	l->neighbour = *to;
	if (attr_ip(&l->neighbour, to->family, nl_find(m, sizeof(*info), RTA_GATEWAY)))
		add_address(route, "via", &l->neighbour);
	l->neighbour_of = out;
	if (out && if_indextoname(out, name))
		json_object_set_new(route, "dev", json_string(name));
}

static void look_at_route(struct look *l, const char *text, bool with_mac)
{
	struct ip to;
	json_t *route = json_pack("{s:s}", "to", text);
	json_array_append_new(json_object_get(l->answer, "routes"), route);
	if (!ip_parse(&to, text)) {
		json_object_set_new(route, "error", json_string("it is no IP address"));
		return;
	}
	ask_route(l, &to, route);
	if (!with_mac || json_object_get(route, "error"))
		return;
	if (resolve(l, &to))
		add_mac(route, "mac", l->mac);
	else
		json_object_set_new(route, "error",
				    json_string(to.family == AF_INET6
							? "its next hop does not answer to "
							  "neighbour discovery"
							: "its next hop does not answer to ARP"));
}

/* --- CPUs ------------------------------------------------------------------------------------ */

static json_t *usable_cpus(void)
{
	cpu_set_t *set = CPU_ALLOC(CPUS);
	size_t size = CPU_ALLOC_SIZE(CPUS);
	json_t *list = json_array();
	if (set && !sched_getaffinity(0, size, set))
		for (size_t cpu = 0; cpu < CPUS; cpu++)
			if (CPU_ISSET_S(cpu, size, set))
				json_array_append_new(list, json_integer((json_int_t)cpu));
	CPU_FREE(set);
	return list;
}

/* The CPUs of each NUMA node; empty where the kernel shows none. */
static json_t *numa_nodes(void)
{
	json_t *nodes = json_array();
	for (int node = 0; node < 1024; node++) {
		char path[64], text[4096] = "";
		int *cpus;
		size_t n;
		snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/cpulist", node);
		FILE *f = fopen(path, "re");
		if (!f)
			break;
		if (!fgets(text, sizeof(text), f))
			text[0] = '\0';
		fclose(f);
		text[strcspn(text, "\n")] = '\0';
		if (parse_cpulist(&cpus, &n, text))
			continue;
		json_array_append_new(nodes, json_cpus(cpus, n));
		free(cpus);
	}
	return nodes;
}

void agent_look(struct agent *a, const json_t *question)
{
	struct look l = {.answer = json_pack("{s:s, s:o, s:o, s:o}", "type", "look", "cpus",
					     usable_cpus(), "numa", numa_nodes(), "routes",
					     json_array())};
	struct nb_err err = {0};
	const char *ifname = json_string_value(json_object_get(question, "ifname"));
	const json_t *to = json_object_get(question, "to");
	l.family = json_integer_value(json_object_get(question, "ip_version")) == 6 ? AF_INET6
										    : AF_INET;
	l.fd = nl_open(NETLINK_ROUTE, &err);
	if (l.fd < 0) {
		json_object_set_new(l.answer, "error", json_string(err.text));
	} else {
		l.ifindex = ifname && *ifname ? if_nametoindex(ifname) : 0;
		look_at_links(&l);
		look_at_address(&l);
		for (size_t i = 0; i < json_array_size(to); i++) {
			const char *text = json_string_value(json_array_get(to, i));
			if (text)
				look_at_route(&l, text, l.ifindex != 0);
		}
		close(l.fd);
	}
	json_object_set_new(l.answer, "ifindex", json_integer(l.ifindex));
	agent_say(a, l.answer);
}
