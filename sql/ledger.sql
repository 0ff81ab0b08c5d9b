-- Where the packets of the runs named by ?1 (a JSON array of rising ids) went: all pairs together (pair
-- NULL), then each pair if there are several. "where" names the CPUs, queues or pairs that lost most of
-- a stage, as far as a counter tells.
WITH lost AS MATERIALIZED (SELECT * FROM v_loss_place
	WHERE run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]' AND run_id IN (SELECT value FROM json_each(?1)))
SELECT v.run_id, v.pair, v.stage, v.packets, v.share,
	v.place || CASE WHEN v.packets > 0 THEN coalesce((SELECT ': ' || group_concat(w.place || CASE
			WHEN w.n > 1 THEN ' (' || w.packets || ')' ELSE '' END, ', ')
		FROM (SELECT place, packets, count(*) OVER () AS n FROM lost p
			WHERE p.run_id = v.run_id AND p.pair IS v.pair AND p.stage = v.stage
			ORDER BY packets DESC, place LIMIT 4) w), '') ELSE '' END AS "where", v.counters
FROM v_ledger v JOIN run r ON r.id = v.run_id
WHERE v.run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]'
	AND v.run_id IN (SELECT value FROM json_each(?1)) AND (v.pair IS NULL OR r.pairs > 1)
ORDER BY v.run_id, v.pair IS NOT NULL, v.pair, v.position
