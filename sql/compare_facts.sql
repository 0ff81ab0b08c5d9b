-- What is one value in all runs of ?1 and another in all runs of ?2 (JSON arrays of ids): facts of
-- endpoints, and the version that made the runs. What varies inside a side tells nothing of it.
WITH fact AS (
	SELECT 1 AS position, r.id AS run_id, 'tool_version' AS item, r.tool_version AS value FROM run r
	UNION ALL
	SELECT 2, e.run_id, e.role || ' ' || replace(substr(j.fullkey, 3), '"', ''), CAST(j.atom AS TEXT)
	FROM endpoint e, json_tree(e.facts) j
	WHERE e.run_id IN (SELECT value FROM json_each(?1) UNION ALL SELECT value FROM json_each(?2))
		AND j.type NOT IN ('object', 'array', 'null')
), side AS (
	SELECT f.*, f.run_id IN (SELECT value FROM json_each(?1)) AS in_a,
		f.run_id IN (SELECT value FROM json_each(?2)) AS in_b
	FROM fact f
)
SELECT item, min(CASE WHEN in_a THEN value END) AS a, min(CASE WHEN in_b THEN value END) AS b
FROM side WHERE in_a OR in_b GROUP BY position, item
HAVING count(DISTINCT CASE WHEN in_a THEN value END) = 1
	AND count(DISTINCT CASE WHEN in_b THEN value END) = 1 AND a <> b
ORDER BY position, item
