-- The figures of each of the runs ?1 (a JSON array of ids) as one JSON array.
SELECT json_group_array(json_object('run_id', s.run_id, 'config_hash', s.config_hash,
	'target_pps', s.target_pps, 'frame_size', s.frame_size, 'n_cores', s.n_cores, 'cores', s.cores,
	'pairs', s.pairs, 'testbed', s.testbed, 'generator', s.generator, 'verdict', s.verdict,
	'tx_pps', s.tx_pps, 'rx_pps', s.rx_pps, 'forwarded_pps', s.forwarded_pps,
	'loss_ratio', s.loss_ratio, 'tx_drop_pps', s.tx_drop_pps, 'rx_drop_pps', s.rx_drop_pps,
	'sender_irq_rate', s.sender_irq_rate, 'receiver_irq_rate', s.receiver_irq_rate,
	'sender_softirq_rate', s.sender_softirq_rate, 'receiver_softirq_rate', s.receiver_softirq_rate,
	'sender_cpu_percent', s.sender_cpu_percent, 'receiver_cpu_percent', s.receiver_cpu_percent))
FROM v_run_summary s WHERE s.run_id IN (SELECT value FROM json_each(?1))
