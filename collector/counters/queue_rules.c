/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the names that a driver gives its statistics to queues. A rule is a pattern and, for each
 * direction, which fields are packets, bytes, drops and full rings. In a pattern
 *
 *	%u  is the queue's number
 *	%d  is the direction, rx or tx
 *	%f  is the field: up to the character that follows in the pattern, or all that is left
 *	%n  is a number that does not matter: queues that differ in it alone are added up
 *
 * and everything else stands for itself. A field's names are separated by blanks where drivers
 * differ, and joined by + where they are to be added up. Patterns and names are those of the
 * drivers' sources (Linux 6.1 and 6.12); the file is named with each row.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/counters/queue.h"

struct rule {
	const char *driver;	   /* ETHTOOL_GDRVINFO; NULL: of any driver that no row names */
	const char *pattern;	   /* NULL: the rule of vmxnet3 */
	enum queue_direction only; /* when the pattern has no %d */
	const char *fields[2][QUEUE_FIELDS];
};

/* rx, tx: packets, bytes, drops, ring full; "": the driver does not count it for each queue */
#define PKTS "packets pkts"
#define SAME(packets, bytes, rx_drops, rx_full, tx_drops, tx_full)                                 \
	{                                                                                          \
		{packets, bytes, rx_drops, rx_full},                                               \
		{                                                                                  \
			packets, bytes, tx_drops, tx_full                                          \
		}                                                                                  \
	}
#define ANY                                                                                        \
	{                                                                                          \
		{"packets pkts frames", "bytes", "drops dropped discards", "ring_full"},           \
		{                                                                                  \
			"packets pkts frames", "bytes", "drops dropped discards",                  \
				"stopped stop queue_stop ring_full"                                \
		}                                                                                  \
	}
#define THREE(what) "ucast_" what "+mcast_" what "+bcast_" what

