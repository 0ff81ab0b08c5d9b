-- How many runs of a campaign's point ended well.
SELECT count(*) FROM run
WHERE campaign_id = ?1 AND status = 'ok' AND target_pps IS ?2 AND frame_size = ?3 AND n_cores = ?4
	AND pairs = ?5
