-- The runs that a selection names, in the order in which everything prints them. Every parameter
-- may be NULL: not asked. ?1 run ids as ranges [[from, to], …] ?2 campaign ?3 sizes ?4 rates of a
-- pair (0: as fast as possible) ?5 cores of a sender ?6 pairs ?7 testbeds ?8 generators ?9 paths
-- (JSON arrays) ?10 labels [[key, value], …], all of which must match ?11 started at or
-- after ?12 properties [[name, value], …], all of which must match.
SELECT r.id, r.target_pps, r.frame_size, r.n_cores, r.pairs,
	(SELECT count(*) FROM endpoint e WHERE e.run_id = r.id AND e.role = 'node') AS n_nodes,
	r.interval_ns,
	r.uuid, r.started_utc, r.cores, r.testbed, r.path, r.generator, r.status, r.verdict,
	(SELECT group_concat(j.value ->> 'code', ', ') FROM json_each(r.reasons) j) AS reasons, r.error, r.forwarded_from, r.config_hash, json_remove(r.config, '$.target_pps') AS curve_key,
	c.name, r.duration_ns / 1e9, r.effective_ns / 1e9
FROM run r LEFT JOIN campaign c ON c.id = r.campaign_id
WHERE (?1 IS NULL OR EXISTS (SELECT 1 FROM json_each(?1) w
		WHERE r.id BETWEEN w.value ->> 0 AND w.value ->> 1))
	AND (?2 IS NULL OR c.name = ?2 OR c.uuid = ?2)
	AND (?3 IS NULL OR r.frame_size IN (SELECT value FROM json_each(?3)))
	AND (?4 IS NULL OR coalesce(r.target_pps, 0) IN (SELECT value FROM json_each(?4)))
	AND (?5 IS NULL OR r.n_cores IN (SELECT value FROM json_each(?5)))
	AND (?6 IS NULL OR r.pairs IN (SELECT value FROM json_each(?6)))
	AND (?7 IS NULL OR r.testbed IN (SELECT value FROM json_each(?7)))
	AND (?8 IS NULL OR r.generator IN (SELECT value FROM json_each(?8)))
	AND (?9 IS NULL OR r.path IN (SELECT value FROM json_each(?9)))
	AND (?10 IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(?10) w WHERE NOT EXISTS (
		SELECT 1 FROM json_each(r.labels) l
		WHERE l.key = w.value ->> 0 AND CAST(l.value AS TEXT) = w.value ->> 1)))
	AND (?11 IS NULL OR r.started_utc >= ?11)
	AND (?12 IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(?12) w WHERE NOT EXISTS (
		SELECT 1 FROM v_property p WHERE p.run_id = r.id AND p.name = w.value ->> 0
			AND p.value = w.value ->> 1)))
ORDER BY r.frame_size, r.n_cores, length(r.cores), r.cores, r.pairs, r.testbed, r.generator, r.path,
	curve_key, r.target_pps IS NULL, r.target_pps, r.config_hash, r.id
