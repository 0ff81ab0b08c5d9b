-- Where most packets were lost in some runs (?1: a JSON array of rising ids), ready for a sentence ("at the
-- receiver ring"), and how many of all offered.
SELECT CASE l.stage WHEN 'wire' THEN l.place ELSE 'at the ' || l.place END, sum(l.packets) AS lost,
	sum(l.packets) * 1.0 / (SELECT sum(offered) FROM run
		WHERE id IN (SELECT value FROM json_each(?1)))
FROM v_ledger l
WHERE l.run_id BETWEEN ?1 ->> '$[0]' AND ?1 ->> '$[#-1]'
	AND l.run_id IN (SELECT value FROM json_each(?1)) AND l.pair IS NULL AND l.packets > 0
	AND l.stage IN ('tx_qdisc_drop', 'tx_dropped', 'wire', 'rx_missed', 'rx_errors', 'rx_dropped',
		'rx_qdisc_drop', 'rx_nohandler', 'otherhost', 'ip_dropped', 'martian', 'udp_csum',
		'udp_rcvbuf', 'udp_other')
GROUP BY l.place ORDER BY lost DESC LIMIT 1
