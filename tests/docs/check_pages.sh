#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds the programs against the pages that describe them: every option of every subcommand and its
# page in docs/cli/, every column of every view and docs/schema.md, every verdict code and
# docs/methodology.md, every stage of the ledger, every counter source, every metric; and links.
#   check_pages.sh BUILD_FOLDER       exit 0 or 1
# shellcheck disable=SC2016 # backticks are Markdown's
set -euo pipefail

[ $# -eq 1 ] || {
	echo "usage: $0 BUILD_FOLDER" >&2
	exit 2
}
build=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/nb-pages.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
checked=0 failed=0

# Both are files of one name a line; $3 and $4 say where each comes from.
same() {
	local name
	sort -u "$1" >"$work/a"
	sort -u "$2" >"$work/b"
	checked=$((checked + $(grep -c . "$work/a" || true)))
	while read -r name; do
		echo "FAIL  $name: in $3, not in $4"
		failed=$((failed + 1))
	done < <(comm -23 "$work/a" "$work/b")
	while read -r name; do
		echo "FAIL  $name: in $4, not in $3"
		failed=$((failed + 1))
	done < <(comm -13 "$work/a" "$work/b")
}

section() { # PAGE HEADING: the lines under `## HEADING`
	awk -v want="$2" '/^#/ { on = ($0 ~ "^#+ `?" want "`?$"); next } on' "$1"
}

# The part of --help before the options that all commands have; its first words are -x, --long.
help_options() {
	"$build/$1" "$2" --help | awk '/^options of every command/ { exit } /^  +(-., )?--/' |
		grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z0-9-]+' | sed 's/^ *//' || true
}

# --- options -----------------------------------------------------------------------------------

for program in nbcollect nbanalyze; do
	for command in $("$build/$program" --help |
		awk '/^commands/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'); do
		page=docs/cli/$program-$command.md
		[ -f "$top/$page" ] || {
			echo "FAIL  $program $command has no page $page"
			failed=$((failed + 1))
			continue
		}
		echo "$page" >>"$work/described"
		help_options "$program" "$command" >"$work/helped"
		# rows of the table: | `-p`, `--pps` PPS | … |
		section "$top/$page" Options | grep -oE '^\| (`-[a-zA-Z0-9]`, )?`--[a-z0-9-]+`' |
			sed 's/^| //; s/`//g' >"$work/paged" || true
		if grep -q 'cli/common.md#selection\|common.md#selection' "$top/$page"; then
			section "$top/docs/cli/common.md" Selection | grep -oE '^\| `--[a-z0-9-]+`' |
				sed 's/^| //; s/`//g' >>"$work/paged"
		fi
		same "$work/helped" "$work/paged" "$program $command --help" "$page"
	done
done
find "$top/docs/cli" -name 'nb*.md' | sed "s|^$top/||" >"$work/pages"
same "$work/described" "$work/pages" "the commands" "docs/cli/"

"$build/nbcollect" run --help | sed '1,/^options of every command/d' |
	grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z0-9-]+' | sed 's/^ *//' >"$work/helped"
section "$top/docs/cli/common.md" "Options of every command" |
	grep -oE '^\| (`-[a-zA-Z0-9]`, )?`--[a-z0-9-]+`' | sed 's/^| //; s/`//g' >"$work/paged"
same "$work/helped" "$work/paged" "--help" docs/cli/common.md

# Whatever else these pages call --something must be an option of some command.
for program in nbcollect nbanalyze; do
	for command in $("$build/$program" --help |
		awk '/^commands/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'); do
		"$build/$program" "$command" --help
	done
done | grep -oE -- '--[a-z][a-z0-9-]+' | sort -u >"$work/known"
while IFS=: read -r page option; do
	checked=$((checked + 1))
	grep -qx -- "$option" "$work/known" || {
		echo "FAIL  $page speaks of $option, which no command has"
		failed=$((failed + 1))
	}
