#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same packets as others count them, in the same minute: `ip -s link`, sar of sysstat and
# Prometheus' node_exporter, each in the namespace of an end while a run goes on. What another program
# reads at an instant lies between our readings before and after it; sar's rates agree within its
# resolution (1/100 s at each end) and the ends of our intervals.
source "$(dirname "$0")/lib.sh"
need_testbed
need_root
need nsenter ip jq curl sar prometheus-node-exporter

RATE=4000 INTERVAL_MS=50 SAR_S=3
in_sender() { nsenter -t "$sender" -n "$@"; }
in_receiver() { nsenter -t "$receiver" -n "$@"; }
now() { date +%s%N; }

PATH=$PATH:/usr/sbin:/sbin
# as long as the others need, however busy the host is: it is ended when they are done
start run --generator paced --wait 20m -p $RATE -s 120 -i ${INTERVAL_MS}ms
until_true 1200 "agents" has_agents 3
mapfile -t agents < <(children "$pid")
sender=${agents[0]} receiver=${agents[1]}
until_true 30 "packets" sends

# node_exporter listens on lo of the receiver's namespace, which nobody else can reach
in_receiver ip link set lo up
# not by the function: its shell would be what $! names, and outlived
nsenter -t "$receiver" -n prometheus-node-exporter --web.listen-address=127.0.0.1:9100 \
	--collector.disable-defaults --collector.netdev >"$work/exporter" 2>&1 &
exporter=$!
background+=("$exporter")
scrape() { in_receiver curl -sf http://127.0.0.1:9100/metrics; }
until_true 30 "node_exporter" scrape

in_sender sar -n DEV $SAR_S 1 >"$work/sar.sender" 2>/dev/null &
sar_sender=$!
in_receiver sar -n DEV $SAR_S 1 >"$work/sar.receiver" 2>/dev/null &
sar_receiver=$!
sar_from=$(now)

readings=$work/readings # WHO ROLE METRIC BEFORE AFTER VALUE
for _ in 1 2 3; do
	before=$(now)
	json=$(in_sender ip -s -j link show eth0)
	after=$(now)
	for m in tx.packets:tx_packets tx.bytes:tx_bytes; do
		echo "ip sender ${m#*:} $before $after $(jq ".[0].stats64.${m%:*}" <<<"$json")"
	done
	before=$(now)
	text=$(scrape)
	after=$(now)
	for m in receive_packets:rx_packets receive_bytes:rx_bytes receive_drop:rx_dropped; do
		echo "node_exporter receiver ${m#*:} $before $after $(awk -v m="node_network_${m%:*}_total{device=\"eth0\"}" \
			'$1 == m { printf "%.0f\n", $2 }' <<<"$text")"
	done
	perl -e 'select(undef, undef, undef, 0.4)'
done >"$readings"
wait $sar_sender $sar_receiver || fail "sar ended with an error"
sar_to=$(now)

kill $exporter
wait $exporter 2>/dev/null || true
kill -INT "$pid"
finish
is "exit code" "$rc" 130
is "status" "$(last_run status)" aborted

# The instant of a reading in ns of the run, and the counter at our readings around it.
began=$(date -d "$(last_run started_utc)" +%s%N)
bracket() { # ROLE METRIC FROM TO (ns since the epoch) -> LEAST MOST
	q "WITH e AS (SELECT id FROM endpoint WHERE role = '$1'), o AS (SELECT t.first FROM v_total t
		WHERE t.role = '$1' AND t.metric = '$2')
	SELECT (SELECT first FROM o) + (SELECT total($2) FROM sample WHERE endpoint_id = (SELECT id FROM e)
		AND t_ns <= $3 - $began - 1000000),
	(SELECT first FROM o) + (SELECT total($2) FROM sample WHERE endpoint_id = (SELECT id FROM e)
		AND t_ns <= (SELECT coalesce(min(t_ns), 9e18) FROM sample WHERE endpoint_id = (SELECT id FROM e)
			AND t_ns >= $4 - $began + 1000000))" | tr '|' ' '
}

say "what others read lies between our readings around it"
is "readings" "$(wc -l <"$readings")" 15
while read -r who role metric before after value; do
	read -r least most < <(bracket "$role" "$metric" "$before" "$after")
	holds "$who: $metric of the $role" "$least <= $value && $value <= $most"
done <"$readings"

say "sar's rates"
for end in sender:tx_packets:txpck/s sender:tx_bytes:txkB/s receiver:rx_packets:rxpck/s; do
	IFS=: read -r role metric column <<<"$end"
	# its time is that of /proc/uptime at its two readings, about SAR_S apart
	got=$(awk -v column="$column" '/IFACE/ && !at { for (i = 1; i <= NF; i++) if ($i == column) at = i
		if (/^Average/) shift = 0 } $2 == "eth0" && /^[0-9]/ { print $at; exit }' "$work/sar.$role")
	[[ $column != *kB/s ]] || got=$(awk "BEGIN { print $got * 1024 }")
	rates=$(q "SELECT coalesce(min(r), 0), coalesce(max(r), 0) FROM (
		SELECT sum($metric) OVER w * 1e9 / sum(dt_ns) OVER w AS r, sum(dt_ns) OVER w AS spanned
		FROM sample WHERE endpoint_id = (SELECT id FROM endpoint WHERE role = '$role')
			AND t_ns BETWEEN $sar_from - $began AND $sar_to - $began + 100000000
		WINDOW w AS (ORDER BY seq ROWS BETWEEN $((SAR_S * 1000 / INTERVAL_MS - 1)) PRECEDING AND CURRENT ROW))
		WHERE spanned >= $SAR_S * 0.97e9" | tr '|' ' ')
	read -r least most <<<"$rates"
	# 1/100 s of its clock in SAR_S seconds, at each end; an interval of ours at each end
	holds "$column of the $role" "$got >= $least * (1 - 0.02 / $SAR_S - 0.1 / $SAR_S) &&
		$got <= $most * (1 + 0.02 / $SAR_S + 0.1 / $SAR_S) && $got > 0"
done
whole
done_testing
