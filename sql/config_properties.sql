-- What makes a run's configuration, by name: ?1 run id. Labels stand under their own names, a list
-- is joined.
SELECT j.key, CASE j.type WHEN 'array' THEN (SELECT group_concat(e.value, '+')
		FROM json_each(j.value) e) ELSE CAST(coalesce(j.value, 'none') AS TEXT) END AS value, 0 AS label
FROM run r, json_each(r.config) j WHERE r.id = ?1 AND j.type <> 'object'
UNION ALL
SELECT k.key, CAST(coalesce(k.value, 'none') AS TEXT), j.key = 'labels'
FROM run r, json_each(r.config) j, json_each(j.value) k WHERE r.id = ?1 AND j.type = 'object'
ORDER BY 1
