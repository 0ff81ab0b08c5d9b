# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Import of metric files beside the sqlite3 shell's own .import of the same rows: a table of columns
# without index, the files one after the other in one transaction each, and all in one. FILES=10000 of
# 130 lines.

bench_import() {
	local files=${FILES:-10000} folder=$work/import i took
	echo "== import of $files files of 130 lines, 14 columns"
	mkdir -p "$folder"
	awk -v files="$files" -v folder="$folder" 'BEGIN {
		for (f = 0; f < files; f++) {
			side = f % 2 ? "rx" : "tx"; k = int(f / 2)
			name = sprintf("%s/%s_%dpps_120_core_2_size_64_2024%02d%02d%02d%02d00.txt", folder, side,
				1000 * (1 + k % 8), 1 + int(k / 8 / 600) % 12, 1 + int(k / 8 / 24) % 25, int(k / 8) % 24, 0)
			for (i = 0; i < 130; i++) {
				p = i > 1 && i < 120 ? 1000 * (1 + k % 8) + (i * 7919 + f) % 101 : 0
				print (f % 2 ? p ", " 1 : 1 ", " p) ", 0, 0, 0, 0, 88, " p * 60 ", " 1500 + i ", " p + 400 ", 0, " p ", 2, 50" >name
			}
			close(name)
		}
	}'
	# the shell reads what the kernel has cached, as import does
	find "$folder" -type f -exec cat {} + >"$work/all.csv"
	columns=$(printf 'c%d INTEGER, ' {1..13})'c14 INTEGER'
	{
		echo ".mode csv"
		find "$folder" -type f | sort | sed 's/.*/.import "&" t/'
	} >"$work/each.sql"
	printf '%-28s %9s %9s %12s %9s\n' what seconds cpu_s rows/s peak_KiB
	for ((i = 0; i < (repeats < 3 ? repeats : 3); i++)); do
		rm -f "$work"/i.*.db*
		sqlite3 "$work/i.each.db" "CREATE TABLE t ($columns)"
		sqlite3 "$work/i.all.db" "CREATE TABLE t ($columns)"
		took=$(/usr/bin/time -f '%e %U %S %M' "$build/nbcollect" --quiet --format csv --db "$work/i.ours.db" import "$folder" 2>&1 >/dev/null)
		import_row "nbcollect import" "$files" "$took"
		took=$(/usr/bin/time -f '%e %U %S %M' sqlite3 "$work/i.each.db" <"$work/each.sql" 2>&1 >/dev/null)
		import_row "sqlite3 .import, each" "$files" "$took"
		took=$(/usr/bin/time -f '%e %U %S %M' sqlite3 "$work/i.all.db" -cmd '.mode csv' ".import '$work/all.csv' t" 2>&1 >/dev/null)
		import_row "sqlite3 .import, all in one" "$files" "$took"
	done
	sqlite3 "$work/i.ours.db" "SELECT count(*) || ' samples of ' || (SELECT count(*) FROM run) || ' runs; the shell has '
		FROM sample WHERE dt_ns IS NOT NULL" | tr -d '\n'
	sqlite3 "$work/i.each.db" 'SELECT count(*) FROM t'
	rm -rf "$folder"
}

import_row() { # WHAT FILES "SECONDS USER SYSTEM KIB"
	local seconds user system peak
	read -r seconds user system peak <<<"$3"
	printf '%-28s %9s %9s %12.0f %9s\n' "$1" "$seconds" "$(awk "BEGIN { print $user + $system }")" \
		"$(awk "BEGIN { print $2 * 130 / $seconds }")" "$peak"
}
