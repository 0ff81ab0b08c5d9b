/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues by the netlink family `netdev` (NETDEV_CMD_QSTATS_GET, Linux 6.9): the same names for all
 * drivers that have it. Others answer EOPNOTSUPP, or with an empty dump. The constants are the
 * kernel's (include/uapi/linux/netdev.h), for headers older than they are. Counts begin with the
 * interface's last reconfiguration and need not add up to the interface's (netdev.yaml).
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/counters/queue.h"
#include "common/netlink.h"
#include "common/text.h"

enum {
	CMD_QSTATS_GET = 12,
	ATTR_IFINDEX = 1,
	ATTR_QUEUE_TYPE = 2, /* 0: rx, 1: tx */
	ATTR_QUEUE_ID = 3,
	ATTR_SCOPE = 4,
	SCOPE_QUEUE = 1,
	REPLY_BYTES = 16384,
};

/* Attributes by direction and field: rx-packets, rx-bytes, rx-hw-drops, rx-hw-drop-overruns (part
 * of the drops: no buffer was there); tx-packets, tx-bytes, tx-hw-drops, tx-stop. */
static const uint16_t attributes[2][QUEUE_FIELDS] = {
	[QUEUE_RX] = {8,	 9,  13, 14},
	     [QUEUE_TX] = {10, 11, 24, 33}
};

/* Netlink's `uint`: 4 bytes, or 8 where they are needed. */
static bool take_uint(uint64_t *out, const struct nlmsghdr *message, uint16_t type)
{
	const struct nlattr *a = nl_find(message, GENL_HDRLEN, type);
	uint32_t small;
	if (a && nl_size(a) == sizeof(small)) {
		memcpy(&small, nl_data(a), sizeof(small));
		*out = small;
	} else if (a && nl_size(a) == sizeof(*out)) {
		memcpy(out, nl_data(a), sizeof(*out));
	} else {
		return false;
	}
	return true;
}

int queue_stats_parse(struct queue_stats *out, const struct nlmsghdr *message)
{
	uint64_t type, id;
	if (!take_uint(&type, message, ATTR_QUEUE_TYPE) || type > 1 ||
	    !take_uint(&id, message, ATTR_QUEUE_ID) || id > UINT16_MAX)
		return 0;
	*out = (struct queue_stats){.direction = type ? QUEUE_TX : QUEUE_RX, .queue = (unsigned)id};
	for (size_t f = 0; f < QUEUE_FIELDS; f++)
		if (!take_uint(&out->field[f], message, attributes[type][f]))
			out->field[f] = METRIC_MISSING;
	return 1;
}

struct queue_state {
	int fd, index_fd;
	struct ifreq ifr;
	struct nl_request request;
	uint32_t ifindex;
	struct queue_stats *rows;
	size_t n_rows, cap; /* n_rows may be above cap: those were not kept */
	struct queue_cell *cells;
	size_t n_cells;
	_Alignas(struct nlmsghdr) unsigned char reply[REPLY_BYTES];
};

static int family_id(int fd, void *reply, size_t cap)
{
	struct nl_request r;
	uint16_t id;
	struct genlmsghdr *g = nl_begin(&r, GENL_ID_CTRL, 0, sizeof(*g));
	g->cmd = CTRL_CMD_GETFAMILY;
	nl_put_text(&r, CTRL_ATTR_FAMILY_NAME, "netdev");
	ssize_t n = nl_ask(fd, &r, reply, cap);
	const struct nlattr *a = n < 0 ? NULL : nl_find(reply, sizeof(*g), CTRL_ATTR_FAMILY_ID);
	if (!a || nl_size(a) != sizeof(id))
		return n < 0 ? (int)n : -EBADMSG;
	memcpy(&id, nl_data(a), sizeof(id));
	return id;
}

static int take(void *payload, const struct nlmsghdr *message)
{
	struct queue_state *s = payload;
	struct queue_stats ignored;
	s->n_rows += queue_stats_parse(s->n_rows < s->cap ? &s->rows[s->n_rows] : &ignored,
				       message) == 1;
	return 0;
}

static int dump(struct queue_state *s)
{
	s->n_rows = 0;
	return nl_dump(s->fd, &s->request, s->reply, sizeof(s->reply), take, s);
}

