#!/usr/bin/env bash
# nist.sh BUILD_FOLDER: NIST's certified regressions (unit/strd_linear.h) from a store to what `regress`
# prints. A number of a set is busy time over packets of a tick, two whole numbers whose quotient is the
# double nearest to it: x is the sender's, y the receiver's. The digits in which the worst estimate and the
# worst standard error agree must be as many as are written here.
set -euo pipefail
build=$(cd "$1" && pwd)
sets=$(cd "$(dirname "${BASH_SOURCE[0]}")/../unit" && pwd)/strd_linear.h
export PATH="$build:$PATH" LC_ALL=C
unset NB_DB NO_COLOR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

numbers() { # ARRAY of the header, a number a line
	awk -v name="strd_$1[]" 'index($0, name) { on = 1; next } on && /};/ { exit }
		on { gsub(/[ \t]/, ""); gsub(/,/, "\n"); printf "%s", $0 }' "$sets" | grep .
}

store_of() { # SET: the SQL of one run with its rows as samples
	cat <<-SQL
		INSERT INTO run (id, uuid, started_utc, duration_ns, effective_ns, target_pps, frame_size, n_cores,
			cores, pairs, testbed, path, generator, source_port_mode, interval_ns, intended, offered,
			forwarded, forwarded_from, time_quality, status, verdict, config, config_hash, steady_from_ns,
			steady_to_ns, tool_version, method_version)
		VALUES (1, '00000000-0000-4000-8000-000000000001', '2026-11-20T08:00:00.000000Z', 1000000000000,
			1000000000000, 1, 64, 1, '2', 1, 'netns', 'same-node', 'paced', 'fixed', 1000000000, 1, 1, 1,
			'udp', 'measured', 'ok', 'valid', '{}', '0', 0, 1000000000000, '0', 1);
		INSERT INTO endpoint (id, run_id, role, pair, node_id, host, cores)
		VALUES (3, 1, 'node', NULL, NULL, 'host', '2'), (1, 1, 'sender', 0, 3, 'host', '2'),
			(2, 1, 'receiver', 0, 3, 'host', '2');
	SQL
	paste <(numbers "$1_x") <(numbers "$1_y") | awk '
		function put(end, v,    point, scale) { # without its point, over the power of ten that it stood for
			point = index(v, ".")
			scale = substr("1000000000000000", 1, point ? length(v) - point + 1 : 1)
			sub(/\./, "", v)
			printf "INSERT INTO sample (endpoint_id, seq, t_ns, dt_ns, tx_packets, rx_packets, " \
				"cpu_busy_ns, cpu_total_ns) VALUES (%d, %d, %d, 1000000000, %s, 0, %s, 1);\n",
				end, NR, NR * 1000000000, scale, v
		}
		{ put(1, $1); put(2, $2) }'
}

failed=0
check() { # SET POWER DIGITS DIGITS_OF_ERRORS
	local x=sender.cpu_ns_per_packet terms i
	terms=$x
	for ((i = 2; i <= $2; i++)); do terms+=",$x^$i"; done
	store_of "$1" >"$work/$1.sql"
	make_db "$work/$1.db" "$work/$1.sql"
	nbanalyze --db "$work/$1.db" regress --scope within --quiet -y receiver.cpu_ns_per_packet -x "$terms" \
		--format csv >"$work/$1.csv"
	paste <(awk -F, 'NR > 1 { print $2, $3 }' "$work/$1.csv") <(numbers "$1_coef") <(numbers "$1_se") |
		awk -v set="$1" -v wanted="$3" -v wanted_se="$4" '
			function digits(got, right,    off) { # of agreement; 15 is all there are
				off = got - right
				off = off < 0 ? -off : off
				if (right != 0) off /= right < 0 ? -right : right
				return off > 1e-15 ? -log(off) / log(10) : 15
			}
			BEGIN { least = least_se = 15 }
			NF != 4 { bad = 1; exit }
			{ d = digits($1, $3); least = d < least ? d : least
			  if ($4 != 0) { d = digits($2, $4); least_se = d < least_se ? d : least_se } }
			END { printf "%-10s %4.1f digits, of the errors %4.1f\n", set, least, least_se
				exit bad || !NR || least < wanted || least_se < wanted_se }' || {
		echo "FAIL: $1: at least $3 and $4 are wanted"
		failed=1
	}
}

check norris 1 13 10.5
check pontius 2 13 10.5
check filip 10 11 10.5
check wampler1 5 12.5 0
check wampler2 5 12.5 0
check wampler3 5 12.5 10.5
check wampler4 5 10.5 10.5
check wampler5 5 8.5 10.5
exit "$failed"
