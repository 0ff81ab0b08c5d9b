-- Where the packets of the runs named by ?1 (a JSON array of ids) went: all pairs together (pair
-- NULL), then each pair if there are several.
SELECT v.run_id, v.pair, v.stage, v.packets, v.share, v.place AS "where", v.counters
FROM v_ledger v JOIN run r ON r.id = v.run_id
WHERE v.run_id IN (SELECT value FROM json_each(?1)) AND (v.pair IS NULL OR r.pairs > 1)
ORDER BY v.run_id, v.pair IS NOT NULL, v.pair, v.position
