#!/usr/bin/env bash
# What other programs computed, and who holds us to it: each value of tests/golden/oracle.tsv must stand in a
# test of stats/, to nine digits, unless its row says why none does. Those are listed.
set -euo pipefail
cd "$1"
literals=$(cat tests/unit/test_stats_*.c tests/unit/golden_data.h |
	grep -oE '[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?' | awk '{ printf "%.8e\n", $1 }' | sort -u)
missing=$(awk -F'\t' '/^#/ || NF == 4 { next }
	NR == FNR { there[$1] = 1; next }
	{ sub(/^-/, "", $3); key = sprintf("%.8e", $3) }
	!(key in there) { print "  " $1, $2, $3 }' <(echo "$literals") tests/golden/oracle.tsv)
if [ -n "$missing" ]; then
	echo "no test of stats/ holds these (add one, or say in tests/golden/oracle.tsv why not):"
	echo "$missing"
	exit 1
fi
grep -v '^#' tests/golden/oracle.tsv | awk -F'\t' 'NF == 4 { n[$4]++; next } { held++ }
	END { print held " values held"; for (why in n) print n[why] " not: " why }' | sort -rn
