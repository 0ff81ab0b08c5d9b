/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `link`: the counters of one interface. Netlink gives all of them in one message, from
 * one pass of the driver. Where it is refused, /proc/net/dev gives sixteen, and sysfs all but one
 * at ten times the cost.
 */
#include "collector/counters/link.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/counters/cells.h"
#include "collector/counters/sources.h"
#include "common/text.h"

/* In the order of struct rtnl_link_stats64 (include/uapi/linux/if_link.h). */
const char *const link_metrics[LINK_METRICS] = {
	"rx_packets",
	"tx_packets",
	"rx_bytes",
	"tx_bytes",
	"rx_errors",
	"tx_errors",
	"rx_dropped",
	"tx_dropped",
	"multicast",
	"collisions",
	"rx_length_errors",
	"rx_over_errors",
	"rx_crc_errors",
	"rx_frame_errors",
	"rx_fifo_errors",
	"rx_missed_errors",
	"tx_aborted_errors",
	"tx_carrier_errors",
	"tx_fifo_errors",
	"tx_heartbeat_errors",
	"tx_window_errors",
	"rx_compressed",
	"tx_compressed",
	"rx_nohandler",
	"rx_otherhost_dropped",
};

static const struct link_way *const ways[] = {&link_netlink, &link_net_dev, &link_sysfs, NULL};

/* Kernels append to the structure, so its length says which of them are there: 23, 24 from 4.6
 * (rx_nohandler), 25 from 6.0 (rx_otherhost_dropped). */
int link_parse(uint64_t values[static LINK_METRICS], const void *data, size_t len)
{
	size_t n = len / sizeof(*values);
	if (n > LINK_METRICS)
		n = LINK_METRICS;
	for (size_t k = n; k < LINK_METRICS; k++)
		values[k] = METRIC_MISSING;
	if (n)
		memcpy(values, data, n * sizeof(*values));
	return n ? (int)n : -1;
}

bool counter_env_is_host(const struct counter_env *env)
{
	struct stat a, b;
	return !fstat(env->root_fd, &a) && !stat("/", &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

struct counter_reader {
	const struct link_way *way;
	struct link_state *state;
	struct cells cells;
};

static int link_open(struct counter_reader **out, const struct counter_env *env, struct nb_err *err)
{
	bool host = counter_env_is_host(env);
	struct link_state *state = NULL;
	if (!env->ifname)
		return nb_error(err, "no interface was named");
	for (const struct link_way *const *way = ways; *way; way++) {
		if ((!host && !(*way)->fixtures) || (*way)->open(&state, env, err))
			continue; /* the first reason is the one that is told */
		nb_error_clear(err);
		struct counter_reader *r = nb_alloc(1, sizeof(*r));
		r->way = *way;
		r->state = state;
		for (size_t k = 0; k < LINK_METRICS; k++)
			cells_add(&r->cells, link_metrics[k], -1);
		*out = r;
		return 0;
	}
	return -1;
}

static size_t link_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

static enum counter_state link_read(struct counter_reader *r, uint64_t *values)
{
	return r->way->read(r->state, values);
}

static void link_close(struct counter_reader *r)
{
	r->way->close(r->state);
	cells_free(&r->cells);
	free(r);
}

const struct counter_source source_link = {
	.name = "link",
	.help = "RTM_GETSTATS: packets, bytes, drops and errors of the interface",
	.open = link_open,
	.cells = link_cells,
	.read = link_read,
	.close = link_close,
};
