-- The means of the endpoints of the runs named by ?1 (a JSON array of ids), rows of a run together.
-- Columns as in steady_samples.sql. v_run_metric says the same, but in a row a figure, which takes
-- seconds for a thousand runs.
SELECT run_id, 0 AS seq, role, tx_pps, rx_pps, forwarded_pps, tx_drop_pps, rx_drop_pps, tx_error_pps,
	rx_error_pps, tx_mbps, rx_mbps, irq_rate, softirq_rate, net_tx_rate, net_rx_rate,
	softnet_drop_pps, cpu_percent, softirq_per_packet, irq_per_packet, cpu_ns_per_packet
FROM v_run_role WHERE run_id IN (SELECT value FROM json_each(?1)) ORDER BY run_id
