-- When the samples of steady_samples.sql were taken: the runs named by ?1 (a JSON array of ids), a row
-- a tick, in the same order.
SELECT run_id, seq, t_ns FROM v_steady WHERE run_id IN (SELECT value FROM json_each(?1))
GROUP BY run_id, seq ORDER BY run_id, seq
