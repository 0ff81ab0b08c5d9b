#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The built-in generator on real interfaces: its counts are the kernel's, its checksums are right, it
# works for everybody and everywhere, and what it could not send in time it does not send late.
source "$(dirname "$0")/lib.sh"
need_testbed
need jq setpriv

paced() { run --generator paced "$@"; }

exact() { # WHAT: what the generator says is what every counter says, and nothing is lost
	local n said passed
	n=$(last_run offered_packets)
	is "$1: exit code" "$rc" 0
	is "$1: status" "$(last_run status)" ok
	is "$1: generator's count" "$(total sender generator_packets)" "$n"
	is "$1: tx_packets + tx_dropped" \
		"$(($(total sender tx_packets) + $(total sender tx_dropped)))" "$n"
	is "$1: refused is what the driver dropped" "$(total sender generator_refused)" \
		"$(total sender tx_dropped)"
	holds "$1: its CPU time is told" "$(total sender generator_run_ns) > 0"
	[ ! -r /proc/thread-self/schedstat ] ||
		holds "$1: and how long it waited" "$(total sender generator_wait_ns) >= 0"
	is "$1: residual" "$(packets residual)" 0
	is "$1: bad UDP checksums" "$(total receiver udp_in_csum_errors)" 0
	is "$1: bad IP headers" "$(total receiver ip_in_hdr_errors)" 0
	said=$(last_run intended_packets)
	passed=$(total sender generator_not_offered)
	[ -z "$said" ] || is "$1: offered and not offered are what was intended" "$((n + passed))" "$said"
	printf 'note  %s: peak %s, empty %s, not offered %s of %s\n' "$1" "$(last_run peak_ratio)" \
		"$(last_run empty_share)" "$passed" "$said"
}

lossless() {
	exact "$1"
	is "$1: forwarded" "$(last_run forwarded_packets)" "$(last_run offered_packets)"
}

for pps in 1k 10k 100k; do
	say "$pps pps"
	paced -p "$pps" -s 2 -i 100ms
	exact "$pps"
	holds "$pps: no bursts of a second" "$(last_run empty_share) < 0.5"
done

say "every frame size, from one port and from many"
for size in 64 65 128 511 1024 1518; do
	paced -p 2k -s 0.5 -z "$size"
	lossless "$size bytes"
	is "$size bytes: bytes a packet" "$(($(total sender tx_bytes) / $(total sender tx_packets)))" \
		$((size - 4))
done
paced -p 20k -s 1 -r
lossless "random ports"
is "source_port_mode" "$(last_run source_port_mode)" random
paced -p 20k -s 1 --flows 100
lossless "100 flows"
is "source_port_mode" "$(last_run source_port_mode)" rotating
paced -p 2k -s 1 --qdisc
lossless "through the qdisc"
paced -p 2k -s 1 -l
lossless "loopback"

say "as fast as possible, and faster than that"
paced -p 0 -s 1
exact "-p 0"
is "intended" "$(last_run intended_packets)" ""
paced -p 20M -s 1
exact "20 M"
has "20 M: reasons" "$(codes)" source_limited
has "20 M: show says what to do" "$("${nbcollect%collect}analyze" --db "$db" show last --format json 2>&1 | tail -1)" \
	'"warnings":[{"code":"source_limited","text":"source_limited 0'
holds "20 M: peak" "$(last_run peak_ratio) < 20"

if [ "$(nproc)" -ge 2 ]; then
	say "two cores share the rate, the remainder too"
	paced -p 10001 -s 2 -c 2
	exact "-c 2"
	is "intended" "$(last_run intended_packets)" 20002
fi

say "an interface that is down for a while"
if [ "$(id -u)" -eq 0 ] && command -v nsenter ip >/dev/null; then
	start_run -p 5k -s 3 -i 100ms --generator paced
	nsenter -t "$receiver" -n ip link set eth0 down
	dropped() { [ "$(awk '$1 == "eth0:" { print $13 }' "/proc/$sender/net/dev")" -gt 1000 ]; }
	until_true 20 "drops at the sender" dropped
	nsenter -t "$receiver" -n ip link set eth0 up
	finish
	# the errno of a batch that was cut short is told with the next call (sendmmsg(2)): of the frames
	# at the moment the carrier goes and comes, one each may be put down to the other reason
	holds "carrier off: generator's count against the interface's" \
		"($(total sender generator_packets) - $(last_run offered_packets)) ^ 2 <= 4"
	holds "carrier off: residual" "($(packets residual)) ^ 2 <= 4"
	holds "carrier off: lost at the driver" "$(packets tx_dropped) > 1000"
fi

say "SIGSTOP of the sender's agent for 1.2 s"
start_run -p 10k -s 4 -i 100ms --generator paced
kill -STOP "$sender"
sleep 1.2
kill -CONT "$sender"
finish
exact stopped
holds "stopped: what was missed is not offered" "$(total sender generator_not_offered) > 11000"
holds "stopped: nor is it sent in a hurry" "$(last_run peak_ratio) < 3"
has "stopped: verdict" "$(last_run verdict)" noted
holds "stopped: sent in the run" "$(last_run offered_packets) < 30000"

say "a cpuset without CPU 0"
if [ "$(nproc)" -ge 2 ] && command -v taskset >/dev/null; then
	rc=0
	taskset -c 1 "$nbcollect" --db "$db" run --wait 20m --generator paced -p 2k -s 1 \
		>"$work/out" 2>"$work/err" </dev/null || rc=$?
	exact "without CPU 0"
	is "without CPU 0: cores" "$(last_run cores)" 1
fi

say "without privileges"
if [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups \
	unshare --user --map-root-user --net true 2>/dev/null; then
	mkdir -m 777 "$work/nobody"
	mkdir "$work/bin"
	cp "$nbcollect" "$work/bin/nbcollect" # the build folder may be closed to others
	chmod -R a+rX "$work/bin"
	root_db=$db
	db=$work/nobody/runs.db
	rc=0
	setpriv --reuid=65534 --regid=65534 --clear-groups "$work/bin/nbcollect" --db "$db" run \
		--wait 20m --generator paced -p 5k -s 1 >"$work/out" 2>"$work/err" </dev/null || rc=$?
	exact unprivileged
	db=$root_db
fi

say "what is refused"
paced -p 1k -s 1 --flows 10 -r
is "--flows with -r: exit code" "$rc" 2
run -p 1k -s 1 --flows 10 --generator trafgen
is "--flows with trafgen: exit code" "$rc" 2
paced -p 1k -s 1 --flows 70000
is "--flows 70000: exit code" "$rc" 2

whole
done_testing
