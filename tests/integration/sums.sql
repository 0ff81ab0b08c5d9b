-- Prints the statement that lists, for every counter of every endpoint, where the sum of its samples
-- is not what the totals say, made from the schema: a column or table that is added is checked too.
WITH tables (name, prefix, metric_suffix) AS (VALUES
	-- table, what its metrics' names begin with, what its columns' names end with besides
	('sample', '', ''), ('cpu_sample', 'cpu_', '_ns'), ('softirq_sample', 'softirq_', ''),
	('softnet_sample', 'softnet_', '')
), columns AS (
	SELECT t.name AS tab, c.name AS col,
		t.prefix || CASE WHEN t.metric_suffix <> '' AND c.name LIKE '%' || t.metric_suffix
			THEN substr(c.name, 1, length(c.name) - length(t.metric_suffix)) ELSE c.name END
			AS metric,
		CASE WHEN t.name = 'sample' THEN '''''' ELSE 'CAST(cpu AS TEXT)' END AS instance
	FROM tables t, pragma_table_info(t.name) c
	WHERE c.name NOT IN ('endpoint_id', 'seq', 't_ns', 'dt_ns', 'cpu')
), parts (part) AS (
	SELECT 'SELECT endpoint_id, ''' || metric || ''' AS metric, ' || instance
		|| ' AS instance, sum(' || col || ') AS n FROM ' || tab || ' GROUP BY endpoint_id, 3'
		|| ' HAVING n IS NOT NULL'
	FROM columns
	UNION ALL
	SELECT 'SELECT endpoint_id, m.name, ' || i || ', sum(value) FROM ' || t
		|| ' JOIN metric m ON m.id = metric_id GROUP BY endpoint_id, 2, 3'
	FROM (SELECT 'protocol_sample' AS t, '''''' AS i
		UNION ALL SELECT 'extra_sample', 'instance')
)
SELECT 'WITH sums AS (' || group_concat(part, ' UNION ALL ') || ')
	SELECT e.run_id, e.role, t.metric, t.instance, t.count, s.n
	FROM v_total t JOIN endpoint e ON e.id = t.endpoint_id
	LEFT JOIN sums s USING (endpoint_id, metric, instance)
	WHERE t.metric <> ''generator_packets'' AND t.count IS NOT coalesce(s.n, 0)
	UNION ALL
	SELECT e.run_id, e.role, s.metric, s.instance, NULL, s.n
	FROM sums s JOIN endpoint e ON e.id = s.endpoint_id
	LEFT JOIN v_total t USING (endpoint_id, metric, instance) WHERE t.endpoint_id IS NULL'
FROM parts;
