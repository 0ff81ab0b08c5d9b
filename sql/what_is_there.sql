-- What a selection can choose from, in a line for the message that nothing matched.
SELECT CASE count(*) WHEN 1 THEN 'run ' || min(id)
		ELSE printf('%d runs from %d to %d', count(*), min(id), max(id)) END || ': sizes '
	|| coalesce((SELECT group_concat(v, ', ') FROM (SELECT DISTINCT frame_size AS v FROM run
		ORDER BY 1)), '-')
	|| '; rates ' || coalesce((SELECT group_concat(v, ', ') FROM (SELECT DISTINCT
		coalesce(target_pps, 0) AS v FROM run ORDER BY 1 LIMIT 12)), '-')
	|| '; cores ' || coalesce((SELECT group_concat(v, ', ') FROM (SELECT DISTINCT n_cores AS v
		FROM run ORDER BY 1)), '-')
	|| '; testbeds ' || (SELECT group_concat(v, ', ') FROM (SELECT DISTINCT testbed AS v
		FROM run ORDER BY 1))
	|| '; ' || sum(status = 'ok' AND coalesce(verdict, '') <> 'void') || ' can be analysed, '
	|| sum(coalesce(verdict, '') = 'void') || ' void, '
	|| sum(status <> 'ok') || ' not ended in order',
	count(*)
FROM run
