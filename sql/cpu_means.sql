-- Where each CPU of a side's host spent its time, percent, over the steady windows of the runs ?1 (a
-- JSON array of ids); the host under the first endpoint of role ?2. User time includes nice.
WITH host AS (
	SELECT e.run_id, min(coalesce(e.node_id, e.id)) AS id FROM endpoint e
	WHERE e.role = ?2 AND e.run_id IN (SELECT value FROM json_each(?1)) GROUP BY e.run_id
)
SELECT c.cpu, sum((c.user_percent + c.nice_percent) * c.dt_ns) / sum(c.dt_ns) AS user,
	sum(c.system_percent * c.dt_ns) / sum(c.dt_ns) AS system,
	sum(c.softirq_percent * c.dt_ns) / sum(c.dt_ns) AS softirq,
	sum(c.irq_percent * c.dt_ns) / sum(c.dt_ns) AS irq,
	sum(c.steal_percent * c.dt_ns) / sum(c.dt_ns) AS steal
FROM host h JOIN v_cpu c ON c.endpoint_id = h.id JOIN run r ON r.id = h.run_id
WHERE r.steady_from_ns IS NULL OR (c.t_ns > r.steady_from_ns AND c.t_ns <= r.steady_to_ns)
GROUP BY c.cpu ORDER BY c.cpu
