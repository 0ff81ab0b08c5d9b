-- The ends of a run, ?1, in a fixed order, and its steady window. node: the end that has the host's
-- counters; an end without a node is its own.
SELECT e.id, e.role, coalesce(e.node_id, e.id) AS node, r.steady_from_ns, r.steady_to_ns
FROM endpoint e JOIN run r ON r.id = e.run_id
WHERE e.run_id = ?1 AND r.steady_from_ns IS NOT NULL AND r.steady_to_ns IS NOT NULL ORDER BY e.id
