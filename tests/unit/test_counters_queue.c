// SPDX-License-Identifier: Apache-2.0
/*
 * Queues from the names of drivers' statistics. The names below were written from the rules that
 * the drivers' sources follow (Linux 6.1, 6.12), not taken from hardware. And queues from netlink.
 */
#include <linux/genetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/counters/queue.h"
#include "common/netlink.h"

enum { STATS_MAX = 64 };

struct form {
	const char *driver;
	const char *stats; /* "NAME=value|NAME=value|…", as ethtool -S would list them */
	const char *want;  /* "rx:0 packets=1 bytes=2, tx:0 …" */
};

static const struct form forms[] = {
	{"virtio_net",
	 "rx_queue_0_packets=10|rx_queue_0_bytes=600|rx_queue_0_drops=1|rx_queue_0_xdp_packets=9|"
	 "rx_queue_0_kicks=3|tx_queue_0_packets=20|tx_queue_0_bytes=1200|tx_queue_0_tx_timeouts=4",	 "rx:0 packets=10 bytes=600 drops=1, tx:0 packets=20 bytes=1200"				},
	{"virtio_net", /* from Linux 6.10 on packets are told by netlink alone */
	 "rx_drops=7|tx_tx_timeouts=1|rx0_drops=3|rx0_xdp_packets=4|rx0_kicks=1|rx1_drops=4|"
	 "tx0_xdp_tx=1|tx0_tx_timeouts=2",					"rx:0 drops=3, rx:1 drops=4"							     },
	{"veth",
	 "peer_ifindex=5|rx_queue_0_xdp_packets=100|rx_queue_0_xdp_bytes=6000|rx_queue_0_drops=2|"
	 "rx_queue_0_xdp_redirect=1|tx_queue_0_xdp_xmit=9|tx_queue_0_xdp_xmit_errors=8|"
	 "rx_pp_alloc_fast=77",									 "rx:0 packets=100 bytes=6000 drops=2"						    },
	{"vmxnet3",
	 "Tx Queue#=0|  TSO pkts tx=99|  ucast pkts tx=10|  ucast bytes tx=600|  mcast pkts tx=1|"
	 "  mcast bytes tx=60|  bcast pkts tx=2|  pkts tx discard=3|  drv dropped tx total=4|"
	 "     too many frags=5|  ring full=6|Tx Queue#=1|  ucast pkts tx=7|  ring full=8|"
	 "Rx Queue#=0|  LRO pkts rx=99|  ucast pkts rx=20|  ucast bytes rx=1200|  pkts rx OOB=5|"
	 "  drv dropped rx total=6|     fcs=1|Rx Queue#=1|  ucast pkts rx=9|tx timeout count=3",	 "rx:0 packets=20 bytes=1200 drops=6 ring_full=5, rx:1 packets=9, "
	 "tx:0 packets=13 bytes=660 drops=7 ring_full=6, tx:1 packets=7 ring_full=8"		    },
	{"ixgbe",
	 "rx_packets=9|rx_no_dma_resources=3|tx_queue_0_packets=1|tx_queue_0_bytes=2|"
	 "tx_queue_10_packets=3|tx_queue_10_bytes=4|rx_queue_2_packets=5|rx_queue_2_bytes=6",	   "rx:2 packets=5 bytes=6, tx:0 packets=1 bytes=2, tx:10 packets=3 bytes=4"		  },
	{"igb",
	 "tx_queue_0_packets=1|tx_queue_0_bytes=2|tx_queue_0_restart=3|rx_queue_0_packets=4|"
	 "rx_queue_0_bytes=5|rx_queue_0_drops=6|rx_queue_0_csum_err=7|rx_queue_0_alloc_failed=8",	 "rx:0 packets=4 bytes=5 drops=6, tx:0 packets=1 bytes=2 ring_full=3"		     },
	{"ice",	"tx_queue_0_packets=1|tx_queue_0_bytes=2|rx_queue_0_packets=3|rx_size_64.nic=9",
	 "rx:0 packets=3, tx:0 packets=1 bytes=2"																		},
	{"i40e",	 "port.rx_bytes=9|tx-0.packets=1|tx-0.bytes=2|rx-0.packets=3|rx-0.bytes=4",
	 "rx:0 packets=3 bytes=4, tx:0 packets=1 bytes=2"																	},
	{"i40e",	 "tx-0.tx_packets=1|tx-0.tx_bytes=2|rx-3.rx_packets=3|rx-0.tx_packets=9",
	 "rx:3 packets=3, tx:0 packets=1 bytes=2"																		},
	{"iavf",	 "rx_bytes=9|tx-1.packets=1|tx-1.bytes=2|rx-1.packets=3",
	 "rx:1 packets=3, tx:1 packets=1 bytes=2"																		},
	{"mlx5_core",
	 "rx_packets=9|ch0_events=9|rx0_packets=1|rx0_bytes=2|rx0_xdp_drop=9|rx0_wqe_err=3|"
	 "rx0_oversize_pkts_sw_drop=4|rx0_buff_alloc_err=5|rx0_xdp_tx_xmit=9|tx0_packets=6|"
	 "tx0_bytes=7|tx0_stopped=8|tx0_dropped=10|tx0_xdp_xmit=9|ptp_tx0_packets=9|"
	 "rx_prio0_packets=9|rx_64_bytes_phy=9|rx_65_to_127_bytes_phy=9",			       "rx:0 packets=1 bytes=2 drops=7 ring_full=5, tx:0 packets=6 bytes=7 drops=10 ring_full=8"},
	{"mlx4_en",    "tx0_packets=1|tx0_bytes=2|rx0_packets=3|rx0_bytes=4|rx0_dropped=5",
	 "rx:0 packets=3 bytes=4 drops=5, tx:0 packets=1 bytes=2"																},
	{"ena",
	 "tx_timeout=9|bw_in_allowance_exceeded=9|queue_0_tx_cnt=1|queue_0_tx_bytes=2|"
	 "queue_0_tx_queue_stop=3|queue_0_xdp_tx_cnt=9|queue_0_rx_cnt=4|queue_0_rx_bytes=5|"
	 "queue_0_rx_empty_rx_ring=6|queue_0_rx_csum_bad=9",					    "rx:0 packets=4 bytes=5 ring_full=6, tx:0 packets=1 bytes=2 ring_full=3"		 },
	{"gve",
	 "rx_packets=9|rx_posted_desc[0]=9|rx_completed_desc[0]=1|rx_bytes[0]=2|"
	 "rx_dropped_pkt[0]=3|rx_queue_drop_cnt[0]=4|rx_no_buffers_posted[0]=5|"
	 "tx_posted_desc[0]=9|tx_completed_desc[0]=6|tx_bytes[0]=7|tx_wake[0]=9|tx_stop[0]=8",	  "rx:0 packets=1 bytes=2 drops=7 ring_full=5, tx:0 packets=6 bytes=7 ring_full=8"	 },
	{"bnxt_en",
	 "[0]: rx_ucast_packets=1|[0]: rx_mcast_packets=2|[0]: rx_bcast_packets=3|"
	 "[0]: rx_discards=4|[0]: rx_ucast_bytes=5|[0]: rx_mcast_bytes=6|[0]: tx_ucast_packets=7|"
	 "[0]: tpa_packets=9|[1]: rx_ucast_packets=8|rx_total_l4_csum_errors=9",			"rx:0 packets=6 bytes=11 drops=4, rx:1 packets=8, tx:0 packets=7"			  },
	{"hv_netvsc",
	 "tx_scattered=9|tx_queue_0_packets=1|tx_queue_0_bytes=2|tx_queue_0_xdp_xmit=9|"
	 "rx_queue_0_packets=3|rx_queue_0_bytes=4|rx_queue_0_xdp_drop=5|cpu0_rx_packets=9",	     "rx:0 packets=3 bytes=4 drops=5, tx:0 packets=1 bytes=2"				 },
	{"mana",	 "stop_queue=9|rx_0_packets=1|rx_0_bytes=2|rx_0_xdp_drop=3|tx_0_packets=4",
	 "rx:0 packets=1 bytes=2 drops=3, tx:0 packets=4"																	},
	{"ionic",	  "tx_0_pkts=1|tx_0_bytes=2|rx_0_pkts=3|rx_0_dropped=4",
	 "rx:0 packets=3 drops=4, tx:0 packets=1 bytes=2"																	},
	{"sfc",	"tx-0.tx_packets=1|rx-1.rx_packets=2|tx-xdp-cpu-0.tx_packets=9",
	 "rx:1 packets=2, tx:0 packets=1"																			},
	{"atlantic",   "InPackets=9|Queue[0] InPackets=1|Queue[0] OutPackets=2|Queue[1] InPackets=3",
	 "rx:0 packets=1, rx:1 packets=3, tx:0 packets=2"																	},
	{"st_gmac",    "q0_tx_pkt_n=1|q0_rx_pkt_n=2|q0_tx_irq_n=9",					 "rx:0 packets=2, tx:0 packets=1"							 },
	{"qede",
	 "rx_ucast_pkts=9|0_0: xmit_pkts=1|0_0: stopped_cnt=2|0_1: xmit_pkts=10|0: rcv_pkts=3|"
	 "0: rx_hw_errors=4|0: rx_alloc_errors=5|0: rx_ip_frags=9|0 [XDP]: xmit_pkts=9|1: rcv_pkts=6",
	 "rx:0 packets=3 drops=4 ring_full=5, rx:1 packets=6, tx:0 packets=11 ring_full=2"												       },
	{"qede",	 "0: xmit_pkts=1|0: stopped_cnt=2|0: rcv_pkts=3|0: rcv_pkts_x=9",
	 "rx:0 packets=3, tx:0 packets=1 ring_full=2"																	    },
	{"be2net",	   "rx_crc_errors=9|rxq0: rx_bytes=1|rxq0: rx_pkts=2|txq0: tx_pkts=3",
	 "rx:0 packets=2 bytes=1, tx:0 packets=3"																		},

 /* drivers that no rule names */
	{"newdrv",	   "rx_queue_0_packets=1|tx_queue_0_stopped=2",					"rx:0 packets=1, tx:0 ring_full=2"							  },
	{"rvu_nicpf",  "rxq0: bytes=1|rxq0: frames=2|txq0: bytes=3|txq0: dropped=4",
	 "rx:0 packets=2 bytes=1, tx:0 bytes=3 drops=4"																	  },
	{"newdrv",	   "rx0_packets=1|rx1_packets=2|rx64_bytes=9",				       /* one form it is, whole */
	 "rx:0 packets=1, rx:1 packets=2, rx:64 bytes=9"								       },
	{"e1000e",	   "rx_packets=1|tx_bytes=2|rx_64_bytes=3|rx_long_byte_count=4",			 ""										       },
	{"sizes",	  "rx64_bytes=1|rx128_bytes=2|tx_prio3_packets=4|rx_1_packets=3",		  ""										       },
	{"vmxnet3",    "tx timeout count=1",							    ""										       },
	{"newdrv",	   "rx99999999999_packets=1|rx_queue_-1_packets=1|rx_queue__packets=2|rx0_=4",      ""											 },
};

