#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Import of metric files: every kind, without loss; joined, twice the same, nothing half; what is
# hostile is refused with its place named; figures as numpy computes them from the same columns.
source "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || skip "no sqlite3"
python=$(PATH=/usr/bin:$PATH command -v python3) || python=
m=$work/metrics
mkdir "$m"

# An endpoint's file: idle seconds, busy ones, idle ones. rows FILE HEAD BUSY TAIL PPS COLUMNS
rows() {
	awk -v head="$2" -v busy="$3" -v tail="$4" -v pps="$5" -v columns="$6" 'BEGIN {
		for (i = 0; i < head + busy + tail; i++) {
			on = i >= head && i < head + busy
			p = on ? pps + (i * 7919) % 101 - 50 : i % 2
			if (i == head || i == head + busy - 1) p = int(pps * 0.6) + 9
			printf "1, %d, 0, 3, 0, 0, 88, %d, %d, %d", p, p * 60, 2000 + i, p + 900
			if (columns == 14) printf ", %d, %d, 2, %d", i % 3, p, on ? 97 : 5
			print ""
		}
	}' >"$1"
}
# The other end of it: rx and tx exchanged.
rx() { awk -F', *' -v OFS=', ' '{ t = $1; $1 = $2; $2 = t; t = $7; $7 = $8; $8 = t; print }' "$1" >"$2"; }

a=120_core_2-3_size_64_20240328122409.txt
rows "$m/tx_20000pps_$a" 2 115 9 20000 10
rx "$m/tx_20000pps_$a" "$m/rx_20000pps_$a"
for k in 0 1; do
	rows "$work/s$k" 1 16 9 5000 14
	tail=pr_5000_runtime_15_cores_1_pairs_2_size_128_core_list_$((k + 4))_ts_2026112218163$((8 + k)).log
	cp "$work/s$k" "$m/server_server$k-ve-0_$tail"
	rx "$work/s$k" "$m/client_client$k-ve-1_$tail"
done
n=pr_5000_runtime_15_cores_1_pairs_2_size_128_ts_20261122181639.log
awk 'BEGIN { for (i = 0; i < 26; i++) print i % 100, 100, 0 }' >"$m/tx-pod-cpu_$n"
awk 'BEGIN { for (i = 0; i < 26; i++) print 10 * i, 11 * i, 5 * i, 6 * i, 1, 2, 3, 4, 5, 6, 7, 8 }' \
	>"$m/tx-pod-queue_$n"
awk 'BEGIN { for (i = 0; i < 26; i++) for (q = 0; q < 2; q++) print q, 1000 + i * (q + 1), 50 }' \
	>"$m/tx-pod-int_${n/_ts/}"
awk 'BEGIN { for (i = 0; i < 26; i++) for (c = 0; c < 2; c++)
	printf "%d %.0f %d 0 0 0 0 0 0 0 %d 0 0 %d\n", c, 4294967290 + i * (c + 1) - (i * (c + 1) > 5 ? 4294967296 : 0), i, 2 * i, c }' \
	>"$m/tx-softnet-stat_${n/pr_/}"
echo 'Error: no counters' >"$m/rx-pod-queue_$n"
: >"$m/rx-softnet-stat_${n/pr_/}"
for k in 0 1; do rows "$work/c$k" $k 20 3 700 10; done
cat "$work/c1" "$work/c1" >"$m/tx_pps_700_pairs_2_size_64_cores_1_pods-cores_4_6.log"
echo 'by hand' >"$m/README"

say "a folder with every kind of file"
collect --format tsv import "$m"
is "exit code" "$rc" 0
has "the report" "$out" "README	left_out" "its name is no metric file's" \
	"rx-pod-queue_$n	imported	2" "the adapter had no such counters" "empty: the run goes without it"
has "what it says" "$err" "3 runs imported" "the old means took in the idle seconds" "instead of"
is "runs" "$(q 'SELECT count(*) FROM run')" 3
is "time" "$(q 'SELECT DISTINCT time_quality FROM run')" nominal
is "verdicts" "$(q "SELECT group_concat(DISTINCT verdict) FROM run")" noted
is "cores of the list" "$(q "SELECT cores || ' ' || n_cores FROM run WHERE frame_size = 64 AND target_pps = 20000")" "2,3 2"
is "cores of two pairs" "$(q 'SELECT cores FROM run WHERE frame_size = 128')" 4,5
is "endpoints of two pairs and a node" "$(q 'SELECT group_concat(role || coalesce(pair, ""), " ") FROM
	(SELECT role, pair FROM endpoint WHERE run_id = (SELECT id FROM run WHERE frame_size = 128) ORDER BY role, pair)')" \
	"node node receiver0 receiver1 sender0 sender1"
