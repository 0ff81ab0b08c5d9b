/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `qdisc`: what the queueing disciplines of the interface passed, held and dropped, from
 * an RTM_GETQDISC dump (6.6 us with five interfaces; the kernel has no dump of one interface). A
 * root counts what its children drop as well (mq_dump() adds them up, a classful enqueue() counts
 * the drop of its child), so the ledger takes the row `root` alone. A generator that bypasses
 * qdiscs (PACKET_QDISC_BYPASS) is not seen here.
 */
#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/counters/cells.h"
#include "collector/counters/link.h"
#include "collector/counters/sources.h"
#include "common/netlink.h"
#include "common/text.h"

enum {
	ROWS_MAX = 32, /* root and ingress come first; leaves of mq beyond that are in its root */
	REPLY_BYTES = 16384,
};

static const char *const metric_names[QDISC_FIELDS] = {
	[QDISC_PACKETS] = "qdisc_packets",
	[QDISC_BYTES] = "qdisc_bytes",
	[QDISC_DROPS] = "qdisc_drops",
	[QDISC_OVERLIMITS] = "qdisc_overlimits",
	[QDISC_REQUEUES] = "qdisc_requeues",
	[QDISC_BACKLOG_PACKETS] = "qdisc_backlog_packets",
	[QDISC_BACKLOG_BYTES] = "qdisc_backlog_bytes",
};

/* Attributes are 4-byte aligned and grow with the kernels: what is there is copied out. */
static bool copy(void *out, size_t size, const struct nlattr *a)
{
	if (!a || nl_size(a) < size)
		return false;
	memcpy(out, nl_data(a), size);
	return true;
}

int qdisc_parse(struct qdisc_row *out, const struct nlmsghdr *message, int ifindex)
{
	const struct tcmsg *tc = (const void *)(message + 1);
	struct gnet_stats_basic basic;
	struct gnet_stats_queue queue;
	uint64_t packets;
	if (message->nlmsg_type != RTM_NEWQDISC || message->nlmsg_len < NLMSG_LENGTH(sizeof(*tc)))
		return -EBADMSG;
	if (tc->tcm_ifindex != ifindex)
		return 0;
	*out = (struct qdisc_row){.parent = tc->tcm_parent, .handle = tc->tcm_handle};
	const struct nlattr *kind = nl_find(message, sizeof(*tc), TCA_KIND);
	const struct nlattr *stats = nl_find(message, sizeof(*tc), TCA_STATS2);
	if (kind)
		memcpy(out->kind, nl_data(kind),
		       nl_size(kind) < sizeof(out->kind) ? nl_size(kind) : sizeof(out->kind) - 1);
	for (size_t k = 0; k < QDISC_FIELDS; k++)
		out->field[k] = METRIC_MISSING;
	if (!stats)
		return 1;
	/* bytes u64 and packets u32, without the padding that makes the struct 16 bytes long */
	const struct nlattr *a = nl_find_in(stats, TCA_STATS_BASIC);
	if (copy(&basic, offsetof(struct gnet_stats_basic, packets) + sizeof(basic.packets), a)) {
		out->field[QDISC_BYTES] = basic.bytes;
		out->field[QDISC_PACKETS] = basic.packets;
	}
	/* only there when they are more than 32 bits hold (net/core/gen_stats.c) */
	if (copy(&packets, sizeof(packets), nl_find_in(stats, TCA_STATS_PKT64)))
		out->field[QDISC_PACKETS] = packets;
	if (copy(&queue, sizeof(queue), nl_find_in(stats, TCA_STATS_QUEUE))) {
		out->field[QDISC_DROPS] = queue.drops;
		out->field[QDISC_OVERLIMITS] = queue.overlimits;
		out->field[QDISC_REQUEUES] = queue.requeues;
		out->field[QDISC_BACKLOG_PACKETS] = queue.qlen;
		out->field[QDISC_BACKLOG_BYTES] = queue.backlog;
	}
	return 1;
}

struct counter_reader {
	int fd;
	char ifname[IF_NAMESIZE];
	int ifindex;
	struct nl_request ask, find;
	struct qdisc_row rows[ROWS_MAX], epoch[ROWS_MAX];
	size_t n_rows, n_epoch;
	int epoch_ifindex;
	struct cells cells;
	_Alignas(struct nlmsghdr) unsigned char reply[REPLY_BYTES];
};

static int take(void *payload, const struct nlmsghdr *message)
{
	struct counter_reader *r = payload;
	struct qdisc_row ignored;
	int ret = qdisc_parse(r->n_rows < ROWS_MAX ? &r->rows[r->n_rows] : &ignored, message,
			      r->ifindex);
	if (ret > 0 && r->n_rows < ROWS_MAX)
		r->n_rows++;
	return ret < 0 ? ret : 0;
}

