/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `links`: the interfaces of a node that packets between pods pass, such as the host's
 * ends of their veth pairs, the bridge, the tunnel and the uplink; the testbed names them. Each is
 * read as the source `link` reads its one (5 us).
 */
#include <stdlib.h>
#include <string.h>

#include "collector/counters/cells.h"
#include "collector/counters/link.h"
#include "collector/counters/sources.h"
#include "common/text.h"

enum { LINKS_MAX = 64, FIELDS = 8 };

/* Which of link_metrics[], and by what name. */
static const struct {
	const char *link, *name;
} fields[FIELDS] = {
	{"rx_packets", "if_rx_packets"},
	 {"tx_packets", "if_tx_packets"},
	{"rx_bytes",   "if_rx_bytes"  },
	 {"tx_bytes",   "if_tx_bytes"  },
	{"rx_errors",  "if_rx_errors" },
	 {"tx_errors",  "if_tx_errors" },
	{"rx_dropped", "if_rx_dropped"},
	 {"tx_dropped", "if_tx_dropped"},
};

struct counter_reader {
	struct link_state *links[LINKS_MAX];
	char names[LINKS_MAX][24];
	size_t n;
	size_t place[FIELDS]; /* in link_metrics[] */
	struct cells cells;
};

static void links_close(struct counter_reader *r)
{
	for (size_t i = 0; i < r->n; i++)
		link_netlink.close(r->links[i]);
	cells_free(&r->cells);
	free(r);
}

static void list_cells(struct counter_reader *r)
{
	r->cells.n = 0;
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < FIELDS; k++) {
			cells_add(&r->cells, fields[k].name, -1);
			memcpy(r->cells.v[r->cells.n - 1].instance, r->names[i],
			       sizeof(r->names[i]));
		}
}

static int links_open(struct counter_reader **out, const struct counter_env *env,
		      struct nb_err *err)
{
	if (!env->n_links)
		return nb_error(err, "no interfaces were named");
	if (!counter_env_is_host(env))
		return nb_error(err, "a tree of files has no interfaces");
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	for (size_t k = 0; k < FIELDS; k++)
		while (strcmp(link_metrics[r->place[k]], fields[k].link) != 0)
			r->place[k]++;
	for (size_t i = 0; i < env->n_links && r->n < LINKS_MAX; i++) {
		struct counter_env one = *env;
		struct nb_err ignored = {0};
		one.ifname = env->links[i];
		if (strlen(one.ifname) >= sizeof(r->names[0]) ||
		    link_netlink.open(&r->links[r->n], &one, &ignored))
			continue; /* it went meanwhile */
		memcpy(r->names[r->n++], one.ifname, strlen(one.ifname) + 1);
	}
	if (!r->n) {
		links_close(r);
		return nb_error(err, "none of the interfaces that were named is there");
	}
	list_cells(r);
	*out = r;
	return 0;
}

static size_t links_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

/* An interface that is gone, as a dead pod's, leaves its cells without a value; the rest go on. One
 * of the same name that took its place counts from there: its counters fall, which ends a delta. */
static enum counter_state links_read(struct counter_reader *r, uint64_t *values)
{
	for (size_t i = 0; i < r->n; i++) {
		uint64_t all[LINK_METRICS];
		enum counter_state state = link_netlink.read(r->links[i], all);
		for (size_t k = 0; k < FIELDS; k++)
			*values++ = state == COUNTER_OK ? all[r->place[k]] : METRIC_MISSING;
	}
	return COUNTER_OK;
}

const struct counter_source source_links = {
	.name = "links",
	.node = true,
	.named = true,
	.help = "RTM_GETSTATS: packets, bytes, drops and errors of a node's interfaces on the way",
	.open = links_open,
	.cells = links_cells,
	.read = links_read,
	.close = links_close,
};
