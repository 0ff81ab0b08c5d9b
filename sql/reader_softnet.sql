-- Rows of a host's CPUs tick by tick: ?1 endpoint.
SELECT seq, dropped FROM softnet_sample WHERE endpoint_id = ?1 ORDER BY seq
