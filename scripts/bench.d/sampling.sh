# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What measuring costs: a sample beside a shell loop and sadc; 100 samples a second; the effect on what
# is measured.

# One sample as a script takes it that forks a program for each figure: the interface and its drops,
# queues, interrupts, softirqs, CPUs, backlog, IP and UDP, qdisc. Sleeps and arithmetic are left out.
shell_samples() { # INTERFACE N
	bash -c '
		for ((i = 0; i < $2; i++)); do
			for c in /sys/class/net/"$1"/statistics/*; do
				v=$(cat "$c")
			done
			v=$(grep -E "$1|virtio" /proc/interrupts | awk "{s += \$2 + \$3} END {print s}")
			v=$(awk "/NET_RX/ {print \$2 + \$3}" /proc/softirqs)
			v=$(awk "/NET_TX/ {print \$2 + \$3}" /proc/softirqs)
			v=$(ethtool -S "$1" 2>/dev/null | grep -E "queue|[rt]x[0-9]" | awk "{print \$2}")
			v=$(grep "^cpu" /proc/stat | awk "{print \$1, \$2, \$4, \$5, \$8, \$9}")
			v=$(awk "{print \$1, \$2, \$3}" /proc/net/softnet_stat)
			v=$(grep "^Ip:" /proc/net/snmp | awk "{print \$4, \$5}")
			v=$(grep "^Udp:" /proc/net/snmp | awk "{print \$2, \$4}")
			v=$(grep "^TcpExt:" /proc/net/netstat | awk "{print \$2}")
			v=$(awk "{s += \$13} END {print s}" /proc/net/udp)
			v=$(cat /proc/net/stat/rt_cache)
			v=$(tc -s qdisc show dev "$1" | grep dropped)
		done' shell "$1" "$2" >/dev/null 2>&1
}

# CPU time in microseconds of a command and of all that it started.
cpu_us() {
	local TIMEFORMAT='%U %S' out
	out=$({ time "$@" >/dev/null 2>&1; } 2>&1) || true
	awk '{printf "%d\n", ($1 + $2) * 1e6}' <<<"$out"
}

middle() { # of the numbers on standard input
	sort -g | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}

own_cost() { # INTERFACE ROW OPTION…
	local interface=$1 row=$2
	shift 2
	"$build/nbcollect" --quiet --format csv agent --self-cost --if "$interface" "$@" 2>/dev/null |
		awk -F, -v row="$row" '$1 == row {print $2}'
}

# sadc waits for whole seconds: what eleven samples cost more than one.
sadc_us() { # PROGRAM
	local long short
	long=$(cpu_us "$1" -S ALL 1 12 "$work/sadc.long")
	short=$(cpu_us "$1" -S ALL 1 2 "$work/sadc.short")
	rm -f "$work"/sadc.*
	echo $(((long - short) / 10))
}

bench_sampling() {
	local interface warm tick cold shell sadc program=/usr/lib/sysstat/sadc
	interface=$(ip -o route show default 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
	: "${interface:=lo}"
	echo "== CPU time of a whole sample: all sources, $interface"
	for ((i = 0; i < repeats; i++)); do
		own_cost "$interface" tick >>"$work/tick"
		own_cost "$interface" all >>"$work/warm"
		own_cost "$interface" all --pause 100ms --samples 20 >>"$work/cold"
		echo $(($(cpu_us shell_samples "$interface" 10) / 10)) >>"$work/shell"
		[ ! -x "$program" ] || sadc_us "$program" >>"$work/sadc"
	done
	tick=$(middle <"$work/tick") warm=$(middle <"$work/warm")
	cold=$(middle <"$work/cold") shell=$(middle <"$work/shell")
	echo "netbound, what each tick reads           $tick us"
	echo "netbound, all sources                    $warm us"
	echo "netbound, all sources, 100 ms in between $cold us"
	echo "a shell loop                             $shell us"
	awk "BEGIN {printf \"shell / netbound: %.0f; with pauses %.0f\\n\", $shell / $warm, $shell / $cold}"
	if [ -x "$program" ]; then
		sadc=$(middle <"$work/sadc")
		echo "sadc -S ALL, 1 s in between              $sadc us"
		awk "BEGIN {printf \"sadc / netbound: %.1f; with pauses %.1f\\n\", $sadc / $warm, $sadc / $cold}"
	else
		echo "sadc is not here: install sysstat"
	fi
}

# CPU time, ns, that the threads of a process have had.
process_ns() {
	cat /proc/"$1"/task/*/schedstat 2>/dev/null | awk '{s += $1} END {printf "%d\n", s}'
}