done < <(cd "$top" && grep -oE -- '(^|[ `[])--[a-z][a-z0-9-]+' docs/cli/*.md |
	sed 's/:[ `[]/:/' | sort -u)

# --- views -------------------------------------------------------------------------------------

if command -v sqlite3 >/dev/null; then
	: >"$work/empty.db"
	"$build/nbcollect" --db "$work/empty.db" --quiet migrate
	sqlite3 "$work/empty.db" "SELECT v.name || '.' || c.name FROM sqlite_schema v,
		pragma_table_info(v.name) c WHERE v.type = 'view'" >"$work/columns"
	awk '/^#/ { view = ""; if (match($0, /`v_[a-z_]+`/))
			view = substr($0, RSTART + 1, RLENGTH - 2); next }
		view != "" && match($0, /^\| `[a-z0-9_]+`(, `[a-z0-9_]+`)* /) {
			n = split(substr($0, RSTART + 2, RLENGTH - 2), names, /[`, ]+/)
			for (i = 1; i <= n; i++) if (names[i] != "") print view "." names[i]
		}' "$top/docs/schema.md" >"$work/described_columns"
	same "$work/columns" "$work/described_columns" "the views" docs/schema.md
else
	echo "skip  the views: sqlite3 is not installed"
fi

# --- verdicts, metrics ---------------------------------------------------------------------------

# code, void or noted, limit
sed -n '/^} rules\[\] = {/,/^};/p' "$top/collector/verdict.c" | tr -d ' \t{}"' |
	awk -F, '/^[a-z_]+,[a-z_]+,(true|false),/ {
		print $1, ($3 == "true" ? "void" : "noted"), ($4 == "NAN" ? "-" : $4) }' >"$work/codes"
section "$top/docs/methodology.md" "Verdict codes" | awk -F'|' '/^\| `/ {
		gsub(/[` ]/, "", $2); gsub(/ /, "", $3); gsub(/ /, "", $5)
		print $2, $3, ($5 == "" ? "-" : $5) }' >"$work/described_codes"
same "$work/codes" "$work/described_codes" collector/verdict.c docs/methodology.md

grep -oE "^	\([0-9]+, '[a-z_]+'" "$top/sql/views.sql" | grep -oE "[a-z_]+" >"$work/stages"
section "$top/docs/methodology.md" "The ledger" | grep -oE '^\| `[a-z_]+`' | tr -d '|` ' \
	>"$work/described_stages" || true
same "$work/stages" "$work/described_stages" sql/views.sql docs/methodology.md

awk '/^const struct counter_source source_/ { on = 1 }
	on && match($0, /\.name = "[a-z_]+"/) {
		print substr($0, RSTART + 9, RLENGTH - 10); on = 0 }' \
	"$top"/collector/counters/*.c >"$work/sources"
section "$top/docs/protocol.md" source | grep -oE '^\| `[a-z_]+`' | tr -d '|` ' \
	>"$work/described_sources" || true
same "$work/sources" "$work/described_sources" collector/counters/ docs/protocol.md

sed -n 's/^\t{"\([a-z_]*\)", "[a-z_]*", "[a-z_.]*", "[^"]*", .*/\1/p' "$top"/analyze/cause*.c >"$work/causes"
section "$top/docs/cli/nbanalyze-bound.md" Causes | awk -F'|' '/^\| `/ { print $2 }' |
	grep -oE '`[a-z_]+`' | tr -d '`' >"$work/described_causes"
same "$work/causes" "$work/described_causes" "analyze/cause*.c" docs/cli/nbanalyze-bound.md

"$build/nbanalyze" metrics --format tsv | tail -n +2 | cut -f1 >"$work/metrics"
section "$top/docs/cli/nbanalyze-metrics.md" Metrics | awk -F'|' '/^\| `/ {
		gsub(/[` ]/, "", $2); gsub(/[` ]/, "", $3)
		n = split($3, roles, ","); for (i = 1; i <= n; i++) print roles[i] "." $2 }' \
	>"$work/described_metrics"
same "$work/metrics" "$work/described_metrics" "nbanalyze metrics" docs/cli/nbanalyze-metrics.md

# --- links ---------------------------------------------------------------------------------------

while read -r page; do
	while read -r target; do
		[ -n "$target" ] || continue
		checked=$((checked + 1))
		[ -e "$(dirname "$page")/$target" ] || {
			echo "FAIL  ${page#"$top"/} links to $target, which is not there"
			failed=$((failed + 1))
		}
	done < <(grep -oE '\]\([^)# ]+' "$page" | sed 's/^](//' | grep -v '^https\?:' || true)
done < <(find "$top/docs" -name '*.md' && printf '%s\n' "$top"/*.md)

echo "$checked checked, $failed failed"
[ $failed -eq 0 ]