static const char *const field_names[QUEUE_FIELDS] = {"packets", "bytes", "drops", "ring_full"};

static size_t read_form(const struct form *f, char names[static STATS_MAX * QUEUE_NAME_LEN],
			uint64_t values[static STATS_MAX])
{
	size_t n = 0;
	memset(names, 0, STATS_MAX * QUEUE_NAME_LEN);
	for (const char *at = f->stats; *at; n++) {
		const char *equals = strchr(at, '=');
		char *end;
		assert_true(n < STATS_MAX);
		assert_non_null(equals);
		assert_true(equals - at <= QUEUE_NAME_LEN);
		memcpy(names + n * QUEUE_NAME_LEN, at, (size_t)(equals - at));
		values[n] = strtoull(equals + 1, &end, 10);
		at = *end ? end + 1 : end;
	}
	return n;
}

static bool same(const struct queue_cell *a, const struct queue_cell *b)
{
	return a->direction == b->direction && a->queue == b->queue && a->field == b->field;
}

static void print_cells(char *out, size_t cap, const struct queue_part *parts, size_t n,
			const uint64_t *values)
{
	size_t at = 0;
	out[0] = '\0';
	for (size_t i = 0; i < n;) {
		const struct queue_cell *c = &parts[i].cell;
		const struct queue_cell *before = i ? &parts[i - 1].cell : NULL;
		uint64_t sum = 0;
		size_t first = i;
		for (; i < n && same(&parts[i].cell, &parts[first].cell); i++)
			sum += values[parts[i].stat];
		if (!before || before->direction != c->direction || before->queue != c->queue)
			at += (size_t)snprintf(out + at, cap - at, "%s%s:%u", at ? ", " : "",
					       c->direction == QUEUE_RX ? "rx" : "tx", c->queue);
		at += (size_t)snprintf(out + at, cap - at, " %s=%llu", field_names[c->field],
				       (unsigned long long)sum);
	}
}