static int find_index(struct counter_reader *r)
{
	ssize_t n = nl_ask(r->fd, &r->find, r->reply, sizeof(r->reply));
	const struct ifinfomsg *info = (const void *)(r->reply + NLMSG_HDRLEN);
	if (n < 0)
		return (int)n;
	return (size_t)n < NLMSG_LENGTH(sizeof(*info)) ? -EBADMSG : info->ifi_index;
}

static int dump(struct counter_reader *r)
{
	r->n_rows = 0;
	return nl_dump(r->fd, &r->ask, r->reply, sizeof(r->reply), take, r);
}

/* An interface that is up has a qdisc, if only `noqueue`: none at all may be another interface. */
static int update(struct counter_reader *r)
{
	int ret = dump(r);
	if (ret || r->n_rows)
		return ret;
	int index = find_index(r);
	if (index <= 0)
		return index ? index : -ENODEV;
	if (index == r->ifindex)
		return 0; /* down: its qdisc is the built-in noop, which is not shown */
	r->ifindex = index;
	return dump(r);
}

static bool changed(const struct counter_reader *r)
{
	if (r->n_rows != r->n_epoch || r->ifindex != r->epoch_ifindex)
		return true;
	for (size_t i = 0; i < r->n_rows; i++)
		if (r->rows[i].parent != r->epoch[i].parent ||
		    r->rows[i].handle != r->epoch[i].handle ||
		    strcmp(r->rows[i].kind, r->epoch[i].kind))
			return true;
	return false;
}

/* "root", "ingress", or the class that the qdisc is the leaf of: "8001:2". */
static void name_of(char out[static 24], uint32_t parent)
{
	if (parent == TC_H_ROOT)
		snprintf(out, 24, "root");
	else if (parent == TC_H_INGRESS)
		snprintf(out, 24, "ingress");
	else
		snprintf(out, 24, "%x:%x", parent >> 16, parent & 0xffffU);
}

static void list_cells(struct counter_reader *r)
{
	r->cells.n = 0;
	r->n_epoch = r->n_rows;
	r->epoch_ifindex = r->ifindex;
	memcpy(r->epoch, r->rows, r->n_rows * sizeof(*r->rows));
	for (size_t i = 0; i < r->n_rows; i++)
		for (size_t k = 0; k < QDISC_FIELDS; k++) {
			cells_add(&r->cells, metric_names[k], -1);
			name_of(r->cells.v[r->cells.n - 1].instance, r->rows[i].parent);
		}
}

static enum counter_state qdisc_read(struct counter_reader *r, uint64_t *values)
{
	if (update(r))
		return COUNTER_GONE;
	/* down and up again: the qdisc is the same one, unless a new one was made meanwhile */
	if (!r->n_rows)
		return COUNTER_GONE;
	if (changed(r)) {
		list_cells(r);
		return COUNTER_CHANGED;
	}
	for (size_t i = 0; i < r->n_rows; i++)
		for (size_t k = 0; k < QDISC_FIELDS; k++)
			*values++ = r->rows[i].field[k];
	return COUNTER_OK;
}

static void qdisc_close(struct counter_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	cells_free(&r->cells);
	free(r);
}

static int qdisc_open(struct counter_reader **out, const struct counter_env *env,
		      struct nb_err *err)
{
	if (!env->ifname || strlen(env->ifname) >= IF_NAMESIZE)
		return nb_error(err, "no interface was named");
	if (!counter_env_is_host(env))
		return nb_error(err, "a tree of files has no qdiscs");
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	r->fd = nl_open(NETLINK_ROUTE, err);
	if (r->fd < 0)
		goto fail;
	memcpy(r->ifname, env->ifname, strlen(env->ifname) + 1);
	nl_begin(&r->find, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	nl_put_text(&r->find, IFLA_IFNAME, r->ifname);
	nl_begin(&r->ask, RTM_GETQDISC, 0, sizeof(struct tcmsg));
	int ret = find_index(r);
	if (ret > 0) {
		r->ifindex = ret;
		ret = update(r);
	}
	if (ret) {
		nb_error(err, "cannot ask the kernel for the qdiscs of %s: %s", env->ifname,
			 strerror(-ret));
		goto fail;
	}
	if (!r->n_rows) {
		nb_error(err, "%s has no qdisc", env->ifname);
		goto fail;
	}
	list_cells(r);
	*out = r;
	return 0;
fail:
	qdisc_close(r);
	return -1;
}

/* `noqueue` (veth, lo) counts nothing: what is looked for there is whether it still is the one. */
static bool qdisc_quiet(const struct counter_reader *r)
{
	for (size_t i = 0; i < r->n_epoch; i++)
		if (strcmp(r->epoch[i].kind, "noqueue") != 0)
			return false;
	return true;
}

static size_t qdisc_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

const struct counter_source source_qdisc = {
	.name = "qdisc",
	.uplink = true,
	.help = "RTM_GETQDISC: what the interface's qdiscs passed, held and dropped",
	.open = qdisc_open,
	.quiet = qdisc_quiet,
	.cells = qdisc_cells,
	.read = qdisc_read,
	.close = qdisc_close,
};
