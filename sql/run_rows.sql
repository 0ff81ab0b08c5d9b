-- The rows of `nbcollect run`: all pairs together (pair NULL), then each pair where there are several.
SELECT r.run_id, r.uuid, p.pair, r.target_pps, r.frame_size, r.n_cores, r.cores, r.pairs,
	r.testbed, r.generator, r.duration_s,
	CASE WHEN p.pair IS NULL THEN r.intended_packets ELSE p.intended END AS intended_packets,
	CASE WHEN p.pair IS NULL THEN r.offered_packets ELSE p.offered END AS offered_packets,
	CASE WHEN p.pair IS NULL THEN r.forwarded_packets ELSE p.forwarded END AS forwarded_packets,
	CASE WHEN p.pair IS NULL THEN r.loss_ratio
		WHEN p.offered > 0 THEN (p.offered - p.forwarded) * 1.0 / p.offered END AS loss_ratio,
	(SELECT value FROM v_run_metric m WHERE m.run_id = ?1 AND m.pair IS p.pair
		AND m.metric = 'sender.tx_pps') AS tx_pps,
	(SELECT value FROM v_run_metric m WHERE m.run_id = ?1 AND m.pair IS p.pair
		AND m.metric = 'receiver.rx_pps') AS rx_pps,
	r.peak_ratio, r.empty_share, r.verdict, r.reasons,
	CASE WHEN p.pair IS NULL THEN r.delivered_packets ELSE p.delivered END AS delivered_packets,
	CASE WHEN p.pair IS NULL THEN r.fairness END AS fairness,
	CASE WHEN p.pair IS NULL THEN r.start_spread_s END AS start_spread_s
FROM v_run r
JOIN (SELECT id AS run_id, NULL AS pair, NULL AS intended, NULL AS offered, NULL AS forwarded,
		NULL AS delivered
	FROM run WHERE id = ?1
	UNION ALL
	SELECT t.run_id, t.pair, t.intended, t.offered, t.forwarded,
		CASE t.forwarded_from WHEN 'listener' THEN t.forwarded ELSE t.forwarded - t.udp_errors END
	FROM v_pair_total t JOIN run ON run.id = t.run_id
	WHERE t.run_id = ?1 AND run.pairs > 1) p
	ON p.run_id = r.run_id
WHERE r.run_id = ?1
ORDER BY p.pair IS NOT NULL, p.pair
