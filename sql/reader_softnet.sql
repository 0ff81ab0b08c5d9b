-- Rows of a host's CPUs tick by tick: ?1 endpoint.
SELECT nb_counts(seq, dropped) FROM softnet_sample WHERE endpoint_id = ?1
