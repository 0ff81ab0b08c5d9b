# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What many endpoints cost the collector: N pairs as local processes, two agents each and one for the
# host, counters every second, nothing sent. CPU time and memory are the collector's own (its
# children's are not in them), as it last showed them before its end.

bench_scale() {
	local pairs pid db begun stat cpu peak ticks
	ticks=$(getconf CLK_TCK)
	echo "== the collector's cost by pairs (record only, -i 1s, 10 s)"
	printf '%6s %7s %10s %12s %10s %12s\n' pairs agents "cpu ms/s" "us/agent/s" "peak MiB" "adds s"
	for pairs in 1 5 50 200; do
		db=$(mktemp -d)
		begun=$(date +%s%N)
		"$build/nbcollect" --db "$db/runs.db" --quiet run --generator none -n $pairs -s 10 \
			--wait 20m >/dev/null 2>"$db/err" &
		pid=$!
		cpu=0 peak=0
		while stat=$(cat /proc/$pid/stat 2>/dev/null) && [ -n "$stat" ]; do
			read -r _ _ _ _ _ _ _ _ _ _ _ user system _ <<<"${stat##*) }"
			[ "$((user + system))" -gt 0 ] && cpu=$((user + system))
			peak=$(awk '/^VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null || echo "$peak")
			[ -n "$peak" ] && last=$peak
			sleep 0.1
		done
		wait $pid || { tail -1 "$db/err" && continue; }
		awk -v n=$pairs -v cpu=$cpu -v hz="$ticks" -v kib="$last" \
			-v wall=$(($(date +%s%N) - begun)) 'BEGIN { ms = cpu * 1000 / hz / 10
			printf "%6d %7d %10.1f %12.1f %10.1f %12.1f\n", n, 2 * n + 1, ms,
				ms * 1000 / (2 * n + 1), kib / 1024, wall / 1e9 - 10 }'
		rm -rf "$db"
	done
}
