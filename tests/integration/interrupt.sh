#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Ctrl-C, TERM, and a collector that is stopped for a while: a run ends in order, and in time.
source "$(dirname "$0")/lib.sh"
need_testbed
deep_backlog

aborted() { # WHAT: what an interrupted run leaves
	is "$1: exit code" "$rc" 130
	is "$1: the run" "$(last_run "status || ' ' || verdict || ' ' || error")" "aborted void interrupted"
	has "$1: its reasons" "$(codes)" interrupted
	has "$1: the last line" "$err" interrupted
	is "$1: processes left" "$(alive "${all[@]}" && echo yes || echo none)" none
	is "$1: spools left" "$(find "$work" -name '*.nbrun' | wc -l)" 0
	is "$1: owners left" "$(q 'SELECT count(*) FROM run WHERE owner IS NOT NULL')" 0
}

measured() { # WHAT: what was sent until then is there, and agrees
	local n
	n=$(total sender tx_packets)
	holds "$1: packets were counted" "$n >= 2000"
	is "$1: offered" "$(last_run offered_packets)" "$n"
	is "$1: forwarded" "$(last_run forwarded_packets)" "$n"
	is "$1: trafgen's own count" "$(total sender generator_packets)" "$n"
	is "$1: samples add up" "$(unequal_sums)" ""
}

say "Ctrl-C: SIGINT to the process group of the terminal"
start_run -p 2k -s 100 -i 100ms
mapfile -t all < <(descendants "$pid")
kill -INT -- "-$pid"
finish
aborted "Ctrl-C"
measured "Ctrl-C"

say "SIGTERM"
start_run -p 2k -s 100 -i 100ms
mapfile -t all < <(descendants "$pid")
kill -TERM "$pid"
finish
aborted "TERM"
measured "TERM"

# Where it is ignored from the start, as under nohup, it stays so: nothing to see there.
if [ $((0x$(awk '/^SigIgn/ { print $2 }' /proc/self/status) & 1)) = 0 ]; then
	say "SIGHUP: the terminal goes away"
	start_run -p 2k -s 100 -i 100ms
	mapfile -t all < <(descendants "$pid")
	kill -HUP "$pid"
	finish
	aborted "HUP"
	measured "HUP"
fi

say "SIGINT in the idle second, before anything is sent"
start run --generator trafgen --wait 20m -p 2k -s 100
running() { [ "$(q "SELECT count(*) FROM run WHERE status = 'running'")" = 1 ]; }
until_true 1200 "the row of the run" running
mapfile -t all < <(descendants "$pid")
kill -INT "$pid"
finish
aborted "idle second"
is "idle second: offered" "$(last_run offered_packets)" 0

say "SIGINT while it waits for another run, and a second run without --wait"
start_run -p 1k -s 100
first=$pid
mapfile -t all < <(descendants "$pid")
collect run --generator trafgen -p 1k -s 1
is "without --wait: exit code" "$rc" 1
one_line "without --wait" "$err"
has "without --wait" "$err" "$first" "--wait"
runs=$(q 'SELECT count(*) FROM run')
start run --generator trafgen --wait 20m -p 1k -s 1
sleeps() { grep -q '^State:.*S' "/proc/$pid/status"; }
until_true 10 "the wait" sleeps
kill -INT "$pid"
until_true 10 "its end" gone "$pid" && ok "it does not go on waiting"
finish
is "waiting: exit code" "$rc" 130
is "waiting: runs" "$(q 'SELECT count(*) FROM run')" "$runs"
pid=$first
kill -TERM "$pid"
finish
is "the run it waited for: exit code" "$rc" 130

say "the collector is stopped (SIGSTOP) until its generator has ended"
start_run -p 20k -s 2 -i 50ms
trafgen_of "$sender"
kill -STOP "$pid"
until_true 20 "the end of trafgen" gone "$trafgen" "$worker" && ok "the generator ends by itself"
sleep 1 # longer than the drain of output takes: agents go on sampling meanwhile
kill -CONT "$pid"
finish
is "exit code" "$rc" 0
is "verdict: void" "$(last_run "verdict = 'void'")" 0 # noted: trafgen sends in bursts
is "offered" "$(last_run offered_packets)" 40000
is "forwarded" "$(last_run forwarded_packets)" 40000
for role in sender receiver node; do
	is "ticks missed by the $role" "$(q "SELECT max(seq) - min(seq) + 1 - count(*) FROM source_read d
		JOIN endpoint e ON e.id = d.endpoint_id WHERE e.role = '$role'
		AND run_id = (SELECT max(id) FROM run) AND source IN ('link', 'stat')")" 0
done
whole
done_testing
