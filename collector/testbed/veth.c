/* SPDX-License-Identifier: Apache-2.0 */
/* veth and lo by rtnetlink. setns() is per thread, and from a user namespace there is no way back
 * into the host's network namespace: the work is done in a thread that ends there. */
#include "collector/testbed/veth.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/ip.h"
#include "common/netlink.h"

struct call {
	int netns_fd;
	int (*fn)(void *arg, struct nb_err *err);
	void *arg;
	struct nb_err *err;
	int ret;
};

static void *enter_and_call(void *arg)
{
	struct call *c = arg;
	if (setns(c->netns_fd, CLONE_NEWNET))
		c->ret = nb_error(c->err, "netns: enter a network namespace: %s", strerror(errno));
	else
		c->ret = c->fn(c->arg, c->err);
	return NULL;
}

int in_netns(int netns_fd, int (*fn)(void *arg, struct nb_err *err), void *arg, struct nb_err *err)
{
	struct call c = {netns_fd, fn, arg, err, -1};
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, enter_and_call, &c);
	if (rc)
		return nb_error(err, "netns: start a thread: %s", strerror(rc));
	pthread_join(thread, NULL);
	return c.ret;
}

/* /proc/sys/net is that of the calling thread's network namespace. A kernel without the setting
 * (IPv6 off) is fine. */
static void set_sysctl(const char *name, const char *value)
{
	char path[128];
	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)!write(fd, value, strlen(value));
	close(fd);
}

static bool is_ipv6(const char *ip)
{
	return strchr(ip, ':') != NULL;
}

/* No IPv6, or of IPv6 nothing but the address that the test is given. */
static int quiet_namespace(void *arg, struct nb_err *err)
{
	const struct veth_end *end = arg;
	const char *off = is_ipv6(end->ip) ? "0" : "1";
	(void)err;
	set_sysctl("ipv6/conf/all/disable_ipv6", off);
	set_sysctl("ipv6/conf/default/disable_ipv6", off);
	set_sysctl("ipv6/conf/default/addr_gen_mode", "1");
	set_sysctl("ipv6/conf/default/accept_ra", "0");
	return 0;
}

struct ends {
	const struct veth_end *mine, *other;
};

static int netlink_do(int fd, struct nl_request *r, const char *what, struct nb_err *err)
{
	int rc = nl_talk(fd, r);
	return rc ? nb_error(err, "netns: %s: %s", what, strerror(-rc)) : 0;
}

