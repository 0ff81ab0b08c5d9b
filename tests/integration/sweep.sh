#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sweep: the cross product, an order that its seed gives again, what is missing after an interrupt
# and no more, a run that fails in the middle; and rm, migrate and watch.
source "$(dirname "$0")/lib.sh"
need_testbed
need jq

points() { # of a campaign, in the order of its plan
	q "SELECT group_concat(json_extract(value, '\$[0]') || '/' || json_extract(value, '\$[1]') || '/' ||
		json_extract(value, '\$[4]'), ' ') FROM campaign c, json_each(c.plan, '$.points')
		WHERE c.name = '$1'"
}

runs_of() { # of a campaign, as they were made
	q "SELECT group_concat(r.target_pps || '/' || r.frame_size, ' ') FROM (SELECT * FROM run
		WHERE campaign_id = (SELECT max(id) FROM campaign WHERE name = '$1')
		AND status = 'ok' ORDER BY id) r"
}

say "a cross product in the order given, an interrupt, and the rest: what ran is not run again"
start sweep --wait 20m --generator trafgen -p 300,400 -z 64,128 -c 1 -s 0.2 --order given --name given \
	--label a=b
one_ok() { [ "$(q "SELECT count(*) FROM run WHERE status = 'ok'")" -ge 1 ]; }
until_true 1200 "a run of it" one_ok
kill -INT "$pid"
finish
is "exit code" "$rc" 130
has "it says what it will take, what is left, and how to go on" "$err" "4 runs" "run 1 of 4" "left" \
	"--resume given"
n=$(runs_of given | wc -w)
holds "runs before the interrupt" "$n >= 1 && $n < 4"
is "the order" "$(points given)" "300/64/0 400/64/0 300/128/0 400/128/0"
collect sweep --wait 20m --resume given --format json
is "the rest: exit code" "$rc" 0
is "rows" "$(printf %s "$out" | jq -c '[.schema, ([.rows[].run_id] | length)]')" \
	"[\"netbound.sweep/1\",$((4 - n))]"
is "its runs, in order" "$(runs_of given)" "300/64 400/64 300/128 400/128"
is "packets of each" "$(q "SELECT group_concat(offered || ' ' || forwarded, ', ') FROM (SELECT * FROM run
	WHERE status = 'ok' ORDER BY id)")" "60 60, 80 80, 60 60, 80 80"
is "labels" "$(q "SELECT DISTINCT labels FROM run")" '{"a":"b"}'
is "configurations" "$(q "SELECT count(DISTINCT config_hash) FROM run WHERE status = 'ok'")" 4
is "its settings are those of the first part" "$(q "SELECT DISTINCT generator || duration_ns FROM run")" \
	trafgen200000000
collect sweep --wait 20m --resume given
is "nothing is left to do: exit code" "$rc" 0
has "nothing is left to do" "$err" "0 runs"
collect sweep --wait 20m --resume nobody
is "a campaign that is not there: exit code" "$rc" 3
has "a campaign that is not there" "$err" nobody

say "shuffled within each round of repeats; the same seed gives the same order"
for name in once again; do
	# the plan is there before the first run
	start sweep --wait 20m --generator trafgen -p 300,400,500,600 -c 1 -s 0.2 --repeat 2 --seed 7 --name $name
	planned() { [ "$(q "SELECT count(*) FROM campaign WHERE name = '$name'")" = 1 ]; }
	until_true 1200 "its plan" planned
	kill -INT "$pid"
	finish
	is "$name: exit code" "$rc" 130
done
all=$(points once)
is "the order, again" "$(points again)" "$all"
is "rounds" "$(tr ' ' '\n' <<<"$all" | cut -d / -f 3 | tr '\n' ' ')" "0 0 0 0 1 1 1 1 "
is "each round has each point" "$(tr ' ' '\n' <<<"$all" | sort | tr '\n' ' ')" \
	"300/64/0 300/64/1 400/64/0 400/64/1 500/64/0 500/64/1 600/64/0 600/64/1 "
is "it is shuffled" "$([ "$all" != "300/64/0 400/64/0 500/64/0 600/64/0 300/64/1 400/64/1 500/64/1 600/64/1" ] && echo yes)" yes

say "a run that fails does not end it"
start sweep --wait 20m --generator trafgen -p 300,400 -c 1 -s 1 --order given --name failing
until_true 1200 "agents" has_agents 3
mapfile -t agents < <(children "$pid")
sender=${agents[0]}
until_true 60 "packets" sends
kill -KILL "$sender"
finish
is "exit code" "$rc" 1
has "it says so" "$err" "1 failed" "1 void"
is "its runs" "$(q "SELECT group_concat(status || ' ' || (verdict = 'void'), ', ') FROM (SELECT * FROM run
	WHERE campaign_id = (SELECT id FROM campaign WHERE name = 'failing') ORDER BY id)")" \
	"failed 1, ok 0"

say "rm"
runs=$(q 'SELECT count(*) FROM run')
uuid=$(q 'SELECT uuid FROM run WHERE id = 2')
collect rm 1 999
is "rm of a run that is not there: exit code" "$rc" 3
is "it deleted none" "$(q 'SELECT count(*) FROM run')" "$runs"
collect rm 1 "$uuid"
is "rm: exit code" "$rc" 0
is "rm: runs" "$(q 'SELECT count(*) FROM run')" $((runs - 2))
is "rm: what is left of them" "$(q "SELECT count(*) FROM endpoint WHERE run_id <= 2")" 0
is "rm: samples without an endpoint" "$(q "SELECT count(*) FROM sample WHERE endpoint_id NOT IN
	(SELECT id FROM endpoint)")" 0
whole

say "migrate"
collect migrate
is "migrate: exit code" "$rc" 0
has "migrate" "$err" "is the newest"
collect --db "$work/none.db" migrate
is "migrate of nothing: exit code" "$rc" 3
is "migrate of nothing makes nothing" "$(test -e "$work/none.db" && echo made || echo none)" none

say "watch"
collect watch --if lo -i 50ms -s 0.3
is "watch: exit code" "$rc" 0
holds "watch: lines" "$(printf '%s\n' "$out" | grep -c '^TX lo: [0-9]* pkts/s RX lo: ') >= 3"
start watch --if lo -i 50ms
reads() { [ -s "$work/out.${words_of[pid]}" ]; }
until_true 10 "a line" reads
kill -INT "$pid"
finish
is "watch until Ctrl-C: exit code" "$rc" 0
start watch --if lo -i 1h
sleep 0.2 # it sleeps in its first interval: nothing outside shows that
kill -INT "$pid"
until_true 5 "the end of watch" gone "$pid" && ok "watch with a long interval ends at once"
finish
done_testing
