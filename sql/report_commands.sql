-- The command lines that made the runs ?1 (a JSON array of ids), each once, in order.
SELECT argv FROM run
WHERE id IN (SELECT value FROM json_each(?1)) AND argv IS NOT NULL GROUP BY argv ORDER BY min(id)
