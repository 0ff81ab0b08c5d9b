-- All that is known of run ?1, a fact a row, in sections.
SELECT section, item, value, unit FROM (
	SELECT 1 AS position, j.id AS n, 'run' AS section, j.key AS item, j.value, CASE
		WHEN j.key LIKE '%pps' THEN '1/s' WHEN j.key LIKE '%\_s' ESCAPE '\' THEN 's'
		WHEN j.key LIKE '%packets' THEN 'packets' WHEN j.key = 'frame_size' THEN 'bytes' END
		AS unit
	FROM v_run v, json_each(json_object('run_id', v.run_id, 'uuid', v.uuid,
		'campaign', v.campaign, 'status', v.status, 'verdict', v.verdict, 'error', v.error,
		'note', v.note, 'started_utc', v.started_utc, 'duration_s', v.duration_s,
		'effective_s', v.effective_s, 'steady_from_s', v.steady_from_ns / 1e9,
		'steady_to_s', v.steady_to_ns / 1e9, 'interval_s', v.interval_s,
		'time_quality', v.time_quality, 'target_pps', v.target_pps,
		'frame_size', v.frame_size, 'n_cores', v.n_cores, 'cores', v.cores, 'pairs', v.pairs,
		'testbed', v.testbed, 'path', v.path, 'generator', v.generator,
		'source_port_mode', v.source_port_mode, 'intended_packets', v.intended_packets,
		'offered_packets', v.offered_packets, 'forwarded_packets', v.forwarded_packets,
		'forwarded_from', v.forwarded_from, 'loss_ratio', v.loss_ratio,
		'delivered_packets', v.delivered_packets,
		'fairness', v.fairness, 'start_spread_s', v.start_spread_s, 'peak_ratio', v.peak_ratio, 'empty_share', v.empty_share, 'command', v.argv,
		'tool_version', v.tool_version, 'method_version', v.method_version,
		'config_hash', v.config_hash)) j
	WHERE v.run_id = ?1
	UNION ALL
	SELECT 2, j.id, 'reason', j.value ->> 'code', j.value ->> 'value',
		'limit ' || (j.value ->> 'limit')
	FROM run r, json_each(r.reasons) j WHERE r.id = ?1
	UNION ALL
	SELECT 3, j.id, 'label', j.key, j.value, NULL
	FROM run r, json_each(r.labels) j WHERE r.id = ?1
	UNION ALL
	SELECT 3, 1000 + l.position, 'ledger', l.stage, l.packets, 'packets'
	FROM v_ledger l
	WHERE l.run_id = ?1 AND l.pair IS NULL AND (l.packets <> 0
		OR l.stage IN ('offered', 'forwarded', 'delivered', 'residual'))
	UNION ALL
	SELECT 4, e.id * 100 + j.id, e.role || coalesce(' ' || e.pair, ''), j.key, j.value, NULL
	FROM endpoint e, json_each(json_object('host', e.host, 'pod', e.pod, 'interface', e.ifname,
		'cores', e.cores, 'clock_offset_ns', e.clock_offset_ns,
		'clock_error_ns', e.clock_error_ns)) j
	WHERE e.run_id = ?1 AND j.value IS NOT NULL
	UNION ALL
	SELECT 5, e.id * 100000 + j.id, e.role || coalesce(' ' || e.pair, '') || ' facts',
		replace(substr(j.fullkey, 3), '"', ''), j.atom, NULL
	FROM endpoint e, json_tree(e.facts) j
	WHERE e.run_id = ?1 AND j.type NOT IN ('object', 'array')
	UNION ALL
	SELECT 6, 0, 'mean', v.metric, v.value, m.unit
	FROM v_run_metric v
	LEFT JOIN metric m ON m.name = substr(v.metric, instr(v.metric, '.') + 1)
	WHERE v.run_id = ?1 AND v.pair IS NULL AND v.value IS NOT NULL
) ORDER BY position, n, item
