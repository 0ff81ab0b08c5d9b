-- The cores of the ends of the runs named by ?1 (a JSON array of ids), lists of ids as text.
SELECT DISTINCT run_id, role, cores FROM endpoint
WHERE run_id IN (SELECT value FROM json_each(?1)) AND role IN ('sender', 'receiver')
	AND cores IS NOT NULL
