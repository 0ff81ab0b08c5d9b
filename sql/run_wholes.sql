-- The figures of the runs named by ?1 (a JSON array of ids) that are of no single endpoint; columns
-- bear the figures' names.
SELECT run_id, loss_ratio AS "receiver.loss_ratio", target_pps AS "run.target_pps",
	offered_packets / nullif(effective_s, 0) AS "run.offered_pps", frame_size AS "run.frame_size",
	n_cores AS "run.n_cores", pairs AS "run.pairs",
	fairness AS "run.fairness"
FROM v_run WHERE run_id IN (SELECT value FROM json_each(?1))
