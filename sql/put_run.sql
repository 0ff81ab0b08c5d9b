-- The row of a run that is about to start, or of one that is being stored.
INSERT INTO run (uuid, campaign_id, started_utc, duration_ns, effective_ns, target_pps, frame_size,
	n_cores, cores, pairs, testbed, path, generator, source_port_mode, interval_ns, intended,
	forwarded_from, peak_10ms_ratio, empty_10ms_share, time_quality, status, error, owner, labels,
	note, argv, config, config_hash, steady_from_ns, steady_to_ns, tool_version, method_version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
	?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)
ON CONFLICT (uuid) DO UPDATE SET started_utc = excluded.started_utc,
	effective_ns = excluded.effective_ns, forwarded_from = excluded.forwarded_from,
	peak_10ms_ratio = excluded.peak_10ms_ratio, empty_10ms_share = excluded.empty_10ms_share,
	status = excluded.status, error = excluded.error, owner = excluded.owner,
	cores = excluded.cores, config = excluded.config, config_hash = excluded.config_hash,
	intended = excluded.intended, steady_from_ns = excluded.steady_from_ns,
	steady_to_ns = excluded.steady_to_ns
RETURNING id
