-- In what runs ?1 and ?2 differ: their configuration, and the facts of their endpoints. A value that
-- one of them does not have is NULL.
WITH fact AS (
	SELECT r.id AS run_id, 1 AS position, 'configuration' AS section, replace(substr(j.fullkey, 3), '"', '') AS item,
		CAST(j.atom AS TEXT) AS value
	FROM run r, json_tree(r.config) j
	WHERE r.id IN (?1, ?2) AND j.type NOT IN ('object', 'array')
	UNION ALL
	SELECT r.id, 2, 'run', 'tool_version', r.tool_version FROM run r WHERE r.id IN (?1, ?2)
	UNION ALL
	SELECT e.run_id, 3, e.role || coalesce(' ' || e.pair, '') || ' facts',
		replace(substr(j.fullkey, 3), '"', ''),
		CAST(j.atom AS TEXT)
	FROM endpoint e, json_tree(e.facts) j
	WHERE e.run_id IN (?1, ?2) AND j.type NOT IN ('object', 'array')
)
SELECT section, item, max(CASE run_id WHEN ?1 THEN value END) AS a,
	max(CASE run_id WHEN ?2 THEN value END) AS b
FROM fact GROUP BY position, section, item HAVING a IS NOT b ORDER BY position, section, item
