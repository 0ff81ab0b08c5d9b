-- Prints the statement that lists every counter of every endpoint whose samples do not add up to what
-- the totals say. Made from the schema: a column that is added is checked too.
WITH tables (name, prefix, suffix, instance) AS (VALUES
	-- a table, what its metrics' names begin with, what its columns' names end with besides, and how
	-- totals name the instance
	('sample', '', '', ''''''), ('cpu_sample', 'cpu_', '_ns', 'CAST(cpu AS TEXT)'),
	('softirq_sample', 'softirq_', '', 'CAST(cpu AS TEXT)'),
	('softnet_sample', 'softnet_', '', 'CAST(cpu AS TEXT)'),
	('queue_sample', 'queue_', '', 'direction || '':'' || queue'),
	('irq_sample', 'irq_', '', 'irq || '':'' || cpu || coalesce('':'' || queue, '''')')
), columns AS (
	SELECT t.name AS tab, c.name AS col, t.instance,
		t.prefix || CASE WHEN t.suffix <> '' AND c.name LIKE '%' || t.suffix
			THEN substr(c.name, 1, length(c.name) - length(t.suffix)) ELSE c.name END AS metric
	FROM tables t, pragma_table_info(t.name) c
	WHERE c.name NOT IN ('endpoint_id', 'seq', 't_ns', 'dt_ns', 'cpu', 'irq', 'queue', 'direction')
), parts (part) AS (
	SELECT 'SELECT endpoint_id, ''' || metric || ''' AS metric, ' || instance
		|| ' AS instance, sum(' || col || ') AS n FROM ' || tab || ' GROUP BY endpoint_id, 3'
		|| ' HAVING n IS NOT NULL'
	FROM columns
	UNION ALL
	SELECT 'SELECT endpoint_id, m.name, ' || i || ', sum(value) FROM ' || t
		|| ' JOIN metric m ON m.id = metric_id WHERE m.kind = ''counter'' GROUP BY endpoint_id, 2, 3'
	FROM (SELECT 'protocol_sample' AS t, '''''' AS i
		UNION ALL SELECT 'extra_sample', 'instance')
)
SELECT 'WITH sums AS (' || group_concat(part, ' UNION ALL ') || ')
	SELECT e.run_id, e.role, t.metric, t.instance, t.count, s.n
	FROM v_total t JOIN endpoint e ON e.id = t.endpoint_id
	JOIN metric m ON m.name = t.metric AND m.kind = ''counter''
	LEFT JOIN sums s USING (endpoint_id, metric, instance)
	WHERE t.metric NOT GLOB ''generator_*'' AND t.metric NOT GLOB ''listener_*'' AND t.count IS NOT coalesce(s.n, 0)
	UNION ALL
	SELECT e.run_id, e.role, s.metric, s.instance, NULL, s.n
	FROM sums s JOIN endpoint e ON e.id = s.endpoint_id
	LEFT JOIN v_total t USING (endpoint_id, metric, instance) WHERE t.endpoint_id IS NULL'
FROM parts;
