/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways to read an interface's queues; the source `queue` takes the first that works. And the
 * rules by which a driver's own names (ethtool -S) become packets, bytes, drops and full rings of
 * rx and tx queues: pure, and a table row a driver.
 */
#ifndef NB_QUEUE_H
#define NB_QUEUE_H

#include "collector/counters/source.h"

enum queue_field { QUEUE_PACKETS, QUEUE_BYTES, QUEUE_DROPS, QUEUE_RING_FULL, QUEUE_FIELDS };
enum queue_direction { QUEUE_RX, QUEUE_TX };

/* A figure of a queue. Cells are sorted by direction, queue, field, each there once. */
struct queue_cell {
	enum queue_direction direction;
	unsigned queue;
	enum queue_field field;
};

/* Which statistics make up a cell: several may be added up (unicast + multicast + broadcast). */
struct queue_part {
	size_t stat; /* index among the driver's statistics */
	struct queue_cell cell;
};

enum { QUEUE_NAME_LEN = 32 }; /* ETH_GSTRING_LEN; a name may fill it, without a '\0' */

/*
 * What of `n` statistics belongs to queues. `names`: n × QUEUE_NAME_LEN; `values`: a reading of
 * them, since vmxnet3 says the queue's number in a value. Fills at most `cap` (n is enough) parts,
 * sorted by cell, and returns how many there are; 0: none.
 */
size_t queue_rules_match(struct queue_part *out, size_t cap, const char *driver, const char *names,
			 const uint64_t *values, size_t n);

/* An answer of NETDEV_CMD_QSTATS_GET (include/uapi/linux/netdev.h, since Linux 6.9): the queue and
 * its figures, METRIC_MISSING where it has none. 1: a queue; 0: not one. */
struct queue_stats {
	enum queue_direction direction;
	unsigned queue;
	uint64_t field[QUEUE_FIELDS];
};
struct nlmsghdr;
int queue_stats_parse(struct queue_stats *out, const struct nlmsghdr *message);

struct queue_state; /* each way's own */

struct queue_way {
	const char *name;
	int (*open)(struct queue_state **out, const struct counter_env *env, struct nb_err *err);
	/* The cells of the present epoch; their order is that of read(). */
	size_t (*cells)(const struct queue_state *s, const struct queue_cell **out);
	/* As counter_source.read(). */
	enum counter_state (*read)(struct queue_state *s, uint64_t *values);
	void (*close)(struct queue_state *s);
};

extern const struct queue_way queue_netdev, queue_ethtool;

#endif
