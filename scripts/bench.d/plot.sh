# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Pictures: CPU time of one beside numpy and matplotlib, and whether a large store makes one dearer.

# CPU seconds (user and system, children too) of a command.
cpu_of() { # COMMAND…
	local TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}

median_of() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

bench_plot() {
	local fixtures=tests/fixtures peer=scripts/bench.d/plot_peer.py runs pictures ours theirs i
	/usr/bin/python3 -c 'import matplotlib' 2>/dev/null && [ -x "$build/make_db" ] || {
		echo "plot: needs python3-matplotlib and a build with tests" >&2
		return
	}
	"$build/make_db" "$work/sweep.db" "$fixtures/scenario_sweep.sql" "$fixtures/make_db.sql"
	sqlite3 "$work/sweep.db" "DELETE FROM run WHERE id > 6" # as many as the original's example
	mkdir -p "$work/p" "$work/q"
	echo "== CPU seconds a picture, six runs (medians of $repeats)"
	for ((i = 0; i < repeats; i++)); do
		cpu_of "$build/nbanalyze" --db "$work/sweep.db" plot tx_bounded rx_bounded drop_bounded \
			sw_irq_bounded delivered loss cost -o "$work/p" >>"$work/ours"
		cpu_of /usr/bin/python3 $peer "$work/sweep.db" "$work/q" >>"$work/theirs"
	done
	pictures=$(find "$work/p" -name '*.png' | wc -l)
	ours=$(median_of <"$work/ours") theirs=$(median_of <"$work/theirs")
	awk -v o="$ours" -v t="$theirs" -v n="$pictures" -v m="$(find "$work/q" -name '*.png' | wc -l)" 'BEGIN {
		printf "nbanalyze %.4f (%d pictures)\nmatplotlib %.4f (%d pictures)\nmatplotlib / nbanalyze: %.1f\n",
			o / n, n, t / m, m, t / m / (o / n) }'

	echo "== seconds of CPU for one picture of six runs, in a store of 6, 120 and 1,000 runs"
	"$build/make_db" "$work/120.db" "$fixtures/scenario_sweep.sql" "$fixtures/make_db.sql"
	sed 's/i < 119/i < 999/' "$fixtures/scenario_sweep.sql" >"$work/large.sql"
	"$build/make_db" "$work/large.db" "$work/large.sql" "$fixtures/make_db.sql"
	for db in sweep 120 large; do
		runs=$(sqlite3 "$work/$db.db" "SELECT count(*) FROM run")
		rm -f "$work/one"
		for ((i = 0; i < 4 * repeats; i++)); do
			cpu_of "$build/nbanalyze" --db "$work/$db.db" plot rx_bounded --run 1..6 -o "$work/p" >>"$work/one"
		done
		echo "$runs runs: $(median_of <"$work/one")"
	done
}
