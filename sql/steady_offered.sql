-- Frames per second that a run's senders handed to their drivers in its steady window, all together.
-- NULL: there is none, or a counter of a sender is not known.
SELECT CASE WHEN count(*) = count(x.tx_pps + x.tx_drop_pps) THEN sum(x.tx_pps + x.tx_drop_pps) END
FROM v_run_role x JOIN run r ON r.id = x.run_id
WHERE x.run_id = ?1 AND x.role = 'sender' AND r.steady_from_ns IS NOT NULL
