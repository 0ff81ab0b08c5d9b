-- Packets a second of each queue of the interfaces of role ?2, over the steady windows of the runs ?1
-- (a JSON array of ids). The pairs' queues of one number are taken together. Absent: none.
WITH tick AS MATERIALIZED (
	SELECT d.endpoint_id, d.seq, d.dt_ns
	FROM endpoint e JOIN source_read d ON d.endpoint_id = e.id AND d.source = 'queue'
	JOIN run r ON r.id = e.run_id
	WHERE e.role = ?2 AND e.run_id IN (SELECT value FROM json_each(?1)) AND d.dt_ns IS NOT NULL
		AND (r.steady_from_ns IS NULL
			OR (d.t_ns > r.steady_from_ns AND d.t_ns <= r.steady_to_ns))
)
SELECT q.direction = 'rx' AS rx, q.queue, total(q.packets) * 1e9 / t.ns * t.endpoints AS pps
FROM tick JOIN queue_sample q ON q.endpoint_id = tick.endpoint_id AND q.seq = tick.seq
JOIN (SELECT sum(dt_ns) AS ns, count(DISTINCT endpoint_id) * 1.0
	/ (SELECT count(*) FROM json_each(?1)) AS endpoints FROM tick) t
GROUP BY rx, q.queue ORDER BY rx, q.queue