whole

say "without loss: rows, and the sums of columns"
sums() { # FILE: of all its columns, and the rows
	awk -F'[, ]+' '{ for (i = 1; i <= NF; i++) s[i] += $i } END { printf "%d", NR; for (i = 1; i <= 8; i++) printf " %d", s[i]
		printf " %d %d\n", s[9], s[10] }' "$1"
}
stored() { # RUN ROLE PAIR
	q "SELECT count(*) || ' ' || sum(rx_packets) || ' ' || sum(tx_packets) || ' ' || sum(rx_dropped) || ' ' ||
		sum(tx_dropped) || ' ' || sum(rx_errors) || ' ' || sum(tx_errors) || ' ' || sum(rx_bytes) || ' ' ||
		sum(tx_bytes) || ' ' || sum(irqs) || ' ' || sum(softirqs) FROM sample s JOIN endpoint e ON
		e.id = s.endpoint_id WHERE dt_ns IS NOT NULL AND run_id = $1 AND role = '$2' AND pair = $3"
}
old=$(q "SELECT id FROM run WHERE target_pps = 20000") two=$(q "SELECT id FROM run WHERE frame_size = 128")
is "ten columns, sender" "$(stored "$old" sender 0)" "$(sums "$m/tx_20000pps_$a")"
is "ten columns, receiver" "$(stored "$old" receiver 0)" "$(sums "$m/rx_20000pps_$a")"
is "fourteen columns" "$(stored "$two" sender 1)" "$(sums "$work/s1")"
is "softirqs and the core of fourteen" "$(q "SELECT sum(net_tx) || ' ' || sum(net_rx) FROM softirq_sample s JOIN
	endpoint e ON e.id = s.endpoint_id WHERE run_id = $two AND role = 'sender' AND pair = 1") $(q "SELECT
	sum(cpu_busy_ns) / 10000000 FROM sample s JOIN endpoint e ON e.id = s.endpoint_id WHERE run_id = $two AND
	role = 'sender' AND pair = 1")" "$(awk -F', *' '{ a += $11; b += $12; c += $14 } END { print a, b, c }' "$work/s1")"
is "all pairs in one file" "$(stored "$(q "SELECT id FROM run WHERE target_pps = 700")" sender 1)" "$(sums "$work/c1")"
is "CPUs: idle percent" "$(q "SELECT group_concat(s, ' ') FROM (SELECT sum(idle_ns) / 10000000 AS s FROM cpu_sample GROUP BY cpu ORDER BY cpu)")" \
	"2275 0 2600"
is "CPUs: a view tells them" "$(q "SELECT count(*) || ' ' || min(idle_percent) || ' ' || max(idle_percent) FROM v_cpu")" "78 0.0 100.0"
is "queues" "$(q "SELECT group_concat(direction || queue || ':' || p || ':' || d || ':' || r, ' ') FROM (SELECT direction, queue,
	sum(packets) p, sum(drops) d, sum(ring_full) r FROM queue_sample GROUP BY 1, 2 ORDER BY 1 DESC, 2)")" \
	"tx0:3250:26:130 tx1:3575:52:156 rx0:1625:78:182 rx1:1950:104:208"
is "vectors: the rise of what is cumulative" "$(q "SELECT group_concat(queue || '@' || cpu || ':' || c, ' ') FROM
	(SELECT queue, cpu, sum(count) c FROM irq_sample GROUP BY 1, 2 HAVING c ORDER BY 1, 2)")" "rxtx:0@0:25 rxtx:1@0:50"
is "softnet: over the wrap of 32 bits" "$(q "SELECT group_concat(cpu || ':' || p || ':' || d || ':' || r, ' ') FROM (SELECT cpu,
	sum(processed) p, sum(dropped) d, sum(received_rps) r FROM softnet_sample GROUP BY cpu ORDER BY cpu)")" "0:25:25:50 1:50:25:50"

