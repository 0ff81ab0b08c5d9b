#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real loss: what is offered and not forwarded is what the counters say was dropped, named once.
source "$(dirname "$0")/lib.sh"
need_testbed
need_root
need nsenter ip

accounts() { # WHAT STAGE: the loss, and that all of it stands in one stage of the ledger
	local offered forwarded residual
	offered=$(packets offered) forwarded=$(packets forwarded) residual=$(packets residual)
	is "forwarded is what UDP counted" "$forwarded" "$(total receiver udp_no_ports)"
	holds "$1: packets were lost" "$offered > $forwarded"
	is "$1: lost in stage $2" "$(packets "$2")" "$(q "SELECT sum(packets) FROM v_ledger
		WHERE pair IS NULL AND packets > 0 AND run_id = (SELECT max(id) FROM run) AND stage IN
		('tx_qdisc_drop', 'tx_dropped', 'wire', 'rx_missed', 'rx_errors', 'rx_dropped',
		'rx_nohandler', 'otherhost', 'ip_dropped')")"
	holds "$1: offered - forwarded is that, to 0.1 %" \
		"sqrt(($offered - $forwarded - $(packets "$2")) ^ 2) <= $offered / 1000"
	holds "$1: residual within 0.1 %" "sqrt(($residual) ^ 2) <= $offered / 1000"
	printf 'note  offered %s, forwarded %s, tx_packets %s, tx_dropped %s, rx_dropped %s, softnet %s, trafgen %s, residual %s\n' \
		"$offered" "$forwarded" "$(total sender tx_packets)" "$(total sender tx_dropped)" \
		"$(total receiver rx_dropped)" "$(total node softnet_dropped)" \
		"$(total sender generator_packets)" "$residual"
}

dropped_at_sender() { [ "$(awk '$1 == "eth0:" { print $13 }' "/proc/$sender/net/dev")" -gt "$1" ]; }

say "the receiver's interface is set down for a while"
start_run -p 5k -s 4 -i 100ms
nsenter -t "$receiver" -n ip link set eth0 down
until_true 20 "drops at the sender" dropped_at_sender 5000
nsenter -t "$receiver" -n ip link set eth0 up
before=$(sent)
more_is_sent() { [ "$(sent)" -gt $((before + 1000)) ]; }
until_true 20 "packets after it is up again" more_is_sent
finish
is "exit code" "$rc" 0
accounts "interface down" tx_dropped
is "verdict" "$(last_run "status || ' ' || (verdict <> 'valid')")" "ok 1"

say "the backlog of the receiver's core is short, and the source floods"
backlog=$(cat /proc/sys/net/core/netdev_max_backlog)
echo 2 2>/dev/null >/proc/sys/net/core/netdev_max_backlog || {
	echo "skipped: net.core.netdev_max_backlog cannot be set here"
	done_testing
}
undo+=("echo $backlog >/proc/sys/net/core/netdev_max_backlog")
run -p 0 -s 2 -i 100ms
echo "$backlog" >/proc/sys/net/core/netdev_max_backlog
is "exit code" "$rc" 0
accounts "backlog" rx_dropped
is "tx_dropped of the sender repeats rx_dropped of the receiver" \
	"$(total sender tx_dropped)" "$(total receiver rx_dropped)"
is "the sender's stage has none of them" "$(packets tx_dropped)" 0
holds "rx_dropped is what softnet counted" \
	"$(total receiver rx_dropped) <= $(total node softnet_dropped)"
has "the closing line" "$err" "softnet backlog"
is "the CPUs whose backlog was full" "$(q "SELECT count(*) FROM v_loss_place WHERE stage = 'rx_dropped'
	AND place GLOB 'CPU [0-9]*' AND run_id = (SELECT max(id) FROM run)")" "$(q "SELECT count(*) FROM v_total
	WHERE metric = 'softnet_dropped' AND count > 0 AND run_id = (SELECT max(id) FROM run)")"
has "the ledger says where" "$("${nbcollect%nbcollect}nbanalyze" --db "$db" ledger last 2>/dev/null |
	grep rx_dropped)" "receiver softnet backlog: CPU"
whole
done_testing
