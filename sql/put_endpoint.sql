-- One endpoint of a run; node_id is set when all are in.
INSERT INTO endpoint (run_id, role, pair, host, boot_id, pod, netns_ino, ifname, ifindex, cores,
	clock_offset_ns, clock_error_ns, facts)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
