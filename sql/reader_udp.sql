-- What reached UDP of an end's namespace, tick by tick: ?1 endpoint.
SELECT nb_counts(seq, value) FROM protocol_sample WHERE endpoint_id = ?1 AND metric_id IN (
	SELECT id FROM metric WHERE name IN ('udp_in_datagrams', 'udp_no_ports', 'udp_in_errors'))