say "the steady window leaves the idle head and tail out"
is "ends" "$(q "SELECT (steady_from_ns / 1000000000) || ' ' || (steady_to_ns / 1000000000) FROM run WHERE id = $old")" "3 116"
if [ -n "$python" ] && "$python" -c 'import numpy' 2>/dev/null; then
	"$python" - "$m/tx_20000pps_$a" "$m/rx_20000pps_$a" >"$work/numpy" <<'END'
import sys, numpy
tx, rx = (numpy.loadtxt(p, delimiter=",")[3:116] for p in sys.argv[1:])
print(" ".join(repr(float(v)) for v in (tx[:, 1].mean(), rx[:, 0].mean(), tx[:, 3].mean(), tx[:, 8].mean(),
    rx[:, 9].mean(), tx[:, 7].mean() * 8 / 1e6, numpy.corrcoef(tx[:, 1], rx[:, 0])[0, 1])))
END
	q "SELECT tx_pps, (SELECT rx_pps FROM v_run_role r WHERE r.run_id = s.run_id AND role = 'receiver'), tx_drop_pps,
		irq_rate, (SELECT softirq_rate FROM v_run_role r WHERE r.run_id = s.run_id AND role = 'receiver'), tx_mbps
		FROM v_run_role s WHERE run_id = $old AND role = 'sender'" | tr '|' ' ' >"$work/ours"
	holds "means are numpy's" "$(paste -d' ' "$work/numpy" "$work/ours" | awk '{ e = 0; for (i = 1; i <= 6; i++) { d = $i - $(i + 7);
		if (d < 0) d = -d; if (d > e * $i) e = d / $i } printf "%g < 1e-12", e }')"
else
	echo "skip  numpy: python3-numpy is not installed"
fi

say "what nbanalyze makes of it"
for c in summary runs "show $old" "ledger $old" "correlate --run $old" "plot -o $work/plots"; do
	case $c in plot*) command -v gnuplot >/dev/null || { echo "skip  plot: no gnuplot"; continue; } ;; esac
	read -ra words <<<"$c"
	if "$(dirname "$nbcollect")/nbanalyze" --db "$db" --quiet "${words[@]}" >"$work/out" 2>"$work/err"; then
		ok "nbanalyze $c"
	else
		fail "nbanalyze $c: $(cat "$work/err")"
	fi
done
is "what was not counted is missing, not 0" "$(q "SELECT group_concat(stage, ' ') FROM v_ledger WHERE run_id = $old AND pair IS NULL
	AND stage IN ('rx_missed', 'rx_nohandler', 'udp_rcvbuf', 'delivered') AND packets IS NOT NULL")" ""

say "out, and in again"
nbanalyze=$(dirname "$nbcollect")/nbanalyze
"$nbanalyze" --db "$db" --quiet export --what metrics -o "$work/out.metrics" >/dev/null || fail "export --what metrics"
cmp -s <(tr -d ' ' <"$work/s1") <(tr -d ' ' <"$(echo "$work"/out.metrics/server_server1*_size_128_*)") &&
	ok "a file as it was" || fail "a file is not as it was"
collect --quiet --db "$work/again.db" import "$work/out.metrics"
is "and in" "$rc" 0
if [ -n "$python" ]; then # all but the ids and the hash
	for d in "$db" "$work/again.db"; do
		"$nbanalyze" --db "$d" --quiet export --what summary | "$python" -c \
			"import csv, sys; [print(r[:3], r[13:]) for r in csv.reader(sys.stdin)]" >"$d.csv"
	done
	if diff "$db.csv" "$work/again.db.csv"; then ok "the same summary"; else fail "not the same summary"; fi
fi

say "twice, and in part"
collect import "$m"
is "again: exit code" "$rc" 0
has "again" "$err" "0 runs imported" "add nothing"
is "again: runs" "$(q 'SELECT count(*) FROM run')" 3
rm_id=$old
collect --quiet rm "$rm_id"
collect --quiet import "$m/tx_20000pps_$a"
is "one end only: exit code" "$rc" 0
has "one end only: why" "$(codes)" one_end
collect import "$m/rx_20000pps_$a" "$m/tx_20000pps_$a"
is "the other end later: exit code" "$rc" 1
has "the other end later" "$out" "was imported from a part of these files: nbcollect rm"