static const struct rule rules[] = {
	/* virtio_net.c: up to Linux 6.9, then from 6.10, where packets are told by netlink alone */
	{"virtio_net", "%d_queue_%u_%f",	 0,			    SAME("packets",							    "bytes", "drops", "", "", "")},
	{"virtio_net",     "%d%u_%f",			  0,						  SAME("",														       "", "drops", "", "", "")},
 /* veth.c: counted by NAPI alone (GRO or XDP), see queue_ethtool.c */
	{"veth", "%d_queue_%u_%f",	   0,	      {{"xdp_packets", "xdp_bytes", "drops", ""}, {0}}			      },
	{"ifb",	"%d_queue_%u_%f",			  0,						  SAME("packets",														       "bytes", "", "", "", "")},
	{"vmxnet3",	    NULL,		  0,			       {{0}}					  }, /* vmxnet3_ethtool.c */
	/* ice_ethtool.c, ixgbe_ethtool.c, ixgbevf/ethtool.c */
	{"ice",	"%d_queue_%u_%f",	  0,	     SAME(PKTS,			"bytes", "", "", "", "")},
	{"ixgbe",	  "%d_queue_%u_%f",				    0,						       SAME(PKTS,															    "bytes", "", "", "", "")},
	{"ixgbevf",    "%d_queue_%u_%f",		      0,				 SAME(PKTS,								    "bytes", "", "", "", "")},
 /* igb_ethtool.c, igc_ethtool.c: a queue that was full is restarted */
	{"igb",	"%d_queue_%u_%f",	  0,			     SAME(PKTS,									    "bytes", "drops", "", "", "restart")},
	{"igc",		"%d_queue_%u_%f",				  0,						       SAME(PKTS,															    "bytes", "drops", "", "", "restart")},
 /* i40e_ethtool.c, iavf_ethtool.c; those that are not in the tree repeat the direction */
	{"i40e",	 "%d-%u.%d_%f",	0, SAME(PKTS,	      "bytes", "", "", "", "")},
	{"i40e",		 "%d-%u.%f",			     0,						       SAME(PKTS,															    "bytes", "", "", "", "")},
	{"iavf",	 "%d-%u.%d_%f",	0,		   SAME(PKTS,						    "bytes", "", "", "", "")},
	{"iavf",		 "%d-%u.%f",			     0,						       SAME(PKTS,															    "bytes", "", "", "", "")},
 /* en_stats.h, en_stats.c */
	{"mlx5_core",
	 "%d%u_%f",	 0,
	 {{"packets", "bytes", "wqe_err+oversize_pkts_sw_drop", "buff_alloc_err"},
	  {"packets", "bytes", "dropped", "stopped"}}								  },
 /* mlx4/en_ethtool.c */
	{"mlx4_en",	    "%d%u_%f",			       0,						  SAME("packets",														"bytes", "dropped", "", "", "")},
 /* ena_ethtool.c */
	{"ena",
	 "queue_%u_%d_%f",	 0,
	 {{"cnt", "bytes", "", "empty_rx_ring"}, {"cnt", "bytes", "", "queue_stop"}}	    },
 /* gve_ethtool.c: it has no string for packets */
	{"gve",
	 "%d_%f[%u]",			0,
	 {{"completed_desc", "bytes", "dropped_pkt+queue_drop_cnt", "no_buffers_posted"},
	  {"completed_desc", "bytes", "", "stop"}}													       },
 /* bnxt_ethtool.c, bnx2x_ethtool.c */
	{"bnxt_en",	    "[%u]: %d_%f",	   0,
	 SAME(THREE("packets"),												   THREE("bytes"), "discards", "", "discards", "")},
	{"bnx2x",	  "[%u]: %d_%f",				 0,						       SAME(THREE("packets"),															    "bytes", "discards", "", "", "")},
	{"hv_netvsc",	      "%d_queue_%u_%f",		0,
	 SAME(PKTS,		    "bytes", "xdp_drop", "", "", "")}, /* netvsc_drv.c */
	/* mana_ethtool.c, ionic_stats.c; this form is read as histograms' names elsewhere */
	{"mana",		 "%d_%u_%f",			     0,						       SAME(PKTS,															    "bytes", "xdp_drop", "", "", "")},
	{"ionic",	  "%d_%u_%f",	      0,				  SAME(PKTS,									       "bytes", "dropped", "", "drop", "stop")},
	{"sfc",		"%d-%u.%d_%f",			       0,						       SAME(PKTS,															    "bytes", "", "", "", "")}, /* ethtool_common.c */
	{"hns3",	 "%dq%u_%f",	     0,	SAME(PKTS,		   "bytes", "", "", "", "")}, /* hns3_ethtool.c */
	{"hinic",	  "%dq%u_%f",			      0,
	 SAME(PKTS,															    "bytes", "dropped", "", "dropped", "")}, /* hinic_ethtool.c */
	{"be2net",  "%dq%u: %d_%f",			   0,						 SAME(PKTS,												"bytes", "", "", "", "")}, /* be_ethtool.c */
	/* qede_ethtool.c: a tx queue has them for each traffic class, in older kernels once */
	{"qede",	 "%u: %f",		   QUEUE_RX,		     {{"rcv_pkts", "", "rx_hw_errors", "rx_alloc_errors"}, {0}}			       },
	{"qede",	 "%u_%n: %f",		      QUEUE_TX,						{{0}, {"xmit_pkts", "", "", "stopped_cnt"}}														    },
	{"qede",	 "%u: %f",			   QUEUE_TX,					    {{0}, {"xmit_pkts", "", "", "stopped_cnt"}}								},
 /* aq_ethtool.c, stmmac_ethtool.c: the direction is in the field's name */
	{"atlantic",	     "Queue[%u] In%f",			       QUEUE_RX,				 {{"Packets", "", "", ""}, {0}}												  },
	{"atlantic",    "Queue[%u] Out%f",	QUEUE_TX,			  {{0}, {"Packets", "", "", ""}}														      },
	{"st_gmac",  "q%u_rx_%f",			 QUEUE_RX,					   {{"pkt_n", "", "", ""}, {0}}													   },
	{"st_gmac",	    "q%u_tx_%f",	 QUEUE_TX,	   {{0}, {"pkt_n", "", "", ""}}},

 /* the forms that drivers have agreed on without talking to one another */
	{NULL,  "%d_queue_%u_%f",			 0,					       ANY														   },
	{NULL,  "%dq%u_%f", 0,		      ANY																  },
	{NULL,  "%dq%u: %f",			    0,					       ANY														   },
	{NULL,       "%d%u_%f",	  0,	     ANY		},
	{NULL,  "%d-%u.%d_%f",		      0,					       ANY														   },
	{NULL,      "%d-%u.%f",	   0,			      ANY							},
	{NULL,   "queue_%u_%d_%f",			 0,					    ANY													    },
	{NULL,	       "[%u]: %d_%f",	      0,	 ANY		    },
	{NULL,	       "%d_%f[%u]",			     0,						       ANY															   },
};

