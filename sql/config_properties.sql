-- What makes a run's configuration, by name: ?1 run id.
SELECT name, value, label FROM v_property WHERE run_id = ?1 ORDER BY 1
