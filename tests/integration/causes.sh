#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Limits set on purpose, one after another, on real traffic in the namespaces of a run: `nbanalyze
# bound` names the limit first. And none on a path without one, below its knee.
#   causes.sh BUILD_FOLDER [CASE…|all]
# Without cases only those whose outcome does not depend on how busy the host is; `all` prints a table
# at its end (scripts/bench causes).
source "$(dirname "$0")/lib.sh"
shift
need_testbed
need_root
need nsenter ip tc perl taskset trafgen
nbanalyze=${nbcollect%nbcollect}nbanalyze
[ -x "$nbanalyze" ] || skip "nbanalyze is not built"

in_sender() { nsenter -t "$sender" -n "$@"; }
in_receiver() { nsenter -t "$receiver" -n "$@"; }

connected() {
	in_sender ip neigh show dev eth0 | grep -q PERMANENT &&
		in_receiver ip neigh show dev eth0 | grep -q PERMANENT
}

# begin ARGS…: a run whose namespaces are joined, and nothing sent yet
begin() {
	start run --wait 20m -s 2 -i 100ms --label "case=$case" "$@"
	until_true 1200 "agents" has_agents 3
	mapfile -t agents < <(children "$pid")
	sender=${agents[0]} receiver=${agents[1]}
	until_true 30 "a way between them" connected
}

# --- the limits: each makes runs labelled with its case ---------------------------------------------

limit_qdisc() { # a shaper with a short queue
	begin --generator paced --qdisc -p 2k
	in_sender tc qdisc replace dev eth0 root tbf rate 256kbit burst 2000 limit 3000
	finish
}

limit_qdisc_deep() { # a shaper with a long queue: the socket's buffer is full before it
	begin --generator paced --qdisc -p 20k
	in_sender tc qdisc replace dev eth0 root tbf rate 1mbit burst 5000 limit 100mb
	finish
}

limit_rcvbuf() { # bursts of a second's packets, and a reader that keeps up on average
	run -s 4 -i 100ms --label "case=$case" -p 5k --listen --listen-buffer 20000
}

limit_slow_reader() {
	run --generator paced -s 3 -i 100ms --label "case=$case" -p 2k --listen --listen-work 5ms \
		--listen-buffer 20000
}

limit_never_read() {
	begin --generator paced -p 2k
	# the smallest buffer there is: what waits in it is in no counter
	in_receiver perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 17) or die; setsockopt(S,
		SOL_SOCKET, SO_RCVBUF, pack("l", 1)); bind(S, sockaddr_in(1024, INADDR_ANY)) or die;
		sleep 60' &
	background+=($!)
	finish
}

limit_backlog() {
	local file=/proc/sys/net/core/netdev_max_backlog was
	was=$(cat "$file")
	undo+=("echo $was >$file")
	echo 2 >"$file"
	# paced offers a frame once; trafgen would send again what the full backlog refused, and be void
	run --generator paced -s 2 -i 100ms --label "case=$case" -p 100k
	echo "$was" >"$file"
}

limit_mtu() {
	begin --generator paced -p 2k -z 1400
	in_receiver ip link set eth0 mtu 1000
	finish
}

limit_not_local() {
	begin --generator paced -p 2k
	in_receiver ip addr flush dev eth0
	finish
}

limit_wrong_mac() {
	begin --generator paced -p 2k
	in_receiver ip link set eth0 address 02:00:00:00:99:99
	finish
}

limit_link_down() {
	begin --generator paced -p 2k
	in_receiver ip link set eth0 down
	finish
}

limit_martian() {
	begin --generator paced -p 2k
	in_receiver ip addr add 198.18.0.1/32 dev lo
	finish
}

limit_quota() {
	local group=/sys/fs/cgroup/cpu/nb-causes.$$ cpus=$nbcollect
	{ mkdir "$group" && echo 20000 >"$group/cpu.cfs_period_us" &&
		echo 8000 >"$group/cpu.cfs_quota_us"; } 2>/dev/null || {
		group=/sys/fs/cgroup/nb-causes.$$
		{ mkdir "$group" && echo "8000 20000" >"$group/cpu.max"; } 2>/dev/null || {
			rmdir "$group" 2>/dev/null
			echo "skipped: no control group with a CPU quota can be made here"
			return 1
		}
	}
	undo+=("rmdir $group 2>/dev/null")
	printf '#!/bin/sh\necho $$ >%s/cgroup.procs\nexec %s "$@"\n' "$group" "$nbcollect" >"$work/held"
	chmod +x "$work/held"
	nbcollect=$work/held
	run --generator paced -s 3 -i 200ms --label "case=$case" -p 400k
	nbcollect=$cpus
}

