-- The public read interface (docs/schema.md). Views use SQLite's built-in functions only, so that
-- any sqlite3, Grafana or DuckDB reads them. Columns are only ever added at the end of a view.
-- A writer rebuilds them when this file's hash differs from the one in meta; nbanalyze makes its
-- own as TEMP views.

-- A run, ready to read: the table's columns, with times in seconds beside.
CREATE VIEW v_run AS
SELECT r.id AS run_id, r.uuid, c.name AS campaign, r.started_utc,
	r.duration_ns / 1e9 AS duration_s, r.effective_ns / 1e9 AS effective_s,
	r.target_pps, r.frame_size, r.n_cores, r.cores, r.pairs, r.testbed, r.path, r.generator,
	r.source_port_mode, r.interval_ns / 1e9 AS interval_s,
	r.intended AS intended_packets, r.offered AS offered_packets,
	r.forwarded AS forwarded_packets, r.forwarded_from,
	CASE WHEN r.offered > 0 THEN (r.offered - r.forwarded) * 1.0 / r.offered END AS loss_ratio,
	r.peak_10ms_ratio AS peak_ratio, r.empty_10ms_share AS empty_share, r.time_quality,
	r.status, r.verdict, r.reasons, r.error, r.labels, r.note, r.argv, r.config, r.config_hash,
	r.steady_from_ns, r.steady_to_ns, r.tool_version, r.method_version,
	CASE r.forwarded_from WHEN 'listener' THEN r.forwarded ELSE r.forwarded - (
		SELECT CASE WHEN count(t.last - t.first) = r.pairs THEN sum(t.last - t.first) END
		FROM endpoint e JOIN total t ON t.endpoint_id = e.id JOIN metric m ON m.id = t.metric_id
		WHERE e.run_id = r.id AND e.role = 'receiver' AND m.name = 'udp_in_errors') END
		AS delivered_packets,
	-- Jain's index of what the pairs carried: 1, all the same; 1 / pairs, one had everything
	CASE WHEN r.pairs > 1 THEN (SELECT CASE WHEN count(forwarded) = r.pairs
			THEN sum(forwarded * 1.0) * sum(forwarded)
				/ nullif(count(*) * sum(forwarded * 1.0 * forwarded), 0) END
		FROM v_pair_total p WHERE p.run_id = r.id) END AS fairness,
	-- between the first packets of the first sender to begin and of the last
	CASE WHEN r.pairs > 1 THEN (SELECT CASE WHEN count(t.last) = r.pairs
			THEN (max(t.last - t.first) - min(t.last - t.first)) / 1e9 END
		FROM endpoint e JOIN total t ON t.endpoint_id = e.id JOIN metric m ON m.id = t.metric_id
		WHERE e.run_id = r.id AND e.role = 'sender' AND m.name = 'generator_first_ns') END
		AS start_spread_s
FROM run r LEFT JOIN campaign c ON c.id = r.campaign_id;

-- What each counter rose by over the whole run, first to last snapshot.
CREATE VIEW v_total AS
SELECT e.run_id, e.pair, e.role, e.id AS endpoint_id, m.name AS metric, t.instance,
	t.first, t.last, t.last - t.first AS count
FROM total t JOIN endpoint e ON e.id = t.endpoint_id JOIN metric m ON m.id = t.metric_id;

-- Time of each CPU of a node, in ns: busy is all but idle and iowait, as of the ends' cores. A state
-- that an old kernel does not tell (steal) is left out of both. Imported CPU files tell the idle time
-- only: of the time between two readings.
CREATE VIEW v_cpu_time AS
SELECT endpoint_id, seq, cpu, coalesce(user_ns + nice_ns + system_ns + coalesce(irq_ns, 0)
		+ coalesce(softirq_ns, 0) + coalesce(steal_ns, 0), (SELECT d.dt_ns FROM source_read d
			WHERE d.endpoint_id = c.endpoint_id AND d.seq = c.seq AND d.source = 'stat')
		- idle_ns) AS busy,
	coalesce(user_ns + nice_ns + system_ns + idle_ns + coalesce(iowait_ns, 0)
		+ coalesce(irq_ns, 0) + coalesce(softirq_ns, 0) + coalesce(steal_ns, 0),
		(SELECT d.dt_ns FROM source_read d
			WHERE d.endpoint_id = c.endpoint_id AND d.seq = c.seq AND d.source = 'stat')) AS total
FROM cpu_sample c;

