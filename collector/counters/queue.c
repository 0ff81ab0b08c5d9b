/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `queue`: packets, bytes, drops and full rings of each queue of the interface. Newer
 * kernels tell them by netlink under uniform names; else the driver's own statistics are read by
 * the rules of queue_rules.c. An interface with neither has no such source, and the reason is told.
 */
#include "collector/counters/queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/counters/cells.h"
#include "collector/counters/link.h"
#include "collector/counters/sources.h"
#include "common/text.h"

static const struct queue_way *const ways[] = {&queue_netdev, &queue_ethtool, NULL};

static const char *const metric_names[QUEUE_FIELDS] = {
	[QUEUE_PACKETS] = "queue_packets",
	[QUEUE_BYTES] = "queue_bytes",
	[QUEUE_DROPS] = "queue_drops",
	[QUEUE_RING_FULL] = "queue_ring_full",
};

struct counter_reader {
	const struct queue_way *way;
	struct queue_state *state;
	struct cells cells;
};

static void list_cells(struct counter_reader *r)
{
	const struct queue_cell *cells;
	size_t n = r->way->cells(r->state, &cells);
	r->cells.n = 0;
	for (size_t i = 0; i < n; i++) {
		cells_add(&r->cells, metric_names[cells[i].field], -1);
		struct counter_cell *c = &r->cells.v[r->cells.n - 1];
		snprintf(c->instance, sizeof(c->instance), "%s:%u",
			 cells[i].direction == QUEUE_RX ? "rx" : "tx", cells[i].queue);
	}
}

static int queue_open(struct counter_reader **out, const struct counter_env *env,
		      struct nb_err *err)
{
	struct queue_state *state = NULL;
	if (!env->ifname)
		return nb_error(err, "no interface was named");
	if (!counter_env_is_host(env))
		return nb_error(err, "a tree of files has no queues");
	for (const struct queue_way *const *way = ways; *way; way++) {
		nb_error_clear(err); /* the last way's reason is the one that is told */
		if ((*way)->open(&state, env, err))
			continue;
		struct counter_reader *r = nb_alloc(1, sizeof(*r));
		r->way = *way;
		r->state = state;
		list_cells(r);
		*out = r;
		return 0;
	}
	return -1;
}

static size_t queue_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

static enum counter_state queue_read(struct counter_reader *r, uint64_t *values)
{
	enum counter_state state = r->way->read(r->state, values);
	if (state == COUNTER_CHANGED)
		list_cells(r);
	return state;
}

static void queue_close(struct counter_reader *r)
{
	r->way->close(r->state);
	cells_free(&r->cells);
	free(r);
}

const struct counter_source source_queue = {
	.name = "queue",
	.uplink = true,
	.help = "netdev netlink or ethtool -S: packets, bytes, drops and full rings of each queue",
	.open = queue_open,
	.cells = queue_cells,
	.read = queue_read,
	.close = queue_close,
};
