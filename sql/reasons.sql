-- The reasons of run ?1's verdict, in the order in which they were found: code, value, limit. What else is
-- found in one that was ended early follows from that.
SELECT value ->> 'code', value ->> 'value', value ->> 'limit'
FROM json_each((SELECT reasons FROM run WHERE id = ?1))
WHERE value ->> 'code' = 'interrupted' OR (SELECT status FROM run WHERE id = ?1) <> 'aborted'
ORDER BY id
