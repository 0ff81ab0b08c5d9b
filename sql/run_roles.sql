-- The means of the endpoints of the runs named by ?1 (a JSON array of ids), rows of a run together.
-- From the third column on: metrics by their names, as v_run_role has them. That view is made for one run or
-- one figure, each figure a scan of its own; here every table is read once for all of them, which is
-- four times as fast on a million samples.
WITH ends AS (
	SELECT e.id, e.run_id, e.role, e.node_id, coalesce(e.node_id, e.id) AS node,
		r.steady_from_ns AS a, r.steady_to_ns AS b, r.effective_ns,
		r.forwarded_from IS 'listener' AS listener
	FROM json_each(?1) w JOIN run r ON r.id = w.value JOIN endpoint e ON e.run_id = r.id
), wide AS MATERIALIZED (
	SELECT e.id, CASE WHEN e.a IS NULL THEN e.effective_ns ELSE sum(x.dt_ns) END AS ns,
		sum(x.dt_ns) AS dt_ns, sum(x.tx_packets) AS tx_packets, sum(x.rx_packets) AS rx_packets,
		sum(x.tx_packets + x.rx_packets) AS packets, sum(x.tx_dropped) AS tx_dropped,
		sum(x.rx_dropped + coalesce(x.rx_missed_errors, 0)) AS rx_dropped,
		sum(x.tx_errors) AS tx_errors, sum(x.rx_errors) AS rx_errors,
		sum(x.tx_bytes) AS tx_bytes, sum(x.rx_bytes) AS rx_bytes, sum(x.irqs) AS irqs,
		sum(x.softirqs) AS softirqs, sum(x.cpu_busy_ns) AS cpu_busy_ns,
		sum(x.cpu_total_ns) AS cpu_total_ns
	FROM ends e JOIN sample x ON x.endpoint_id = e.id
	WHERE x.dt_ns IS NOT NULL AND (e.a IS NULL OR (x.t_ns - x.dt_ns >= e.a AND x.t_ns <= e.b))
	GROUP BY e.id
), reads AS MATERIALIZED (
	SELECT e.id, e.listener, x.source, min(x.seq) AS first_seq, max(x.seq) AS last_seq,
		CASE WHEN e.a IS NULL THEN e.effective_ns ELSE sum(x.dt_ns) END AS ns
	FROM ends e JOIN source_read x ON x.endpoint_id = e.id
	WHERE x.source IN ('snmp', 'softirqs', 'softnet') AND x.dt_ns IS NOT NULL
		AND (e.a IS NULL OR (x.t_ns - x.dt_ns >= e.a AND x.t_ns <= e.b))
	GROUP BY e.id, x.source
), udp_read AS MATERIALIZED (SELECT id FROM metric WHERE name = 'udp_in_datagrams'
), udp AS MATERIALIZED (SELECT id FROM metric
	WHERE name IN ('udp_in_datagrams', 'udp_no_ports', 'udp_in_errors')
), narrow AS MATERIALIZED (
	-- a read without deltas has no rows, so those between the first and the last read are all
	SELECT d.id, d.source, d.ns, (SELECT total(q.value) FROM protocol_sample q
			WHERE q.endpoint_id = d.id AND q.seq BETWEEN d.first_seq AND d.last_seq
				AND CASE WHEN d.listener THEN +q.metric_id IN udp_read
					ELSE +q.metric_id IN udp END) AS first, NULL AS second
	FROM reads d WHERE d.source = 'snmp'
	UNION ALL
	SELECT d.id, d.source, d.ns, total(q.net_tx), total(q.net_rx)
	FROM reads d LEFT JOIN softirq_sample q ON q.endpoint_id = d.id
		AND q.seq BETWEEN d.first_seq AND d.last_seq
	WHERE d.source = 'softirqs' GROUP BY d.id
	UNION ALL
	SELECT d.id, d.source, d.ns, (SELECT total(q.dropped) FROM softnet_sample q
			WHERE q.endpoint_id = d.id AND q.seq BETWEEN d.first_seq AND d.last_seq), NULL
	FROM reads d WHERE d.source = 'softnet'
), share AS MATERIALIZED (
	SELECT e.run_id, e.role, e.node_id, nullif(sum(x.packets), 0) * 1e9
		/ CASE WHEN e.a IS NULL THEN e.effective_ns ELSE sum(x.dt_ns) * 1.0 / count(*) END AS pps
	FROM ends e JOIN wide x ON x.id = e.id GROUP BY e.run_id, e.role, e.node_id
)
SELECT e.run_id, 0 AS seq, e.role, x.tx_packets * 1e9 / x.ns AS tx_pps,
	x.rx_packets * 1e9 / x.ns AS rx_pps, u.first * 1e9 / u.ns AS forwarded_pps,
	x.tx_dropped * 1e9 / x.ns AS tx_drop_pps, x.rx_dropped * 1e9 / x.ns AS rx_drop_pps,
	x.tx_errors * 1e9 / x.ns AS tx_error_pps, x.rx_errors * 1e9 / x.ns AS rx_error_pps,
	x.tx_bytes * 8e3 / x.ns AS tx_mbps, x.rx_bytes * 8e3 / x.ns AS rx_mbps,
	n.irqs * 1e9 / n.ns AS irq_rate, n.softirqs * 1e9 / n.ns AS softirq_rate,
	q.first * 1e9 / q.ns AS net_tx_rate, q.second * 1e9 / q.ns AS net_rx_rate,
	f.first * 1e9 / f.ns AS softnet_drop_pps,
	CASE WHEN x.cpu_total_ns > 0 THEN x.cpu_busy_ns * 100.0 / x.cpu_total_ns END AS cpu_percent,
	n.softirqs * 1e9 / n.ns / s.pps AS softirq_per_packet,
	n.irqs * 1e9 / n.ns / s.pps AS irq_per_packet,
	x.cpu_busy_ns * 1.0 / nullif(x.packets, 0) AS cpu_ns_per_packet
FROM ends e LEFT JOIN wide x ON x.id = e.id LEFT JOIN wide n ON n.id = e.node
LEFT JOIN narrow u ON u.id = e.id AND u.source = 'snmp'
LEFT JOIN narrow q ON q.id = e.node AND q.source = 'softirqs'
LEFT JOIN narrow f ON f.id = e.node AND f.source = 'softnet'
LEFT JOIN share s ON s.run_id = e.run_id AND s.role = e.role AND s.node_id IS e.node_id
ORDER BY e.run_id