say "operands: a link to a folder is followed, one inside is not"
mkdir "$work/linked" "$work/none"
ln -s .. "$work/linked/up"
cp "$m/tx_20000pps_$a" "$work/linked"
ln -s linked "$work/link"
collect --db "$work/linked.db" --format tsv import "$work/link"
is "a link: exit code" "$rc" 0
has "a link" "$out" "up	left_out" "tx_20000pps_$a	imported"
collect --db "$work/linked.db" import "$work/none"
is "an empty folder: exit code" "$rc" 3
has "an empty folder" "$err" "has a metric file's name, such as"
collect --db "$work/linked.db" import - "$m"
is "- and a folder: exit code" "$rc" 2
has "- and a folder" "$err" "- stands alone"
collect --db "$work/linked.db" import "ftp://127.0.0.1/tx_20000pps_$a"
is "ftp: exit code" "$rc" 2
has "ftp" "$err" "only http and https"

say "a folder inside that cannot be read: it is refused, the others are in"
mkdir -p "$work/partly/closed"
cp "$m/tx_20000pps_$a" "$work/partly"
chmod 000 "$work/partly/closed"
as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --bounding-set=-dac_override,-dac_read_search)
rc=0
out=$("${as[@]}" "$nbcollect" --db "$work/partly.db" --format tsv import "$work/partly" 2>"$work/err") || rc=$?
chmod 700 "$work/partly/closed"
is "a closed folder: exit code" "$rc" 1
has "a closed folder" "$out" "partly/closed	refused" "Permission denied" "tx_20000pps_$a	imported"

say "hostile files: an error that names the place, nothing half imported"
good=$work/tx_1pps_1_core_0_size_64_20240101000000.txt
bad=$work/rx_1pps_1_core_0_size_64_20240101000000.txt
rows "$good" 0 5 0 900 10
before=$(q 'SELECT count(*) FROM run')
hostile() { # WHAT PART: $bad was written
	collect import "$bad" "$good"
	is "$1: exit code" "$rc" 1
	has "$1" "$out" "$2" "a file of its run cannot be read"
	is "$1: runs stored" "$(q 'SELECT count(*) FROM run')" "$before"
}
printf '1, 2\n' >"$bad" && hostile "two columns" "line 1: 2 columns, where 10 or 14 are expected"
{ head -3 "$good" && echo '1, 2, x, 4'; } >"$bad" && hostile "a word" "line 4, column 7: not a whole number"
printf '1, 2, 3, 4, 5, 6, -7, 8, 9, 10\n' >"$bad" && hostile "a negative number" "line 1, column 19: a negative number"
printf '1, 2, 3, 4, 5, 6, 7, 8, 9, 9223372036854775808\n' >"$bad" && hostile "beyond 63 bits" "line 1, column 28: a number beyond 63 bits"
printf '9223372036854775807, 2, 3, 4, 5, 6, 7, 8, 9, 1\n1, 2, 3, 4, 5, 6, 7, 8, 9, 1\n' >"$bad" && hostile "a sum beyond 63 bits" "line 2: column 1 sums beyond 63 bits"
printf '1, 2, 3\0, 4, 5, 6, 7, 8, 9, 10\n' >"$bad" && hostile "a NUL byte" "line 1, column 8: a NUL byte"
printf '\177ELF\1\2\n' >"$bad" && hostile "a program" "a byte that is no text"
{ head -2 "$good" && echo '1, 2, 3'; } >"$bad" && hostile "a short line" "line 3: 3 columns, and 10 in the lines before"
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "1 "; print "" }' >"$bad" && hostile "a million columns" "more columns than any"
: >"$bad" && hostile "an empty file" "empty"
truncate -s 3G "$bad" && hostile "gigabytes" "more than 16 MiB"
rm "$bad" && mkfifo "$bad" && hostile "a pipe" "no regular file"
rm "$bad"
sed 's/$/\r/; 1s/^/\xef\xbb\xbf/' "$good" >"$bad" && printf '1, 2, 3' >>"$bad"
collect import "$bad" "$good"
is "a byte order mark, CRLF, a cut last line: exit code" "$rc" 0
has "the cut line" "$out" "line 6 has no end: cut off, left out"
is "rows of it" "$(q "SELECT count(*) FROM v_sample WHERE run_id = (SELECT max(id) FROM run) AND role = 'receiver' AND dt_ns IS NOT NULL")" 5

