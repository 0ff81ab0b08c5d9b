# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the integration scripts share: a folder of their own, runs in the background and their
# agents, checks. A script sources it with the build folder as $1, prints what it checks, and exits
# 0 (all holds), 1 (something does not) or 77 (it cannot be tried here).
set -euo pipefail

[ $# -ge 1 ] || {
	echo "usage: $0 BUILD_FOLDER" >&2
	exit 2
}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
nbcollect=$(cd "$1" && pwd)/nbcollect
export LC_ALL=C

work=$(mktemp -d "${TMPDIR:-/tmp}/nb-it.XXXXXX")
chmod 755 "$work"
db=$work/runs.db
failures=0
background=() # what was started, to be ended at the latest with the script
words_of=()   # pid: the number of the files that hold its words
undo=()	      # commands that put back what a script has changed on this host

# Sanitizers write here, agents' too: their standard error may be lost with the run.
export ASAN_OPTIONS="log_path=$work/sanitizer:detect_leaks=1:exitcode=99"
export UBSAN_OPTIONS="log_path=$work/sanitizer:print_stacktrace=1:exitcode=99"

finish_script() {
	local rc=$? c
	trap - EXIT
	set +e
	for c in ${background[*]}; do
		kill -KILL "$c" 2>/dev/null
	done
	for c in "${undo[@]}"; do
		eval "$c"
	done
	cd /
	rm -rf "$work"
	exit "$rc"
}
trap finish_script EXIT
trap 'exit 130' INT TERM

skip() {
	echo "skipped: $*"
	exit 77
}

# --- checks ----------------------------------------------------------------------------------

say() { printf '== %s\n' "$*"; }

ok() { printf 'ok    %s\n' "$*"; }

fail() {
	printf 'FAIL  %s\n' "$*"
	failures=$((failures + 1))
}

is() { # WHAT GOT WANTED
	if [ "$2" = "$3" ]; then ok "$1: $2"; else fail "$1: got '$2', wanted '$3'"; fi
}

holds() { # WHAT EXPRESSION (of awk, over numbers)
	if awk "BEGIN { exit !($2) }" </dev/null; then ok "$1 ($2)"; else fail "$1: not so: $2"; fi
}

has() { # WHAT TEXT PART…
	local what=$1 text=$2 part
	shift 2
	for part; do
		case "$text" in
		*"$part"*) ok "$what: …$part…" ;;
		*) fail "$what: '$part' is not in: $text" ;;
		esac
	done
}

one_line() { # WHAT TEXT
	is "$1: lines" "$(printf '%s\n' "$2" | grep -c . || true)" 1
}

sanitizers() {
	local f
	case "${err:-}" in # UBSan writes where the program does
	*': runtime error: '*) fail "a sanitizer complains: $(grep -A 12 ': runtime error: ' <<<"$err" | head -30)" ;;
	esac
	for f in "$work"/sanitizer.*; do
		[ -e "$f" ] || return 0
		fail "a sanitizer complains: $(head -c 3000 "$f")"
		rm -f "$f"
	done
}

# The last line of a script.
done_testing() {
	sanitizers
	[ "$failures" -eq 0 ] || {
		echo "$failures check(s) failed"
		exit 1
	}
	exit 0
}

# Waits for a condition, for some seconds at most: until_true SECONDS WHAT COMMAND…
until_true() {
	local end=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt "$end" ] || {
			fail "waited in vain for: $what"
			return 1
		}
		sleep 0.02
	done
}

# --- the store -------------------------------------------------------------------------------

q() { # SQL [DB]
	sqlite3 -batch -noheader -cmd '.timeout 20000' "${2:-$db}" "$1"
}

whole() { # the file opens and nothing in it is broken
	is "integrity of the store" "$(q 'PRAGMA integrity_check')" ok
	is "broken references in the store" "$(q 'PRAGMA foreign_key_check')" ""
}

last_run() { # COLUMNS: of the newest run
	q "SELECT $1 FROM v_run ORDER BY run_id DESC LIMIT 1"
}

packets() { # STAGE [RUN]: of the ledger, all pairs
	q "SELECT packets FROM v_ledger WHERE pair IS NULL AND stage = '$1'
		AND run_id = ${2:-(SELECT max(id) FROM run)}"
}

total() { # ROLE METRIC [RUN]: what the counter rose by, all pairs
	q "SELECT sum(count) FROM v_total WHERE role = '$1' AND metric = '$2'
		AND run_id = ${3:-(SELECT max(id) FROM run)}"
}

unequal_sums() { # the counters whose samples do not add up to their total
	local sql
	sql=$(q ".read $here/sums.sql") && [ -n "$sql" ] && q "$sql" || echo "the check failed"
}

codes() { # the reasons of the newest run's verdict
	q "SELECT group_concat(json_extract(value, '$.code')) FROM json_each((SELECT reasons FROM run
		ORDER BY id DESC LIMIT 1))"
}