static void prepare(struct queue_state *s, uint16_t family)
{
	struct genlmsghdr *g = nl_begin(&s->request, family, 0, sizeof(*g));
	g->cmd = CMD_QSTATS_GET;
	nl_put_u32(&s->request, ATTR_IFINDEX, s->ifindex);
	nl_put_u32(&s->request, ATTR_SCOPE, SCOPE_QUEUE);
}

/* Walks the figures that there are, in the order of the cells. false: they are not those cells. */
static bool walk(const struct queue_state *s, uint64_t *values)
{
	size_t c = 0;
	for (size_t i = 0; i < s->n_rows && i < s->cap; i++)
		for (size_t f = 0; f < QUEUE_FIELDS; f++) {
			if (s->rows[i].field[f] == METRIC_MISSING)
				continue;
			if (c == s->n_cells || s->cells[c].direction != s->rows[i].direction ||
			    s->cells[c].queue != s->rows[i].queue || s->cells[c].field != f)
				return false;
			values[c++] = s->rows[i].field[f];
		}
	return c == s->n_cells && s->n_rows <= s->cap;
}

/* Makes room and lists the cells of a new reading. */
static int learn(struct queue_state *s)
{
	int ret = dump(s);
	if (ret || !s->n_rows)
		return ret ? ret : -EOPNOTSUPP;
	if (s->n_rows > s->cap) {
		s->cap = 2 * s->n_rows;
		s->rows = nb_realloc(s->rows, s->cap, sizeof(*s->rows));
		if ((ret = dump(s)))
			return ret;
	}
	s->cells = nb_realloc(s->cells, s->cap * QUEUE_FIELDS, sizeof(*s->cells));
	s->n_cells = 0;
	for (size_t i = 0; i < s->n_rows && i < s->cap; i++)
		for (unsigned f = 0; f < QUEUE_FIELDS; f++)
			if (s->rows[i].field[f] != METRIC_MISSING)
				s->cells[s->n_cells++] = (struct queue_cell){s->rows[i].direction,
									     s->rows[i].queue, f};
	return s->n_cells ? 0 : -EOPNOTSUPP;
}

static enum counter_state netdev_read(struct queue_state *s, uint64_t *values)
{
	if (ioctl(s->index_fd, SIOCGIFINDEX, &s->ifr))
		return COUNTER_GONE;
	if ((uint32_t)s->ifr.ifr_ifindex != s->ifindex) {
		s->ifindex = (uint32_t)s->ifr.ifr_ifindex;
		prepare(s, ((struct nlmsghdr *)s->request.buf)->nlmsg_type);
		return learn(s) ? COUNTER_GONE : COUNTER_CHANGED;
	}
	if (dump(s) || !s->n_rows)
		return COUNTER_GONE;
	if (walk(s, values))
		return COUNTER_OK;
	return learn(s) ? COUNTER_GONE : COUNTER_CHANGED;
}

static size_t netdev_cells(const struct queue_state *s, const struct queue_cell **out)
{
	*out = s->cells;
	return s->n_cells;
}

static void netdev_close(struct queue_state *s)
{
	if (s->fd >= 0)
		close(s->fd);
	if (s->index_fd >= 0)
		close(s->index_fd);
	free(s->rows);
	free(s->cells);
	free(s);
}

static int netdev_open(struct queue_state **out, const struct counter_env *env, struct nb_err *err)
{
	struct queue_state *s = nb_alloc(1, sizeof(*s));
	size_t len = strlen(env->ifname);
	s->index_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	s->fd = nl_open(NETLINK_GENERIC, err);
	int ret = s->index_fd < 0 || s->fd < 0 ? -EMFILE : len < IF_NAMESIZE ? 0 : -ENODEV;
	if (!ret) {
		memcpy(s->ifr.ifr_name, env->ifname, len);
		ret = ioctl(s->index_fd, SIOCGIFINDEX, &s->ifr) ? -errno : 0;
	}
	if (!ret)
		ret = family_id(s->fd, s->reply, sizeof(s->reply));
	if (ret > 0) {
		s->ifindex = (uint32_t)s->ifr.ifr_ifindex;
		prepare(s, (uint16_t)ret);
		ret = learn(s);
	}
	if (!ret) {
		*out = s;
		return 0;
	}
	netdev_close(s);
	return nb_error(err, "netdev netlink does not tell the queues of %s: %s", env->ifname,
			strerror(-ret));
}

const struct queue_way queue_netdev = {
	.name = "netdev",
	.open = netdev_open,
	.cells = netdev_cells,
	.read = netdev_read,
	.close = netdev_close,
};
