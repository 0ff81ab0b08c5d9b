-- Of the runs named by ?1 (a JSON array of rising ids), all pairs together: the loss of each stage, what
-- of all that was offered it is, and the place that has more than half of it; most first. The residual
-- counts by its size, either way.
SELECT l.stage, l.place, sum(CASE stage WHEN 'residual' THEN abs(l.packets) ELSE l.packets END) AS lost,
	(SELECT sum(offered) FROM run WHERE id IN (SELECT value FROM json_each(?1))) AS offered,
	(SELECT place FROM (SELECT w.place, sum(w.packets) AS n, sum(sum(w.packets)) OVER () AS whole
		FROM v_loss_place w WHERE w.run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]'
			AND w.run_id IN (SELECT value FROM json_each(?1))
			AND w.pair IS NULL AND w.stage = l.stage GROUP BY w.place) WHERE n * 2 > whole) AS most
FROM v_ledger l
WHERE l.run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]'
	AND l.run_id IN (SELECT value FROM json_each(?1)) AND l.pair IS NULL AND l.packets <> 0
	AND l.stage IN ('tx_qdisc_drop', 'tx_dropped', 'wire', 'rx_missed', 'rx_errors', 'rx_dropped',
		'rx_qdisc_drop', 'rx_nohandler', 'otherhost', 'ip_dropped', 'martian', 'udp_csum',
		'udp_rcvbuf', 'udp_other', 'udp_unread', 'residual')
GROUP BY l.stage ORDER BY lost DESC
