#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A run whose last transaction cannot be made is kept: the error names the file, and the next
# nbcollect stores it. A disk too full for that refuses the run before it begins.
if [ "$(id -u)" -eq 0 ] && [ -z "${nb_own_mounts:-}" ]; then
	exec env nb_own_mounts=1 unshare --mount "$0" "$@"
fi
source "$(dirname "$0")/lib.sh"
need_testbed
need_root

mkdir "$work/small"
mount -t tmpfs -o size=2m nb-small "$work/small" || skip "tmpfs cannot be mounted"
undo+=('umount "$work/small"')
db=$work/small/runs.db
fill() { dd if=/dev/zero of="$work/small/fill" bs=4k 2>/dev/null || true; }

kept() { # WHAT PART…: the run is in the file that the error names
	local what=$1
	shift
	is "$what: exit code" "$rc" 1
	spool=$(find "$(dirname "$db")" -name '*.nbrun')
	has "$what: the error" "$(printf '%s\n' "$err" | tail -1)" "nbcollect: $db" "$@" "$spool" "kept in"
	is "$what: the run" "$(last_run status)" running
	is "$what: processes left" "$(alive "${all[@]}" && echo yes || echo none)" none
	whole
}

taken_in() { # WHAT: by the next run
	run -p 1k -s 0.2
	is "$1: exit code of the next run" "$rc" 0
	has "$1: the next run says" "$err" "$spool" "stored as aborted"
	is "$1: spools left" "$(find "$(dirname "$db")" -name '*.nbrun' | wc -l)" 0
	is "$1: the run" "$(q "SELECT status || ' ' || verdict || ' ' || offered || ' ' || forwarded
		FROM run WHERE id = 1")" "aborted void 3000 3000"
	has "$1: its error" "$(q 'SELECT error FROM run WHERE id = 1')" "could not be stored when it ended"
	is "$1: its facts" "$(q "SELECT count(*) FROM endpoint WHERE run_id = 1 AND host IS NOT NULL
		AND json_type(facts, '$.kernel') = 'text'")" 3
	is "$1: its samples add up" "$(unequal_sums)" ""
	whole
}

say "the disk is full when the run is to be stored"
start_run -p 3k -s 1 -i 100ms
mapfile -t all < <(descendants "$pid")
fill
finish
kept "full disk" "no space left"
rm "$work/small/fill"
taken_in "full disk"

say "the disk is full from the start"
rows=$(q 'SELECT count(*) FROM run')
fill
run -p 1k -s 1 -i 100ms
is "exit code" "$rc" 1
has "the error" "$(printf '%s\n' "$err" | tail -1)" "$db" "no space left"
rm "$work/small/fill"
is "runs" "$(q 'SELECT count(*) FROM run')" "$rows"
is "spools left" "$(find "$work/small" -name '*.nbrun' | wc -l)" 0
whole

say "another program holds the store when the run is to be stored"
db=$work/runs.db
start_run -p 3k -s 1 -i 100ms
mapfile -t all < <(descendants "$pid")
mkfifo "$work/hold"
{ echo 'BEGIN EXCLUSIVE;'; cat "$work/hold"; } | sqlite3 "$db" &
background+=("$!")
exec 8>"$work/hold"
finish
echo 'ROLLBACK;' >&8
exec 8>&-
kept "held store" "another program holds the file"
taken_in "held store"
done_testing
