# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Is what compare says true of real runs? Twenty runs over one and the same shaper, divided in two by
# chance again and again, must hardly ever differ; ten runs over one that is 2 % slower must be found, in
# draw after draw of ten and ten. Needs root, as the shaper is put on while a run goes.

# A run of 2 s whose sender's packets go through a shaper.
shaped_run() { # SIDE KBIT
	start run --wait 1h -s 2 -i 100ms -p 8k --generator paced --qdisc --label "side=$1"
	until_true 1200 "agents" has_agents 3
	local agents
	mapfile -t agents < <(children "$pid")
	until_true 30 "an interface" nsenter -t "${agents[0]}" -n tc qdisc replace dev eth0 root \
		tbf rate "$2kbit" burst 12000 limit 30000
	finish
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

# In a shell of its own: lib.sh has a store and an end of its own.
bench_compare() (
	# shellcheck source=tests/integration/lib.sh
	source tests/integration/lib.sh "$build"
	draws=100 alarms=0 wrong=0 found=0
	echo "== compare: twenty runs over a shaper of 2400 kbit/s, and ten of 2352, in turns"
	for ((i = 0; i < 10; i++)); do
		shaped_run a 2400
		shaped_run b 2352
		shaped_run a 2400
	done
	for ((i = 1; i <= draws; i++)); do
		n=$(changes "$(draw a "$i" 1 10)" "$(draw a "$i" 11 20)")
		wrong=$((wrong + n))
		alarms=$((alarms + (n > 0)))
		n=$(changes "$(draw a "$i" 1 10)" side=b --metrics sender.tx_pps,receiver.forwarded_pps)
		found=$((found + (n == 2)))
	done
	echo "A/A: $alarms of $draws divisions of 10 and 10 raised an alarm ($wrong rows)"
	echo "2 % slower, 10 and 10: found in $found of $draws draws"
	"$build/nbanalyze" --quiet --db "$db" compare side=a side=b
)
