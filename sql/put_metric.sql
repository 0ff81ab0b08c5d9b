-- Adds a metric to the registry, or refreshes what is said of it; its id stays.
INSERT INTO metric (name, unit, kind, width, better, across_pairs, derived_from, help)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (name) DO UPDATE SET unit = excluded.unit, kind = excluded.kind,
	width = excluded.width, better = excluded.better, across_pairs = excluded.across_pairs,
	derived_from = excluded.derived_from, help = excluded.help
WHERE (unit, kind, width, better, across_pairs, derived_from, help) IS NOT (excluded.unit,
	excluded.kind, excluded.width, excluded.better, excluded.across_pairs,
	excluded.derived_from, excluded.help)
