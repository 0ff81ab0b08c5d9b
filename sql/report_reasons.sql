-- Why the runs ?1 (a JSON array of ids) are marked: code, runs, lowest and highest value, limit.
SELECT j.value ->> 'code' AS code, count(DISTINCT r.id) AS runs, min(j.value ->> 'value') AS lowest,
	max(j.value ->> 'value') AS highest, min(j.value ->> 'limit') AS "limit"
FROM run r, json_each(r.reasons) j
WHERE r.id IN (SELECT value FROM json_each(?1)) GROUP BY code ORDER BY runs DESC, code