limit_softirq_core() { # the receiver's stack on the generator's core
	begin --generator paced --core-list 1 -p 2M
	echo 2 >"/proc/$receiver/root/sys/class/net/eth0/queues/rx-0/rps_cpus"
	finish
}

limit_core_taken() { # other work on the generator's core, of a higher priority
	local i others=()
	for i in 1 2 3; do
		taskset -c 1 nice -n -15 perl -e 'my $end = time + 60; 1 while time < $end' &
		others[i]=$!
		background+=("$!")
	done
	run --generator paced --core-list 1 -s 3 -i 100ms --label "case=$case" -p 400k
	kill "${others[@]}"
	wait "${others[@]}" 2>/dev/null || true
}

limit_cores_shared() { # twice as many workers as CPUs, none of which rests
	run --generator paced -s 2 -i 100ms --label "case=$case" -p 50k -n "$(nproc)" -c 2
}

limit_generator_core() {
	run --generator paced -s 3 -i 100ms --label "case=$case" -p 5M -z 1518
}

# --- judging ------------------------------------------------------------------------------------

first_cause() { # of the runs with this label: the code that stands first; "none"
	"$nbanalyze" --db "$db" bound --label "case=$1" --format csv 2>/dev/null |
		perl -ne 'chomp; my @f; push @f, defined $1 ? $1 : $2 while /\G(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g;
		if ($. == 1) { @i{@f} = 0..$#f; next }
		if ($f[$i{item}] eq "cause" && $f[$i{rank}] == 1) { print $f[$i{cause}]; $said = 1 }
		END { print "none" unless $said }'
}

words() {
	"$nbanalyze" --db "$db" bound --label "case=$1" --format csv 2>&1 >/dev/null | tail -n 1
}

table=()
right=0 tried=0
judge() { # CASE WANTED
	local got
	got=$(first_cause "$1") || got="no run" # void
	tried=$((tried + 1))
	if [ "$got" = "$2" ]; then
		right=$((right + 1))
		table+=("$(printf '%-16s %-16s %-16s right' "$1" "$2" "$got")")
		ok "$1: $(words "$1")"
	else
		table+=("$(printf '%-16s %-16s %-16s WRONG' "$1" "$2" "$got")")
		if [ -n "${tolerant:-}" ]; then printf 'wrong %s: ' "$1"; else fail "$1: named '$got' first, not '$2'"; fi
		words "$1"
		"$nbanalyze" --db "$db" bound --label "case=$1" --quiet
	fi
}

wanted() { # CASE: what is to be named
	case $1 in
	qdisc_deep) echo qdisc ;;
	*) echo "$1" ;;
	esac
}

quick=(qdisc slow_reader never_read mtu not_local wrong_mac link_down cores_shared)
every=("${quick[@]}" rcvbuf backlog qdisc_deep martian quota softirq_core core_taken generator_core)

cases=("$@")
[ ${#cases[@]} -gt 0 ] || cases=("${quick[@]}")
[ "${cases[*]}" != all ] || {
	cases=("${every[@]}")
	tolerant=yes # the table is the outcome
}
for case in "${cases[@]}"; do
	say "$case"
	"limit_$case" || continue
	is "$case: exit code" "$rc" 0
	judge "$case" "$(wanted "$case")"
done

if [ -n "${tolerant:-}" ]; then
	for generator in paced trafgen; do
		for rate in 1k 5k 20k; do
			case=unlimited_${generator}_$rate
			run --generator "$generator" -s 2 -i 100ms --label "case=$case" -p "$rate"
			judge "$case" none
		done
	done
	printf '\n%-16s %-16s %-16s\n' "limit" "to be named" "named first"
	printf '%s\n' "${table[@]}"
	echo "$right of $tried right"
fi
done_testing
