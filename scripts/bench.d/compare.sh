# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Is what compare says true of real runs? Twenty runs of one configuration, divided in two by chance
# again and again, must hardly ever differ; ten runs at a rate 2 % lower must be found, in each of
# many draws of ten and ten.

once_side() { # SIDE RATE
	"$build/nbcollect" --quiet --db "$db" run --wait 1h -s 2 -i 100ms -p "$2" --label "side=$1" \
		>/dev/null || echo "a run of side $1 failed" >&2
}

# The ids of a side in an order that the seed decides, as run=ID,run=ID,…: FROM..TO of them.
draw() { # SIDE SEED FROM TO
	sqlite3 "$db" "SELECT run_id FROM v_run WHERE labels ->> 'side' = '$1' AND verdict <> 'void'
		ORDER BY (run_id * 2654435761 * (2 * $2 + 1)) % 1000003, run_id" |
		sed -n "$3,$4p" | sed 's/^/run=/' | paste -sd,
}

changes() { # A B ARGS…: how many rows say that something changed
	"$build/nbanalyze" --quiet --db "$db" compare "$@" --format csv | awk -F, '
		NR > 1 && $NF != "~" { n++ } END { print n + 0 }'
}

bench_compare() {
	local draws=200 alarms=0 wrong=0 found=0 i n
	echo "== compare: twenty runs of 2 s at 10 k, and ten at 9.8 k, in turns"
	for ((i = 0; i < 10; i++)); do
		once_side a 10000
		once_side b 9800
		once_side a 10000
	done
	for ((i = 1; i <= draws; i++)); do
		n=$(changes "$(draw a "$i" 1 10)" "$(draw a "$i" 11 20)")
		wrong=$((wrong + n))
		alarms=$((alarms + (n > 0)))
		n=$(changes "$(draw a "$i" 1 10)" side=b --metrics sender.tx_pps,receiver.forwarded_pps)
		found=$((found + (n == 2)))
	done
	echo "A/A: $alarms of $draws divisions of 10 and 10 raised an alarm ($wrong rows)"
	echo "2 % less, 10 and 10: found in $found of $draws draws"
	"$build/nbanalyze" --quiet --db "$db" compare side=a side=b
}
