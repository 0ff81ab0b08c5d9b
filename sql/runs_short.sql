-- The runs named by ?1, a JSON array of ids: what fits a terminal.
SELECT v.run_id AS run, substr(v.started_utc, 1, 10) || ' ' || substr(v.started_utc, 12, 8)
	AS started_utc,
	coalesce(v.target_pps, 'max') AS target_pps, v.frame_size AS size, v.n_cores, v.cores, v.pairs, v.testbed, v.generator,
	v.duration_s AS seconds, v.offered_packets AS offered, v.forwarded_packets AS forwarded,
	v.loss_ratio, CASE v.status WHEN 'ok' THEN coalesce(v.verdict, 'ok') ELSE v.status END
		AS verdict,
	coalesce(v.error, (SELECT group_concat(j.value ->> 'code', ', ') FROM json_each(v.reasons) j),
		'') AS why,
	coalesce(v.note, '') AS note
FROM json_each(?1) w JOIN v_run v ON v.run_id = w.value ORDER BY v.run_id
