# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# `correlate` of all pairs of 13 figures, N_eff included, from the SQLite file to the rows: beside the
# sqlite3 shell that sums the same columns, numpy that reads the same file, and DuckDB with a table of its
# own (where @duckdb/node-api can be required: NODE_PATH says where it is). ROWS=10000000 for a large store.
# And the peak memory of regressions of the same samples, which must not grow with the store.

figures=sender.tx_pps,sender.tx_drop_pps,sender.tx_mbps,sender.cpu_percent,receiver.rx_pps
figures+=,receiver.rx_drop_pps,receiver.forwarded_pps,receiver.cpu_percent,node.irq_rate
figures+=,node.softirq_rate,node.net_tx_rate,node.net_rx_rate,node.softnet_drop_pps

# clock NAME COMMAND…: appends "NAME seconds kilobytes" to the times
clock() {
	local name=$1
	shift
	/usr/bin/time -a -o "$work/times" -f "$name %e %M" "$@" >"$work/out.$name"
}

# Medians of a name: seconds, or with 3 the peak memory in KiB
median() {
	awk -v name="$1" -v column="${2:-2}" '$1 == name { print $column }' "$work/times" | sort -n |
		awk '{ v[NR] = $1 } END { if (NR) print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

ours() { # NAME WHAT
	printf '%-44s %6.2f s   peak memory %.1f MiB\n' "$2" "$(median "$1")" \
		"$(awk -v k="$(median "$1" 3)" 'BEGIN { print k / 1024 }')"
}

against() { # PEER WHAT
	[ -n "$(median "$1")" ] || return 0
	awk -v ours="$(median ours)" -v peer="$(median "$1")" -v what="$2" \
		'BEGIN { printf "%-44s %6.2f s   %5.2f times ours\n", what, peer, peer / ours }'
}

write_sums() { # the columns that the figures are made of
	cat >"$work/sums.sql" <<-'SQL'
		SELECT sum(t_ns), sum(dt_ns), sum(tx_packets), sum(tx_bytes), sum(tx_dropped), sum(rx_packets),
			sum(rx_dropped), sum(rx_missed_errors), sum(cpu_busy_ns), sum(cpu_total_ns), sum(irqs),
			sum(softirqs) FROM sample;
		SELECT sum(dt_ns) FROM source_read WHERE source IN ('snmp', 'softirqs', 'softnet');
		SELECT sum(value) FROM protocol_sample;
		SELECT sum(net_tx), sum(net_rx) FROM softirq_sample;
		SELECT sum(dropped) FROM softnet_sample;
	SQL
}

duck() { # DuckDB, its table loaded from the samples that the view gives of the sender
	NODE_PATH=${NODE_PATH:-} node -e "require('@duckdb/node-api')" 2>/dev/null || {
		echo "DuckDB: skipped, @duckdb/node-api is not installed"
		return 0
	}
	sqlite3 -csv -header "$work/samples.db" "SELECT s.tx_packets * 1e9 / s.dt_ns AS a,
		s.tx_dropped * 1e9 / s.dt_ns AS b, s.tx_bytes * 8e3 / s.dt_ns AS c,
		s.cpu_busy_ns * 100.0 / s.cpu_total_ns AS d, r.rx_packets * 1e9 / r.dt_ns AS e,
		r.rx_dropped * 1e9 / r.dt_ns AS f, p.value * 1e9 / r.dt_ns AS g,
		r.cpu_busy_ns * 100.0 / r.cpu_total_ns AS h, n.irqs * 1e9 / n.dt_ns AS i,
		n.softirqs * 1e9 / n.dt_ns AS j, q.net_tx * 1e9 / n.dt_ns AS k, q.net_rx * 1e9 / n.dt_ns AS l,
		o.dropped * 1e9 / n.dt_ns AS m
		FROM sample s JOIN sample r ON r.endpoint_id = s.endpoint_id + 1 AND r.seq = s.seq
		JOIN sample n ON n.endpoint_id = s.endpoint_id + 2 AND n.seq = s.seq
		JOIN protocol_sample p ON p.endpoint_id = r.endpoint_id AND p.seq = s.seq
		JOIN softirq_sample q ON q.endpoint_id = n.endpoint_id AND q.seq = s.seq
		JOIN softnet_sample o ON o.endpoint_id = n.endpoint_id AND o.seq = s.seq
		WHERE s.endpoint_id % 10 = 0" >"$work/figures.csv"
	node scripts/bench.d/correlate.js "$work/figures.csv" "$(nproc)" "$repeats" |
		awk '{ print "duck_" $1, $2 }' >>"$work/times"
}

bench_correlate() {
	local rows=${ROWS:-1000000} ticks=1000 runs i
	runs=$((rows / 3 / ticks))
	[ -x "$build/make_samples" ] || {
		echo "correlate: skipped, $build/make_samples is not built (NB_TESTS)"
		return 0
	}
	echo "== correlate: all pairs of 13 figures, $runs runs of $ticks ticks, $((runs * ticks * 3)) rows of samples"
	"$build/make_samples" "$work/samples.db" "$runs" "$ticks"
	write_sums
	: >"$work/times"
	for ((i = 0; i < repeats; i++)); do
		clock ours "$build/nbanalyze" --db "$work/samples.db" correlate --scope within --all \
			--metrics "$figures" --quiet --format csv
		cp "$work/out.ours" "$work/out.$i"
		cmp -s "$work/out.$i" "$work/out.0" || echo "the result differs from run to run"
		clock shell sqlite3 -batch "$work/samples.db" ".read $work/sums.sql"
		clock one taskset -c 0 "$build/nbanalyze" --db "$work/samples.db" correlate --scope within \
			--all --metrics "$figures" --quiet --format csv
		cmp -s "$work/out.one" "$work/out.0" || echo "the result differs with one thread"
		clock regress "$build/nbanalyze" --db "$work/samples.db" regress --scope within --quiet \
			-y receiver.rx_pps -x node.net_rx_rate --format csv
		clock hac "$build/nbanalyze" --db "$work/samples.db" regress --scope within --quiet --se hac \
			-y receiver.rx_pps -x node.net_rx_rate --format csv
		clock huber "$build/nbanalyze" --db "$work/samples.db" regress --scope within --quiet \
			--method huber -y receiver.rx_pps -x node.net_rx_rate --format csv
		clock theil_sen "$build/nbanalyze" --db "$work/samples.db" regress --scope within --quiet \
			--method theil-sen -y receiver.rx_pps -x node.net_rx_rate --format csv
		/usr/bin/python3 -c 'import numpy' 2>/dev/null &&
			clock numpy /usr/bin/python3 scripts/bench.d/correlate.py "$work/samples.db" "$ticks"
	done
	duck
	ours ours "nbanalyze, $(nproc) CPUs"
	against one "nbanalyze on one CPU"
	against shell "sqlite3 shell, sums of the same columns"
	against numpy "numpy, the same SQLite file"
	against duck_load "DuckDB, loading a CSV of the figures"
	against duck_pairs "DuckDB, r of all pairs of its loaded table"
	ours regress "nbanalyze regress, one figure on another"
	ours hac "nbanalyze regress --se hac, the same"
	ours huber "nbanalyze regress --method huber, the same"
	ours theil_sen "nbanalyze regress --method theil-sen"
}
