/* SPDX-License-Identifier: Apache-2.0 */
/* The original's live line (monitor_pps.sh, -d tuple for people), with rates over measured time. */
#include "collector/live.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#define PLACE(metric, field)                                                                       \
	{                                                                                          \
		metric, offsetof(struct live_counts, field)                                        \
	}

static const struct {
	const char *metric;
	size_t offset;
} places[] = {
	PLACE("tx_packets", tx),	 PLACE("rx_packets", rx),
	PLACE("tx_dropped", tx_drop),	 PLACE("rx_dropped", rx_drop),
	PLACE("rx_bytes", rx_bytes),	 PLACE("irqs", irq),
	PLACE("softirqs", softirq),	 PLACE("softirq_net_tx", net_tx),
	PLACE("softirq_net_rx", net_rx),
};

void live_add(struct live_counts *c, const char *metric, uint64_t delta)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (!strcmp(places[i].metric, metric))
			*(uint64_t *)(void *)((char *)c + places[i].offset) += delta;
}

static uint64_t per_second(uint64_t count, int64_t dt_ns)
{
	return dt_ns > 0 ? (uint64_t)((double)count * 1e9 / (double)dt_ns + 0.5) : 0;
}

void live_line(struct nb_text *out, int pair, const char *ifname, const struct live_counts *c)
{
	if (pair >= 0)
		text_addf(out, "pair %d: ", pair);
	text_addf(out,
		  "TX %s: %" PRIu64 " pkts/s RX %s: %" PRIu64 " pkts/s TX DROP: %" PRIu64
		  " pkts/s RX DROP: %" PRIu64 " pkts/s IRQ Rate: %" PRIu64 ", SIRQ Rate: %" PRIu64
		  " NET_TX_RATE: %" PRIu64 ", NET_RX_RATE: %" PRIu64 " AVG_SIZE: %" PRIu64,
		  ifname, per_second(c->tx, c->dt_ns), ifname, per_second(c->rx, c->dt_ns),
		  per_second(c->tx_drop, c->dt_ns), per_second(c->rx_drop, c->dt_ns),
		  per_second(c->irq, c->node_dt_ns), per_second(c->softirq, c->node_dt_ns),
		  per_second(c->net_tx, c->node_dt_ns), per_second(c->net_rx, c->node_dt_ns),
		  c->rx ? c->rx_bytes / c->rx : 0);
}
