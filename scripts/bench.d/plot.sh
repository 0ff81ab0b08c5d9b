# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Pictures: CPU time of one beside numpy and matplotlib, and whether a large store makes one dearer.

# CPU seconds (user and system, children too) of a command.
cpu_of() { # COMMAND…
	local TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}

median_of() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# Six rates, three pairs between two hosts of 16 and 4 CPUs, 8 and 4 vectors and queues.
plot_store() { # DB
	local fixtures=tests/fixtures
	sed 's/i < 119/i < 5/; s/25000 \* (1 + i \* 7 % 40)/50000 * (1 + i)/; s/1 AS pairs/3 AS pairs/
		s/netns/kube/; s/same-node/inter/; s/8 AS seconds/20 AS seconds/; s/800000 AS/200000 AS/' \
		$fixtures/scenario_sweep.sql >"$work/six.sql"
	sed 's/\b16\b/8/g; s/\b128\b/16/g; s/\b127\b/15/' $fixtures/pictures.sql >"$work/hosts.sql"
	"$build/make_db" "$1" "$work/six.sql" $fixtures/make_db.sql "$work/hosts.sql"
}

bench_plot() {
	local fixtures=tests/fixtures peer=scripts/bench.d/plot_peer.py runs i m
	local kinds=(tx_bounded rx_bounded drop_bounded sw_irq_bounded queue_rate interrupts cpu cpu_interrupts)
	/usr/bin/python3 -c 'import matplotlib' 2>/dev/null && [ -x "$build/make_db" ] || {
		echo "plot: needs python3-matplotlib and a build with tests" >&2
		return
	}
	plot_store "$work/six.db"
	mkdir -p "$work/peer"
	for ((i = 0; i < repeats; i++)); do
		cpu_of "$build/nbanalyze" --db "$work/six.db" plot "${kinds[@]}" -o "$work/usual" >>"$work/usual.s"
		# of as many pixels as the peer's have in the mean
		cpu_of "$build/nbanalyze" --db "$work/six.db" plot "${kinds[@]}" -o "$work/large" \
			--picture-size 1200x810 >>"$work/large.s"
		cpu_of /usr/bin/python3 $peer "$work/six.db" "$work/peer" >>"$work/peer.s"
	done
	echo "== CPU seconds a picture, six rates, medians of $repeats; peer: numpy and matplotlib"
	for what in peer usual large; do
		m=$(find "$work/$what" -name '*.png' | wc -l)
		echo "$what $m $(median_of <"$work/$what.s") $(sort -g "$work/$what.s" | sed -n '1p;$p' | xargs)"
	done | awk '{ s = $3 / $2 } NR == 1 { peer = s }
		{ printf "%-6s %d pictures, %.4f s each (%.4f to %.4f)%s\n", $1, $2, s, $4 / $2, $5 / $2,
			(NR > 1 ? sprintf("; peer / this %.1f", peer / s) : "") }'

	echo "== seconds of CPU for one picture of six runs, in a store of 6, 120 and 1,000 runs"
	"$build/make_db" "$work/120.db" "$fixtures/scenario_sweep.sql" "$fixtures/make_db.sql"
	sed 's/i < 119/i < 999/' "$fixtures/scenario_sweep.sql" >"$work/large.sql"
	"$build/make_db" "$work/large.db" "$work/large.sql" "$fixtures/make_db.sql"
	cp "$work/120.db" "$work/6.db"
	sqlite3 "$work/6.db" "DELETE FROM run WHERE id > 6"
	for db in 6 120 large; do
		runs=$(sqlite3 "$work/$db.db" "SELECT count(*) FROM run")
		rm -f "$work/one"
		for ((i = 0; i < 4 * repeats; i++)); do
			cpu_of "$build/nbanalyze" --db "$work/$db.db" plot rx_bounded --run 1..6 -o "$work/p" >>"$work/one"
		done
		echo "$runs runs: $(median_of <"$work/one")"
	done
}
