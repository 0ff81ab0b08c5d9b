-- When the sources of an end were read: ?1 endpoint. Only reads that have deltas.
SELECT nb_read(seq, source, dt_ns) FROM source_read WHERE endpoint_id = ?1 AND dt_ns IS NOT NULL
