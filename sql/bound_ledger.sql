-- The ledgers of the runs named by ?1 (a JSON array of ids), all pairs together.
SELECT run_id, stage, packets FROM v_ledger
WHERE run_id IN (SELECT value FROM json_each(?1)) AND pair IS NULL
