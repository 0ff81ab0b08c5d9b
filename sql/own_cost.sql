-- What reading counters took of run ?1: the share of one core, all endpoints together. What was scraped
-- took its time elsewhere.
SELECT sum(d.read_ns) * 1.0 / nullif(max(d.t_ns) - min(d.t_ns), 0)
FROM source_read d JOIN endpoint e ON e.id = d.endpoint_id
WHERE e.run_id = ?1 AND e.facts ->> '$.scraped' IS NULL
