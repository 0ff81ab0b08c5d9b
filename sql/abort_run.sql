-- Ends a run of which nothing is left but its row.
UPDATE run SET status = 'aborted', verdict = 'void', owner = NULL,
	error = 'the collector ended before anything was stored',
	reasons = '[{"code":"interrupted","value":null,"limit":null}]'
WHERE id = ?1 AND status = 'running'