say "standard input"
out=$("$nbcollect" --db "$db" --format tsv import - --role receiver -p 20k -z 64 -c 2-3 <"$m/rx_20000pps_$a" 2>"$work/err") || fail "import -: $(cat "$work/err")"
has "import -" "$out" "-	imported"
is "rows of it" "$(q "SELECT count(*) FROM v_sample WHERE run_id = (SELECT max(id) FROM run) AND dt_ns IS NOT NULL")" 126
is "a wrong line ends it at once" "$( { printf '1, 2, oops\n'; sleep 3; } | timeout 20 "$nbcollect" --db "$db" import - --role sender -p 1 2>&1 | cat)" \
	"nbcollect: import: standard input: line 1, column 7: not a whole number"
collect import -
is "import - without more: exit code" "$rc" 2
has "import - without more" "$err" "--role sender|receiver and -p PPS"

say "URLs"
if [ -n "$python" ]; then
	"$python" "$here/web_server.py" "$m" >"$work/port" 2>"$work/http.err" &
	background+=("$!")
	until_true 20 "a server" test -s "$work/port"
	url=http://127.0.0.1:$(cat "$work/port")
	collect --db "$work/url.db" import "$url/files/tx_20000pps_$a?x=1" "$url/moved/rx_20000pps_$a"
	is "two files, one behind a redirect: exit code" "$rc" 0
	is "the same samples" "$(q "SELECT sum(tx_packets) FROM sample" "$work/url.db")" \
		"$(awk -F', *' '{ s += $2 } END { print s }' "$m"/[tr]x_20000pps_$a)"
	u=tx_1pps_1_core_0_size_64_20240101000000.log
	for what in "loop:Maximum (5) redirects" "endless:more than 16 MiB" "file:Protocol" "none:404"; do
		collect --db "$work/url.db" import "$url/${what%%:*}/$u"
		is "${what%%:*}: exit code" "$rc" 1
		has "${what%%:*}" "$out" "${what#*:}"
	done
	is "nothing half" "$(q "SELECT count(*) FROM run" "$work/url.db")" 1
else
	echo "skip  URLs: no python3"
fi

say "https: a certificate that nobody vouches for, and one that the environment names"
if [ -n "$python" ] && command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key" -out "$work/cert" -days 2 -subj /CN=127.0.0.1 \
		-addext subjectAltName=IP:127.0.0.1 2>/dev/null
	"$python" "$here/web_server.py" "$m" "$work/cert" "$work/key" >"$work/tls" 2>>"$work/http.err" &
	background+=("$!")
	until_true 20 "a server" test -s "$work/tls"
	url=https://127.0.0.1:$(cat "$work/tls")
	unset CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR
	collect --db "$work/tls.db" import "$url/files/tx_20000pps_$a"
	is "unknown: exit code" "$rc" 1
	has "unknown" "$out" "refused" "certificate"
	is "nothing stored" "$(q "SELECT count(*) FROM run" "$work/tls.db")" 0
	mkdir "$work/authorities"
	cp "$work/cert" "$work/authorities/own.pem"
	openssl rehash "$work/authorities"
	for variable in CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR; do
		trusted=$work/cert
		[ $variable != SSL_CERT_DIR ] || trusted=$work/authorities
		export "$variable=$trusted"
		collect --db "$work/$variable.db" import "$url/files/tx_20000pps_$a"
		unset "$variable"
		is "$variable: exit code" "$rc" 0
		is "$variable: stored" "$(q "SELECT count(*) FROM run" "$work/$variable.db")" 1
	done
	collect --db "$work/tls.db" scrape -s 1 "$url/stall/metrics"
	is "scrape, unknown: exit code" "$rc" 1
	has "scrape, unknown" "$err" "certificate"
	export "SSL_CERT_FILE=$work/cert"
	collect --db "$work/tls.db" scrape -s 1 "$url/stall/metrics"
	unset SSL_CERT_FILE
	is "scrape, known: exit code" "$rc" 0
	is "scrape, known: stored" "$(q "SELECT count(*) FROM run" "$work/tls.db")" 1
else
	echo "skip  https: no python3 or no openssl"
fi
done_testing
