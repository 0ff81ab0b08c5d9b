/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RTM_GETSTATS of one interface (since Linux 4.7), asked by its index. Indexes are not used again
 * in a namespace, so an interface that was removed and made anew is told from one that went on.
 */
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/counters/link.h"
#include "common/netlink.h"
#include "common/text.h"

struct link_state {
	int fd; /* of the namespace of the thread that opened it */
	char ifname[IFNAMSIZ];
	struct nl_request request;
	struct if_stats_msg *asked;			     /* in it */
	_Alignas(struct nlmsghdr) unsigned char reply[8192]; /* RTM_GETLINK takes about 1.5 KiB */
};

/* The index that the name has now, or a negative errno. */
static int find_index(struct link_state *s)
{
	struct nl_request r;
	nl_begin(&r, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	nl_put_text(&r, IFLA_IFNAME, s->ifname);
	ssize_t n = nl_ask(s->fd, &r, s->reply, sizeof(s->reply));
	if (n < 0)
		return (int)n;
	if ((size_t)n < NLMSG_LENGTH(sizeof(struct ifinfomsg)))
		return -EBADMSG;
	const struct ifinfomsg *info = (const void *)(s->reply + NLMSG_HDRLEN);
	return info->ifi_index;
}

static int ask(struct link_state *s, uint64_t values[static LINK_METRICS])
{
	ssize_t n = nl_ask(s->fd, &s->request, s->reply, sizeof(s->reply));
	if (n < 0)
		return (int)n;
	const struct nlattr *stats = nl_find((const struct nlmsghdr *)s->reply,
					     sizeof(struct if_stats_msg), IFLA_STATS_LINK_64);
	if (!stats || link_parse(values, nl_data(stats), nl_size(stats)) < 0)
		return -EBADMSG;
	return 0;
}

static enum counter_state netlink_read(struct link_state *s, uint64_t values[static LINK_METRICS])
{
	int ret = ask(s, values);
	if (!ret)
		return COUNTER_OK;
	if (ret != -ENODEV)
		return COUNTER_GONE;
	int index = find_index(s);
	if (index <= 0 || (uint32_t)index == s->asked->ifindex)
		return COUNTER_GONE;
	s->asked->ifindex = (uint32_t)index;
	return COUNTER_CHANGED;
}

static void netlink_close(struct link_state *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

static int netlink_open(struct link_state **out, const struct counter_env *env, struct nb_err *err)
{
	uint64_t values[LINK_METRICS];
	struct link_state *s = nb_alloc(1, sizeof(*s));
	size_t len = strlen(env->ifname);
	int ret = len < sizeof(s->ifname) ? 0 : -ENODEV;
	s->fd = nl_open(NETLINK_ROUTE, err);
	if (s->fd < 0)
		goto fail;
	if (!ret) {
		memcpy(s->ifname, env->ifname, len);
		ret = find_index(s);
	}
	if (ret > 0) {
		s->asked = nl_begin(&s->request, RTM_GETSTATS, 0, sizeof(*s->asked));
		s->asked->ifindex = (uint32_t)ret;
		s->asked->filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
		ret = ask(s, values);
	}
	if (ret == -ENODEV)
		nb_error(err, "no interface %s in this network namespace", env->ifname);
	else if (ret)
		nb_error(err, "cannot ask the kernel for the counters of %s: %s", env->ifname,
			 strerror(-ret));
	if (ret)
		goto fail;
	*out = s;
	return 0;
fail:
	netlink_close(s);
	return -1;
}

const struct link_way link_netlink = {
	.name = "netlink",
	.open = netlink_open,
	.read = netlink_read,
	.close = netlink_close,
};
