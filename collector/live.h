/* SPDX-License-Identifier: Apache-2.0 */
/* The line that users of the original know, one a second and receiver. */
#ifndef NB_LIVE_H
#define NB_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/text.h"

/* Counts over one line's time. */
struct live_counts {
	uint64_t tx, rx, tx_drop, rx_drop, rx_bytes, irq, softirq, net_tx, net_rx;
	int64_t dt_ns;	    /* of the interface's counters */
	int64_t node_dt_ns; /* of the node's: irq, softirq, net_tx, net_rx */
};

/* Adds a counter's rise, when the line has a place for it. */
void live_add(struct live_counts *c, const char *metric, uint64_t delta);

/* `TX eth0: 1 pkts/s RX eth0: 1000 pkts/s TX DROP: … AVG_SIZE: 88`, rates over dt_ns; with
 * `pair` >= 0 the pair goes before it. */
void live_line(struct nb_text *out, int pair, const char *ifname, const struct live_counts *c);

#endif