enum { N_RULES = sizeof(rules) / sizeof(*rules), QUEUES_MAX = 4096 };

struct name {
	const char *at, *end;
};

static bool take_number(struct name *n, unsigned *out)
{
	const char *start = n->at;
	unsigned v = 0;
	while (n->at < n->end && *n->at >= '0' && *n->at <= '9' && v < QUEUES_MAX)
		v = v * 10 + (unsigned)(*n->at++ - '0');
	*out = v;
	return n->at > start && v < QUEUES_MAX;
}

static bool take_direction(struct name *n, enum queue_direction *out)
{
	if (n->end - n->at < 2 || n->at[1] != 'x' || (n->at[0] != 'r' && n->at[0] != 't'))
		return false;
	*out = n->at[0] == 'r' ? QUEUE_RX : QUEUE_TX;
	n->at += 2;
	return true;
}

static bool match(const char *pattern, struct name n, struct queue_cell *cell, struct name *field)
{
	bool have_direction = false;
	unsigned ignored;
	for (const char *p = pattern; *p; p++) {
		enum queue_direction direction;
		if (*p != '%') {
			if (n.at == n.end || *n.at++ != *p)
				return false;
			continue;
		}
		switch (*++p) {
		case 'u':
			if (!take_number(&n, &cell->queue))
				return false;
			break;
		case 'd':
			if (!take_direction(&n, &direction) ||
			    (have_direction && direction != cell->direction))
				return false;
			cell->direction = direction;
			have_direction = true;
			break;
		case 'n':
			if (!take_number(&n, &ignored))
				return false;
			break;
		default: /* %f */
			field->at = n.at;
			while (n.at < n.end && *n.at != p[1])
				n.at++;
			field->end = n.at;
		}
	}
	return n.at == n.end && field->end > field->at;
}

static bool listed(const char *list, struct name n)
{
	size_t len = (size_t)(n.end - n.at);
	while (list && *list) {
		size_t item = strcspn(list, " +");
		if (item == len && !memcmp(list, n.at, len))
			return true;
		list += item;
		list += *list != '\0';
	}
	return false;
}

static bool match_rule(const struct rule *r, struct name n, struct queue_cell *cell)
{
	struct name field = {0};
	cell->direction = r->only;
	if (!match(r->pattern, n, cell, &field))
		return false;
	for (cell->field = 0; cell->field < QUEUE_FIELDS; cell->field++)
		if (listed(r->fields[cell->direction][cell->field], field))
			return true;
	return false;
}

static struct name name_at(const char *names, size_t i)
{
	const char *at = names + i * QUEUE_NAME_LEN;
	return (struct name){at, at + strnlen(at, QUEUE_NAME_LEN)};
}

static bool name_is(struct name n, const char *s)
{
	return (size_t)(n.end - n.at) == strlen(s) && !memcmp(n.at, s, strlen(s));
}

