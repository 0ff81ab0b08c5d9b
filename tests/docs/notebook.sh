#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs what docs/notebook.md shows, where the tool is there, and each query of docs/grafana.json.
#   notebook.sh BUILD_FOLDER      exit 0 or 1, 77 without sqlite3
set -euo pipefail
[ $# -eq 1 ] || {
	echo "usage: $0 BUILD_FOLDER" >&2
	exit 2
}
build=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/nb-notebook.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0
cd "$work"

# two runs of two imported files each: one that loses nothing, one that loses a tenth
for rate in 5000 6000; do
	for side in tx rx; do
		awk -v side=$side -v rate=$rate 'BEGIN { for (i = 0; i < 20; i++) { p = i > 2 && i < 16 ? rate + i : 0
			got = rate == 6000 ? int(p * 0.9) : p
			print (side == "tx" ? 0 ", " p : got ", " 0) ", 0, 0, 0, 0, 0, 0, 7, " p ", 0, " p ", 2, 50" } }' \
			>"${side}_${rate}pps_13_core_2_size_64_20240101000000.txt"
	done
done
"$build/nbcollect" --quiet --db runs.db import . >/dev/null

block() { awk -v want="\`\`\`$1" '$0 == want { on = 1; next } /^```/ { on = 0 } on' "$top/docs/notebook.md"; }

# the numbers of each row, five digits each: what programs print differs in the rest
numbers() { tr -c '0-9.eE+\n-' ' ' | awk '{ for (i = 1; i <= NF; i++) printf "%.5g%s", $i, i < NF ? " " : "\n" }'; }

# what the query of a block gives in the sqlite3 shell
wanted() { # FILE
	sqlite3 -bail runs.db "$(tr '\n' ' ' <"$1" | grep -o 'SELECT[^";]*')" | numbers
}

try() { # NAME PROGRAM ROWS_OF_ITS_OUTPUT: a function that keeps a row a line of what it printed
	local name=$1 program=$2 rows=$3 expected got
	block "$name" >"block.$name"
	expected=$(wanted "block.$name")
	if ! "$program" "block.$name" >out 2>err </dev/null; then
		echo "FAIL  $name: $(cat out err)"
		failed=1
	elif got=$("$rows" <out | numbers) && [ "$(wc -l <<<"$expected")" -eq 2 ] && [ "$got" = "$expected" ]; then
		echo "ok    $name: its rows are those of sqlite3"
	else
		printf 'FAIL  %s: it says\n%s\nand sqlite3\n%s\n' "$name" "$(cat out)" "$expected"
		failed=1
	fi
}

python_rows() { sed 's/), (/\n/g'; }
r_rows() { sed '1d; s/^ *[0-9]* *//'; }
duckdb_rows() { sed 's/,[^,]*$//'; }
duckdb_csv() { duckdb -csv -noheader <"$1"; }

export PATH=/usr/bin:$PATH
command -v sqlite3 >/dev/null || {
	echo "skip  no sqlite3"
	exit 77
}
if command -v python3 >/dev/null; then
	try python python3 python_rows
else
	echo "skip  python: no python3"
fi
if Rscript -e 'library(RSQLite)' >/dev/null 2>&1; then
	try r Rscript r_rows
else
	echo "skip  r: no Rscript with RSQLite (scripts/deps installs them)"
fi
if command -v duckdb >/dev/null && duckdb -c 'INSTALL sqlite; LOAD sqlite' >/dev/null 2>&1; then
	try duckdb duckdb_csv duckdb_rows
else
	echo "skip  duckdb: no duckdb with its sqlite extension (Debian has none)"
fi

if command -v jq >/dev/null; then
	n=0
	while IFS= read -r sql; do
		n=$((n + 1))
		rows=$(sqlite3 -bail runs.db "${sql//\$run/1}" 2>&1) && [ -n "$rows" ] || {
			echo "FAIL  grafana.json: $sql: $rows"
			failed=1
		}
	done < <(jq -r '.panels[].targets[].queryText, .templating.list[].query' "$top/docs/grafana.json")
	echo "ok    grafana.json: $n queries"
else
	echo "skip  grafana.json: no jq"
fi
exit $failed
