/* SPDX-License-Identifier: Apache-2.0 */
/* The line that users know, to the letter. */
#include "unit.h"

#include "collector/live.h"

static void the_line_is_the_original_s(void **state)
{
	const struct live_counts c = {.tx = 1,
				      .rx = 1000,
				      .rx_bytes = 88000,
				      .irq = 1590,
				      .softirq = 1912,
				      .net_rx = 1008,
				      .dt_ns = 1000000000,
				      .node_dt_ns = 1000000000};
	struct nb_text t = {0};
	(void)state;
	live_line(&t, -1, "eth0", &c);
	assert_string_equal(t.s,
			    "TX eth0: 1 pkts/s RX eth0: 1000 pkts/s TX DROP: 0 pkts/s RX DROP: 0 "
			    "pkts/s IRQ Rate: 1590, SIRQ Rate: 1912 NET_TX_RATE: 0, NET_RX_RATE: "
			    "1008 AVG_SIZE: 88");
	text_free(&t);
}

static void rates_use_the_measured_time_and_pairs_are_named(void **state)
{
	struct live_counts c = {.dt_ns = 2000000000, .node_dt_ns = 500000000};
	struct nb_text t = {0};
	(void)state;
	live_add(&c, "rx_packets", 3000);
	live_add(&c, "tx_dropped", 10);
	live_add(&c, "irqs", 100);
	live_add(&c, "of no place in the line", 7);
	live_line(&t, 2, "eth0", &c);
	assert_string_equal(t.s,
			    "pair 2: TX eth0: 0 pkts/s RX eth0: 1500 pkts/s TX DROP: 5 pkts/s RX "
			    "DROP: 0 pkts/s IRQ Rate: 200, SIRQ Rate: 0 NET_TX_RATE: 0, "
			    "NET_RX_RATE: 0 AVG_SIZE: 0");
	text_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_is_the_original_s),
		cmocka_unit_test(rates_use_the_measured_time_and_pairs_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