static int create_pair(void *arg, struct nb_err *err)
{
	const struct ends *e = arg;
	struct nl_request r;
	int fd = nl_open(NETLINK_ROUTE, err);
	if (fd < 0)
		return -1;
	nl_begin(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
	nl_put_text(&r, IFLA_IFNAME, e->mine->ifname);
	nl_put(&r, IFLA_ADDRESS, e->mine->mac, sizeof(e->mine->mac));
	struct nlattr *info = nl_nest(&r, IFLA_LINKINFO, 0, NULL);
	nl_put_text(&r, IFLA_INFO_KIND, "veth");
	struct nlattr *data = nl_nest(&r, IFLA_INFO_DATA, 0, NULL);
	struct nlattr *peer = nl_nest(&r, VETH_INFO_PEER, sizeof(struct ifinfomsg), NULL);
	nl_put_text(&r, IFLA_IFNAME, e->other->ifname);
	nl_put(&r, IFLA_ADDRESS, e->other->mac, sizeof(e->other->mac));
	nl_put_u32(&r, IFLA_NET_NS_FD, (uint32_t)e->other->netns_fd);
	nl_nest_end(&r, peer);
	nl_nest_end(&r, data);
	nl_nest_end(&r, info);
	int ret = netlink_do(fd, &r, "create a veth pair", err);
	close(fd);
	return ret;
}

/* `whole`: of no network. */
static int add_address(int fd, unsigned ifindex, const char *ip, bool whole, struct nb_err *err)
{
	struct nl_request r;
	struct ip a;
	ip_parse(&a, ip);
	size_t len = ip_size(a.family);
	struct ifaddrmsg *m = nl_begin(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, sizeof(*m));
	m->ifa_family = a.family;
	m->ifa_prefixlen = (unsigned char)(whole ? 8 * len : a.family == AF_INET6 ? 64 : 30);
	m->ifa_flags = IFA_F_NODAD;
	m->ifa_index = ifindex;
	nl_put(&r, IFA_LOCAL, a.bytes, len);
	nl_put(&r, IFA_ADDRESS, a.bytes, len);
	return netlink_do(fd, &r, "set an address", err);
}

/* With `flags` besides. */
static int set_up(int fd, unsigned ifindex, unsigned flags, struct nb_err *err)
{
	struct nl_request r;
	struct ifinfomsg *m = nl_begin(&r, RTM_NEWLINK, 0, sizeof(*m));
	m->ifi_index = (int)ifindex;
	m->ifi_flags = IFF_UP | flags;
	m->ifi_change = IFF_UP | flags;
	return netlink_do(fd, &r, "bring an interface up", err);
}

static int add_neighbour(int fd, unsigned ifindex, const struct veth_end *other, struct nb_err *err)
{
	struct nl_request r;
	struct ip a;
	ip_parse(&a, other->ip);
	struct ndmsg *m = nl_begin(&r, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof(*m));
	m->ndm_family = a.family;
	m->ndm_ifindex = (int)ifindex;
	m->ndm_state = NUD_PERMANENT;
	nl_put(&r, NDA_DST, a.bytes, ip_size(a.family));
	nl_put(&r, NDA_LLADDR, other->mac, sizeof(other->mac));
	return netlink_do(fd, &r, "fix a neighbour", err);
}

/* An interface that resolves no neighbours joins no solicited-node group (net/ipv6/addrconf.c,
 * addrconf_join_solict()), so that MLD has nothing to report. */
static int bring_up(void *arg, struct nb_err *err)
{
	const struct ends *e = arg;
	unsigned flags = is_ipv6(e->mine->ip) ? IFF_NOARP : 0;
	unsigned ifindex = if_nametoindex(e->mine->ifname);
	int fd = nl_open(NETLINK_ROUTE, err);
	if (fd < 0)
		return -1;
	int ret = add_address(fd, ifindex, e->mine->ip, false, err) ||
				  set_up(fd, ifindex, flags, err) ||
				  add_neighbour(fd, ifindex, e->other, err)
			  ? -1
			  : 0;
	close(fd);
	return ret;
}

int veth_create(const struct veth_end *a, const struct veth_end *b, struct nb_err *err)
{
	struct ends ab = {a, b}, ba = {b, a};
	if (in_netns(a->netns_fd, quiet_namespace, (void *)(uintptr_t)a, err) ||
	    in_netns(b->netns_fd, quiet_namespace, (void *)(uintptr_t)b, err) ||
	    in_netns(a->netns_fd, create_pair, &ab, err) ||
	    in_netns(a->netns_fd, bring_up, &ab, err) || in_netns(b->netns_fd, bring_up, &ba, err))
		return -1;
	return 0;
}

static int make_loopback(void *arg, struct nb_err *err)
{
	const struct veth_end *end = arg;
	int fd;
	quiet_namespace(arg, err);
	/* the source is nobody's address: were it ours, IP would take it for a martian, and each
	 * packet to a port where nobody listens would be answered over the same lo (ICMP to
	 * loopback is not rate-limited); to an address without a route nothing is answered */
	set_sysctl("ipv4/conf/all/rp_filter", "0");
	set_sysctl("ipv4/conf/lo/rp_filter", "0");
	if ((fd = nl_open(NETLINK_ROUTE, err)) < 0)
		return -1;
	unsigned lo = if_nametoindex("lo");
	int ret = set_up(fd, lo, 0, err) || add_address(fd, lo, end->ip, true, err) ? -1 : 0;
	close(fd);
	return ret;
}

int loopback_create(int netns_fd, const struct veth_end *end, struct nb_err *err)
{
	return in_netns(netns_fd, make_loopback, (void *)(uintptr_t)end, err);
}

static int set_feature(const char *ifname, uint32_t command, uint32_t on, struct nb_err *err)
{
	struct ethtool_value value = {.cmd = command, .data = on};
	struct ifreq ifr = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	ifr.ifr_data = (void *)&value;
	int rc = fd < 0 ? -1 : ioctl(fd, SIOCETHTOOL, &ifr);
	if (rc)
		nb_error(err, "netns: set an offload of %s: %s", ifname, strerror(errno));
	if (fd >= 0)
		close(fd);
	return rc ? -1 : 0;
}

static int gro_on(void *arg, struct nb_err *err)
{
	const struct veth_end *end = arg;
	return set_feature(end->ifname, ETHTOOL_SGRO, 1, err);
}

static int tso_off(void *arg, struct nb_err *err)
{
	const struct veth_end *end = arg;
	return set_feature(end->ifname, ETHTOOL_STSO, 0, err);
}

int veth_napi(const struct veth_end *sender, const struct veth_end *receiver, struct nb_err *err)
{
	if (in_netns(sender->netns_fd, tso_off, (void *)(uintptr_t)sender, err))
		return -1;
	return in_netns(receiver->netns_fd, gro_on, (void *)(uintptr_t)receiver, err);
}
