#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SIGKILL and SIGSTOP to the parts of a run: it ends, says which part failed, is stored and void,
# and nothing of it goes on.
source "$(dirname "$0")/lib.sh"
need_testbed
deep_backlog

begin() { # ARGS…
	start_run "$@"
	trafgen_of "$sender"
	mapfile -t all < <(descendants "$pid")
	mapfile -t spaces < <(namespaces "${all[@]}")
	at=$(ticks)
}

ended() { # WHAT CODE ERROR…: the run is void by CODE, and its error names the part
	local what=$1 code=$2
	shift 2
	finish
	is "$what: processes left" "$(alive "${all[@]}" && echo yes || echo none)" none
	until_true 2 "the end of the namespaces" no_namespace "$at" "${spaces[@]}" && ok "$what: no namespace is left"
	is "$what: exit code" "$rc" 1
	is "$what: the run" "$(last_run "status || ' ' || verdict")" "failed void"
	has "$what: its reasons" "$(codes)" "$code"
	has "$what: its error" "$(last_run error)" "$@"
	has "$what: the last line" "$err" "$@"
	is "$what: spools left" "$(find "$work" -name '*.nbrun' | wc -l)" 0
	is "$what: owners left" "$(q 'SELECT count(*) FROM run WHERE owner IS NOT NULL')" 0
}

say "the sender's agent is killed"
begin -p 1k -s 60
kill -KILL "$sender"
until_true 2 "the end of trafgen" gone "$trafgen" "$worker" && ok "trafgen ends with its agent"
ended "sender" agent_lost sender ended

say "the receiver's agent is killed"
begin -p 1k -s 60
kill -KILL "$receiver"
ended "receiver" agent_lost receiver ended

say "the node's agent is killed"
begin -p 1k -s 60
kill -KILL "$node"
ended "node" agent_lost node ended
is "node: the ends have measured all the same" "$(last_run "offered_packets >= 1000 AND
	offered_packets = forwarded_packets")" 1

say "trafgen is killed"
begin -p 1k -s 60
kill -KILL "$trafgen"
ended "trafgen" generator_failed trafgen "signal 9"
is "trafgen: what it sent has arrived" "$(last_run 'offered_packets - forwarded_packets')" 0

say "trafgen's worker is killed"
begin -p 1k -s 60
kill -KILL "$worker"
ended "worker" generator_failed trafgen worker

say "the built-in generator and the listener: agents and collector are killed in turn"
begin_paced() {
	start_run -p 1k -s 60 --generator paced --listen
	mapfile -t all < <(descendants "$pid")
	mapfile -t spaces < <(namespaces "${all[@]}")
	at=$(ticks)
}
begin_paced
kill -KILL "$sender"
ended "paced's agent" agent_lost sender ended
begin_paced
kill -KILL "$receiver"
ended "the listener's agent" agent_lost receiver ended
begin_paced
kill -KILL "$pid"
until_true 2 "the end of all agents" gone "${all[@]}" && ok "paced: all agents end with the collector"
until_true 2 "the end of the namespaces" no_namespace "$at" "${spaces[@]}"
finish
is "paced: exit code of a killed collector" "$rc" 137
run -p 100 -s 1
is "paced: the killed run" "$(q "SELECT status || ' ' || verdict FROM v_run ORDER BY run_id DESC LIMIT 1 OFFSET 1")" \
	"aborted void"

say "the receiver's agent is stopped over the first snapshot: what came before it took one counts"
start run --generator trafgen --wait 20m -p 2k -s 2 -i 10ms
until_true 1200 "agents" has_agents 3
mapfile -t all < <(descendants "$pid")
sender=${all[0]} receiver=${all[1]}
samples() { grep -qx nb-sampler "/proc/$receiver"/task/*/comm; }
until_true 30 "the idle second" samples
kill -STOP "$receiver"
until_true 30 "packets" sends
kill -CONT "$receiver"
finish
is "late receiver: exit code" "$rc" 0
is "late receiver: offered, forwarded" "$(last_run "offered_packets || ' ' || forwarded_packets")" "4000 4000"
is "late receiver: void" "$(last_run "verdict = 'void'")" 0
is "late receiver: samples add up" "$(unequal_sums)" ""
whole
done_testing
