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
		), said AS (
			SELECT series, group_concat(DISTINCT json_extract(j.value, '\$.code')) AS codes
			FROM r, json_each(r.reasons) j GROUP BY series
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
			printf('%.3f', max(CASE name WHEN 'loss' THEN v END)) AS 'loss %',
			coalesce((SELECT codes FROM said WHERE said.series = median.series), '') AS reasons
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

# How far the mean is off (of all that was sent, and of the steady rate), and the busiest 10 ms: by the
# sender's count, and as the receiver's counters saw it in samples of 10 ms. The worst of the runs, how
# many were good, and what a hypervisor took of a CPU meanwhile: no source sends in a time that is stolen.
spacing_table() {
	sqlite3 -batch -header -column "$db" "
		WITH r AS (
			SELECT json_extract(labels, '\$.series') AS series, v.*,
				100.0 * (offered_packets - intended_packets) / intended_packets AS off,
				100.0 * (s.tx_pps + s.tx_drop_pps - v.target_pps) / v.target_pps AS steady_off,
				(SELECT max(x.forwarded_pps) / avg(x.forwarded_pps) FROM v_steady x
					WHERE x.run_id = v.run_id AND x.role = 'receiver'
						AND x.dt_ns > 7500000) AS receiver_peak,
				(SELECT max(t.count) / (v.effective_s * 1e7) FROM v_total t
					WHERE t.run_id = v.run_id AND t.metric = 'cpu_steal') AS stolen
			FROM v_run v JOIN v_run_summary s USING (run_id) WHERE series LIKE 'p%'
		)
		SELECT trim(substr(series, 2)) AS series, count(*) AS runs,
			printf('%.4f', max(abs(off))) AS 'total off %',
			printf('%.4f', max(abs(steady_off))) AS 'steady rate off %',
			printf('%.2f', max(peak_ratio)) AS 'peak at the sender',
			printf('%.2f', max(receiver_peak)) AS 'peak at the receiver',
			sum(peak_ratio > 1.3) AS 'runs above 1.3',
			sum(abs(off) <= 0.05) AS 'runs within 0.05 %',
			printf('%.2f', max(stolen)) AS 'stolen %'
		FROM r GROUP BY series ORDER BY series"
}

bench_spacing() {
	echo "== spacing"
	for ((i = 0; i < repeats; i++)); do
		for rate in 1k 10k 100k; do
			once "p$(printf %5s "$rate") paced" -p "$rate" --generator paced -i 10ms
			once "p$(printf %5s "$rate") trafgen" -p "$rate" --generator trafgen -i 10ms
		done
	done
	table 'p%'
	echo "the worst of them:"
	spacing_table
}

# A receiver that cannot quite keep up, and one that hardly reads at all (with a buffer as deep as it
# can be, a run's packets would fit into it).
bench_loss() {
	local generator
	echo "== a listener with 10 us of work on each packet and the system's buffer; one that never reads"
	for ((i = 0; i < repeats; i++)); do
		for generator in paced trafgen; do
			for rate in 1k 5k 20k 50k; do
				once "l$(printf %5s "$rate") $generator" -p "$rate" --generator "$generator" --listen \
					--listen-work 10us
			done
			once "l   5k $generator, never read" -p 5k --generator "$generator" --listen \
				--listen-work 1s
		done
	done
	table 'l%'
}

# The same run over and over at half of what is forwarded when as much as possible is sent.
bench_repeat() {
	local half
	echo "== 20 repeats at half the bound"
	once "b bound" -p 0 --generator paced
	half=$(sqlite3 -batch "$db" "SELECT CAST(forwarded_pps / 2000 AS INTEGER) FROM v_run_summary
		JOIN v_run USING (run_id) WHERE json_extract(labels, '\$.series') = 'b bound'")
	for ((i = 0; i < 20; i++)); do
		once "r ${half}k paced" -p "${half}k" --generator paced
	done
	table 'r%'
	sqlite3 -batch -header -column "$db" "
		WITH r AS (SELECT forwarded_packets * 1.0 AS x, forwarded_pps AS y, v_run.verdict FROM v_run
			JOIN v_run_summary USING (run_id) WHERE json_extract(labels, '\$.series') LIKE 'r %'),
		part AS (SELECT 'all' AS part, x, y FROM r UNION ALL SELECT 'valid', x, y FROM r
			WHERE verdict = 'valid'),
		m AS (SELECT part, avg(x) AS mx, avg(y) AS my, count(*) AS n FROM part GROUP BY part)
		SELECT part AS runs, n, printf('%.0f', my) AS 'forwarded pps',
			printf('%.4f', 100 * sqrt(sum((x - mx) * (x - mx)) / (n - 1)) / mx) AS 'sd of packets %',
			printf('%.4f', 100 * sqrt(sum((y - my) * (y - my)) / (n - 1)) / my) AS 'sd of rate %'
		FROM part JOIN m USING (part) GROUP BY part"
}
