#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every command of README.md and docs/, as a reader would type it. The rules of what a block may
# hold are in CONTRIBUTING.md, "Test". Two things differ from a reader's shell: `run` and `sweep` are
# given --wait, so that another run on this host is waited for; and where gnuplot, sqlite3 or
# trafgen is not installed, the lines that need it are skipped, saying so.
#   run_examples.sh BUILD_FOLDER [DOCUMENT…]    exit 0, 1 (a command failed) or 77 (cannot be tried)
# With documents named, only these are run (README.md always is: the others start with its runs.db).
set -euo pipefail

[ $# -ge 1 ] || {
	echo "usage: $0 BUILD_FOLDER [DOCUMENT…]" >&2
	exit 2
}
build=$(cd "$1" && pwd)
shift
top=$(cd "$(dirname "$0")/../.." && pwd)
longest=420 # seconds that one command may take, waiting for another run included

work=$(mktemp -d "${TMPDIR:-/tmp}/nb-docs.XXXXXX")
trap 'cd / && rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$work"
passed=0 failed=0 skipped=0

documents() {
	local d
	echo README.md
	cd "$top"
	if [ $# -gt 0 ]; then
		for d in "$@"; do
			[ "$d" = README.md ] || echo "$d"
		done
	else
		printf '%s\n' CONTRIBUTING.md CHANGELOG.md
		find docs -name '*.md' | sort
	fi
}

# Prints the commands of a document, each behind KIND TAB LINE TAB and with its newlines as \001.
# KIND: run, sql, skip (a block marked no-run), bad (the reason instead of a command).
commands() {
	awk '
	function put(kind, line, text) { gsub(/\n/, "\001", text); print kind "\t" line "\t" text }
	function flush() { if (text != "") put("run", start, text); text = "" }
	/^```/ && !fence {
		info = substr($0, 4); fence = 1; body = ""; start = NR; text = ""
		quiet = (info == "sh no-run")
		if (quiet && before !~ /<!-- no-run: .+ -->/)
			put("bad", NR, "no-run without a reason in a comment before it")
		next
	}
	/^```/ { fence = 0; if (info == "sh") flush(); if (info == "sql") put("sql", start, body)
		 before = ""; next }
	!fence { if ($0 != "") before = $0; next }
	info == "sql" { body = body (body == "" ? "" : "\n") $0; next }
	quiet { if ($0 ~ /^[^# \t]/) put("skip", NR, $0); next }
	info != "sh" { next }
	# a command goes on over lines that are indented, or that follow a backslash
	text != "" && (text ~ /\\$/ || $0 ~ /^[ \t]/) { text = text "\n" $0; next }
	{ flush() }
	/^(nbcollect|nbanalyze|sqlite3) / { text = $0; start = NR; next }
	/^#/ || /^$/ { next }
	{ put("bad", NR, "not a command of ours: " $0) }
	END { if (fence) put("bad", start, "a block without an end") }
	' "$top/$1"
}

# --- what is there ---------------------------------------------------------------------------

can_run() {
	unshare --net true 2>/dev/null || unshare --user --map-root-user --net true 2>/dev/null || {
		why="network namespaces need root, or user namespaces"
		return 1
	}
}

mkdir "$work/bin"
for program in nbcollect nbanalyze; do
	[ -x "$build/$program" ] || {
		echo "$build/$program: not built" >&2
		exit 2
	}
	cat >"$work/bin/$program" <<END
#!/bin/sh
for word; do
	case \$word in
	run | sweep) exec '$build/$program' "\$@" --wait 5m ;;
	esac
done
exec '$build/$program' "\$@"
END
	chmod 755 "$work/bin/$program"
done
export PATH=$work/bin:$PATH LC_ALL=C
# an agent is init of its PID namespace, where LeakSanitizer cannot stop threads
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
unset NB_DB NO_COLOR

why=
if ! can_run; then
	while read -r document; do
		skipped=$((skipped + $(commands "$document" | grep -c . || true)))
	done < <(documents "$@")
	echo "skipped: $why"
	echo "0 passed, 0 failed, $skipped skipped"
	exit 77
fi

# --- the documents ---------------------------------------------------------------------------

missing_for() {
	case $1 in
	sqlite3*) command -v sqlite3 >/dev/null || echo "sqlite3 is not installed" ;;
	*trafgen*)
		PATH=$PATH:/usr/sbin:/sbin command -v trafgen >/dev/null ||
			echo "trafgen is not installed (package netsniff-ng)"
		[ "$(id -u)" -eq 0 ] || [ "$(ulimit -l)" = unlimited ] ||
			echo "trafgen may not lock its memory here (ulimit -l)"
		;;
	"nbanalyze plot"*) command -v gnuplot >/dev/null || echo "gnuplot is not installed" ;;
	esac
}

try() { # DOCUMENT LINE COMMAND…
	local where=$1:$2 rc=0
	shift 2
	timeout "$longest" "$@" >"$work/output" 2>&1 </dev/null || rc=$?
	if [ $rc -eq 0 ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	printf 'FAIL  %s (exit %d): %s\n' "$where" $rc "${!#}"
	# a sanitizer's report begins with what is wrong and ends with what everybody knows
	sed -n '/Shadow bytes around/,$d; s/^/      /p' "$work/output" | tail -60
}

run_document() {
	local document=$1 kind line text reason
	local folder=$work/${document//\//_}
	mkdir "$folder"
	[ "$document" = README.md ] || cp "$work/README.md/runs.db" "$folder/"
	cd "$folder"
	while IFS=$'\t' read -r kind line text; do
		text=${text//$'\001'/$'\n'}
		case $kind in
		run)
			reason=$(missing_for "$text")
			if [ -n "$reason" ]; then
				printf 'skip  %s:%s: %s: %s\n' "$document" "$line" "$reason" "$text"
				skipped=$((skipped + 1))
			else
				try "$document" "$line" bash -o pipefail -c "$text"
			fi
			;;
		sql)
			try "$document" "$line" nbanalyze query "$text"
			if [ -z "$(missing_for sqlite3)" ]; then
				try "$document" "$line" sqlite3 -bail -header runs.db "$text"
			else
				printf 'skip  %s:%s: sqlite3 is not installed\n' "$document" "$line"
				skipped=$((skipped + 1))
			fi
			;;
		skip)
			printf 'skip  %s:%s: marked no-run: %s\n' "$document" "$line" "$text"
			skipped=$((skipped + 1))
			;;
		bad)
			printf 'FAIL  %s:%s: %s\n' "$document" "$line" "$text"
			failed=$((failed + 1))
			;;
		esac
	done < <(commands "$document")
	cd "$work"
}

while read -r document; do
	run_document "$document"
	[ -f "$work/README.md/runs.db" ] || {
		echo "FAIL  README.md left no runs.db: the other documents cannot be tried"
		failed=$((failed + 1))
		break
	}
done < <(documents "$@")

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
