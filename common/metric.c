/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of metrics. Widths are the kernel's: struct rtnl_link_stats64 is u64; softnet_data,
 * kernel_stat.softirqs and irq counts are unsigned int (include/linux/kernel_stat.h,
 * include/linux/netdevice.h); the SNMP mibs are unsigned long or u64.
 */
#include "common/metric.h"

#include <string.h>

#define LINK(name, unit, better, help)                                                             \
	{                                                                                          \
		name, unit, METRIC_COUNTER, 64, TABLE_SAMPLE, NULL, better, "sum", NULL, help      \
	}
#define PROTO(name, better, help)                                                                  \
	{                                                                                          \
		name, "packets", METRIC_COUNTER, 64, TABLE_PROTOCOL, NULL, better, "sum", NULL,    \
			help                                                                       \
	}
#define CPU(state, help)                                                                           \
	{                                                                                          \
		"cpu_" state, "ns", METRIC_COUNTER, 64, TABLE_CPU, state "_ns", "none", "mean",    \
			NULL, help                                                                 \
	}
#define SOFTIRQ(vector, help)                                                                      \
	{                                                                                          \
		"softirq_" vector, "softirqs", METRIC_COUNTER, 32, TABLE_SOFTIRQ, vector, "none",  \
			"mean", NULL, help                                                         \
	}
#define SOFTNET(field, better, help)                                                               \
	{                                                                                          \
		"softnet_" field, "packets", METRIC_COUNTER, 32, TABLE_SOFTNET, field, better,     \
			"mean", NULL, help                                                         \
	}
#define EXTRA(name, unit, width, better, help)                                                     \
	{                                                                                          \
		name, unit, METRIC_COUNTER, width, TABLE_EXTRA, NULL, better, "sum", NULL, help    \
	}
#define LEVEL(name, unit, help)                                                                    \
	{                                                                                          \
		name, unit, METRIC_GAUGE, 0, TABLE_EXTRA, NULL, "less", "sum", NULL, help          \
	}
#define QUEUE(field, unit, better, help)                                                           \
	{                                                                                          \
		"queue_" field, unit, METRIC_COUNTER, 64, TABLE_QUEUE, field, better, "sum", NULL, \
			help                                                                       \
	}
#define SAID(name, better, help)                                                                   \
	{                                                                                          \
		name, "packets", METRIC_COUNTER, 64, TABLE_NONE, NULL, better, "sum", NULL, help   \
	}
#define RATE(name, unit, better, across, from, help)                                               \
	{                                                                                          \
		name, unit, METRIC_RATE, 0, TABLE_NONE, NULL, better, across, from, help           \
	}
#define RATIO(name, unit, better, from, help)                                                      \
	{                                                                                          \
		name, unit, METRIC_RATIO, 0, TABLE_NONE, NULL, better, "mean", from, help          \
	}

