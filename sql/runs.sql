-- The runs named by ?1, a JSON array of ids: all that v_run says.
SELECT v.* FROM json_each(?1) w JOIN v_run v ON v.run_id = w.value ORDER BY v.run_id
