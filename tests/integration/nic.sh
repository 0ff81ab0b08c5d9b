#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A real NIC with queues, where this machine has one: its queues and vectors as watch shows them, as an
# agent reads them, and as a run's node stores them. It is only read: nothing is sent through it.
source "$(dirname "$0")/lib.sh"
need jq sqlite3
netns_possible || skip "network namespaces cannot be made here"

nic="" why="no interface here is a device's"
for dir in /sys/class/net/*/device; do
	[ -e "$dir" ] || continue
	name=$(basename "$(dirname "$dir")")
	collect watch --if "$name" --show queue -s 100ms -i 50ms
	[ "$rc" -ne 0 ] || { nic=$name && break; }
	why=$err
done
[ -n "$nic" ] || skip "no NIC with counters of its queues: $why"

vectors=$({ ls /sys/class/net/"$nic"/device/msi_irqs 2>/dev/null ||
	{ grep -q '^virtio:' /sys/class/net/"$nic"/device/modalias && ls /sys/class/net/"$nic"/device/../msi_irqs; } ||
	true; } 2>/dev/null)
count_of() { tr ',' '\n' <"/sys/kernel/irq/$1/per_cpu_count" | awk '{ n += $1 } END { print n }'; }

say "watch: the queues and vectors of $nic"
collect watch --if "$nic" --show queue -s 300ms -i 100ms --sort dropped
is "exit code" "$rc" 0
for direction in rx tx; do
	holds "queues of $direction" "$(printf '%s\n' "$out" | grep -c "^$direction:0 ") >= 1"
done
for q in /sys/class/net/"$nic"/queues/rx-*; do
	[ -e "$q" ] && queues=$((${queues:-0} + 1))
done
holds "queues shown" "$(printf '%s\n' "$out" | grep '^rx:' | sort -u -k 1,1 | wc -l) <= ${queues:-1}"

say "an agent reads them at each tick"
read -r up _ </proc/uptime
at=$((${up/./} * 10000000 + 300000000))
{
	echo '{"type":"plan","role":"receiver","pair":0,"ifname":"'"$nic"'","interval_ns":100000000,"duration_ns":1000000000,"cores":[0],"pin":[]}'
	echo '{"type":"start","origin_ns":'"$at"',"generate_ns":'"$at"'}'
	sleep 1.2 # its second of readings
	echo '{"type":"finish"}'
	sleep 0.5
} | "$nbcollect" agent >"$work/agent" || fail "the agent's exit code: $?"
jq -s '[.[] | select(.type == "source" and .source == "queue") | .cells[]]' "$work/agent" >"$work/cells"
holds "figures of queues" "$(jq length "$work/cells") >= 2"
is "queues are rx:N or tx:N" "$(jq '[.[][1] | select(test("^[rt]x:[0-9]+$") | not)] | length' "$work/cells")" 0
is "figures at each tick" "$(jq -s --argjson n "$(jq length "$work/cells")" '[.[] | select(.type == "tick")
	| .reads.queue[3] | length | select(. != $n)] | length' "$work/agent")" 0
is "counts that fell" "$(jq -s '[.[] | select(.type == "tick") | .reads.queue[3] | map(tonumber)] | transpose
	| [.[] | select(. != sort)] | length' "$work/agent")" 0

[ -n "$vectors" ] || {
	echo "skipped: $nic has no vectors of its own"
	done_testing
}
say "its vectors ($(echo $vectors)), in the node of a run"
declare -A before
for v in $vectors; do
	before[$v]=$(count_of "$v")
done
run --generator none -s 1 -i 100ms
is "exit code" "$rc" 0
for v in $vectors; do
	after=$(count_of "$v")
	read -r first last < <(q "SELECT sum(first), sum(last) FROM v_total WHERE role = 'node'
		AND metric = 'irq_count' AND instance GLOB '$v:*'" | tr '|' ' ')
	holds "vector $v on all CPUs" "${before[$v]} <= ${first:--1} && ${first:--1} <= ${last:--1} &&
		${last:--1} <= $after"
done
collect watch --if "$nic" --show irq -s 300ms -i 100ms
for v in $vectors; do
	holds "watch shows vector $v" "$(printf '%s\n' "$out" | grep -c "^$v:0") >= 1"
done
has "facts of the node" "$(q "SELECT json_extract(facts, '$.irq_affinity') FROM endpoint
	WHERE role = 'node'")" "${vectors%%$'\n'*}"
done_testing