const struct metric metrics[] = {
	/* the interface: RTM_GETSTATS, struct rtnl_link_stats64, in its order */
	LINK("rx_packets", "packets", "more", "good packets received by the interface"),
	LINK("tx_packets", "packets", "more", "packets transmitted by the interface"),
	LINK("rx_bytes", "bytes", "more", "bytes of rx_packets, FCS left out"),
	LINK("tx_bytes", "bytes", "more", "bytes of tx_packets, FCS left out"),
	LINK("rx_errors", "packets", "less", "bad packets received, in all"),
	LINK("tx_errors", "packets", "less", "transmit problems, in all"),
	LINK("rx_dropped", "packets", "less",
	     "received but not processed: no resources or unsupported protocol; the softnet backlog's drops are in it"),
	LINK("tx_dropped", "packets", "less", "dropped on the way to transmission"),
	LINK("multicast", "packets", "none", "multicast packets received"),
	LINK("collisions", "packets", "less", "collisions during transmission"),
	LINK("rx_length_errors", "packets", "less", "dropped for an invalid length"),
	LINK("rx_over_errors", "packets", "less", "receiver FIFO overflow events"),
	LINK("rx_crc_errors", "packets", "less", "packets with a CRC error"),
	LINK("rx_frame_errors", "packets", "less", "receiver frame alignment errors"),
	LINK("rx_fifo_errors", "packets", "less", "receiver FIFO errors"),
	LINK("rx_missed_errors", "packets", "less", "missed by the host: no descriptor was free"),
	LINK("tx_aborted_errors", "packets", "less", "transmissions aborted"),
	LINK("tx_carrier_errors", "packets", "less", "transmissions that lost the carrier"),
	LINK("tx_fifo_errors", "packets", "less", "transmit FIFO underruns"),
	LINK("tx_heartbeat_errors", "packets", "less", "heartbeat (SQE) errors"),
	LINK("tx_window_errors", "packets", "less", "late collisions"),
	LINK("rx_compressed", "packets", "none", "compressed packets received"),
	LINK("tx_compressed", "packets", "none", "compressed packets transmitted"),
	LINK("rx_nohandler", "packets", "less", "received on an inactive slave, dropped"),
	LINK("rx_otherhost_dropped", "packets", "less",
	     "dropped because the destination MAC is another host's"),

 /* the endpoint's own cores, summed: /proc/stat */
	{"cpu_busy_ns",	"ns",	      METRIC_COUNTER, 64, TABLE_SAMPLE, NULL,    "less", "mean", NULL,
	 "time that the endpoint's cores were not idle"										     },
	{"cpu_total_ns",	 "ns",	       METRIC_COUNTER, 64, TABLE_SAMPLE, NULL,    "none", "mean", NULL,
	 "time that the endpoint's cores were accounted for"										},
 /* the node: /proc/stat */
	{"irqs",		 "interrupts", METRIC_COUNTER, 64, TABLE_SAMPLE, NULL,    "none", "mean", NULL,
	 "interrupts serviced by the host, all vectors and CPUs"									    },
	{"softirqs",	     "softirqs",	 METRIC_COUNTER, 64, TABLE_SAMPLE, NULL,	 "none", "mean", NULL,
	 "softirqs serviced by the host, all vectors and CPUs"									      },
	{"context_switches",   "switches",	 METRIC_COUNTER, 64, TABLE_SAMPLE, NULL,	 "none", "mean",
	 NULL,												"context switches of the host"},
	CPU("user", "user mode, nice left out"),
	CPU("nice", "user mode of niced processes"),
	CPU("system", "kernel mode"),
	CPU("idle", "idle"),
	CPU("iowait", "idle while a task waited for I/O"),
	CPU("irq", "servicing interrupts"),
	CPU("softirq", "servicing softirqs"),
	CPU("steal", "taken by the hypervisor"),

 /* per namespace, of the run's IP version: /proc/net/snmp, or snmp6 */
	PROTO("ip_in_receives", "none", "IP datagrams received, errors included"),
	PROTO("ip_in_hdr_errors", "less", "dropped: bad IP header"),
	PROTO("ip_in_addr_errors", "less", "dropped: destination address not ours"),
	PROTO("ip_in_unknown_protos", "less", "dropped: no such protocol here"),
	PROTO("ip_in_discards", "less", "dropped: no buffer space"),
	PROTO("ip_in_delivers", "none", "datagrams handed to protocols"),
	PROTO("ip_forw_datagrams", "none", "datagrams forwarded"),
	PROTO("ip_out_requests", "none", "datagrams sent by this host"),
	PROTO("ip_out_discards", "less", "own datagrams dropped: no buffer space"),
	PROTO("ip_out_no_routes", "less", "own datagrams dropped: no route"),
	PROTO("icmp_in_msgs", "none", "ICMP messages received"),
	PROTO("icmp_out_msgs", "none", "ICMP messages sent"),
	PROTO("udp_in_datagrams", "more", "UDP datagrams read by an application"),
	PROTO("udp_no_ports", "none", "UDP datagrams to a port where nobody listens"),
	PROTO("udp_in_errors", "less", "UDP datagrams lost, all reasons below included"),
	PROTO("udp_out_datagrams", "none", "UDP datagrams sent by applications"),
	PROTO("udp_rcvbuf_errors", "less", "lost: the socket's receive buffer was full"),
	PROTO("udp_sndbuf_errors", "less", "not sent: the socket's send buffer was full"),
	PROTO("udp_in_csum_errors", "less", "lost: bad UDP checksum"),
	PROTO("udp_mem_errors", "less", "lost: UDP's memory limit"),

 /* per namespace: /proc/net/netstat */
	PROTO("ip_in_no_routes", "less", "dropped: no route to the destination"),
	PROTO("ip_in_truncated", "less", "dropped: shorter than its header says"),
	PROTO("ip_in_multicast", "none", "IPv6 multicast datagrams received"),
	PROTO("ip_other_receives", "none", "datagrams of the other IP version received"),
	PROTO("ip_rp_filter", "less", "dropped by the reverse path filter; martian sources too"),

 /* per namespace: /proc/net/stat/rt_cache, nf_conntrack, summed over CPUs */
	EXTRA("rt_in_no_route", "packets", 32, "less", "received without a route to go on"),
	EXTRA("rt_in_martian_dst", "packets", 32, "less", "dropped: impossible destination"),
	EXTRA("rt_in_martian_src", "packets", 32, "less",
	      "dropped: impossible source, or refused by the reverse path filter"),
	EXTRA("conntrack_invalid", "packets", 32, "less", "packets that belong to no connection"),
	EXTRA("conntrack_insert_failed", "packets", 32, "less",
	      "connections that could not be entered: their packet was dropped"),
	EXTRA("conntrack_drop", "packets", 32, "less", "dropped: no room for a connection"),
	EXTRA("conntrack_early_drop", "connections", 32, "less",
	      "connections given up to make room for new ones"),

 /* per namespace: /proc/net/udp, summed over sockets */
	EXTRA("udp_socket_drops", "packets", 64, "less",
	      "dropped at UDP sockets that are open; udp_in_errors counts them too"),
	LEVEL("udp_rx_queue_bytes", "bytes", "memory of datagrams that wait in UDP sockets"),

 /* the endpoint's control group and those above it: cpu.stat */
	EXTRA("cgroup_throttled", "events", 64, "less", "periods in which a CPU quota was used up"),
	EXTRA("cgroup_throttled_ns", "ns", 64, "less",
	      "time for which a CPU quota kept the group from running, all CPUs together"),

 /* the interface: RTM_GETQDISC, instance root, ingress or a class */
	/* interfaces of a node on the way between pods; the instance is the interface */
	EXTRA("if_rx_packets", "packets", 64, "none", "packets that a node's interface received"),
	EXTRA("if_tx_packets", "packets", 64, "none", "packets that a node's interface sent"),
	EXTRA("if_rx_bytes", "bytes", 64, "none", "bytes that a node's interface received"),
	EXTRA("if_tx_bytes", "bytes", 64, "none", "bytes that a node's interface sent"),
	EXTRA("if_rx_errors", "packets", 64, "less", "bad packets at a node's interface"),
	EXTRA("if_tx_errors", "packets", 64, "less", "transmit problems of a node's interface"),
	EXTRA("if_rx_dropped", "packets", 64, "less", "dropped on reception by a node's interface"),
	EXTRA("if_tx_dropped", "packets", 64, "less", "dropped on sending by a node's interface"),
	EXTRA("qdisc_packets", "packets", 64, "none", "packets that the qdisc handed on"),
	EXTRA("qdisc_bytes", "bytes", 64, "none", "bytes that the qdisc handed on"),
	EXTRA("qdisc_drops", "packets", 32, "less", "dropped by the qdisc, its children included"),
	EXTRA("qdisc_overlimits", "events", 32, "none",
	      "times that a shaper held packets back; no drops"),
	EXTRA("qdisc_requeues", "packets", 32, "less", "given back by a driver that was full"),
	LEVEL("qdisc_backlog_packets", "packets", "packets that wait in the qdisc"),
	LEVEL("qdisc_backlog_bytes", "bytes", "bytes that wait in the qdisc"),

 /* each queue of the interface: netdev netlink, else ethtool -S by the driver's names */
	QUEUE("packets", "packets", "more", "packets of the queue"),
	QUEUE("bytes", "bytes", "more", "bytes of the queue"),
	QUEUE("drops", "packets", "less", "packets dropped at the queue"),
	QUEUE("ring_full", "events", "less",
	      "times that the ring was full (tx), or had no free buffer (rx)"),

 /* the node: the vectors of its interfaces, on each CPU */
	{"irq_count",	      "interrupts", METRIC_COUNTER, 32, TABLE_IRQ,	   "count", "none", "mean", NULL,
	 "interrupts of a network vector on a CPU"											  },

 /* the node: /proc/softirqs, a row a CPU */
	SOFTIRQ("hi", "high-priority tasklets"),
	SOFTIRQ("timer", "timers"),
	SOFTIRQ("net_tx", "network transmit completions"),
	SOFTIRQ("net_rx", "network receive rounds (invocations, not packets)"),
	SOFTIRQ("block", "block I/O"),
	SOFTIRQ("irq_poll", "IRQ polling"),
	SOFTIRQ("tasklet", "tasklets"),
	SOFTIRQ("sched", "scheduler"),
	SOFTIRQ("hrtimer", "high-resolution timers"),
	SOFTIRQ("rcu", "RCU callbacks"),

 /* the node: /proc/net/softnet_stat, a row a CPU */
	SOFTNET("processed", "none", "packets passed up on this CPU, every hop counted"),
	SOFTNET("dropped", "less", "dropped: the CPU's backlog was full"),
	SOFTNET("time_squeeze", "less", "rounds ended by budget or time with work left"),
	SOFTNET("received_rps", "none", "wakeups of this CPU by RPS"),
	SOFTNET("flow_limit", "less", "dropped by the flow limit"),

 /* what the generator says of itself; totals only */
	{"generator_packets",  "packets",	 METRIC_COUNTER, 64, TABLE_NONE,	 NULL,    "more", "sum",  NULL,
	 "packets that the generator says it sent; trafgen counts attempts"								   },

	SAID("generator_refused", "less",
	     "packets of these that the driver refused: offered, and lost at the sender"),
	SAID("generator_not_offered", "less",
	     "packets of its schedule that the generator never handed to the driver"),
	{"generator_run_ns",   "ns",	   METRIC_COUNTER, 64, TABLE_NONE,   NULL,	 "less", "sum",	NULL,
	 "CPU time of the generator's threads"											      },
	{"generator_wait_ns",  "ns",	    METRIC_COUNTER, 64, TABLE_NONE,   NULL,	  "less", "sum",	 NULL,
	 "time for which they were ready to run while others had their cores"								     },
	{"generator_first_ns", "ns",	     METRIC_COUNTER, 64, TABLE_NONE,   NULL,	   "none", "mean", NULL,
	 "from the run's start to the sender's first packet"										},

 /* what the listener got; totals only */
	SAID("listener_packets", "more", "packets of the run that the listener has read"),
	SAID("listener_lost", "less",
	     "numbers missing in the sequence, up to the last packet that came"),
	SAID("listener_duplicated", "less", "packets that came again"),
	SAID("listener_reordered", "less", "packets that came after a later one"),
	SAID("listener_foreign", "none", "packets at the listener's port that are not of the run"),

 /* derived, by the views */
	RATE("tx_pps", "1/s", "more", "sum", "tx_packets", "packets sent per second"),
	RATE("rx_pps", "1/s", "more", "sum", "rx_packets", "packets received per second"),
	RATE("forwarded_pps", "1/s", "more", "sum", "udp_in_datagrams,udp_no_ports,udp_in_errors",
	     "packets per second that reached UDP of the receiver's namespace or, with a listener, "
	     "were read"),
	RATE("tx_drop_pps", "1/s", "less", "sum", "tx_dropped", "transmit drops per second"),
	RATE("rx_drop_pps", "1/s", "less", "sum", "rx_dropped,rx_missed_errors",
	     "receive drops per second: rx_dropped and rx_missed_errors"),
	RATE("tx_error_pps", "1/s", "less", "sum", "tx_errors", "transmit errors per second"),
	RATE("rx_error_pps", "1/s", "less", "sum", "rx_errors", "receive errors per second"),
	RATE("tx_mbps", "Mbit/s", "more", "sum", "tx_bytes",
	     "megabits sent per second, FCS left out"),
	RATE("rx_mbps", "Mbit/s", "more", "sum", "rx_bytes",
	     "megabits received per second, FCS left out"),
	RATE("irq_rate", "1/s", "none", "mean", "irqs", "interrupts per second of the node"),
	RATE("softirq_rate", "1/s", "none", "mean", "softirqs", "softirqs per second of the node"),
	RATE("net_tx_rate", "1/s", "none", "mean", "softirq_net_tx",
	     "NET_TX softirqs per second of the node"),
	RATE("net_rx_rate", "1/s", "none", "mean", "softirq_net_rx",
	     "NET_RX softirqs per second of the node"),
	RATE("softnet_drop_pps", "1/s", "less", "mean", "softnet_dropped",
	     "packets per second dropped at a full backlog, of the node"),
	RATIO("cpu_percent", "%", "less", "cpu_busy_ns,cpu_total_ns",
	      "busy share of the endpoint's cores"),
	RATIO("softirq_per_packet", "1", "less", "softirqs,tx_packets,rx_packets",
	      "softirqs of the node for each packet of the endpoint"),
	RATIO("irq_per_packet", "1", "less", "irqs,tx_packets,rx_packets",
	      "interrupts of the node for each packet of the endpoint"),
	RATIO("cpu_ns_per_packet", "ns", "less", "cpu_busy_ns,tx_packets,rx_packets",
	      "busy time of the endpoint's cores for each packet"),
	RATIO("loss_ratio", "1", "less",
	      "tx_packets,tx_dropped,udp_in_datagrams,udp_no_ports,udp_in_errors",
	      "(offered - forwarded) / offered of the run"),
 /* of the run itself */
	RATE("target_pps", "1/s", "none", "mean", "", "the rate asked of each pair"),
	RATE("offered_pps", "1/s", "more", "sum", "tx_packets,tx_dropped",
	     "frames per second handed to the senders' drivers"),
	RATIO("frame_size", "bytes", "none", "", "frame size, FCS included"),
	RATIO("n_cores", "cores", "none", "", "cores of one sender"),
	RATIO("pairs", "pairs", "none", "", "pairs of sender and receiver"),
	RATIO("fairness", "1", "more", "udp_in_datagrams,udp_no_ports,udp_in_errors",
	      "Jain's index of what the pairs carried"),
};

const size_t n_metrics = sizeof(metrics) / sizeof(*metrics);

const struct metric *metric_find(const char *name)
{
	for (size_t i = 0; i < n_metrics; i++)
		if (!strcmp(metrics[i].name, name))
			return &metrics[i];
	return NULL;
}

const char *metric_column(const struct metric *m)
{
	return m->column ? m->column : m->name;
}

const char *metric_kind_name(enum metric_kind kind)
{
	static const char *const names[] = {
		[METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_RATE] = "rate",
		[METRIC_RATIO] = "ratio",
	};
	return names[kind];
}

bool metric_delta(uint64_t *out, uint64_t from, uint64_t to, unsigned char width)
{
	if (from == METRIC_MISSING || to == METRIC_MISSING)
		return false;
	if (width == 32)
		*out = (uint32_t)(to - from);
	else if (to < from)
		return false;
	else
		*out = to - from;
	return true;
}
