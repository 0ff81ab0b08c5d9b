-- Interrupts a second of each vector on each CPU of a side's host over the steady windows of the runs
-- ?1 (a JSON array of ids); the host under the first endpoint of role ?2. Absent: none.
WITH host AS (
	SELECT e.run_id, min(coalesce(e.node_id, e.id)) AS id FROM endpoint e
	WHERE e.role = ?2 AND e.run_id IN (SELECT value FROM json_each(?1)) GROUP BY e.run_id
), tick AS MATERIALIZED (
	SELECT d.endpoint_id, d.seq, d.dt_ns
	FROM host h JOIN source_read d ON d.endpoint_id = h.id AND d.source = 'irq'
	JOIN run r ON r.id = h.run_id
	WHERE d.dt_ns IS NOT NULL AND (r.steady_from_ns IS NULL
		OR (d.t_ns > r.steady_from_ns AND d.t_ns <= r.steady_to_ns))
)
SELECT q.cpu, q.irq || coalesce(' ' || q.queue, '') AS vector, total(q.count) * 1e9 / t.ns AS rate
FROM tick JOIN irq_sample q ON q.endpoint_id = tick.endpoint_id AND q.seq = tick.seq
JOIN (SELECT sum(dt_ns) AS ns FROM tick) t
GROUP BY q.irq, q.queue, q.cpu ORDER BY CAST(q.irq AS INTEGER), q.irq, q.queue, q.cpu
