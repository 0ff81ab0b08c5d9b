-- The reasons of run ?1's verdict, in the order in which they were found: code, value, limit.
SELECT value ->> 'code', value ->> 'value', value ->> 'limit'
FROM json_each((SELECT reasons FROM run WHERE id = ?1)) ORDER BY id