# A run of a series without a generator; of each of its agents, CPU time in percent of a core.
cost_of_agents() { # SERIES INTERVAL SECONDS
	local collector a agents from to
	declare -A before
	"$build/nbcollect" --quiet --db "$db" run --wait 1h --generator none -s "$3" -i "$2" \
		--label "series=$1" >/dev/null &
	collector=$!
	sleep 3
	mapfile -t agents < <(pgrep -P "$collector")
	from=$(date +%s%N)
	for a in "${agents[@]}"; do before[$a]=$(process_ns "$a"); done
	sleep $(($3 - 4))
	to=$(date +%s%N)
	for a in "${agents[@]}"; do
		awk "BEGIN {printf \"%.2f\n\", 100 * ($(process_ns "$a") - ${before[$a]}) / ($to - $from)}"
	done
	wait "$collector"
}

bench_cadence() {
	local length=${seconds_of_cadence:-60}
	echo "== 100 samples a second for $length s"
	cost_of_agents cadence 10ms "$length" | sed 's/.*/an agent: & % of a core/'
	sqlite3 -batch -header -column "$db" "
		WITH r AS (SELECT max(id) AS id FROM run WHERE labels LIKE '%cadence%'),
		o AS (SELECT e.role, d.seq, d.t_ns - d.read_ns / 2 - d.seq * 10000000 AS late,
				max(d.seq) OVER (PARTITION BY e.id) AS last
			FROM source_read d JOIN endpoint e ON e.id = d.endpoint_id JOIN r ON e.run_id = r.id
			WHERE d.source IN ('link', 'irq', 'softnet') AND d.seq >= 0),
		k AS (SELECT role, seq, min(late) AS late, last FROM o WHERE seq < last GROUP BY role, seq),
		h AS (SELECT *, seq * 10 / last AS part, row_number() OVER
				(PARTITION BY role, seq * 10 / last ORDER BY late) AS place,
			count(*) OVER (PARTITION BY role, seq * 10 / last) AS n FROM k)
		SELECT role, max(last) AS instants, max(last) - count(*) AS missed,
			printf('%.1f', max(CASE WHEN part = 0 AND place = (n + 1) / 2 THEN late END) / 1e3)
				AS 'late us, first tenth',
			printf('%.1f', max(CASE WHEN part = 9 AND place = (n + 1) / 2 THEN late END) / 1e3)
				AS 'last tenth (medians)',
			printf('%.1f', max(late) / 1e3) AS 'max us'
		FROM h GROUP BY role"
}

# A run as fast as possible; packets a second offered and forwarded.
observed() { # FILE INTERVAL
	"$build/nbcollect" --quiet --db "$db" run --wait 1h -p 0 -s "$seconds" -i "$2" \
		--label "series=observer $2" >/dev/null || echo "a run failed" >&2
	sqlite3 -batch -separator ' ' "$db" "SELECT offered / (effective_ns / 1e9),
		forwarded / (effective_ns / 1e9) FROM run ORDER BY id DESC LIMIT 1" >>"$1"
}

# Median of paired differences in percent, and the interval that order statistics give it: the widest
# k with at most 2.5 % of a binomial (n, 1/2) below it, on either side.
differences() { # COLUMN NAME
	paste -d ' ' "$work/with" "$work/without" |
		awk -v c="$1" '{printf "%.6f\n", 100 * ($(c + 2) - $c) / $(c + 2)}' | sort -g |
		awk -v name="$2" '{v[NR] = $1} END {
			p = 1
			for (i = 0; i < NR; i++) p /= 2
			for (k = 0; below + p <= 0.025; k++) { below += p; p *= (NR - k) / (k + 1) }
			m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
			printf "%s: %+.2f %% fewer (%d pairs; 95 %% interval %+.2f to %+.2f)\n",
				name, m, NR, v[k], v[NR + 1 - k]
		}'
}

bench_observer() {
	local pairs=$((repeats < 9 ? 9 : repeats))
	echo "== -p 0 with 10 samples a second, and with none between the first and the last"
	for ((i = 0; i < pairs; i++)); do
		if ((i % 2)); then
			observed "$work/with" 100ms
			observed "$work/without" 1h
		else
			observed "$work/without" 1h
			observed "$work/with" 100ms
		fi
	done
	differences 1 offered
	differences 2 forwarded
	cost_of_agents taken 100ms "${seconds_of_cadence:-60}" |
		awk '{s += $1} END {printf "CPU time that 10 samples a second take: %.2f %% of a core, %d agents together\n", s, NR}'
}
