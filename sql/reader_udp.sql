-- What reached UDP of an end's namespace or, with a listener, was read, tick by tick: ?1 endpoint.
-- The same as forwarded_pps of v_sample.
SELECT nb_counts(seq, value) FROM protocol_sample WHERE endpoint_id = ?1 AND metric_id IN (
	SELECT id FROM metric WHERE name = 'udp_in_datagrams'
		OR (name IN ('udp_no_ports', 'udp_in_errors') AND (SELECT r.forwarded_from
			FROM endpoint e JOIN run r ON r.id = e.run_id
			WHERE e.id = ?1) IS NOT 'listener'))
