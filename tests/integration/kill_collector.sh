#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SIGKILL to the collector: nothing of the run goes on, the store is whole, and the next nbcollect
# stores what was spooled, as aborted.
source "$(dirname "$0")/lib.sh"
need_testbed

kill_it() {
	local all spaces at
	trafgen_of "$sender"
	mapfile -t all < <(descendants "$pid")
	mapfile -t spaces < <(namespaces "${all[@]}")
	is "processes: three agents, trafgen and its worker" "${#all[@]}" 5
	is "network namespaces" "${#spaces[@]}" 2
	at=$(ticks)
	kill -KILL "$pid"
	finish
	is "exit code" "$rc" 137
	until_true 2 "the end of ${all[*]}" gone "${all[@]}" && ok "two seconds later no process is left"
	until_true 2 "the end of the namespaces" no_namespace "$at" "${spaces[@]}" && ok "no namespace is left"
	whole
	is "the run" "$(last_run "status || ' ' || coalesce(verdict, '-')")" "running -"
	is "spools" "$(find "$work" -name 'runs*.db.*.nbrun' | wc -l)" 1
}

next() { # what the next nbcollect makes of it
	run -p 1k -s 0.5 --label after=1
	is "exit code of the next run" "$rc" 0
	has "the next run says" "$err" "warning" "nbrun" "aborted"
	is "spools left" "$(find "$work" -name '*.nbrun' | wc -l)" 0
	is "states of the runs" "$(q "SELECT group_concat(status || ' ' || verdict, ', ')
		FROM (SELECT * FROM run ORDER BY id)" | sed 's/noted\|valid/fit/')" "$1"
	is "owners left" "$(q 'SELECT count(*) FROM run WHERE owner IS NOT NULL')" 0
	has "the error of the killed run" "$(q "SELECT error FROM run WHERE id = $2")" collector ended
	has "its reasons" "$(q "SELECT reasons FROM run WHERE id = $2")" interrupted
	is "its label" "$(q "SELECT json_extract(labels, '$.killed') FROM run WHERE id = $2")" yes
	is "its configuration: generator, rate, hosts" "$(q "SELECT json_extract(config, '$.generator')
		|| ' ' || json_extract(config, '$.target_pps') || ' ' || json_array_length(config, '$.hosts')
		FROM run WHERE id = $2")" "trafgen 1000 1"
	whole
}

say "before the first write of the spool"
start_run -p 1k -s 30 -i 100ms --label killed=yes
kill_it
next "aborted void, ok fit" 1

say "after it; the store was named by a link to it, and its folder and name look like patterns"
mkdir "$work/[a] *"
real="$work/[a] */runs?.db"
ln -s "$real" "$work/link.db"
db=$work/link.db
start_run -p 1k -s 30 -i 100ms --label killed=yes
spooled() { [ "$(find "$work" -name '*.nbrun' -size +20k | wc -l)" -eq 1 ]; }
until_true 20 "the spool" spooled
kill_it
db=$real
next "aborted void, ok fit" 1
is "its samples add up" "$(unequal_sums)" ""
holds "seconds of samples at the receiver" \
	"$(q "SELECT (max(t_ns) - min(t_ns)) / 1e9 FROM sample s JOIN endpoint e ON e.id = s.endpoint_id
	WHERE e.run_id = 1 AND role = 'receiver'") > 5"
holds "packets that were counted" "$(total receiver udp_no_ports 1) >= 1000"
is "forwarded was taken" "$(q "SELECT forwarded = (SELECT sum(count) FROM v_total WHERE run_id = 1
	AND role = 'receiver' AND metric = 'udp_no_ports') FROM run WHERE id = 1")" 1
is "from" "$(q 'SELECT forwarded_from FROM run WHERE id = 1')" udp
holds "its start lies between that of its file and of the next run" "$(q "SELECT
	(julianday(b.started_utc) - julianday(a.started_utc)) * 86400 FROM run a, run b
	WHERE a.id = 1 AND b.id = 2") > 10"
is "the node of its endpoints" "$(q "SELECT count(*) FROM endpoint e JOIN endpoint n ON n.id = e.node_id
	WHERE e.run_id = 1 AND n.role = 'node' AND e.host = n.host")" 2
done_testing