-- One row a tick of an endpoint: rates over the measured interval. Node figures (interrupts,
-- softirqs, softnet) of a sender or receiver are those of the node under it; forwarded is what UDP
-- of the namespace got or, with a listener, what was read; per packet the node's figures are divided by the packets of all pairs' ends of that role there. steady: inside the run's steady
-- window.
CREATE VIEW v_sample AS
SELECT e.run_id, e.pair, e.role, e.id AS endpoint_id, s.seq, s.t_ns, s.dt_ns,
	(s.dt_ns IS NOT NULL AND r.steady_from_ns IS NOT NULL
		AND s.t_ns - s.dt_ns >= r.steady_from_ns AND s.t_ns <= r.steady_to_ns) AS steady,
	s.tx_packets * 1e9 / s.dt_ns AS tx_pps,
	s.rx_packets * 1e9 / s.dt_ns AS rx_pps,
	CASE WHEN pr.dt_ns IS NOT NULL THEN coalesce((SELECT sum(p.value)
		FROM protocol_sample p JOIN metric m ON m.id = p.metric_id
		WHERE p.endpoint_id = s.endpoint_id AND p.seq = s.seq AND (m.name = 'udp_in_datagrams'
			OR (r.forwarded_from IS NOT 'listener'
				AND m.name IN ('udp_no_ports', 'udp_in_errors')))), 0)
		* 1e9 / pr.dt_ns END AS forwarded_pps,
	s.tx_dropped * 1e9 / s.dt_ns AS tx_drop_pps,
	(s.rx_dropped + coalesce(s.rx_missed_errors, 0)) * 1e9 / s.dt_ns AS rx_drop_pps,
	s.tx_errors * 1e9 / s.dt_ns AS tx_error_pps,
	s.rx_errors * 1e9 / s.dt_ns AS rx_error_pps,
	s.tx_bytes * 8e3 / s.dt_ns AS tx_mbps,
	s.rx_bytes * 8e3 / s.dt_ns AS rx_mbps,
	n.irqs * 1e9 / n.dt_ns AS irq_rate,
	n.softirqs * 1e9 / n.dt_ns AS softirq_rate,
	CASE WHEN sr.dt_ns IS NOT NULL THEN coalesce((SELECT sum(q.net_tx) FROM softirq_sample q
		WHERE q.endpoint_id = n.endpoint_id AND q.seq = s.seq), 0) * 1e9 / sr.dt_ns END
		AS net_tx_rate,
	CASE WHEN sr.dt_ns IS NOT NULL THEN coalesce((SELECT sum(q.net_rx) FROM softirq_sample q
		WHERE q.endpoint_id = n.endpoint_id AND q.seq = s.seq), 0) * 1e9 / sr.dt_ns END
		AS net_rx_rate,
	CASE WHEN nr.dt_ns IS NOT NULL THEN coalesce((SELECT sum(q.dropped) FROM softnet_sample q
		WHERE q.endpoint_id = n.endpoint_id AND q.seq = s.seq), 0) * 1e9 / nr.dt_ns END
		AS softnet_drop_pps,
	CASE WHEN s.cpu_total_ns > 0 THEN s.cpu_busy_ns * 100.0 / s.cpu_total_ns
		WHEN e.role = 'node' THEN (SELECT sum(c.busy) * 100.0 / nullif(sum(c.total), 0)
			FROM v_cpu_time c WHERE c.endpoint_id = s.endpoint_id AND c.seq = s.seq) END
		AS cpu_percent,
	CASE WHEN n.dt_ns > 0 THEN n.softirqs * 1.0 / n.dt_ns
		/ (SELECT nullif(sum((y.tx_packets + y.rx_packets) * 1.0 / y.dt_ns), 0)
			FROM endpoint o JOIN sample y ON y.endpoint_id = o.id AND y.seq = s.seq
			WHERE o.run_id = e.run_id AND o.role = e.role AND +o.node_id IS e.node_id) END
		AS softirq_per_packet,
	CASE WHEN n.dt_ns > 0 THEN n.irqs * 1.0 / n.dt_ns
		/ (SELECT nullif(sum((y.tx_packets + y.rx_packets) * 1.0 / y.dt_ns), 0)
			FROM endpoint o JOIN sample y ON y.endpoint_id = o.id AND y.seq = s.seq
			WHERE o.run_id = e.run_id AND o.role = e.role AND +o.node_id IS e.node_id) END
		AS irq_per_packet,
	CASE WHEN s.tx_packets + s.rx_packets > 0 THEN
		s.cpu_busy_ns * 1.0 / (s.tx_packets + s.rx_packets) END AS cpu_ns_per_packet
FROM endpoint e
JOIN run r ON r.id = e.run_id
JOIN sample s ON s.endpoint_id = e.id
LEFT JOIN sample n ON n.endpoint_id = coalesce(e.node_id, e.id) AND n.seq = s.seq
LEFT JOIN source_read pr ON pr.endpoint_id = s.endpoint_id AND pr.seq = s.seq AND pr.source = 'snmp'
LEFT JOIN source_read sr
	ON sr.endpoint_id = n.endpoint_id AND sr.seq = s.seq AND sr.source = 'softirqs'
LEFT JOIN source_read nr
	ON nr.endpoint_id = n.endpoint_id AND nr.seq = s.seq AND nr.source = 'softnet';

-- The samples inside the steady window.
CREATE VIEW v_steady AS SELECT * FROM v_sample WHERE steady;

