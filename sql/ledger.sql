-- Where the packets of the runs named by ?1 (a JSON array of rising ids) went: all pairs together (pair
-- NULL), then each pair if there are several. "where" names the CPUs, queues, interfaces or pairs that
-- lost most of a stage, as far as a counter tells. Between pods the nodes' interfaces stand before
-- `wire`, each with what it dropped, which is part of the stage that its counters name.
WITH lost AS MATERIALIZED (SELECT * FROM v_loss_place
	WHERE run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]' AND run_id IN (SELECT value FROM json_each(?1)))
SELECT run_id, pair, stage, packets, share, "where", counters FROM (
	SELECT v.run_id, v.pair, v.position AS at, v.stage, v.packets, v.share,
		v.place || CASE WHEN v.packets > 0 THEN coalesce((SELECT ': ' || group_concat(w.place || CASE
				WHEN w.n > 1 THEN ' (' || w.packets || ')' ELSE '' END, ', ')
			FROM (SELECT place, packets, count(*) OVER () AS n FROM lost p
				WHERE p.run_id = v.run_id AND p.pair IS v.pair AND p.stage = v.stage
				ORDER BY packets DESC, place LIMIT 4) w), '') ELSE '' END AS "where",
		v.counters
	FROM v_ledger v JOIN run r ON r.id = v.run_id
	WHERE v.run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]'
		AND v.run_id IN (SELECT value FROM json_each(?1)) AND (v.pair IS NULL OR r.pairs > 1)
	UNION ALL
	SELECT y.run_id, NULL, 6 + y.position / 9.0, -- `wire` is 7
		CASE y.side WHEN 'sender' THEN 'tx' ELSE 'rx' END || '_node_' || y.part,
		sum(y.dropped), sum(y.dropped) * 1.0 / r.offered,
		y.side || '''s node: ' || group_concat(y.ifname || ' of ' || y.host || CASE
			WHEN y.passed IS NULL THEN '' ELSE ', ' || y.passed || ' passed' END, '; '),
		y.counters || ' (in ' || y.stage || ')'
	FROM v_way y JOIN run r ON r.id = y.run_id
	WHERE y.run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]'
		AND y.run_id IN (SELECT value FROM json_each(?1))
	GROUP BY y.run_id, y.position)
ORDER BY run_id, pair IS NOT NULL, pair, at
