-- Of one run, all pairs: offered, forwarded and what the ledger cannot explain. NULL where a
-- counter of any pair is not known.
SELECT sum(CASE stage WHEN 'offered' THEN packets END),
	sum(CASE stage WHEN 'forwarded' THEN packets END),
	sum(CASE stage WHEN 'residual' THEN packets END)
FROM (SELECT stage, CASE WHEN count(*) = count(packets) THEN sum(packets) END AS packets
	FROM v_pair_ledger WHERE run_id = ?1 GROUP BY stage)
