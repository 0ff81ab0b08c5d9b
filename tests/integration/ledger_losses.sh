#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One way to lose packets after another, made in the namespaces of a run before its first packet:
# the ledger closes, and all of the loss stands in the stage that has its name.
source "$(dirname "$0")/lib.sh"
need_testbed
need_root
need nsenter ip tc perl trafgen
deep_backlog # what is lost is to be lost where each experiment says

losses="'tx_qdisc_drop', 'tx_dropped', 'wire', 'rx_missed', 'rx_errors', 'rx_dropped', 'rx_nohandler',
	'otherhost', 'ip_dropped', 'martian', 'udp_csum', 'udp_rcvbuf', 'udp_other'"

in_sender() { nsenter -t "$sender" -n "$@"; }
in_receiver() { nsenter -t "$receiver" -n "$@"; }

connected() {
	in_sender ip neigh show dev eth0 | grep -q PERMANENT &&
		in_receiver ip neigh show dev eth0 | grep -q PERMANENT
}

# begin ARGS…: a run whose namespaces are joined, and nothing sent yet
begin() {
	start run --generator trafgen --wait 20m "$@"
	until_true 1200 "agents" has_agents 3
	mapfile -t agents < <(children "$pid")
	sender=${agents[0]} receiver=${agents[1]}
	until_true 30 "a way between them" connected
}

# closes STAGE [LEAST]: everything was lost in that stage, but for what waits in a socket
closes() {
	local offered waiting
	finish
	is "exit code" "$rc" 0
	offered=$(packets offered) waiting=$(packets udp_unread)
	holds "packets were offered" "$offered >= ${2:-1000}"
	is "stages with a loss" "$(q "SELECT group_concat(stage) FROM v_ledger WHERE pair IS NULL
		AND packets > 0 AND run_id = (SELECT max(id) FROM run) AND stage IN ($losses)")" "$1"
	is "all of it is in $1, or waits ($waiting)" "$(($(packets "$1") + waiting))" "$offered"
	is "residual" "$(packets residual)" 0
	is "verdict: void" "$(last_run "verdict = 'void'")" 0
}

say "a listener that never reads: its buffer holds some, the socket loses the rest"
begin -p 5k -s 2 -i 100ms
in_receiver perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 17) or die;
	bind(S, sockaddr_in(1024, INADDR_ANY)) or die; sleep 60' &
background+=($!)
closes udp_rcvbuf
holds "some wait in its buffer" "$(packets udp_unread) > 0"
is "nothing is blamed on the interface" "$(total receiver rx_dropped)" 0
is "the socket counts the same" "$(total receiver udp_socket_drops)" "$(packets udp_rcvbuf)"
has "the ledger's place" "$(q "SELECT place FROM v_ledger WHERE stage = 'udp_rcvbuf' LIMIT 1")" socket

say "the destination MAC is another's"
begin -p 5k -s 2 -i 100ms
in_receiver ip link set eth0 address 02:00:00:00:99:99
closes otherhost
is "IP saw none" "$(total receiver ip_in_receives)" 0

say "the address is not the receiver's"
begin -p 5k -s 2 -i 100ms
in_receiver ip addr flush dev eth0
closes ip_dropped

say "the source address is the receiver's own: a martian"
begin -p 5k -s 2 -i 100ms
in_receiver ip addr add 198.18.0.1/32 dev lo
closes martian
is "no counter of SNMP names it" "$(packets ip_dropped)" 0

say "bad UDP checksums, from trafgen by hand"
begin --generator none -s 3 -i 100ms
mac=$(in_receiver cat /proc/self/net/dev >/dev/null && in_receiver ip -o link show eth0 |
	sed -n 's/.*link\/ether \([0-9a-f:]*\).*/\1/p')
own=$(in_sender ip -o link show eth0 | sed -n 's/.*link\/ether \([0-9a-f:]*\).*/\1/p')
echo "{ eth(da=$mac, sa=$own), ipv4(saddr=198.18.0.1, daddr=198.18.0.2, ttl=64),
	udp(sp=1024, dp=1024, csum=0xdead), fill(0x41, 18) }" >"$work/csum.cfg"
counting() { [ "$(q "SELECT count(*) FROM run WHERE status = 'running'")" -gt 0 ]; }
until_true 30 "the start" counting
in_receiver perl -e 'select(undef, undef, undef, 1.3)' # the idle second must be idle
in_sender "$(PATH=$PATH:/usr/sbin command -v trafgen)" --cpp -i "$work/csum.cfg" -o eth0 -n 2000 \
	--cpus 1 -q >/dev/null 2>&1 || fail "trafgen by hand"
closes udp_csum 2000
is "all that were sent" "$(packets udp_csum)" 2000

say "a shaper, and a source that goes through it"
begin --generator paced --qdisc -p 5k -s 2 -i 100ms
in_sender tc qdisc replace dev eth0 root tbf rate 512kbit burst 2000 limit 3000
finish
is "exit code" "$rc" 0
holds "packets were dropped by it" "$(packets tx_qdisc_drop) > 1000"
is "stages with a loss" "$(q "SELECT group_concat(stage) FROM v_ledger WHERE pair IS NULL
	AND packets > 0 AND run_id = (SELECT max(id) FROM run) AND stage IN ($losses)")" tx_qdisc_drop
is "what it let pass arrived" "$(packets forwarded)" "$(total sender tx_packets)"
is "residual" "$(packets residual)" 0

say "a bridge that is down takes the packets, and no counter names it"
begin -p 5k -s 2 -i 100ms
if in_receiver ip link add br0 type bridge 2>/dev/null; then
	in_receiver ip link set eth0 master br0
	finish
	is "exit code" "$rc" 0
	is "residual: all of them" "$(packets residual)" "$(packets offered)"
	is "verdict" "$(last_run verdict)" void
	has "reasons" "$(codes)" residual
	has "the closing line" "$err" residual
else
	finish
	echo "skipped: this kernel makes no bridges"
fi
whole
done_testing
