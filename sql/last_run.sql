-- The run that was started last.
SELECT id FROM run ORDER BY started_utc DESC, id DESC LIMIT 1
