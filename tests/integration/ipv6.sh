#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs over IPv6: every count agrees to the packet, by the counters of IPv6, and nothing but test packets
# flows.
source "$(dirname "$0")/lib.sh"
need_testbed
[ -e /proc/sys/net/ipv6/conf/all/disable_ipv6 ] || skip "this kernel has no IPv6"
deep_backlog
need jq

exact() { # WHAT N: N packets were asked, sent and received, and nothing else
	local metric
	is "$1: exit code" "$rc" 0
	is "$1: offered, forwarded" "$(last_run "offered_packets || ' ' || forwarded_packets")" "$2 $2"
	is "$1: trafgen's own count" "$(total sender generator_packets)" "$2"
	for metric in rx_packets ip_in_receives ip_in_delivers udp_no_ports; do
		is "$1: $metric of the receivers" "$(total receiver $metric)" "$2"
	done
	is "$1: residual, background" "$(packets residual) $(packets background)" "0 0"
	is "$1: the verdict is not void" "$(last_run "verdict <> 'void' OR reasons")" 1
}

say "trafgen: the smallest frames"
run -6 -p 2000 -s 2 -i 100ms
exact "smallest" 4000
is "frame size" "$(last_run frame_size)" 84
is "bytes sent: 80 a packet" "$(total sender tx_bytes)" $((80 * 4000))
is "the configuration says so" "$(q "SELECT json_extract(config, '$.ip_version') FROM run ORDER BY id DESC LIMIT 1")" 6
is "counters of IPv4 alone" "$(q "SELECT count(*) FROM v_total WHERE metric IN ('ip_rp_filter', 'rt_in_martian_src')
	AND run_id = (SELECT max(id) FROM run)")" 0
is "counters whose samples do not add up to their total" "$(unequal_sums)" ""
has "it says where" "$err" "2001:2:0:0::1 -> 2001:2:0:0::2"

say "trafgen: a checksum that adds up to nothing with any other payload"
run -6 -p 500 -s 1 --src-port 26461
exact "port 26461" 500

say "trafgen: random source ports, two pairs, the largest frames"
run -6 -p 500 -s 1 -n 2 -z 1518 -r
exact "two pairs" 1000
is "bytes sent: 1514 a packet" "$(total sender tx_bytes)" $((1514 * 1000))
is "bad checksums" "$(total receiver udp_in_csum_errors)" 0

say "paced, to a listener, by sequence numbers"
run -6 -p 2000 -s 2 --generator paced --listen --flows 4
is "exit code" "$rc" 0
offered=$(last_run offered_packets)
is "what was offered was read" "$(last_run forwarded_packets)" "$offered"
is "by the socket's own count" "$(total receiver listener_packets)" "$offered"
is "and by UDP's" "$(total receiver udp_in_datagrams)" "$offered"
is "lost, foreign" "$(total receiver listener_lost) $(total receiver listener_foreign)" "0 0"
is "residual" "$(packets residual)" 0

say "a listener that is too slow: IPv6 counts what its buffer lost"
run -6 -p 2000 -s 1 --listen --listen-work 5ms --listen-buffer 4096
is "exit code" "$rc" 0
holds "lost at the socket" "$(total receiver udp_rcvbuf_errors) > 0"
is "as the ledger has it" "$(packets udp_rcvbuf)" "$(total receiver udp_rcvbuf_errors)"
is "and as the socket says" "$(total receiver udp_socket_drops)" "$(total receiver udp_rcvbuf_errors)"
is "residual" "$(packets residual)" 0

say "over lo"
run -6 -p 1000 -s 1 -l
is "exit code" "$rc" 0
is "forwarded, and lost at the backlog" "$(($(last_run forwarded_packets) + $(packets rx_dropped)))" 1000
is "residual" "$(packets residual)" 0
is "answers" "$(total receiver icmp_out_msgs)" 0

say "a sweep that is resumed goes on with IPv6"
collect sweep -6 -p 500 -c 1 -s 0.5 --generator trafgen --name six --wait 20m
is "exit code" "$rc" 0
is "its frames" "$(last_run frame_size)" 84
q "DELETE FROM run WHERE id = (SELECT max(id) FROM run)" >/dev/null
collect sweep --resume six --wait 20m
is "exit code" "$rc" 0
is "IP version, frame size" "$(q "SELECT json_extract(config, '$.ip_version') || ' ' || frame_size FROM run
	ORDER BY id DESC LIMIT 1")" "6 84"

say "beside a run of IPv4 of the same frames: they are told apart, and chosen by it"
nbanalyze=${nbcollect%nbcollect}nbanalyze
if [ -x "$nbanalyze" ]; then
	run -p 500 -s 0.5 -z 84
	with() { "$nbanalyze" --db "$db" runs --with "ip_version=$1" --format tsv | cut -f 1 | tail -n +2 | sort -n; }
	both=$("$nbanalyze" --db "$db" summary --size 84 --format tsv 2>"$work/words")
	has "summary" "$both" "ip_version 4" "ip_version 6"
	has "its words" "$(cat "$work/words")" IPv4 IPv6
	for version in 4 6; do
		is "runs of IPv$version" "$(with $version)" "$(q "SELECT id FROM run
			WHERE coalesce(json_extract(config, '\$.ip_version'), 4) = $version ORDER BY id")"
	done
fi

say "what cannot be"
run -6 -p 1000 -s 1 -z 64
is "exit code of a frame without room" "$rc" 2
has "it says" "$err" "from 84 to 1518 bytes over IPv6"
if [ "$(id -u)" -eq 0 ]; then
	rc=0
	err=$(unshare --mount sh -c 'mount -t tmpfs none /proc/sys/net/ipv6 && exec "$@"' sh \
		"$nbcollect" --db "$db" run -6 -p 1000 -s 1 2>&1) || rc=$?
	is "exit code of a kernel without IPv6" "$rc" 1
	has "it says" "$err" "without IPv6"
fi
whole
done_testing