/* vmxnet3: names repeat for each queue under a header whose value is the queue's number. */
static size_t match_vmxnet3(struct queue_part *out, size_t cap, const char *names,
			    const uint64_t *values, size_t n)
{
	static const struct {
		enum queue_direction direction;
		const char *name;
		enum queue_field field;
	} rows[] = {
		{QUEUE_TX, "  ucast pkts tx",	      QUEUE_PACKETS  },
		{QUEUE_TX, "  mcast pkts tx",	      QUEUE_PACKETS  },
		{QUEUE_TX, "  bcast pkts tx",	      QUEUE_PACKETS  },
		{QUEUE_TX, "  ucast bytes tx",       QUEUE_BYTES	  },
		{QUEUE_TX, "  mcast bytes tx",       QUEUE_BYTES	  },
		{QUEUE_TX, "  bcast bytes tx",       QUEUE_BYTES	  },
		{QUEUE_TX, "  pkts tx discard",	QUEUE_DROPS	   },
		{QUEUE_TX, "  drv dropped tx total", QUEUE_DROPS	},
		{QUEUE_TX, "  ring full",		  QUEUE_RING_FULL},
		{QUEUE_RX, "  ucast pkts rx",	      QUEUE_PACKETS  },
		{QUEUE_RX, "  mcast pkts rx",	      QUEUE_PACKETS  },
		{QUEUE_RX, "  bcast pkts rx",	      QUEUE_PACKETS  },
		{QUEUE_RX, "  ucast bytes rx",       QUEUE_BYTES	  },
		{QUEUE_RX, "  mcast bytes rx",       QUEUE_BYTES	  },
		{QUEUE_RX, "  bcast bytes rx",       QUEUE_BYTES	  },
		{QUEUE_RX, "  drv dropped rx total", QUEUE_DROPS	},
		{QUEUE_RX, "  pkts rx OOB",	    QUEUE_RING_FULL},
	};
	struct queue_cell under = {0};
	bool any = false;
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		struct name name = name_at(names, i);
		bool tx = name_is(name, "Tx Queue#");
		if (tx || name_is(name, "Rx Queue#")) {
			any = values[i] < QUEUES_MAX;
			under.direction = tx ? QUEUE_TX : QUEUE_RX;
			under.queue = any ? (unsigned)values[i] : 0;
			continue;
		}
		for (size_t k = 0; any && k < sizeof(rows) / sizeof(*rows); k++) {
			if (rows[k].direction != under.direction || !name_is(name, rows[k].name))
				continue;
			under.field = rows[k].field;
			if (found < cap)
				out[found] = (struct queue_part){i, under};
			found++;
		}
	}
	return found < cap ? found : cap;
}

static int by_cell(const void *a, const void *b)
{
	const struct queue_part *x = a, *y = b;
	if (x->cell.direction != y->cell.direction)
		return x->cell.direction < y->cell.direction ? -1 : 1;
	if (x->cell.queue != y->cell.queue)
		return x->cell.queue < y->cell.queue ? -1 : 1;
	if (x->cell.field != y->cell.field)
		return x->cell.field < y->cell.field ? -1 : 1;
	return x->stat < y->stat ? -1 : x->stat > y->stat;
}

/* All rules of a driver (NULL: the general ones, of which one must do, for all names alike). */
static size_t match_driver(struct queue_part *out, size_t cap, const char *driver,
			   const char *names, const uint64_t *values, size_t n)
{
	size_t found = 0;
	for (size_t r = 0; r < N_RULES; r++) {
		if (driver ? !rules[r].driver || strcmp(rules[r].driver, driver)
			   : rules[r].driver != NULL)
			continue;
		if (!rules[r].pattern)
			return match_vmxnet3(out, cap, names, values, n);
		bool first = false;
		size_t before = found;
		for (size_t i = 0; i < n && found < cap; i++) {
			struct queue_cell cell = {0};
			if (!match_rule(&rules[r], name_at(names, i), &cell))
				continue;
			first |= cell.queue == 0;
			out[found++] = (struct queue_part){i, cell};
		}
		/* sizes and priorities have numbers too, but seldom begin with 0 */
		if (!driver && !first)
			found = before;
		if (!driver && found)
			break;
	}
	return found;
}

size_t queue_rules_match(struct queue_part *out, size_t cap, const char *driver, const char *names,
			 const uint64_t *values, size_t n)
{
	size_t found = match_driver(out, cap, driver, names, values, n);
	if (!found)
		found = match_driver(out, cap, NULL, names, values, n);
	qsort(out, found, sizeof(*out), by_cell);
	return found;
}
