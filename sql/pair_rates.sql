-- What each pair of the runs ?1 (a JSON array of ids) offered and received a second.
SELECT run_id,
	max(value) FILTER (WHERE metric = 'sender.tx_pps')
		+ coalesce(max(value) FILTER (WHERE metric = 'sender.tx_drop_pps'), 0) AS offered,
	coalesce(max(value) FILTER (WHERE metric = 'receiver.forwarded_pps'),
		max(value) FILTER (WHERE metric = 'receiver.rx_pps')) AS received
FROM v_pair_metric
WHERE run_id IN (SELECT value FROM json_each(?1)) AND metric IN ('sender.tx_pps',
	'sender.tx_drop_pps', 'receiver.forwarded_pps', 'receiver.rx_pps')
GROUP BY run_id, pair
