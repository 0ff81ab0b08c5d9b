-- What was counted around the path in the runs named by ?1 (a JSON array of ids): a row a counter,
-- `what` is ROLE.COUNTER, instance a CPU where there are several. Figures of a node stand under the
-- role of the end that it carries. CPU times are of the steady window, or of the effective time
-- where there is none: the seconds before and after the packets would dilute them.
WITH ends AS (
	SELECT DISTINCT e.run_id, e.role, coalesce(e.node_id, e.id) AS node_id FROM endpoint e
	WHERE e.run_id IN (SELECT value FROM json_each(?1)) AND e.role IN ('sender', 'receiver')
), ticks AS (
	SELECT d.run_id, d.role, d.node_id, n.seq
	FROM ends d JOIN run r ON r.id = d.run_id JOIN sample n ON n.endpoint_id = d.node_id
	WHERE n.dt_ns IS NOT NULL AND CASE WHEN r.steady_from_ns IS NULL THEN n.t_ns <= r.effective_ns
		ELSE n.t_ns - n.dt_ns >= r.steady_from_ns AND n.t_ns <= r.steady_to_ns END
), cpus AS (
	SELECT t.run_id, t.role, c.cpu, sum(c.idle_ns + c.iowait_ns) AS idle,
		sum(c.softirq_ns) AS softirq, sum(c.steal_ns) AS steal,
		sum(c.user_ns + c.nice_ns + c.system_ns + c.idle_ns + c.iowait_ns + c.irq_ns
			+ c.softirq_ns + c.steal_ns) AS whole
	FROM ticks t JOIN cpu_sample c ON c.endpoint_id = t.node_id AND c.seq = t.seq
	GROUP BY t.run_id, t.role, c.cpu
)
SELECT run_id, role || '.cpu_whole' AS what, cpu AS instance, whole AS value FROM cpus
UNION ALL SELECT run_id, role || '.cpu_busy', cpu, whole - idle FROM cpus
UNION ALL SELECT run_id, role || '.cpu_softirq', cpu, softirq FROM cpus
UNION ALL SELECT run_id, role || '.cpu_steal', cpu, steal FROM cpus
UNION ALL
SELECT d.run_id, d.role || '.' || t.metric, t.instance, t.count
FROM ends d JOIN v_total t ON t.endpoint_id = d.node_id
WHERE t.metric IN ('softnet_processed', 'softnet_dropped', 'softnet_time_squeeze')
UNION ALL
SELECT t.run_id, t.role || '.' || t.metric, '', sum(t.count) FROM v_total t
WHERE t.run_id IN (SELECT value FROM json_each(?1)) AND t.instance IN ('', 'root')
	AND t.metric IN ('udp_in_datagrams', 'udp_rcvbuf_errors', 'udp_mem_errors', 'ip_in_hdr_errors',
		'ip_in_addr_errors', 'ip_in_no_routes', 'ip_in_discards', 'qdisc_overlimits',
		'cgroup_throttled_ns', 'generator_run_ns', 'generator_wait_ns')
GROUP BY t.run_id, t.role, t.metric
UNION ALL
-- a queue that was found empty has no row
SELECT u.run_id, 'receiver.udp_rx_queue_bytes_' || s.column1, '',
	CASE s.column1 WHEN 'mean' THEN total(u.value) / count(*) ELSE coalesce(max(u.value), 0) END
FROM (SELECT e.run_id, (SELECT x.value FROM extra_sample x JOIN metric m ON m.id = x.metric_id
		WHERE x.endpoint_id = d.endpoint_id AND x.seq = d.seq
			AND m.name = 'udp_rx_queue_bytes') AS value
	FROM endpoint e JOIN run r ON r.id = e.run_id
	JOIN source_read d ON d.endpoint_id = e.id AND d.source = 'udp'
	WHERE e.run_id IN (SELECT value FROM json_each(?1)) AND e.role = 'receiver'
		AND d.t_ns BETWEEN coalesce(r.steady_from_ns, 0)
			AND coalesce(r.steady_to_ns, r.effective_ns)) u
JOIN (VALUES ('mean'), ('most')) s
GROUP BY u.run_id, s.column1
UNION ALL
SELECT q.run_id, q.role || '.queue_' || q.direction, q.queue, sum(q.packets)
FROM (SELECT e.run_id, e.role, x.direction, x.queue, x.packets
	FROM endpoint e JOIN queue_sample x ON x.endpoint_id = e.id
	WHERE e.run_id IN (SELECT value FROM json_each(?1))) q
GROUP BY q.run_id, q.role, q.direction, q.queue
UNION ALL
SELECT d.run_id, d.role || '.netdev_max_backlog', '',
	json_extract(e.facts, '$.sysctl."net.core.netdev_max_backlog"')
FROM ends d JOIN endpoint e ON e.id = d.node_id
UNION ALL
SELECT e.run_id, e.role || '.' || j.column1, '', json_extract(e.facts, '$.' || j.column1)
FROM endpoint e JOIN (VALUES ('mtu')) j
WHERE e.run_id IN (SELECT value FROM json_each(?1)) AND e.role = 'receiver'
UNION ALL
SELECT e.run_id, e.role || '.veth', '', json_extract(e.facts, '$.kind') = 'veth'
FROM endpoint e
WHERE e.run_id IN (SELECT value FROM json_each(?1)) AND e.role IN ('sender', 'receiver')
UNION ALL
SELECT r.id, 'sender.cores_shared', '', EXISTS (SELECT 1 FROM json_each(r.reasons) j
	WHERE json_extract(j.value, '$.code') = 'cores_shared')
FROM run r WHERE r.id IN (SELECT value FROM json_each(?1))
