-- Where the runs ?1 (a JSON array of ids) were measured, the hosts of most runs first.
SELECT coalesce(e.host, 'a host') || coalesce(': Linux ' || json_extract(e.facts, '$.kernel'), '')
	|| coalesce(', ' || json_extract(e.facts, '$.cpu_model'), '')
	|| coalesce(', CPUs ' || json_extract(e.facts, '$.cpus_online'), '') AS place
FROM endpoint e
WHERE e.run_id IN (SELECT value FROM json_each(?1)) AND e.role = 'node' AND e.host IS NOT NULL
GROUP BY place ORDER BY count(*) DESC, place LIMIT 4
