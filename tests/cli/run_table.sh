#!/usr/bin/env bash
# run_table.sh BUILD_FOLDER TABLE.tsv: runs the rows of a table, each a command line:
#
#	EXIT_CODE<TAB>COMMAND LINE<TAB>TEXT[<TAB>TEXT…]
#
# Each TEXT must occur in what the command printed (standard output and error together); one that
# begins with ! must not. A row that begins with `$ ` prepares: it must succeed. # begins a comment.
# Commands are bash's, in an empty folder, with the programs of BUILD_FOLDER first in PATH; $SRC is
# the source tree. Exits 0, 1 when a row fails, 77 when a row begins with `need PROGRAM` and there is
# none.
set -uo pipefail
[ $# -eq 2 ] || { echo "usage: $0 BUILD_FOLDER TABLE.tsv" >&2; exit 2; }
build=$(cd "$1" && pwd)
table=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export SRC PATH="$build:$PATH" LC_ALL=C.UTF-8
unset NB_DB NO_COLOR
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0 rows=0 line=0

complain() {
	failed=$((failed + 1))
	printf '%s:%d: %s\n  %s\n' "$(basename "$table")" "$line" "$command" "$1"
	printf '%s\n' "$said" | head -20 | sed 's/^/  | /'
}

while IFS= read -r row || [ -n "$row" ]; do
	line=$((line + 1))
	case $row in
	'' | '#'*) continue ;;
	'need '*)
		command -v "${row#need }" >/dev/null || { echo "skipped: no ${row#need }"; exit 77; }
		continue ;;
	'$ '*)
		command=${row#$ }
		said=$(bash -c "$command" 2>&1 </dev/null) || complain "preparing failed"
		continue ;;
	esac
	IFS=$'\t' read -r -a field <<<"$row"
	command=${field[1]}
	rows=$((rows + 1))
	said=$(bash -c "$command" 2>&1 </dev/null)
	rc=$?
	[ "$rc" = "${field[0]}" ] || { complain "exit code $rc, not ${field[0]}"; continue; }
	for text in "${field[@]:2}"; do
		case $text in
		'!'*) [[ $said != *"${text#!}"* ]] || complain "says '${text#!}'" ;;
		*) [[ $said == *"$text"* ]] || complain "does not say '$text'" ;;
		esac
	done
done <"$table"
printf '%s: %d rows, %d failed\n' "$(basename "$table")" "$rows" "$failed"
[ "$failed" -eq 0 ]
