-- Softirqs a second on each CPU of a side's host over the steady windows of the runs ?1 (a JSON array
-- of ids); the host under the first endpoint of role ?2. A CPU without a row had none.
WITH host AS (
	SELECT e.run_id, min(coalesce(e.node_id, e.id)) AS id FROM endpoint e
	WHERE e.role = ?2 AND e.run_id IN (SELECT value FROM json_each(?1)) GROUP BY e.run_id
), tick AS MATERIALIZED (
	SELECT d.endpoint_id, d.seq, d.dt_ns
	FROM host h JOIN source_read d ON d.endpoint_id = h.id AND d.source = 'softirqs'
	JOIN run r ON r.id = h.run_id
	WHERE d.dt_ns IS NOT NULL AND (r.steady_from_ns IS NULL
		OR (d.t_ns > r.steady_from_ns AND d.t_ns <= r.steady_to_ns))
)
SELECT q.cpu, total(q.net_rx) * 1e9 / t.ns AS net_rx, total(q.net_tx) * 1e9 / t.ns AS net_tx,
	total(q.timer) * 1e9 / t.ns AS timer, total(q.sched) * 1e9 / t.ns AS sched,
	(total(q.hi) + total(q.block) + total(q.irq_poll) + total(q.tasklet) + total(q.hrtimer)
		+ total(q.rcu)) * 1e9 / t.ns AS other
FROM tick JOIN softirq_sample q ON q.endpoint_id = tick.endpoint_id AND q.seq = tick.seq
JOIN (SELECT sum(dt_ns) AS ns FROM tick) t
GROUP BY q.cpu ORDER BY q.cpu
