#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Without root the whole testbed lives in a user namespace, also where /proc and /sys of one's own
# are refused, as in containers that hide parts of them.
source "$(dirname "$0")/lib.sh"
need trafgen sqlite3 setpriv unshare
if [ "$(id -u)" -eq 0 ]; then
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
else
	as=()
fi
"${as[@]}" unshare --user --map-root-user --net true 2>/dev/null ||
	skip "user namespaces are refused here"
mkdir "$work/bin" "$work/home"
cp "$nbcollect" "$work/bin/" # where the other user may read it
[ "$(id -u)" -ne 0 ] || chown 65534:65534 "$work/home"
db=$work/home/runs.db
export ASAN_OPTIONS="log_path=$work/home/sanitizer:detect_leaks=1:exitcode=99"

as_user() { # ARGS… of nbcollect
	rc=0
	"${as[@]}" "$work/bin/nbcollect" --db "$db" "$@" >"$work/out" 2>"$work/err" </dev/null || rc=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
	mv "$work"/home/sanitizer.* "$work/" 2>/dev/null || true
	sanitizers
}

whole_run() { # WHAT PACKETS: what was offered has arrived; about that many
	local offered
	is "$1: exit code" "$rc" 0
	offered=$(last_run offered_packets)
	is "$1: offered, and what a busy machine kept it from" \
		"$((offered + $(total sender generator_not_offered) + 0))" "$2"
	holds "$1: offered" "$offered > 0"
	is "$1: forwarded" "$(last_run forwarded_packets)" "$offered"
	is "$1: the generator's own count" "$(total sender generator_packets)" "$offered"
	is "$1: NoPorts of the receiver" "$(total receiver udp_no_ports)" "$offered"
	is "$1: residual" "$(packets residual)" 0
	is "$1: the verdict is not void" "$(last_run "verdict <> 'void' OR reasons")" 1
	is "$1: samples add up" "$(unequal_sums)" ""
	printf 'note  receiver stack: %s\n' "$(stack)"
}

stack() {
	q "SELECT json_extract(facts, '$.receiver_stack') FROM endpoint WHERE role = 'receiver'
		ORDER BY id DESC LIMIT 1"
}

generators=(paced)
if ulimit -l unlimited 2>/dev/null || [ "$(ulimit -Hl)" = unlimited ]; then
	ulimit -l unlimited
	generators+=(trafgen)
else
	printf 'note  trafgen is left out: %s KiB may be locked, and that cannot be raised\n' "$(ulimit -Hl)"
fi
runs=0
for generator in "${generators[@]}"; do
	say "$generator in a user namespace"
	as_user run --generator "$generator" --wait 20m -p 2k -s 1 -i 100ms
	whole_run "$generator" 2000
	is "the stack of the receiver runs apart from the sender" "$(stack)" threaded-napi
	runs=$((runs + 1))
done
say "two pairs"
as_user run --generator paced --wait 20m -p 500 -s 1 -n 2
whole_run "two pairs" 1000
runs=$((runs + 1))

say "too little locked memory for trafgen"
(
	ulimit -l 64
	as_user run --generator trafgen --wait 20m -p 1k -s 1
	is "locked memory: exit code" "$rc" 1
	one_line "locked memory" "$err"
	has "locked memory" "$err" trafgen "64 KiB" "ulimit -l"
	[ "$failures" -eq 0 ]
) || failures=$((failures + 1))
is "runs in the store" "$(q 'SELECT count(*) FROM run')" $runs

if [ "$(id -u)" -eq 0 ]; then
	say "where parts of /proc and /sys are hidden: one's own cannot be mounted then"
	mkdir "$work/nothing"
	hidden() { # ARGS…
		rc=0
		unshare --mount sh -c 'mount --bind "$0" /proc/tty && mount --bind "$0" /sys/kernel/slab 2>/dev/null ||
			mount --bind "$0" /sys/kernel && exec "$@"' "$work/nothing" \
			"${as[@]}" "$work/bin/nbcollect" --db "$db" "$@" >"$work/out" 2>"$work/err" </dev/null || rc=$?
		out=$(cat "$work/out") err=$(cat "$work/err")
		mv "$work"/home/sanitizer.* "$work/" 2>/dev/null || true
		sanitizers
	}
	rps=$(cat /sys/class/net/*/queues/rx-*/rps_cpus /sys/class/net/*/threaded 2>/dev/null || true)
	hidden run --generator "$generator" --wait 20m -p 2k -s 2 -i 100ms
	whole_run "hidden" 4000
	is "hidden: the host's own interfaces were left alone" \
		"$(cat /sys/class/net/*/queues/rx-*/rps_cpus /sys/class/net/*/threaded 2>/dev/null || true)" "$rps"
	is "hidden: driver of the sender's interface" "$(q "SELECT json_extract(facts, '$.driver') FROM
		endpoint WHERE role = 'sender' ORDER BY id DESC LIMIT 1")" veth
	hidden run --generator "$generator" --wait 20m -p 500 -s 1 -l
	whole_run "hidden, loopback" 500
fi
whole
done_testing
