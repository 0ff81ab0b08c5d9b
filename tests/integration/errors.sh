#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# When things go wrong: one line that names the thing and the remedy, the documented exit code,
# nothing left running, no half run counted.
source "$(dirname "$0")/lib.sh"
need_testbed

refused() { # WHAT CODE PART…: the last command failed with one line that says so
	local what=$1 code=$2
	shift 2
	is "$what: exit code" "$rc" "$code"
	one_line "$what" "$err"
	has "$what" "$err" "nbcollect: " "$@"
	is "$what: nothing on standard output" "$out" ""
}

nothing_left() { # WHAT: neither a run, nor a spool
	is "$1: runs stored" "$(q 'SELECT count(*) FROM run' 2>/dev/null || echo 0)" 0
	is "$1: spools left" "$(find "$work" -name '*.nbrun' | wc -l)" 0
}

in_background() { # FILE COMMAND…: its exit code and standard error go to FILE
	local to=$1
	shift
	{
		local rc=0
		"$@" >/dev/null 2>"$to.err" </dev/null || rc=$?
		echo "$rc" >"$to"
	} &
	background+=("$!")
}

say "the store is held by another program (it is waited for: looked at further down)"
held=$work/held.db
rc=0
"$nbcollect" --db "$held" rm 1 2>/dev/null || rc=$?
is "rm in a store that is not there" "$rc" 3
run --db "$held" --generator none -s 0.1
is "a store" "$rc" 0
mkfifo "$work/hold"
{ echo '.timeout 10000' && echo 'BEGIN EXCLUSIVE;' && cat "$work/hold"; } | sqlite3 "$held" &
background+=("$!")
exec 8>"$work/hold"
is_held() { ! sqlite3 "$held" 'PRAGMA busy_timeout = 0; SELECT count(*) FROM run' >/dev/null 2>&1; }
until_true 10 "the exclusive lock" is_held
in_background "$work/held" "$nbcollect" --db "$held" rm 1

say "files that are no store of ours"
echo "not a database, but long enough to look at: it says so in its first line" >"$work/text"
sqlite3 "$work/other" 'CREATE TABLE recipes (id INTEGER)'
: >"$work/new"
"$nbcollect" --db "$work/new" migrate 2>"$work/err"
sqlite3 "$work/new" 'PRAGMA user_version = 99'
for command in run sweep rm migrate; do
	args=()
	[ "$command" != run ] || args=(-p 1k -s 1 --wait 20m)
	[ "$command" != sweep ] || args=(-p 1k -s 1 -c 1 --wait 20m)
	[ "$command" != rm ] || args=(1)
	collect --db "$work/text" "$command" "${args[@]}"
	refused "$command, a text file" 1 "$work/text" "not a database" --db
	collect --db "$work/other" "$command" "${args[@]}"
	refused "$command, another program's database" 1 "$work/other" "another program" --db
	collect --db "$work/new" "$command" "${args[@]}"
	refused "$command, a newer version" 1 "$work/new" newer 99 update
	collect --db "$work" "$command" "${args[@]}"
	refused "$command, a folder" 1 "$work" "not a regular file"
	collect --db "$work/no/such/folder/x.db" "$command" "${args[@]}"
	has "$command, a folder that is not there" "$err" "$work/no/such/folder/x.db"
done
is "the text file is as it was" "$(head -c 14 "$work/text")" "not a database"
is "the other database is as it was" "$(sqlite3 "$work/other" .schema)" "CREATE TABLE recipes (id INTEGER);"
for name in "" :memory:; do
	collect --db "$name" run -p 1k -s 1 --wait 20m
	refused "run, --db '$name'" 2 "$name" --db
done

say "a folder that cannot be written"
if [ "$(id -u)" -eq 0 ]; then
	mkdir -m 755 "$work/closed" "$work/bin"
	cp "$nbcollect" "$work/bin/"
	as_nobody() {
		rc=0
		setpriv --reuid=65534 --regid=65534 --clear-groups "$work/bin/nbcollect" "$@" \
			>"$work/out" 2>"$work/err" </dev/null || rc=$?
		out=$(cat "$work/out") err=$(cat "$work/err")
	}
	if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
		as_nobody --db "$work/closed/x.db" run -p 1k --generator none --wait 20m
		refused "unwritable folder" 1 "$work/closed/x.db" permissions
		cp "$held" "$work/closed/y.db" 2>/dev/null
		chmod 644 "$work/closed/y.db"
		as_nobody --db "$work/closed/y.db" run -p 1k --generator none --wait 20m
		refused "unwritable file" 1 "$work/closed/y.db" permissions
	fi
fi

say "no trafgen"
if [ "$(id -u)" -eq 0 ]; then
	# PATH is not all that is searched: it is hidden for a mount namespace of its own
	rc=0
	unshare --mount sh -c 'mount --bind /dev/null "$(readlink -f "$(PATH=$PATH:/usr/sbin:/sbin command -v trafgen)")" &&
		exec "$@"' sh "$nbcollect" --db "$db" run -p 1k -s 1 --generator trafgen --wait 20m \
		>"$work/out" 2>"$work/err" </dev/null || rc=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
	refused "no trafgen" 1 trafgen netsniff-ng PATH
	nothing_left "no trafgen"
fi

say "no permission for namespaces"
# in a user namespace that may have no more of them, without capabilities
rc=0
unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
	exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"' sh \
	"$nbcollect" --db "$db" run -p 1k -s 1 --generator trafgen --wait 20m \
	>"$work/out" 2>"$work/err" </dev/null || rc=$?
out=$(cat "$work/out") err=$(cat "$work/err")
refused "no namespaces" 1 namespace root max_user_namespaces
nothing_left "no namespaces"

say "the interface vanishes during the run"
start_run -p 1k -s 60 -i 100ms
trafgen_of "$sender"
mapfile -t all < <(descendants "$pid")
if nsenter -t "$sender" -n ip link delete eth0 2>/dev/null; then
	finish
	is "vanished: exit code" "$rc" 1
	is "vanished: the run" "$(last_run "status || ' ' || verdict")" "failed void"
	has "vanished: its reasons" "$(codes)" interface_gone
	has "vanished: its error" "$(last_run error)" "interface eth0" vanished
	has "vanished: the last line" "$err" "interface eth0" vanished
	is "vanished: processes left" "$(alive "${all[@]}" && echo yes || echo none)" none
else
	kill -TERM "$pid"
	finish
fi

say "the store that is held: what was waited for"
until_true 30 "the end of rm" test -s "$work/held"
rc=$(cat "$work/held") err=$(cat "$work/held.err") out=
refused "held" 1 "$held" "another program holds the file"
echo 'ROLLBACK;' >&8
exec 8>&-
until_true 10 "the end of the exclusive lock" eval '! is_held'
is "runs in it" "$(q 'SELECT count(*) FROM run' "$held")" 1
whole
done_testing