static void every_form_of_a_driver_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		char names[STATS_MAX * QUEUE_NAME_LEN], got[1024];
		uint64_t values[STATS_MAX];
		struct queue_part parts[STATS_MAX];
		size_t n = read_form(&forms[i], names, values);
		size_t found = queue_rules_match(parts, n, forms[i].driver, names, values, n);
		print_cells(got, sizeof(got), parts, found, values);
		if (strcmp(got, forms[i].want) != 0)
			fail_msg("%s: got '%s', wanted '%s'", forms[i].driver, got, forms[i].want);
	}
}

/* A name may fill its 32 bytes without an end, and there may be less room than parts. */
static void names_and_room_end_where_they_end(void **state)
{
	(void)state;
	char names[2 * QUEUE_NAME_LEN];
	const uint64_t values[2] = {1, 2};
	struct queue_part parts[2];
	memset(names, '9', sizeof(names));
	memcpy(names, "rx_queue_0_packets", 18);
	assert_int_equal(queue_rules_match(parts, 2, "ice", names, values, 2), 0);
	memset(names, 0, sizeof(names));
	memcpy(names, "rx_queue_1_packets", 18);
	memcpy(names + QUEUE_NAME_LEN, "rx_queue_0_packets", 18);
	assert_int_equal(queue_rules_match(parts, 1, "ice", names, values, 2), 1);
	assert_int_equal(queue_rules_match(parts, 2, "ice", names, values, 2), 2);
	assert_int_equal(parts[0].stat, 1); /* by cell, whatever the driver's order */
	assert_int_equal(queue_rules_match(parts, 0, "vmxnet3", names, values, 2), 0);
}

