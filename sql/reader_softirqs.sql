-- Rows of a host's CPUs tick by tick: ?1 endpoint.
SELECT seq, net_tx, net_rx FROM softirq_sample WHERE endpoint_id = ?1 ORDER BY seq
