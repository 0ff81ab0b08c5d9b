-- Rows of a host's CPUs tick by tick: ?1 endpoint.
SELECT nb_counts(seq, net_tx, net_rx) FROM softirq_sample WHERE endpoint_id = ?1
