-- Run ?1 (a JSON array of one id) tick by tick, all pairs together; a rate is missing where one of the
-- pairs lacks it at a tick, or lacks the tick. steady: is the tick in the steady window? What UDP refused
-- has a row only where it was more than 0.
WITH s AS MATERIALIZED (
	SELECT v.*, (SELECT p.value * 1e9 / x.dt_ns FROM source_read x JOIN protocol_sample p
			ON p.endpoint_id = x.endpoint_id AND p.seq = x.seq
		WHERE x.endpoint_id = v.endpoint_id AND x.seq = v.seq AND x.source = 'snmp'
			AND p.metric_id = (SELECT id FROM metric WHERE name = 'udp_in_errors'))
		AS udp_error_pps
	FROM v_sample v WHERE run_id = (SELECT value FROM json_each(?1)) AND dt_ns IS NOT NULL
), ends AS (
	SELECT count(*) FILTER (WHERE role = 'sender') AS senders,
		count(*) FILTER (WHERE role = 'receiver') AS receivers
	FROM endpoint WHERE run_id = (SELECT value FROM json_each(?1))
)
SELECT max(t_ns) / 1e9 AS t_s,
	CASE WHEN count(tx_pps) FILTER (WHERE role = 'sender') = senders
		THEN sum(tx_pps + coalesce(tx_drop_pps, 0)) FILTER (WHERE role = 'sender') END AS offered,
	CASE WHEN count(coalesce(forwarded_pps, rx_pps)) FILTER (WHERE role = 'receiver') = receivers
		THEN sum(coalesce(forwarded_pps, rx_pps)) FILTER (WHERE role = 'receiver') END AS received,
	sum(tx_drop_pps) FILTER (WHERE role = 'sender') AS tx_drop,
	sum(rx_drop_pps) FILTER (WHERE role = 'receiver') AS rx_drop,
	avg(cpu_percent) FILTER (WHERE role = 'sender') AS sender_cpu,
	avg(cpu_percent) FILTER (WHERE role = 'receiver') AS receiver_cpu,
	max(coalesce(steady, 0)) AS steady,
	coalesce(sum(udp_error_pps) FILTER (WHERE role = 'receiver'), 0) AS udp_drop
FROM s, ends WHERE role <> 'node' GROUP BY seq ORDER BY seq
