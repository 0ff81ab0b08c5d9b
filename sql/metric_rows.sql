-- The samples of the senders' and receivers' interfaces of run ?1, by endpoint and tick, in the order
-- of the metric files' fourteen columns. Their pairs count from 0 without gaps.
SELECT e.id, e.role, (SELECT count(DISTINCT o.pair) FROM endpoint o
		WHERE o.run_id = ?1 AND o.pair < e.pair), e.cores, v.dt_ns, v.rx_pps, v.tx_pps, v.rx_drop_pps, v.tx_drop_pps,
	v.rx_error_pps, v.tx_error_pps, v.rx_mbps * 125000, v.tx_mbps * 125000, v.irq_rate,
	v.softirq_rate, v.net_tx_rate, v.net_rx_rate, v.cpu_percent
FROM endpoint e JOIN v_sample v ON v.endpoint_id = e.id
WHERE e.run_id = ?1 AND e.role <> 'node' AND v.dt_ns > 0
ORDER BY e.id, v.seq
