#!/usr/bin/env bash
# plots.sh BUILD_FOLDER: what pictures of made-up runs are drawn from: of each script all that stands
# between its provenance and the templates, numbers to nine digits, against plots/NAME.txt. That gnuplot
# draws each is looked at too, its looks are not. UPDATE=1 writes the files anew.
set -uo pipefail
build=$(cd "$1" && pwd)
golden=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/plots
fixtures=$golden/../../fixtures
export PATH="$build:$PATH" LC_ALL=C.UTF-8
unset NB_DB NO_COLOR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
make_db zoo.db "$fixtures/scenario_zoo.sql" "$fixtures/make_db.sql" "$fixtures/pictures.sql" || exit 1
make_db one.db "$fixtures/scenario_one_run.sql" "$fixtures/make_db.sql" || exit 1
drawn=0
if command -v gnuplot >/dev/null; then drawn=1; fi

make_db cores.db "$fixtures/scenario_cores.sql" "$fixtures/make_db.sql" || exit 1
make_db ab.db "$fixtures/scenario_ab.sql" "$fixtures/make_db.sql" || exit 1
# what nobody counted: what was offered cannot be told, what was delivered can
cp zoo.db gone.db
sqlite3 gone.db "UPDATE sample SET tx_dropped = NULL;
	DELETE FROM total WHERE metric_id = (SELECT id FROM metric WHERE name = 'tx_dropped')" || exit 1
# one of three senders missed a tick: the two others are not what was offered then
cp zoo.db late.db
sqlite3 late.db "DELETE FROM sample WHERE seq = 7 AND endpoint_id =
	(SELECT id FROM endpoint WHERE run_id = 24 AND role = 'sender' AND pair = 1)" || exit 1
draw() { # FOLDER ARGS…
	local to=$1
	shift
	if ! nbanalyze plot -o "$to" --format csv "$@" >"$to.csv" 2>"$to.err" && [ $drawn = 1 ]; then
		cat "$to.err"
		exit 1
	fi
}
draw kube all --db zoo.db --testbed kube
draw five all --db zoo.db --size 512
draw one all --db one.db
draw ab compare a b --db ab.db
draw cores delivered loss --db cores.db
draw late timeseries --db late.db --run 24
draw gone ledger tx_bounded --db gone.db --run 13..14
draw sizes delivered loss --db zoo.db --testbed netns --generator trafgen --run 1..50

data_of() { # FILE.gp
	sed -n '/^# ---- what is drawn/,/^# ---- style/p' "$1" | sed '1d;$d' | awk '
		/^(file|origin) = / { next }
		{ for (i = 1; i <= NF; i++)
			if ($i ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/) $i = sprintf("%.9g", $i)
		  print }'
}
failed=0 n=0
for script in */*.gp; do
	name=$(dirname "$script").$(basename "$script" .gp)
	data_of "$script" >got
	n=$((n + 1))
	if [ -n "${UPDATE:-}" ]; then
		cp got "$golden/$name.txt"
	elif ! diff -u "$golden/$name.txt" got; then
		echo "FAIL $name"
		failed=1
	fi
	if [ $drawn = 1 ] && [ ! -s "${script%.gp}.png" ]; then
		echo "FAIL $name: not drawn"
		failed=1
	fi
done
for file in "$golden"/*.txt; do
	name=$(basename "$file" .txt)
	[ -f "${name%%.*}/${name#*.}.gp" ] || {
		echo "FAIL $name: no such picture any more"
		failed=1
	}
done
echo "$n pictures"
exit $failed
