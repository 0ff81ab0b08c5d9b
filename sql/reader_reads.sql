-- When a source of an end was read: ?1 endpoint ?2 source. Only reads that have deltas.
SELECT seq, dt_ns FROM source_read
WHERE endpoint_id = ?1 AND source = ?2 AND dt_ns IS NOT NULL ORDER BY seq
