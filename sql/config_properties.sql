-- What makes a run's configuration, by name: ?1 run id.
SELECT j.key, CAST(coalesce(j.value, 'none') AS TEXT)
FROM run r, json_each(r.config) j WHERE r.id = ?1 ORDER BY j.key
