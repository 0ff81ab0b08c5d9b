#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Merging stores: every row comes over, nothing twice, in any order, and a merge that is killed at
# any instant leaves whole runs, no half ones.
source "$(dirname "$0")/lib.sh"
need sqlite3
build=$(dirname "$nbcollect")
fixtures=$here/../fixtures
cd "$work"
make() { # NAME SCENARIO UUID_MARK: a store of made-up runs with uuids of its own
	"$(find "$build" -name make_db -type f -perm -u+x | head -1)" "$1" "$fixtures/scenario_$2.sql" \
		"$fixtures/make_db.sql"
	q "UPDATE run SET uuid = replace(uuid, '-4000-', '-$3-');
		UPDATE campaign SET uuid = replace(uuid, '-4000-', '-$3-');
		UPDATE run SET status = 'aborted' WHERE status = 'running'" "$1"
}
make a.db sweep 4001
make b.db zoo 4002
make c.db one_run 4003
# metrics are numbered as each store came to know them
q "PRAGMA foreign_keys = OFF; UPDATE metric SET id = id + 1000;
	UPDATE total SET metric_id = metric_id + 1000; UPDATE protocol_sample SET metric_id = metric_id + 1000;
	UPDATE extra_sample SET metric_id = metric_id + 1000" b.db

mapfile -t tables < <(q "SELECT t.name FROM sqlite_schema t WHERE t.type = 'table' AND EXISTS (
	SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = 'endpoint_id')" a.db)
rows() { # DB: all that is in it, under names that no store numbers
	local t columns
	q "SELECT c.uuid, c.name, c.kind, c.plan FROM campaign c ORDER BY 1" "$1"
	columns=$(q "SELECT group_concat('r.' || name) FROM pragma_table_info('run')
		WHERE name NOT IN ('id', 'campaign_id')" "$1")
	q "SELECT $columns, c.uuid FROM run r LEFT JOIN campaign c ON c.id = r.campaign_id ORDER BY r.uuid" "$1"
	q "SELECT r.uuid, e.role, e.pair, e.host, e.ifname, e.cores, e.facts, n.role, n.host FROM endpoint e
		JOIN run r ON r.id = e.run_id LEFT JOIN endpoint n ON n.id = e.node_id
		ORDER BY 1, 2, 3, 4" "$1"
	for t in "${tables[@]}"; do
		columns=$(q "SELECT group_concat(CASE name WHEN 'metric_id' THEN
			'(SELECT name FROM metric WHERE id = t.metric_id)' ELSE 't.' || name END)
			FROM pragma_table_info('$t') WHERE name <> 'endpoint_id'" "$1")
		q "SELECT '$t', r.uuid, e.role, e.pair, $columns FROM $t t JOIN endpoint e ON e.id = t.endpoint_id
			JOIN run r ON r.id = e.run_id" "$1" | sort
	done
}

say "all rows, in any order, once"
db=abc.db
cp a.db abc.db
collect merge b.db c.db
is "exit code" "$rc" 0
is "runs" "$(q 'SELECT count(*) FROM run')" "$(($(q 'SELECT count(*) FROM run' a.db) +
	$(q 'SELECT count(*) FROM run' b.db) + $(q 'SELECT count(*) FROM run' c.db)))"
whole
for f in a b c; do rows $f.db >$f.rows; done
rows abc.db >abc.rows
is "lines that one of the three has not" "$(sort a.rows b.rows c.rows | comm -3 - <(sort abc.rows) | wc -l)" 0
db=cba.db
collect merge c.db
collect merge b.db a.db
is "another order: lines that differ" "$(rows cba.db | sort | comm -3 - <(sort abc.rows) | wc -l)" 0
collect merge a.db b.db --format csv
is "again: exit code" "$rc" 0
is "again: taken" "$(printf '%s\n' "$out" | cut -d, -f3 | paste -sd' ')" "merged 0 0"
is "again: lines that differ" "$(rows cba.db | sort | comm -3 - <(sort abc.rows) | wc -l)" 0

say "killed at any instant"
db=killed.db
for ((i = 0; i < 8; i++)); do
	start merge a.db b.db c.db
	sleep "0.0$((RANDOM % 9))"
	kill -KILL "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	[ -e killed.db ] || continue
	is "kill $i: integrity" "$(q 'PRAGMA integrity_check')" ok
	is "kill $i: rows that no source has" \
		"$([ -z "$(q "SELECT 1 FROM sqlite_schema WHERE name = 'run'")" ] || rows killed.db | sort |
			comm -13 <(sort abc.rows) - | wc -l)" "$([ -z "$(q "SELECT 1 FROM sqlite_schema WHERE name = 'run'")" ] || echo 0)"
done
collect merge a.db b.db c.db
is "then: exit code" "$rc" 0
is "then: lines that differ" "$(rows killed.db | sort | comm -3 - <(sort abc.rows) | wc -l)" 0

say "what cannot be merged"
collect merge killed.db
is "itself: exit code" "$rc" 2
has "itself" "$err" "killed.db: the store that is merged into"
collect merge nowhere.db
is "no such file: exit code" "$rc" 3
has "no such file" "$err" "nowhere.db: no such file"
echo text >text.db
collect merge text.db
is "not a database: exit code" "$rc" 1
collect merge
is "nothing named: exit code" "$rc" 2
cp c.db newer.db
q "PRAGMA user_version = 99" newer.db
collect merge newer.db
is "of a newer schema: exit code" "$rc" 1
has "of a newer schema" "$err" "newer.db: made by a newer netbound (schema 99" "update netbound"
q "UPDATE run SET uuid = 'x', status = 'running'" c.db
collect merge c.db
is "still running: exit code" "$rc" 0
has "still running" "$err" "1 run has not ended: left out"
is "still running: not taken" "$(q "SELECT count(*) FROM run WHERE uuid = 'x'")" 0
done_testing
