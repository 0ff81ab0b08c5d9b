#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs what docs/notebook.md shows, where the tool is there, and each query of docs/grafana.json.
#   notebook.sh BUILD_FOLDER      exit 0 or 1
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

# a run of two imported files
for side in tx rx; do
	awk -v side=$side 'BEGIN { for (i = 0; i < 20; i++) { p = i > 2 && i < 16 ? 5000 + i : 0
		print (side == "tx" ? 0 ", " p : p ", " 0) ", 0, 0, 0, 0, 0, 0, 7, " p ", 0, " p ", 2, 50" } }' \
		>"${side}_5000pps_13_core_2_size_64_20240101000000.txt"
done
"$build/nbcollect" --quiet --db runs.db import . >/dev/null

block() { awk -v want="\`\`\`$1" '$0 == want { on = 1; next } /^```/ { on = 0 } on' "$top/docs/notebook.md"; }

try() { # NAME PROGRAM WHAT_IT_SAYS ARGS…
	local name=$1 program=$2 wanted=$3
	shift 3
	block "$name" >"block.$name"
	if ! command -v "$program" >/dev/null; then
		echo "skip  $name: no $program"
	elif "$program" "$@" "block.$name" >out 2>&1 </dev/null && grep -q -- "$wanted" out; then
		echo "ok    $name"
	else
		echo "FAIL  $name: $(cat out)"
		failed=1
	fi
}

export PATH=/usr/bin:$PATH
try python python3 '(5000, 50'
if command -v Rscript >/dev/null && ! Rscript -e 'library(RSQLite)' >/dev/null 2>&1; then
	echo "skip  r: no RSQLite"
else
	try r Rscript '5000'
fi
try duckdb duckdb '5000' -f

if command -v jq >/dev/null && command -v sqlite3 >/dev/null; then
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
	echo "skip  grafana.json: no jq or no sqlite3"
fi
exit $failed
