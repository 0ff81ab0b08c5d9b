-- A campaign by name (the newest of that name), uuid or id.
SELECT id, uuid, name, plan FROM campaign
WHERE name = ?1 OR uuid = ?1 OR CAST(id AS TEXT) = ?1
ORDER BY id DESC LIMIT 1
