# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The sources, paced beside trafgen: how fast, how even, and what a receiver that cannot quite keep up
# loses to each.

# A run; the series that it belongs to is its label.
once() { # SERIES ARGS…
	local series=$1
	shift
	"$build/nbcollect" --quiet --db "$db" run --wait 1h -s "$seconds" -i 100ms --label "series=$series" \
		"$@" >/dev/null || echo "a run of '$series' failed" >&2
}

# Medians over the runs of each series that match a pattern.
table() { # PATTERN
	sqlite3 -batch -header -column "$db" "
		WITH r AS (
			SELECT json_extract(labels, '\$.series') AS series, v_run.*,
				100.0 * (intended_packets - offered_packets) / intended_packets AS short,
				coalesce(100.0 * loss_ratio, 0) AS loss,
				offered_packets / effective_s / 1000 AS kpps
			FROM v_run WHERE series LIKE '$1'
		), n AS (SELECT *, count(*) OVER (PARTITION BY series) AS n FROM r), figure AS (
			SELECT series, n, 'kpps' AS name, kpps AS v FROM n
			UNION ALL SELECT series, n, 'short', short FROM n
			UNION ALL SELECT series, n, 'peak', peak_ratio FROM n
			UNION ALL SELECT series, n, 'empty', empty_share FROM n
			UNION ALL SELECT series, n, 'loss', loss FROM n
		), ranked AS (
			SELECT *, row_number() OVER (PARTITION BY series, name ORDER BY v) AS place,
				count(v) OVER (PARTITION BY series, name) AS known
			FROM figure WHERE v IS NOT NULL
		), median AS (
			SELECT series, n, name, avg(v) AS v, max(known) AS known FROM ranked
			WHERE place IN ((known + 1) / 2, known / 2 + 1) GROUP BY series, name
		)
		SELECT trim(substr(median.series, 2)) AS series, max(n) AS runs,
			printf('%.1f', max(CASE name WHEN 'kpps' THEN v END)) AS kpps,
			printf('%.3f', max(CASE name WHEN 'short' THEN v END)) AS 'not offered %',
			printf('%.2f', max(CASE name WHEN 'peak' THEN v END)) AS 'peak/mean 10 ms',
			printf('%.3f', max(CASE name WHEN 'empty' THEN v END)) AS 'empty 10 ms',
			printf('%.3f', max(CASE name WHEN 'loss' THEN v END)) AS 'loss %'
		FROM median GROUP BY median.series ORDER BY median.series"
}

bench_speed() {
	echo "== as fast as possible, one core"
	for ((i = 0; i < repeats; i++)); do
		once "s paced -p 0" -p 0 --generator paced
		once "s trafgen -p 0" -p 0 --generator trafgen
	done
	table 's%'
	sqlite3 -batch "$db" "
		WITH r AS (SELECT generator, offered_packets / effective_s AS pps, row_number() OVER
				(PARTITION BY generator ORDER BY offered_packets / effective_s) AS place,
			count(*) OVER (PARTITION BY generator) AS n FROM v_run WHERE target_pps IS NULL),
		m AS (SELECT generator, avg(pps) AS pps FROM r
			WHERE place IN ((n + 1) / 2, n / 2 + 1) GROUP BY generator)
		SELECT printf('paced / trafgen: %.2f', (SELECT pps FROM m WHERE generator = 'paced')
			/ (SELECT pps FROM m WHERE generator = 'trafgen'))"
}

bench_spacing() {
	echo "== spacing"
	for ((i = 0; i < repeats; i++)); do
		for rate in 1k 10k 100k; do
			once "p$(printf %5s "$rate") paced" -p "$rate" --generator paced
			once "p$(printf %5s "$rate") trafgen" -p "$rate" --generator trafgen
		done
	done
	table 'p%'
}

bench_loss() {
	echo "== a listener with 10 us of work on each packet and the system's buffer"
	for ((i = 0; i < repeats; i++)); do
		for rate in 1k 5k 20k 50k; do
			once "l$(printf %5s "$rate") paced" -p "$rate" --generator paced --listen \
				--listen-work 10us
			once "l$(printf %5s "$rate") trafgen" -p "$rate" --generator trafgen --listen \
				--listen-work 10us
		done
	done
	table 'l%'
}