static const struct nlmsghdr *answer(struct nl_request *r, uint32_t type, uint32_t id, bool wide)
{
	const uint64_t packets = UINT64_C(5) << 32;
	const uint32_t few = 12;
	nl_begin(r, 0x20, 0, GENL_HDRLEN);
	nl_put_u32(r, 1, 7);	/* ifindex */
	nl_put_u32(r, 2, type); /* queue-type */
	nl_put_u32(r, 3, id);	/* queue-id */
	if (wide)
		nl_put(r, type ? 10 : 8, &packets, sizeof(packets));
	else
		nl_put(r, type ? 10 : 8, &few, sizeof(few));
	nl_put_u32(r, 13, 3);  /* rx-hw-drops */
	nl_put_u32(r, 33, 44); /* tx-stop */
	return (const void *)r->buf;
}

static void netlink_gives_what_the_driver_has(void **state)
{
	(void)state;
	struct nl_request r;
	struct queue_stats q;
	assert_int_equal(queue_stats_parse(&q, answer(&r, 0, 3, true)), 1);
	assert_int_equal(q.direction, QUEUE_RX);
	assert_int_equal(q.queue, 3);
	assert_true(q.field[QUEUE_PACKETS] == UINT64_C(5) << 32);
	assert_true(q.field[QUEUE_BYTES] == METRIC_MISSING);
	assert_int_equal(q.field[QUEUE_DROPS], 3);
	assert_true(q.field[QUEUE_RING_FULL] == METRIC_MISSING);
	assert_int_equal(queue_stats_parse(&q, answer(&r, 1, 0, false)), 1);
	assert_int_equal(q.direction, QUEUE_TX);
	assert_int_equal(q.field[QUEUE_PACKETS], 12);
	assert_int_equal(q.field[QUEUE_RING_FULL], 44);
	assert_true(q.field[QUEUE_DROPS] == METRIC_MISSING);
	assert_int_equal(queue_stats_parse(&q, answer(&r, 2, 0, false)), 0);
	nl_begin(&r, 0x20, 0, GENL_HDRLEN); /* of a device: no queue */
	assert_int_equal(queue_stats_parse(&q, (const void *)r.buf), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_a_driver_is_read),
		cmocka_unit_test(names_and_room_end_where_they_end),
		cmocka_unit_test(netlink_gives_what_the_driver_has),
	};
	return cmocka_run_group_tests_name("counters: queue", tests, NULL, NULL);
}