# --- running ---------------------------------------------------------------------------------

# collect ARGS…: in the foreground. Its exit code is in $rc, its words in $out and $err.
collect() {
	rc=0
	"$nbcollect" --db "$db" "$@" >"$work/out" 2>"$work/err" </dev/null || rc=$?
	out=$(cat "$work/out")
	err=$(cat "$work/err")
	sanitizers
}

# trafgen sends an exact number however busy the host is; paced would leave out what it could not
# send in time. Scripts that mean paced say so.
run() { collect run --generator trafgen --wait 20m "$@"; }

# start ARGS…: in the background, as leader of a process group of its own, as a shell at a terminal
# would; $pid.
start() {
	local n=${#background[@]}
	set -m
	"$nbcollect" --db "$db" "$@" >"$work/out.$n" 2>"$work/err.$n" </dev/null &
	pid=$!
	set +m
	background+=("$pid")
	words_of[pid]=$n
}

# The end of what was started as $pid: $rc, $out, $err as of collect.
finish() {
	rc=0
	wait "$pid" 2>/dev/null || rc=$?
	background[words_of[pid]]=""
	out=$(cat "$work/out.${words_of[pid]}")
	err=$(cat "$work/err.${words_of[pid]}")
	sanitizers
}

alive() { # PID…: is any of them more than a zombie?
	local p state
	for p; do
		state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$p/status" 2>/dev/null) || continue
		[ -n "$state" ] && [ "$state" != Z ] && [ "$state" != X ] && return 0
	done
	return 1
}

gone() { ! alive "$@"; }

children() { pgrep -P "$1" || true; }

descendants() {
	local c
	for c in $(children "$1"); do
		echo "$c"
		descendants "$c"
	done
}

sent() { # packets that the sender's interface has sent: of the agent's namespace
	awk -v dev="${1:-eth0}:" '$1 == dev { print $11 }' "/proc/$sender/net/dev"
}

sends() { [ "$(sent "$@")" -gt 0 ]; }

has_agents() { [ "$(children "$pid" | wc -l)" -ge "$1" ]; }

# start_run ARGS…: starts a run of one pair and waits until packets flow; $sender, $receiver and
# $node are its agents, in the order in which the collector starts them.
start_run() {
	start run --generator trafgen --wait 20m "$@"
	until_true 1200 "agents" has_agents 3
	mapfile -t agents < <(children "$pid")
	sender=${agents[0]} receiver=${agents[1]} node=${agents[2]}
	until_true 30 "packets" sends
}

trafgen_of() { # PID of the sender's agent: trafgen's parent process and its worker
	trafgen=$(children "$1" | head -1)
	worker=$(children "$trafgen" | head -1)
}

namespaces() { # of processes: the network namespaces that are not ours
	local p own
	own=$(readlink /proc/self/ns/net)
	for p; do
		readlink "/proc/$p/ns/net" || true
	done | grep -vxF "$own" | sort -u
}

# No process that was there at this time is left in these namespaces; they have no name: then they
# are gone, and their numbers may be given to new ones. no_namespace CLOCK_TICKS NAMESPACE…
no_namespace() {
	local at=$1 p ns
	shift
	for p in /proc/[0-9]*; do
		ns=$(readlink "$p/ns/net") || continue
		for wanted; do
			[ "$ns" = "$wanted" ] || continue
			[ "$(sed 's/.*) //' "$p/stat" 2>/dev/null | cut -d ' ' -f 20)" -gt "$at" ] || return 1
		done
	done
}

ticks() { awk '{ printf "%d\n", $1 * 100 }' /proc/uptime; } # since boot, as in /proc/PID/stat

netns_possible() {
	unshare --net true 2>/dev/null || unshare --user --map-root-user --net true 2>/dev/null
}

need() { # what a script needs besides nbcollect
	local tool
	for tool; do
		command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null ||
			skip "$tool is not installed"
	done
}

need_root() { [ "$(id -u)" -eq 0 ] || skip "it needs root"; }

# Exact counts need a receiver that loses nothing even when this machine is busy: its backlog is made
# deep for the script (host-wide, root only) and put back at the end.
deep_backlog() {
	local file=/proc/sys/net/core/netdev_max_backlog was
	[ -w "$file" ] || return 0
	was=$(cat "$file")
	undo+=("echo $was >$file")
	echo 1000000 >"$file"
}

need_testbed() {
	need trafgen sqlite3 pgrep
	netns_possible || skip "network namespaces cannot be made here"
	[ "$(id -u)" -eq 0 ] || ulimit -l unlimited 2>/dev/null || [ "$(ulimit -l)" = unlimited ] ||
		[ "$(ulimit -l)" -ge 65536 ] || skip "trafgen may lock only $(ulimit -l) KiB of memory here"
}
