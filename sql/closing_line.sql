-- What the last line of a run says: rates of all pairs together, the busiest sender and receiver.
SELECT r.target_pps * r.pairs,
	(SELECT value FROM v_run_metric m WHERE m.run_id = ?1 AND m.pair IS NULL
		AND m.metric = 'sender.tx_pps')
	+ (SELECT value FROM v_run_metric m WHERE m.run_id = ?1 AND m.pair IS NULL
		AND m.metric = 'sender.tx_drop_pps'), r.offered, r.forwarded, r.generator,
	r.n_cores, r.cores, r.peak_10ms_ratio,
	(SELECT max(value) FROM v_run_metric m WHERE m.run_id = ?1 AND m.pair IS NOT NULL
		AND m.metric = 'sender.cpu_percent'),
	(SELECT max(value) FROM v_run_metric m WHERE m.run_id = ?1 AND m.pair IS NOT NULL
		AND m.metric = 'receiver.cpu_percent'),
	(SELECT place FROM v_pair_ledger l WHERE l.run_id = ?1 AND l.packets > 0
		AND (l.stage IN ('tx_qdisc_drop', 'tx_dropped', 'wire', 'rx_missed', 'rx_errors',
			'rx_dropped', 'rx_qdisc_drop', 'rx_nohandler', 'otherhost', 'ip_dropped',
			'martian')
			OR (r.forwarded_from = 'listener' AND l.stage IN ('udp_csum', 'udp_rcvbuf',
				'udp_other', 'udp_no_port')))
		GROUP BY l.place ORDER BY sum(l.packets) DESC LIMIT 1),
	r.status, r.verdict, r.error,
	(SELECT group_concat(json_extract(value, '$.code'), ', ') FROM json_each(r.reasons)), r.pairs,
	r.testbed, (SELECT max(t.count) FROM v_total t WHERE t.run_id = ?1 AND t.role = 'sender'
		AND t.metric = 'cgroup_throttled'), (SELECT max(t.count) FROM v_total t WHERE t.run_id = ?1
		AND t.role = 'receiver' AND t.metric = 'cgroup_throttled')
FROM run r WHERE r.id = ?1
