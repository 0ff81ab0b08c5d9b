-- A run by id or by uuid, or by a uuid's unambiguous beginning of eight or more characters.
SELECT id, status, owner FROM run
WHERE CAST(id AS TEXT) = ?1 OR uuid = ?1
	OR (length(?1) >= 8 AND substr(uuid, 1, length(?1)) = ?1)
