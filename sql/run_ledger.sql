-- The ledger of the runs named by ?1 (a JSON array of ids), all pairs together, in packets.
SELECT run_id, stage, packets FROM v_ledger
WHERE pair IS NULL AND run_id IN (SELECT value FROM json_each(?1))
