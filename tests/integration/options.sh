#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The flags of run, on real packets: sizes, ports, cores, pairs, loopback, no generator, durations
# that are no whole seconds, text from users, the live line and a reader of it that is slow.
source "$(dirname "$0")/lib.sh"
need_testbed
deep_backlog
need jq

fit() { # WHAT N: whole, and every packet of N arrived
	is "$1: exit code" "$rc" 0
	is "$1: offered, forwarded" "$(last_run "offered_packets || ' ' || forwarded_packets")" "$2 $2"
	is "$1: trafgen's own count" "$(total sender generator_packets)" "$2"
	is "$1: residual" "$(packets residual)" 0
	is "$1: the verdict is not void" "$(last_run "verdict <> 'void' OR reasons")" 1
}

per_packet() { # bytes of a packet, as Linux counts them
	echo $(($(total sender tx_bytes) / $(total sender tx_packets)))
}

rate_holds() { # WHAT SECONDS: where no steady window fits, all that was sent over the time of sending
	local rate time
	rate=$(q "SELECT value FROM v_run_metric WHERE metric = 'sender.tx_pps'
		AND pair IS NULL AND run_id = (SELECT max(id) FROM run)")
	time=$(last_run effective_s)
	holds "$1: the rate" "sqrt(($rate * $time - $(last_run offered_packets)) ^ 2) < 1e-6"
	holds "$1: the time of sending" "0 < $time && $time <= $2"
}

say "two cores of a sender, the largest frames, a random source port, ports, a label, a note"
label="k=it's \"q\" \$(x) 1; '); DROP TABLE run;--"
note=$'two\nlines; DROP TABLE sample;--'
# 1.5 s are a whole burst of trafgen and a part of one: no steady window of whole bursts fits
run -p 1001 -s 1.5 -z 1518 -c 2 -r -i 100ms --src-port 5000 --dst-port 7000 --label "$label" \
	--label "é=ü" --note "$note"
fit "two cores" 1502 # 501 and 500 a second, each rounded
rate_holds "two cores" 1.5
is "two cores: bytes of a packet" "$(per_packet)" 1514
is "cores" "$(last_run "n_cores || ' ' || (length(cores) - length(replace(cores, ',', '')))")" "2 1"
is "mode of the source port" "$(last_run source_port_mode)" random
is "the label" "$(last_run "json_extract(labels, '$.k')")" "${label#k=}"
is "the other label" "$(last_run "json_extract(labels, '$.é')")" "ü"
is "the note" "$(last_run note)" "$note"
has "the command line" "$(last_run argv)" "DROP TABLE run" "-p 1001"
is "runs in the store" "$(q 'SELECT count(*) FROM run')" 1

say "two pairs, half a second"
run -p 500 -s 0.5 -z 128 -n 2 --format json
fit "two pairs" 500
rate_holds "two pairs" 0.5
is "two pairs: bytes of a packet" "$(per_packet)" 124
is "rows: all pairs, then each" "$(printf %s "$out" | jq -c '[.rows[] | [.pair, .intended_packets,
	.offered_packets, .forwarded_packets]]')" "[[null,500,500,500],[0,250,250,250],[1,250,250,250]]"
is "endpoints" "$(q "SELECT group_concat(role || coalesce(pair, '')) FROM (SELECT * FROM endpoint
	WHERE run_id = (SELECT max(id) FROM run) ORDER BY id)")" "sender0,receiver0,sender1,receiver1,node"

say "over the loopback interface of one namespace"
run -p 5k -s 1 -l -i 100ms # more than the backlog holds: some may be lost
is "loopback: exit code" "$rc" 0
is "loopback: offered" "$(last_run offered_packets)" 5000
is "loopback: trafgen's own count" "$(total sender generator_packets)" 5000
is "loopback: forwarded, and lost at the backlog" \
	"$(($(last_run forwarded_packets) + $(packets rx_dropped)))" 5000
is "loopback: residual" "$(packets residual)" 0
is "loopback: answers" "$(total receiver icmp_out_msgs)" 0
is "path" "$(last_run path)" loopback
is "interfaces" "$(q "SELECT group_concat(DISTINCT ifname) FROM endpoint
	WHERE run_id = (SELECT max(id) FROM run)")" lo

say "no generator"
run --generator none -s 0.5 -i 50ms
is "none: exit code" "$rc" 0
is "none: verdict" "$(last_run "verdict || ' ' || (offered_packets IS NULL OR offered_packets = 0)")" "valid 1"
holds "none: samples" "$(q "SELECT count(*) FROM sample s JOIN endpoint e ON e.id = s.endpoint_id
	WHERE role = 'node' AND run_id = (SELECT max(id) FROM run)") >= 10"

say "the live line"
line='^TX eth0: [0-9]+ pkts/s RX eth0: [0-9]+ pkts/s TX DROP: [0-9]+ pkts/s RX DROP: [0-9]+ pkts/s IRQ Rate: [0-9]+, SIRQ Rate: [0-9]+ NET_TX_RATE: [0-9]+, NET_RX_RATE: [0-9]+ AVG_SIZE: [0-9]+$'
run -p 1k -s 2 -z 1024 -m
is "-m: exit code" "$rc" 0
is "-m: lines that do not look like it" "$(printf '%s\n' "$out" | grep -cvE "$line" || true)" 0
holds "-m: lines" "$(printf '%s\n' "$out" | grep -cE "$line") >= 2"
has "-m: the receiver's rate in one of them" "$out" "AVG_SIZE: 1020"

say "a reader of the live line that does not read"
mkfifo "$work/pipe"
exec 7<>"$work/pipe"
dd if=/dev/zero of="$work/pipe" oflag=nonblock bs=4096 count=1000 2>"$work/dd" && fail "the pipe is not full"
rc=0
timeout -k 1 360 "$nbcollect" --db "$db" run --generator trafgen --wait 20m -p 1k -s 1 -m >&7 2>"$work/err" || rc=$?
exec 7>&-
err=$(cat "$work/err")
fit "slow reader" 1000
has "slow reader: lines that were left out are counted" "$err" "lines"
is "slow reader: status" "$(last_run status)" ok
whole
done_testing
