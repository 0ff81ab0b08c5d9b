#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A run without loss: every count agrees to the packet, from the generator's own to the receiver's,
# and the samples add up to the totals.
source "$(dirname "$0")/lib.sh"
need_testbed
deep_backlog

sums_agree() {
	is "counters whose samples do not add up to their total" "$(unequal_sums)" ""
	is "tables of samples that the check does not know" "$(q "SELECT group_concat(m.name) FROM
		sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'seq'
		AND m.name NOT IN ('source_read', 'sample', 'cpu_sample', 'softirq_sample',
		'softnet_sample', 'protocol_sample', 'extra_sample', 'queue_sample', 'irq_sample')")" ""
}

lossless() { # PPS SECONDS
	local pps=$1 seconds=$2 n=$(($1 * $2)) role source
	say "$pps pps for $seconds s, sampled each 100 ms"
	run -p "$pps" -s "$seconds" -i 100ms --format json
	is "exit code" "$rc" 0
	is "verdict: void" "$(last_run "verdict = 'void'")" 0 # noted: trafgen sends in bursts
	is "status" "$(last_run status)" ok
	is "intended" "$(last_run intended_packets)" "$n"
	is "trafgen's own count" "$(total sender generator_packets)" "$n"
	is "offered" "$(last_run offered_packets)" "$n"
	is "sent by the sender's interface" "$(total sender tx_packets)" "$n"
	is "arrived at the receiver's interface" "$(total receiver rx_packets)" "$n"
	is "forwarded" "$(last_run forwarded_packets)" "$n"
	is "NoPorts of the receiver" "$(total receiver udp_no_ports)" "$n"
	is "bytes sent: 60 a packet" "$(total sender tx_bytes)" $((60 * n))
	is "residual" "$(packets residual)" 0
	is "losses in the ledger" "$(q "SELECT sum(packets) FROM v_ledger WHERE pair IS NULL AND stage
		IN ('not_offered', 'tx_qdisc_drop', 'tx_dropped', 'tx_errors', 'wire', 'rx_missed',
		'rx_errors', 'rx_dropped', 'rx_nohandler', 'otherhost', 'ip_dropped', 'martian')
		AND run_id = (SELECT max(id) FROM run)")" 0
	is "what run printed" "$(printf %s "$out" | jq -c '.rows[0] | [.intended_packets,
		.offered_packets, .forwarded_packets, .loss_ratio]')" "[$n,$n,$n,0]"
	sums_agree
	is "endpoints whose node is not a node" "$(q "SELECT count(*) FROM endpoint e LEFT JOIN endpoint n
		ON n.id = e.node_id AND n.role = 'node' AND n.boot_id = e.boot_id
		WHERE e.role <> 'node' AND n.id IS NULL")" 0
	is "nodes" "$(q "SELECT count(*) FROM endpoint WHERE role = 'node'
		AND run_id = (SELECT max(id) FROM run)")" 1
	for role in sender receiver; do
		is "facts of the $role" "$(q "SELECT json_extract(facts, '$.driver') || ' ' ||
			json_extract(facts, '$.mtu') || ' ' || (json_extract(facts, '$.kernel') = '$(uname -r)')
			FROM endpoint WHERE role = '$role' ORDER BY id DESC LIMIT 1")" "veth 1500 1"
	done
	has "facts of the receiver" "$(q "SELECT json_extract(facts, '$.receiver_stack') FROM endpoint
		WHERE role = 'receiver' ORDER BY id DESC LIMIT 1")" p
	is "facts of the node" "$(q "SELECT json_type(facts, '$.cpus_online') FROM endpoint
		WHERE role = 'node' ORDER BY id DESC LIMIT 1")" text
	# veth has no queue counters without GRO; everything else is there on any host
	is "sources that could not be read" "$(q "SELECT group_concat(m.value) FROM endpoint e,
		json_each(e.facts, '$.missing_sources') m WHERE m.value NOT LIKE 'queue: %'
		AND m.value NOT LIKE 'conntrack: %' AND m.value NOT LIKE 'other_ip: %' AND m.value NOT LIKE 'cgroup: %' AND m.value NOT LIKE 'irq: %'")" ""
	# a snapshot before the first packet and one after the last: the first and the last sample are
	# empty, and between them no tick is missing
	for source in link snmp; do
		is "ticks of $source that are missing" "$(q "SELECT max(seq) - min(seq) + 1 - count(*)
			FROM source_read WHERE source = '$source' AND endpoint_id = (SELECT max(id)
			FROM endpoint WHERE role = 'receiver')")" 0
	done
	is "packets in the last second" "$(q "SELECT sum(tx_packets) FROM sample s JOIN endpoint e
		ON e.id = s.endpoint_id WHERE role = 'sender' AND run_id = (SELECT max(id) FROM run)
		AND t_ns > (SELECT max(t_ns) FROM source_read WHERE endpoint_id = e.id) - 1000000000")" 0
	say "the steady window and its rates"
	holds "it begins a second after the first packet and ends by the stop" "$(q "SELECT
		steady_from_ns || ' >= 1e9 && ' || steady_to_ns || ' <= 1.05e9 + ' || duration_ns
		|| ' && ' || steady_to_ns || ' - ' || steady_from_ns || ' >= 0.9e9' FROM run
		ORDER BY id DESC LIMIT 1")"
	for role in sender.tx_pps receiver.rx_pps receiver.forwarded_pps; do
		holds "$role within 1/T of $pps" "$(q "SELECT printf('sqrt((%.6f - $pps) ^ 2) <= $pps / $seconds',
			value) FROM v_run_metric WHERE metric = '$role' AND pair IS NULL
			AND run_id = (SELECT max(id) FROM run)")"
		holds "$role within 5 % of $pps" "$(q "SELECT printf('sqrt((%.6f - $pps) ^ 2) <= $pps / 20',
			value) FROM v_run_metric WHERE metric = '$role' AND pair IS NULL
			AND run_id = (SELECT max(id) FROM run)")"
	done
	is "packets in the steady window: whole bursts" "$(q "SELECT sum(s.tx_packets) % $pps
		FROM v_steady v JOIN sample s USING (endpoint_id, seq) WHERE v.role = 'sender'
		AND v.run_id = (SELECT max(id) FROM run)")" 0
}

lossless 2000 3
lossless 20000 3
whole
is "spools left" "$(find "$work" -name '*.nbrun' | wc -l)" 0
done_testing
