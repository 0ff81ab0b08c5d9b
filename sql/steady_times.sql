-- When the samples in the steady windows were taken: the runs named by ?1 (a JSON array of ids), a row
-- a tick, ticks of a run in order.
SELECT run_id, seq, t_ns FROM v_steady WHERE run_id IN (SELECT value FROM json_each(?1))
GROUP BY run_id, seq ORDER BY run_id, seq
