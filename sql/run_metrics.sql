-- The figures of the runs named by ?1 (a JSON array of ids), all pairs together.
SELECT v.run_id, v.metric, v.value
FROM v_run_metric v
WHERE v.pair IS NULL AND v.value IS NOT NULL AND v.run_id IN (SELECT value FROM json_each(?1))
