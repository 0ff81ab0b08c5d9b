-- Which files the store's runs were imported from: name and content by their hash.
CREATE TEMP TABLE imported (hash TEXT PRIMARY KEY, run_id INTEGER) WITHOUT ROWID;
INSERT OR REPLACE INTO temp.imported
SELECT json_extract(f.value, '$.hash'), e.run_id
FROM endpoint e, json_each(e.facts, '$.imported') f
WHERE e.facts LIKE '%"imported"%' AND json_extract(f.value, '$.hash') IS NOT NULL;