-- The means of an endpoint over its run: what was counted in the steady window over the time
-- measured in it, or, where the run was too short for one, over its effective time. Each column is a
-- subquery of its own, so that asking for one run, or one figure, reads no more than that.
CREATE VIEW v_run_role AS
SELECT e.run_id, e.pair, e.role, e.id AS endpoint_id,
	(SELECT sum(x.tx_packets) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS tx_pps,
	(SELECT sum(x.rx_packets) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS rx_pps,
	(SELECT CASE WHEN count(*) > 0 THEN total((SELECT sum(q.value) FROM protocol_sample q JOIN metric m ON m.id = q.metric_id
			WHERE q.endpoint_id = x.endpoint_id AND q.seq = x.seq AND (m.name = 'udp_in_datagrams'
				OR (r.forwarded_from IS NOT 'listener'
					AND m.name IN ('udp_no_ports', 'udp_in_errors'))))) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END END
		FROM source_read x WHERE x.endpoint_id = e.id AND x.source = 'snmp'
			AND x.dt_ns IS NOT NULL AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS forwarded_pps,
	(SELECT sum(x.tx_dropped) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS tx_drop_pps,
	(SELECT sum(x.rx_dropped + coalesce(x.rx_missed_errors, 0)) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS rx_drop_pps,
	(SELECT sum(x.tx_errors) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS tx_error_pps,
	(SELECT sum(x.rx_errors) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS rx_error_pps,
	(SELECT sum(x.tx_bytes) * 8e3 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS tx_mbps,
	(SELECT sum(x.rx_bytes) * 8e3 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS rx_mbps,
	(SELECT sum(x.irqs) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = coalesce(e.node_id, e.id) AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS irq_rate,
	(SELECT sum(x.softirqs) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = coalesce(e.node_id, e.id) AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS softirq_rate,
	(SELECT CASE WHEN count(*) > 0 THEN total((SELECT sum(q.net_tx) FROM softirq_sample q
			WHERE q.endpoint_id = x.endpoint_id AND q.seq = x.seq)) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END END
		FROM source_read x WHERE x.endpoint_id = coalesce(e.node_id, e.id) AND x.source = 'softirqs'
			AND x.dt_ns IS NOT NULL AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS net_tx_rate,
	(SELECT CASE WHEN count(*) > 0 THEN total((SELECT sum(q.net_rx) FROM softirq_sample q
			WHERE q.endpoint_id = x.endpoint_id AND q.seq = x.seq)) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END END
		FROM source_read x WHERE x.endpoint_id = coalesce(e.node_id, e.id) AND x.source = 'softirqs'
			AND x.dt_ns IS NOT NULL AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS net_rx_rate,
	(SELECT CASE WHEN count(*) > 0 THEN total((SELECT sum(q.dropped) FROM softnet_sample q
			WHERE q.endpoint_id = x.endpoint_id AND q.seq = x.seq)) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END END
		FROM source_read x WHERE x.endpoint_id = coalesce(e.node_id, e.id) AND x.source = 'softnet'
			AND x.dt_ns IS NOT NULL AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS softnet_drop_pps,
	coalesce((SELECT CASE WHEN sum(x.cpu_total_ns) > 0
			THEN sum(x.cpu_busy_ns) * 100.0 / sum(x.cpu_total_ns) END
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))),
		CASE WHEN e.role = 'node' THEN (SELECT sum(c.busy) * 100.0 / nullif(sum(c.total), 0)
		FROM source_read x JOIN v_cpu_time c ON c.endpoint_id = x.endpoint_id AND c.seq = x.seq
		WHERE x.endpoint_id = e.id AND x.source = 'stat' AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) END)
		AS cpu_percent,
	(SELECT sum(x.softirqs) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = coalesce(e.node_id, e.id) AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns)))
		/ (SELECT nullif(sum(x.tx_packets + x.rx_packets), 0) * 1e9
			/ CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns
				ELSE sum(x.dt_ns) * 1.0 / count(DISTINCT o.id) END
		FROM endpoint o JOIN sample x ON x.endpoint_id = o.id
		WHERE o.run_id = e.run_id AND o.role = e.role AND +o.node_id IS e.node_id
			AND x.dt_ns IS NOT NULL AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS softirq_per_packet,
	(SELECT sum(x.irqs) * 1e9 / CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns ELSE sum(x.dt_ns) END
		FROM sample x WHERE x.endpoint_id = coalesce(e.node_id, e.id) AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns)))
		/ (SELECT nullif(sum(x.tx_packets + x.rx_packets), 0) * 1e9
			/ CASE WHEN r.steady_from_ns IS NULL THEN r.effective_ns
				ELSE sum(x.dt_ns) * 1.0 / count(DISTINCT o.id) END
		FROM endpoint o JOIN sample x ON x.endpoint_id = o.id
		WHERE o.run_id = e.run_id AND o.role = e.role AND +o.node_id IS e.node_id
			AND x.dt_ns IS NOT NULL AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS irq_per_packet,
	(SELECT sum(x.cpu_busy_ns) * 1.0
			/ nullif(sum(x.tx_packets + x.rx_packets), 0)
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS cpu_ns_per_packet,
	(SELECT count(*)
		FROM sample x WHERE x.endpoint_id = e.id AND x.dt_ns IS NOT NULL
			AND (r.steady_from_ns IS NULL
				OR (x.t_ns - x.dt_ns >= r.steady_from_ns AND x.t_ns <= r.steady_to_ns))) AS n_samples
FROM endpoint e JOIN run r ON r.id = e.run_id;

-- The counters of a pair's totals side by side, for the ledger. `twice` is the loss that one
-- full backlog counts in two places: veth_xmit() adds to the sender's tx_dropped what
-- enqueue_to_backlog() has added to the receiver's rx_dropped (drivers/net/veth.c, net/core/dev.c);
-- over lo the driver counts nothing, and what was handed to it is tx_packets + rx_dropped.
-- `unseen`: in a pod, whose veth ends at the host and not at the sender, rx_packets is what the host's end
-- has passed on, so what the pod's backlog dropped is missing from it and named by rx_dropped already.
-- `sender_other` and `receiver_other`: a pod says a few words of its own (ARP, neighbour discovery, router
-- solicitation): what its interface sent beyond what the generator says of itself; and what it received that
-- is not of the run's IP version, that is ICMP, or multicast that was handed to nobody (IPv6 asks for
-- neighbours by groups that a bridge floods, and drops what is not for it without counting: net/ipv6/ip6_input.c,
-- ip6_mc_input()), or of the other IP version. Where no counter names it (ARP), at most 100 packets each and two
-- a second are taken (`few`): more would hide a loss.
-- Counters of IP are the namespace's: what came by another interface of the pod is among those of IP and of
-- ICMP, and cancels out.
-- `udp_unread`: what waits in UDP sockets at the end is in none of UDP's counters, and /proc/net/udp
-- has its memory only. So it is what IP handed up and no protocol has counted, where that memory rose,
-- and no more than fits into it (struct sk_buff alone takes more than 200 bytes).
CREATE VIEW v_pair_total AS
SELECT run_id, pair, testbed, path, forwarded_from, intended,
	tx_packets + tx_dropped + coalesce(qdisc_drops, 0) - sender_other
		+ CASE WHEN path = 'loopback' AND testbed <> 'kube' THEN rx_dropped ELSE 0 END AS offered,
	tx_packets, tx_dropped, tx_errors, rx_packets, rx_dropped, rx_missed, rx_errors,
	rx_nohandler, rx_otherhost,
	CASE WHEN testbed = 'netns' AND path <> 'loopback' THEN min(tx_dropped, rx_dropped) ELSE 0 END
		AS twice,
	CASE WHEN testbed = 'kube' AND at_veth THEN rx_dropped ELSE 0 END AS unseen,
	ip_dropped, udp_in, udp_no_ports, udp_errors, udp_rcvbuf, udp_csum, icmp_in,
	CASE forwarded_from WHEN 'rx_packets' THEN rx_packets WHEN 'listener' THEN listener_packets
		ELSE udp_in + udp_no_ports + udp_errors END AS forwarded,
	qdisc_drops, martian, ingress_drops,
	CASE WHEN unread_bytes <= 0 THEN 0
		ELSE max(0, min(unread_bytes / 200,
			ip_delivers - icmp_in - udp_in - udp_no_ports - udp_errors)) END AS udp_unread,
	sender_other, receiver_other
FROM (SELECT *,
	CASE WHEN testbed = 'kube' THEN coalesce(max(0, min(few, tx_packets + tx_dropped
		+ coalesce(qdisc_drops, 0) - sent)), 0) ELSE 0 END AS sender_other,
	CASE WHEN testbed = 'kube' THEN named_other + coalesce(max(-named_other, min(few, rx_packets
		- ip_receives - coalesce(other_receives, 0) - coalesce(rx_otherhost, 0)
		- coalesce(rx_nohandler, 0) - coalesce(ingress_drops, 0))), 0) ELSE 0 END AS receiver_other
FROM (SELECT *, coalesce(icmp_in, 0) + coalesce(other_receives, 0)
		+ coalesce(max(0, min(multicast, ip_receives - ip_delivers - ip_dropped)), 0) AS named_other
FROM (
	SELECT t.run_id, t.pair, r.testbed, r.path, r.forwarded_from,
		(SELECT instr(e.facts, '"driver":"veth"') > 0 FROM endpoint e WHERE e.run_id = t.run_id
			AND e.pair = t.pair AND e.role = 'receiver') AS at_veth,
		CASE WHEN r.intended IS NOT NULL THEN r.intended / r.pairs END AS intended,
		max(CASE WHEN role = 'sender' AND metric = 'tx_packets' THEN count END) AS tx_packets,
		max(CASE WHEN role = 'sender' AND metric = 'tx_dropped' THEN count END) AS tx_dropped,
		max(CASE WHEN role = 'sender' AND metric = 'tx_errors' THEN count END) AS tx_errors,
		max(CASE WHEN role = 'receiver' AND metric = 'rx_packets' THEN count END) AS rx_packets,
		max(CASE WHEN role = 'receiver' AND metric = 'rx_dropped' THEN count END) AS rx_dropped,
		max(CASE WHEN role = 'receiver' AND metric = 'rx_missed_errors' THEN count END)
			AS rx_missed,
		max(CASE WHEN role = 'receiver' AND metric = 'rx_errors' THEN count END) AS rx_errors,
		max(CASE WHEN role = 'receiver' AND metric = 'rx_nohandler' THEN count END)
			AS rx_nohandler,
		max(CASE WHEN role = 'receiver' AND metric = 'rx_otherhost_dropped' THEN count END)
			AS rx_otherhost,
		sum(CASE WHEN role = 'receiver' AND metric IN ('ip_in_hdr_errors', 'ip_in_addr_errors',
			'ip_in_unknown_protos', 'ip_in_discards', 'ip_in_no_routes', 'ip_in_truncated')
			THEN count END) AS ip_dropped,
		max(CASE WHEN role = 'receiver' AND metric = 'udp_in_datagrams' THEN count END)
			AS udp_in,
		max(CASE WHEN role = 'receiver' AND metric = 'udp_no_ports' THEN count END)
			AS udp_no_ports,
		max(CASE WHEN role = 'receiver' AND metric = 'udp_in_errors' THEN count END)
			AS udp_errors,
		max(CASE WHEN role = 'receiver' AND metric = 'udp_rcvbuf_errors' THEN count END)
			AS udp_rcvbuf,
		max(CASE WHEN role = 'receiver' AND metric = 'udp_in_csum_errors' THEN count END)
			AS udp_csum,
		max(CASE WHEN role = 'receiver' AND metric = 'icmp_in_msgs' THEN count END) AS icmp_in,
		max(CASE WHEN role = 'sender' AND metric = 'qdisc_drops' AND instance = 'root'
			THEN count END) AS qdisc_drops,
		sum(CASE WHEN role = 'receiver' AND metric IN ('rt_in_martian_src', 'rt_in_martian_dst')
			THEN count END) AS martian,
		max(CASE WHEN role = 'receiver' AND metric = 'listener_packets' THEN count END)
			AS listener_packets,
		max(CASE WHEN role = 'receiver' AND metric = 'qdisc_drops' AND instance = 'ingress'
			THEN count END) AS ingress_drops,
		max(CASE WHEN role = 'receiver' AND metric = 'udp_rx_queue_bytes' THEN count END)
			AS unread_bytes,
		max(CASE WHEN role = 'receiver' AND metric = 'ip_in_delivers' THEN count END)
			AS ip_delivers,
		max(CASE WHEN role = 'receiver' AND metric = 'ip_in_receives' THEN count END)
			AS ip_receives,
		max(CASE WHEN role = 'receiver' AND metric = 'ip_in_multicast' THEN count END)
			AS multicast,
		max(CASE WHEN role = 'receiver' AND metric = 'ip_other_receives' THEN count END)
			AS other_receives,
		100 + r.duration_ns / 500000000 AS few,
		max(CASE WHEN role = 'sender' AND metric = 'generator_packets' THEN count END) AS sent
	FROM v_total t JOIN run r ON r.id = t.run_id
	WHERE t.pair IS NOT NULL
	GROUP BY t.run_id, t.pair
)));

-- The ledger of each pair; v_ledger adds that of all pairs together.
CREATE VIEW v_pair_ledger AS
SELECT p.run_id, p.pair, s.column1 AS position, s.column2 AS stage,
	CASE WHEN s.column2 <> 'forwarded' THEN s.column3
		WHEN forwarded_from = 'rx_packets' THEN 'receiver interface'
		WHEN forwarded_from = 'listener' THEN 'listener' ELSE s.column3 END AS place,
	CASE WHEN forwarded_from = 'listener' AND s.column2 IN ('forwarded', 'delivered')
		THEN 'packets that the listener read'
		WHEN forwarded_from = 'rx_packets' AND s.column2 = 'forwarded'
		THEN 'rx_packets, what was lost behind it included' ELSE s.column4 END AS counters,
	p.offered AS offered,
	CASE s.column2
	WHEN 'intended' THEN intended
	WHEN 'not_offered' THEN max(intended - offered, 0)
	WHEN 'offered' THEN offered
	WHEN 'tx_qdisc_drop' THEN qdisc_drops
	WHEN 'tx_dropped' THEN tx_dropped - twice
	WHEN 'tx_errors' THEN tx_errors
	WHEN 'wire' THEN tx_packets - sender_other - (rx_packets - receiver_other)
		- coalesce(rx_missed, 0) - rx_errors - unseen
	WHEN 'rx_missed' THEN rx_missed
	WHEN 'rx_errors' THEN rx_errors
	WHEN 'rx_dropped' THEN rx_dropped
	WHEN 'rx_qdisc_drop' THEN ingress_drops
	WHEN 'rx_nohandler' THEN rx_nohandler
	WHEN 'otherhost' THEN rx_otherhost
	WHEN 'ip_dropped' THEN ip_dropped
	WHEN 'martian' THEN martian
	WHEN 'forwarded' THEN forwarded
	WHEN 'udp_csum' THEN udp_csum
	WHEN 'udp_rcvbuf' THEN udp_rcvbuf
	WHEN 'udp_other' THEN udp_errors - udp_rcvbuf - udp_csum
	WHEN 'udp_unread' THEN udp_unread
	WHEN 'udp_no_port' THEN udp_no_ports
	WHEN 'delivered' THEN
		CASE forwarded_from WHEN 'listener' THEN forwarded ELSE forwarded - udp_errors END
	WHEN 'background' THEN CASE testbed WHEN 'kube' THEN receiver_other ELSE icmp_in END
	WHEN 'residual' THEN offered - coalesce(qdisc_drops, 0) - (tx_dropped - twice)
		- (tx_packets - sender_other - (rx_packets - receiver_other)
			- coalesce(rx_missed, 0) - rx_errors - unseen)
		- coalesce(rx_missed, 0) - rx_errors
		- CASE WHEN forwarded_from <> 'rx_packets' THEN
			rx_dropped + coalesce(ingress_drops, 0) + coalesce(rx_nohandler, 0)
			+ coalesce(rx_otherhost, 0) + ip_dropped + coalesce(martian, 0)
			+ CASE testbed WHEN 'kube' THEN 0 ELSE icmp_in END + coalesce(udp_unread, 0)
			WHEN path = 'loopback' THEN rx_dropped ELSE twice END
		- CASE WHEN forwarded_from = 'listener' THEN udp_errors + udp_no_ports ELSE 0 END
		- forwarded
	END AS packets
FROM v_pair_total p JOIN (VALUES
	(1, 'intended', 'plan', 'pps x seconds'),
	(2, 'not_offered', 'generator', 'intended - offered'),
	(3, 'offered', 'sender interface', 'tx_packets + tx_dropped + qdisc drops'),
	(4, 'tx_qdisc_drop', 'sender qdisc', 'drops of the root qdisc'),
	(5, 'tx_dropped', 'sender driver', 'tx_dropped, less what rx_dropped counts too'),
	(6, 'tx_errors', 'sender driver', 'tx_errors (in tx_dropped or tx_packets already)'),
	(7, 'wire', 'between the ends', 'tx_packets - rx_packets - rx_missed - rx_errors'),
	(8, 'rx_missed', 'receiver ring', 'rx_missed_errors'),
	(9, 'rx_errors', 'receiver interface', 'rx_errors'),
	(10, 'rx_dropped', 'receiver softnet backlog', 'rx_dropped (softnet dropped in it)'),
	(11, 'rx_qdisc_drop', 'receiver tc ingress', 'drops of the ingress qdisc'),
	(12, 'rx_nohandler', 'receiver interface', 'rx_nohandler'),
	(13, 'otherhost', 'receiver interface', 'rx_otherhost_dropped'),
	(14, 'ip_dropped', 'receiver IP',
		'InHdrErrors + InAddrErrors + InUnknownProtos + InDiscards + InNoRoutes + InTruncated'),
	(15, 'martian', 'receiver IP', 'rt_cache in_martian_src + in_martian_dst'),
	(16, 'forwarded', 'receiver UDP', 'InDatagrams + NoPorts + InErrors'),
	(17, 'udp_csum', 'receiver UDP', 'InCsumErrors'),
	(18, 'udp_rcvbuf', 'receiver socket', 'RcvbufErrors'),
	(19, 'udp_other', 'receiver UDP', 'InErrors - RcvbufErrors - InCsumErrors (MemErrors, filters)'),
	(20, 'udp_unread', 'receiver socket',
		'InDelivers - what ICMP and UDP counted, where the sockets hold more than before'),
	(21, 'udp_no_port', 'receiver UDP', 'NoPorts: nobody listens, delivered to the stack'),
	(22, 'delivered', 'receiver', 'forwarded - InErrors'),
	(23, 'background', 'receiver', 'icmp_in_msgs, and of a pod what is not of the test otherwise'),
	(24, 'residual', 'unexplained', 'offered - every loss above - forwarded')) s;

-- Where the packets of a run went, in path order: each loss once, and what is unexplained.
-- share: of what was offered.
-- Windows, not groups: SQLite hands a condition on run_id into them, down to v_pair_total.
CREATE VIEW v_ledger AS
SELECT run_id, pair, stage, packets,
	CASE WHEN offered > 0 THEN packets * 1.0 / offered END AS share, place, counters, position
FROM v_pair_ledger
UNION ALL
SELECT run_id, NULL, stage, CASE WHEN n = known THEN all_packets END,
	CASE WHEN all_offered > 0 AND n = known THEN all_packets * 1.0 / all_offered END,
	place, counters, position
FROM (SELECT run_id, stage, place, counters, position, row_number() OVER w AS nth,
		count(*) OVER w AS n, count(packets) OVER w AS known, sum(packets) OVER w AS all_packets,
		sum(offered) OVER w AS all_offered
	FROM v_pair_ledger
	WINDOW w AS (PARTITION BY run_id, position))
WHERE nth = 1;

-- The interfaces of the nodes between two pods, in path order: what passed them towards the receiver and
-- what they dropped or found bad. Each loss is in a stage of v_ledger already, `stage` says in which: so
-- these rows name places, and are not to be added to it. A veth's drops are its peer's, too: what the
-- host's end drops of a sender's packets is in the pod's tx_dropped, and what it cannot hand to a receiver
-- in the pod's rx_dropped (drivers/net/veth.c, net/core/dev.c). All else is between the ends (`wire`),
-- where the traffic of others counts as well. A sender's uplink that is a veth has counted what its
-- peer's backlog dropped, so the receiver's uplink counts only what goes beyond that.
CREATE VIEW v_way AS
WITH p(part, place, side) AS (VALUES ('veth', 1, 'sender'), ('bridge', 2, 'sender'),
	('tunnel', 3, 'sender'), ('uplink', 4, 'sender'), ('uplink', 5, 'receiver'),
	('tunnel', 6, 'receiver'), ('bridge', 7, 'receiver'), ('veth', 8, 'receiver')
), n AS (
	SELECT t.run_id, t.endpoint_id, e.host, t.instance AS ifname, e.facts, e.ifname AS uplink,
		max(CASE t.metric WHEN 'if_rx_packets' THEN t.count END) AS rx,
		max(CASE t.metric WHEN 'if_tx_packets' THEN t.count END) AS tx,
		max(CASE t.metric WHEN 'if_rx_dropped' THEN t.count END) AS rx_dropped,
		max(CASE t.metric WHEN 'if_tx_dropped' THEN t.count END) AS tx_dropped,
		max(CASE t.metric WHEN 'if_rx_errors' THEN t.count END) AS rx_errors,
		max(CASE t.metric WHEN 'if_tx_errors' THEN t.count END) AS tx_errors
	FROM v_total t JOIN endpoint e ON e.id = t.endpoint_id
	WHERE t.role = 'node' AND t.metric GLOB 'if_*'
	GROUP BY t.run_id, t.endpoint_id, t.instance
), w AS (
	SELECT n.*, p.place AS position, p.side, p.part,
		/* read on the side where the packets come in: else where they go out */
		p.place IN (1, 2, 5, 6) AS inward,
		instr(n.facts, '"' || p.side || ' ' || p.part || ' ' || n.ifname || ' (veth)') > 0
			AS is_veth,
		CASE WHEN n.ifname = n.uplink AND p.side = 'sender' THEN (SELECT q.count FROM v_total q
			WHERE q.endpoint_id = n.endpoint_id AND q.metric = 'qdisc_drops'
			AND q.instance = 'root') END AS qdisc_drops
	FROM n JOIN p ON instr(n.facts, '"' || p.side || ' ' || p.part || ' ' || n.ifname || ' (') > 0
)
SELECT run_id, position, side, part, host, ifname, CASE WHEN inward THEN rx ELSE tx END AS passed,
	CASE WHEN part = 'bridge' THEN rx_dropped + tx_dropped + rx_errors + tx_errors
		WHEN side = 'receiver' AND part = 'uplink' AND is_veth
		THEN max(0, rx_dropped - coalesce(sum(CASE WHEN position = 4 AND is_veth
			THEN tx_dropped END) OVER (PARTITION BY run_id), 0)) + rx_errors
		WHEN inward THEN rx_dropped + rx_errors
		ELSE tx_dropped + tx_errors + coalesce(qdisc_drops, 0) END AS dropped,
	CASE position WHEN 1 THEN 'tx_dropped' WHEN 8 THEN 'rx_dropped' ELSE 'wire' END AS stage,
	CASE WHEN part = 'bridge' THEN 'drops and errors, both ways'
		WHEN inward THEN 'if_rx_dropped + if_rx_errors'
		WHEN qdisc_drops IS NULL THEN 'if_tx_dropped + if_tx_errors'
		ELSE 'if_tx_dropped + if_tx_errors + drops of the root qdisc' END AS counters
FROM w;

-- Where within a stage packets were lost, as far as a counter tells: the CPU whose backlog was full,
-- the queue, the class of the qdisc, and of several pairs the pair. pair is NULL on rows that belong
-- to all pairs together. softnet counts for the whole host. Drivers count a queue's drops in
-- rx_missed_errors or in rx_dropped: the former, if it moved.
CREATE VIEW v_loss_place AS
SELECT t.run_id, NULL AS pair, 'rx_dropped' AS stage, 'CPU ' || t.instance AS place,
	t.count AS packets
FROM v_total t WHERE t.metric = 'softnet_dropped' AND t.count > 0 AND t.endpoint_id IN (
	SELECT o.node_id FROM endpoint o WHERE o.run_id = t.run_id AND o.role = 'receiver')
UNION ALL
SELECT t.run_id, CASE WHEN r.pairs > 1 THEN t.pair END, s.column1, s.column5 || t.instance, t.count
FROM v_total t JOIN run r ON r.id = t.run_id
JOIN (VALUES ('rx_missed', 'receiver', 'queue_drops', 'rx:*', 'queue '),
	('rx_dropped', 'receiver', 'queue_drops', 'rx:*', 'queue '),
	('tx_dropped', 'sender', 'queue_drops', 'tx:*', 'queue '),
	('tx_qdisc_drop', 'sender', 'qdisc_drops', '*:*', 'class ')) s
	ON t.role = s.column2 AND t.metric = s.column3 AND t.instance GLOB s.column4
WHERE t.count > 0 AND (s.column3 <> 'queue_drops' OR s.column2 = 'sender' OR s.column1 = CASE WHEN EXISTS (
	SELECT 1 FROM v_total o WHERE o.endpoint_id = t.endpoint_id AND o.run_id = t.run_id
		AND o.metric = 'rx_missed_errors' AND o.count > 0) THEN 'rx_missed' ELSE 'rx_dropped' END)
UNION ALL
SELECT run_id, NULL, stage, ifname || ' of ' || host, dropped
FROM v_way WHERE stage = 'wire' AND dropped > 0
UNION ALL
SELECT l.run_id, NULL, l.stage, 'pair ' || l.pair, l.packets
FROM v_pair_ledger l JOIN run r ON r.id = l.run_id
WHERE r.pairs > 1 AND l.packets > 0 AND l.stage IN ('tx_qdisc_drop', 'tx_dropped', 'wire',
	'rx_missed', 'rx_errors', 'rx_qdisc_drop', 'rx_nohandler', 'otherhost', 'ip_dropped',
	'martian', 'udp_csum', 'udp_rcvbuf', 'udp_other', 'udp_unread');

-- The derived metrics of each pair as ROLE.NAME; v_run_metric adds those of all pairs together.
CREATE VIEW v_pair_metric AS
SELECT r.run_id, r.pair, r.role || '.' || m.name AS metric, m.across_pairs,
	CASE m.name
	WHEN 'tx_pps' THEN r.tx_pps WHEN 'rx_pps' THEN r.rx_pps
	WHEN 'forwarded_pps' THEN r.forwarded_pps
	WHEN 'tx_drop_pps' THEN r.tx_drop_pps WHEN 'rx_drop_pps' THEN r.rx_drop_pps
	WHEN 'tx_error_pps' THEN r.tx_error_pps WHEN 'rx_error_pps' THEN r.rx_error_pps
	WHEN 'tx_mbps' THEN r.tx_mbps WHEN 'rx_mbps' THEN r.rx_mbps
	WHEN 'irq_rate' THEN r.irq_rate WHEN 'softirq_rate' THEN r.softirq_rate
	WHEN 'net_tx_rate' THEN r.net_tx_rate WHEN 'net_rx_rate' THEN r.net_rx_rate
	WHEN 'softnet_drop_pps' THEN r.softnet_drop_pps WHEN 'cpu_percent' THEN r.cpu_percent
	WHEN 'softirq_per_packet' THEN r.softirq_per_packet
	WHEN 'irq_per_packet' THEN r.irq_per_packet
	WHEN 'cpu_ns_per_packet' THEN r.cpu_ns_per_packet
	END AS value
FROM v_run_role r CROSS JOIN metric m
WHERE m.kind IN ('rate', 'ratio') AND m.name NOT IN ('loss_ratio', 'target_pps', 'offered_pps',
	'frame_size', 'n_cores', 'pairs', 'fairness');

-- Every metric of a run as ROLE.NAME, for each pair and (pair NULL) for all pairs together; a
-- value that is not known is NULL.
CREATE VIEW v_run_metric AS
SELECT run_id, pair, metric, value FROM v_pair_metric WHERE pair IS NOT NULL
UNION ALL
SELECT run_id, NULL, metric,
	CASE across_pairs WHEN 'sum' THEN sum(value) WHEN 'max' THEN max(value) ELSE avg(value) END
FROM v_pair_metric GROUP BY run_id, metric
UNION ALL
SELECT run_id, pair, 'receiver.loss_ratio', (offered - forwarded) * 1.0 / offered
FROM v_pair_total WHERE offered > 0
UNION ALL
SELECT id, NULL, 'receiver.loss_ratio', (offered - forwarded) * 1.0 / offered
FROM run WHERE offered > 0 AND forwarded IS NOT NULL
UNION ALL
SELECT id, NULL, 'run.target_pps', target_pps FROM run WHERE target_pps IS NOT NULL
UNION ALL
SELECT id, NULL, 'run.offered_pps', offered * 1e9 / effective_ns
FROM run WHERE offered IS NOT NULL AND effective_ns > 0
UNION ALL
SELECT id, NULL, 'run.frame_size', frame_size FROM run WHERE frame_size IS NOT NULL
UNION ALL
SELECT id, NULL, 'run.n_cores', n_cores FROM run WHERE n_cores IS NOT NULL
UNION ALL
SELECT id, NULL, 'run.pairs', pairs FROM run
UNION ALL
SELECT run_id, NULL, 'run.fairness', fairness FROM v_run WHERE pairs > 1;

-- One row a run, all pairs together: the figures that most questions start from.
CREATE VIEW v_run_summary AS
SELECT r.run_id, r.config_hash, r.target_pps, r.frame_size, r.n_cores, r.cores, r.pairs, r.testbed,
	r.generator, r.verdict,
	(SELECT sum(x.tx_pps) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'sender') AS tx_pps,
	(SELECT sum(x.rx_pps) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'receiver') AS rx_pps,
	(SELECT sum(x.forwarded_pps) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'receiver') AS forwarded_pps,
	r.loss_ratio,
	(SELECT sum(x.tx_drop_pps) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'sender') AS tx_drop_pps,
	(SELECT sum(x.rx_drop_pps) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'receiver') AS rx_drop_pps,
	(SELECT sum(x.tx_error_pps) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'sender') AS tx_error_pps,
	(SELECT sum(x.rx_error_pps) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'receiver') AS rx_error_pps,
	(SELECT avg(x.irq_rate) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'sender') AS sender_irq_rate,
	(SELECT avg(x.irq_rate) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'receiver') AS receiver_irq_rate,
	(SELECT avg(x.softirq_rate) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'sender') AS sender_softirq_rate,
	(SELECT avg(x.softirq_rate) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'receiver') AS receiver_softirq_rate,
	(SELECT avg(x.cpu_percent) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'sender') AS sender_cpu_percent,
	(SELECT avg(x.cpu_percent) FROM v_run_role x
		WHERE x.run_id = r.run_id AND x.role = 'receiver') AS receiver_cpu_percent
FROM v_run r;

-- Packets per second of each queue.
CREATE VIEW v_queue_rate AS
SELECT e.run_id, e.pair, e.role, q.endpoint_id, q.seq, d.t_ns, d.dt_ns, q.direction, q.queue,
	q.packets * 1e9 / d.dt_ns AS pps, q.bytes * 8e3 / d.dt_ns AS mbps,
	q.drops * 1e9 / d.dt_ns AS drop_pps, q.ring_full * 1e9 / d.dt_ns AS ring_full_rate
FROM queue_sample q JOIN endpoint e ON e.id = q.endpoint_id
JOIN source_read d ON d.endpoint_id = q.endpoint_id AND d.seq = q.seq AND d.source = 'queue'
WHERE d.dt_ns IS NOT NULL;

-- Interrupts per second of each vector on each CPU.
CREATE VIEW v_irq_rate AS
SELECT e.run_id, e.role, q.endpoint_id, q.seq, d.t_ns, d.dt_ns, q.irq, q.queue, q.cpu,
	q.count * 1e9 / d.dt_ns AS rate
FROM irq_sample q JOIN endpoint e ON e.id = q.endpoint_id
JOIN source_read d ON d.endpoint_id = q.endpoint_id AND d.seq = q.seq AND d.source = 'irq'
WHERE d.dt_ns IS NOT NULL;

-- Where each CPU's time went, in percent of it.
CREATE VIEW v_cpu AS
SELECT run_id, role, endpoint_id, seq, t_ns, dt_ns, cpu,
	user_ns * 100.0 / total AS user_percent, nice_ns * 100.0 / total AS nice_percent,
	system_ns * 100.0 / total AS system_percent, idle_ns * 100.0 / total AS idle_percent,
	iowait_ns * 100.0 / total AS iowait_percent, irq_ns * 100.0 / total AS irq_percent,
	softirq_ns * 100.0 / total AS softirq_percent, steal_ns * 100.0 / total AS steal_percent
FROM (
	SELECT e.run_id, e.role, c.*, d.t_ns, d.dt_ns, w.total
	FROM cpu_sample c JOIN v_cpu_time w USING (endpoint_id, seq, cpu)
	JOIN endpoint e ON e.id = c.endpoint_id
	JOIN source_read d ON d.endpoint_id = c.endpoint_id AND d.seq = c.seq AND d.source = 'stat'
) WHERE total > 0;

-- The softnet counters of each CPU, per second.
CREATE VIEW v_softnet AS
SELECT e.run_id, e.role, q.endpoint_id, q.seq, d.t_ns, d.dt_ns, q.cpu,
	q.processed * 1e9 / d.dt_ns AS processed_rate, q.dropped * 1e9 / d.dt_ns AS drop_rate,
	q.time_squeeze * 1e9 / d.dt_ns AS time_squeeze_rate,
	q.received_rps * 1e9 / d.dt_ns AS received_rps_rate,
	q.flow_limit * 1e9 / d.dt_ns AS flow_limit_rate
FROM softnet_sample q JOIN endpoint e ON e.id = q.endpoint_id
JOIN source_read d ON d.endpoint_id = q.endpoint_id AND d.seq = q.seq AND d.source = 'softnet'
WHERE d.dt_ns IS NOT NULL;

-- What makes a run's configuration, a row a property: a list is joined, of a listener what was set is
-- said, labels stand under their own names. What was sent here over IPv4 has no version of its own in
-- the table.
CREATE VIEW v_property AS
SELECT r.id AS run_id, j.key AS name, CASE j.type
		WHEN 'array' THEN (SELECT group_concat(e.value, '+') FROM json_each(j.value) e)
		WHEN 'object' THEN coalesce((SELECT group_concat(k.key || '=' || k.value, '+')
			FROM json_each(j.value) k WHERE k.value <> 0), 'yes')
		ELSE CAST(coalesce(j.value, 'none') AS TEXT) END AS value, 0 AS label
FROM run r, json_each(r.config) j WHERE j.key <> 'labels'
UNION ALL
SELECT r.id, k.key, CAST(coalesce(k.value, 'none') AS TEXT), 1
FROM run r, json_each(r.config, '$.labels') k
UNION ALL
SELECT r.id, 'ip_version', '4', 0 FROM run r
WHERE r.testbed IN ('netns', 'kube') AND r.config ->> '$.ip_version' IS NULL;
