-- The samples in the steady windows of the runs named by ?1 (a JSON array of ids), an endpoint and
-- tick a row, ticks of a run together. From the third column on: metrics by their names.
SELECT run_id, seq, role, tx_pps, rx_pps, forwarded_pps, tx_drop_pps, rx_drop_pps, tx_error_pps,
	rx_error_pps, tx_mbps, rx_mbps, irq_rate, softirq_rate, net_tx_rate, net_rx_rate,
	softnet_drop_pps, cpu_percent, softirq_per_packet, irq_per_packet, cpu_ns_per_packet
FROM v_steady WHERE run_id IN (SELECT value FROM json_each(?1)) ORDER BY run_id, seq
