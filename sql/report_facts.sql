-- Facts of the ends of the runs ?1 (a JSON array of ids): those that differ between runs (?2 is
-- 'differ'), or those that do not ('same'). Sizes of things that grow by the minute are no facts,
-- nor are the files that a run was imported from.
WITH fact AS (
	SELECT e.run_id, e.role AS role, j.key AS name,
		CASE j.type WHEN 'true' THEN 'yes' WHEN 'false' THEN 'no' ELSE j.value END AS value
	FROM endpoint e, json_each(e.facts) j
	WHERE e.run_id IN (SELECT value FROM json_each(?1)) AND j.value IS NOT NULL
		AND length(j.value) < 200 AND j.key <> 'imported'
	UNION ALL
	SELECT e.run_id, e.role, 'host', e.host FROM endpoint e
	WHERE e.run_id IN (SELECT value FROM json_each(?1)) AND e.role = 'node' AND e.host IS NOT NULL
), seen AS (
	SELECT role, name, count(DISTINCT value) AS n FROM fact GROUP BY role, name
)
SELECT f.role, f.name, f.value, count(DISTINCT f.run_id) AS runs
FROM fact f JOIN seen s ON s.role = f.role AND s.name = f.name
WHERE (s.n > 1) = (?2 = 'differ') AND s.n <= 12
GROUP BY f.role, f.name, f.value ORDER BY f.role, f.name, runs DESC, f.value
