-- Runs that are said to go on, and who says so.
SELECT id, uuid, owner FROM run WHERE status = 'running' ORDER BY id
