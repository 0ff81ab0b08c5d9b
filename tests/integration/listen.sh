#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The listener: what it counts by sequence number is what the kernel counts, and what a slow one
# loses is lost at its socket and nowhere else.
source "$(dirname "$0")/lib.sh"
need_testbed

listen() { run --generator paced --listen -s 1 -i 100ms "$@"; }

# Every packet that was handed to the driver was read, or stands in one stage of the ledger.
accounts() { # WHAT
	is "$1: exit code" "$rc" 0
	is "$1: status" "$(last_run status)" ok
	is "$1: forwarded_from" "$(last_run forwarded_from)" listener
	is "$1: forwarded is what the listener read" "$(last_run forwarded_packets)" \
		"$(total receiver listener_packets)"
	is "$1: UDP says the same" "$(total receiver udp_in_datagrams)" \
		"$(total receiver listener_packets)"
	is "$1: packets of somebody else" "$(total receiver listener_foreign)" 0
	is "$1: residual" "$(packets residual)" 0
	is "$1: offered" "$(last_run offered_packets)" \
		"$(($(packets forwarded) + $(packets udp_rcvbuf) + $(packets rx_dropped)))"
	is "$1: delivered" "$(packets delivered)" "$(packets forwarded)"
}

sequence() { # WHAT: nothing came twice or late; the gaps are the losses but for those at the end
	is "$1: duplicated" "$(total receiver listener_duplicated)" 0
	is "$1: reordered" "$(total receiver listener_reordered)" 0
	holds "$1: gaps" "$(total receiver listener_lost) <= $(last_run "offered_packets - forwarded_packets")"
}

all_arrive() {
	accounts "$1"
	sequence "$1"
	is "$1: lost" "$(last_run 'offered_packets - forwarded_packets')" 0
	is "$1: gaps" "$(total receiver listener_lost)" 0
}

say "a listener that keeps up"
deep="--listen-buffer 16000000" # for a second and more: no stall of a busy machine costs a packet
listen -p 5k $deep
all_arrive "5 k"
listen -p 5k $deep -r -z 512
all_arrive "random ports, 512 bytes"
listen -p 5k $deep --flows 9
all_arrive "9 flows"
listen -p 5k $deep -l
all_arrive "loopback"
[ "$(nproc)" -lt 2 ] || {
	listen -p 5001 $deep -c 2 --flows 3
	all_arrive "two cores, 3 flows each"
}

say "a listener that never keeps up"
listen -p 20k --listen-work 200us --listen-buffer 20000
accounts slow
sequence slow
holds "slow: most of it is lost at the socket" "$(packets udp_rcvbuf) > 10000"
is "slow: lost elsewhere" "$(($(last_run 'offered_packets - forwarded_packets') - \
	$(packets udp_rcvbuf) - $(packets rx_dropped)))" 0
is "slow: lost by the interface" "$(q "SELECT sum(packets) FROM v_ledger WHERE pair IS NULL
	AND stage IN ('tx_dropped', 'wire', 'rx_missed', 'rx_errors') AND run_id = (SELECT max(id) FROM
	run)")" 0
has "slow: the closing line" "$err" "receiver socket"

say "trafgen's packets have no numbers: they are counted"
run --generator trafgen --listen -s 2 -p 100 -i 100ms
accounts trafgen
is "trafgen: gaps are not known" "$(total receiver listener_lost)" ""

say "two pairs, each with a listener of its own"
listen -p 1k -n 2
accounts "two pairs"
is "two pairs: forwarded" "$(last_run forwarded_packets)" "$(last_run offered_packets)"

say "what is refused"
run -p 1k -s 1 --listen-work 1ms
is "--listen-work without --listen: exit code" "$rc" 2

whole
done_testing
