#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prometheus endpoints: Debian's node_exporter beside the kernel's own counters, one that stalls, one
# that says nonsense.
source "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || skip "no sqlite3"
exporter=$(PATH=$PATH:/usr/sbin:/sbin command -v prometheus-node-exporter) || skip "no prometheus-node-exporter"
python=$(PATH=/usr/bin:$PATH command -v python3) || skip "no python3"

"$python" "$here/web_server.py" "$work" >"$work/port" 2>"$work/http.err" &
background+=("$!")
until_true 20 "a server" test -s "$work/port"
web=http://127.0.0.1:$(cat "$work/port")
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port"); }
for try in 1 2 3; do
	port=$((20000 + RANDOM % 10000))
	"$exporter" --web.listen-address="127.0.0.1:$port" --collector.interrupts >"$work/exporter" 2>&1 &
	background+=("$!")
	until_true 10 "an exporter" answers && break
done

say "node_exporter, beside the kernel's counters"
interrupts() { awk '$1 == "intr" { print $2 }' /proc/stat; }
switches() { awk '$1 == "ctxt" { print $2 }' /proc/stat; }
softnet() { awk '{ print $1 }' /proc/net/softnet_stat | while read -r x; do echo $((16#$x)); done | awk '{ s += $1 } END { print s }'; }
i0=$(interrupts) c0=$(switches) n0=$(softnet)
collect scrape -s 3 -i 500ms --label what=test "http://127.0.0.1:$port" "127.0.0.1:$port"
is "a host without http://: exit code" "$rc" 2
collect scrape -s 3 -i 500ms --label what=test "http://127.0.0.1:$port"
is "exit code" "$rc" 0
i1=$(interrupts) c1=$(switches) n1=$(softnet)
is "the run" "$(last_run "generator || ' ' || testbed || ' ' || status")" "none scrape ok"
is "its endpoint" "$(q 'SELECT role || coalesce(pair, "") FROM endpoint')" node
rise() { q "SELECT coalesce(sum(last - first), -1) FROM total t JOIN metric m ON m.id = t.metric_id WHERE m.name = '$1'"; }
holds "interrupts: some, and no more than the kernel's" "$(rise irqs) > 0 && $(rise irqs) <= $i1 - $i0"
holds "context switches" "$(rise context_switches) > 0 && $(rise context_switches) <= $c1 - $c0"
holds "softnet" "$(rise softnet_processed) >= 0 && $(rise softnet_processed) <= $n1 - $n0"
holds "CPU time: that of the CPUs, to a quarter" "$(q "SELECT sum(last - first) / 3e9 FROM total t JOIN metric m ON m.id = t.metric_id
	WHERE m.name LIKE 'cpu\_%' ESCAPE '\\' AND instance <> ''") / $(grep -c ^processor /proc/cpuinfo) > 0.75"
has "sources" "$(q "SELECT group_concat(DISTINCT source) FROM source_read")" link softnet stat
holds "readings, the last one at the end" "$(q "SELECT count(*) FROM source_read WHERE source = 'stat'") >= 3"
is "what is not said is missing" "$(q 'SELECT count(rx_missed_errors) FROM sample')" 0
if "$(dirname "$nbcollect")/nbanalyze" --db "$db" show last >"$work/out" 2>&1; then ok "nbanalyze show"; else fail "nbanalyze show: $(cat "$work/out")"; fi
whole

say "two at once, one of which stalls: a gap, and the other one is not delayed"
collect scrape -s 3 -i 500ms "http://127.0.0.1:$port" "$web/stall/metrics"
is "exit code" "$rc" 0
fast=$(q "SELECT count(*) FROM source_read r JOIN endpoint e ON e.id = r.endpoint_id WHERE source = 'stat' AND run_id = 2 AND
	e.id = (SELECT min(id) FROM endpoint WHERE run_id = 2)")
slow=$(q "SELECT count(*) FROM source_read r JOIN endpoint e ON e.id = r.endpoint_id WHERE source = 'stat' AND run_id = 2 AND
	e.id = (SELECT max(id) FROM endpoint WHERE run_id = 2)")
holds "readings" "$fast > $slow && $slow >= 2"
is "the gap is no zero: the rise is all there" "$(q "SELECT sum(s.irqs) - (SELECT last - first FROM total t JOIN metric m ON m.id = t.metric_id
	WHERE m.name = 'irqs' AND t.endpoint_id = s.endpoint_id) FROM sample s WHERE endpoint_id = (SELECT max(id) FROM endpoint)")" 0
has "the verdict" "$(codes)" missed_ticks

say "what is no endpoint"
runs=$(q 'SELECT count(*) FROM run')
for what in "nonsense:line 2 is not in Prometheus" "strange:none of its series is known" "endless:more than 16 MiB" "none:404"; do
	collect scrape -s 1 "$web/${what%%:*}/metrics"
	is "${what%%:*}: exit code" "$rc" 1
	has "${what%%:*}" "$err" "${what#*:}"
done
collect scrape -s 1 --if nosuch0 "http://127.0.0.1:$port"
has "an interface that is not there" "$err" "it has no interface nosuch0"
is "nothing stored" "$(q 'SELECT count(*) FROM run')" "$runs"

say "interrupted: what was read is stored"
start scrape -s 60 -i 200ms "http://127.0.0.1:$port"
sleep 1
kill -INT "$pid"
finish
is "exit code" "$rc" 130
is "stored" "$(q 'SELECT count(*) FROM run')" $((runs + 1))

if netns_possible; then
	say "in a run: the node of the receivers"
	run -p 1k -s 2 -i 100ms --scrape "receiver=http://127.0.0.1:$port"
	is "exit code" "$rc" 0
	is "nodes" "$(q "SELECT count(*) FROM endpoint WHERE role = 'node' AND run_id = (SELECT max(id) FROM run)")" 2
	of_end() { q "SELECT n.facts ->> '$.scraped.of' FROM endpoint e JOIN endpoint n ON n.id = e.node_id
		WHERE e.role = '$1' AND e.run_id = (SELECT max(id) FROM run)"; }
	is "the receiver's" "$(of_end receiver)" receiver
	is "the sender's" "$(of_end sender)" ""
	scraped="SELECT id FROM endpoint WHERE run_id = (SELECT max(id) FROM run) AND facts ->> '$.scraped' <> ''"
	holds "its interrupts" "$(q "SELECT sum(count) FROM v_total WHERE metric = 'irqs' AND endpoint_id IN ($scraped)") > 0"
	holds "its readings: before, on the grid of a second, at the end" \
		"$(q "SELECT count(*) FROM source_read WHERE source = 'stat' AND endpoint_id IN ($scraped)") >= 4"
	is "places on the grid" "$(q "SELECT count(*) FROM source_read WHERE endpoint_id IN ($scraped) AND seq > 0 AND seq % 10
		AND seq < (SELECT max(seq) FROM source_read WHERE endpoint_id IN ($scraped))")" 0
	is "forwarded" "$(last_run forwarded_packets)" 2000
	is "residual" "$(packets residual)" 0
	is "samples add up" "$(unequal_sums)" ""
	runs=$(q 'SELECT count(*) FROM run')
	collect run --wait 20m -p 1k -s 1 --scrape "sender=$web/none/metrics"
	is "an endpoint that is not there: exit code" "$rc" 1
	has "an endpoint that is not there" "$err" 404
	is "nothing stored" "$(q 'SELECT count(*) FROM run')" "$runs"
fi
done_testing
