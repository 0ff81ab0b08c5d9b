-- What makes a run's configuration, by name: ?1 run id. Labels stand under their own names, a list
-- is joined. What was sent here over IPv4 has no version of its own there.
SELECT j.key, CASE j.type WHEN 'array' THEN (SELECT group_concat(e.value, '+')
		FROM json_each(j.value) e) ELSE CAST(coalesce(j.value, 'none') AS TEXT) END AS value, 0 AS label
FROM run r, json_each(r.config) j WHERE r.id = ?1 AND j.type <> 'object'
UNION ALL
SELECT k.key, CAST(coalesce(k.value, 'none') AS TEXT), j.key = 'labels'
FROM run r, json_each(r.config) j, json_each(j.value) k WHERE r.id = ?1 AND j.type = 'object'
UNION ALL
SELECT 'ip_version', '4', 0 FROM run r
WHERE r.id = ?1 AND r.testbed IN ('netns', 'kube') AND r.config ->> '$.ip_version' IS NULL
ORDER BY 1
