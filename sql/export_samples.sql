-- Every sample of the runs in ?1 (a JSON array of ids), by run, endpoint and tick: streamed, since
-- each loop goes along a key and nothing is sorted.
SELECT r.uuid, r.target_pps, r.frame_size, r.n_cores, r.pairs, r.testbed, r.generator, r.verdict,
	e.host, e.ifname, v.*
FROM json_each(?1) w
CROSS JOIN run r ON r.id = w.value
CROSS JOIN endpoint e ON e.run_id = r.id
CROSS JOIN v_sample v ON v.endpoint_id = e.id
