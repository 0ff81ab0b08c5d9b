#!/usr/bin/env bash
# analyze.sh BUILD_FOLDER: what nbanalyze prints of made-up runs, word for word. Each line of
# analyze/commands is NAME<TAB>COMMAND; its output (standard error after standard output) is
# analyze/NAME.txt. UPDATE=1 writes the files anew: read the difference before it is committed.
set -uo pipefail
build=$(cd "$1" && pwd)
golden=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/analyze
fixtures=$golden/../../fixtures
export PATH="$build:$PATH" LC_ALL=C.UTF-8
unset NB_DB NO_COLOR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
for scenario in zoo one_run sweep ab ledger; do
	files=("$fixtures/scenario_$scenario.sql")
	[ $scenario = ledger ] || files+=("$fixtures/make_db.sql") # that one has its totals in it
	make_db "$scenario.db" "${files[@]}" || exit 1
done
failed=0
while IFS=$'\t' read -r name command; do
	case $name in '' | '#'*) continue ;; esac
	bash -c "$command" >out 2>err </dev/null
	cat out err >got
	if [ -n "${UPDATE:-}" ]; then
		cp got "$golden/$name.txt"
	elif ! diff -u "$golden/$name.txt" got; then
		echo "FAIL $name: $command"
		failed=1
	fi
done <"$golden/commands"
exit $failed
