-- The ledger of the runs named by ?1 (a JSON array of rising ids), all pairs together, in packets.
SELECT run_id, stage, packets FROM v_ledger
WHERE pair IS NULL AND run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]'
	AND run_id IN (SELECT value FROM json_each(?1))
