#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An agent behind a socket: its connection breaks in mid-run and comes back, and nothing is lost; it
# ends at `bye`, removes its program file, and takes no other user's word. No cluster is needed.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
agent=$(dirname "$nbcollect")/nb-agent
[ -x "$agent" ] || skip "there is no static agent (libjansson.a)"
need jq

name=it-$$
cp "$agent" "$work/pushed"

# serve NUMBER OPTION: a transport, as kubectl exec is one; writes to the descriptor that is $in
serve() {
	mkfifo "$work/in.$1"
	"$work/pushed" "$2" "$name" <"$work/in.$1" >"$work/out.$1" 2>"$work/err.$1" &
	transport=$!
	background+=("$transport")
	exec {in}>"$work/in.$1"
}
tell() { printf '%s\n' "$1" >&"$in"; }
heard() { grep -q "\"type\":\"$2\"" "$work/out.$1"; }

serve 1 --serve
until_true 10 "hello" heard 1 hello
tell '{"type":"look","ifname":"lo","to":["127.0.0.1"]}'
until_true 10 "a look" heard 1 look
has "the look" "$(cat "$work/out.1")" '"cpus":[' '"name":"lo"'
tell '{"type":"clock","n":7}'
until_true 10 "the clock" heard 1 clock
is "the question's number" "$(jq -r 'select(.type == "clock").n' "$work/out.1")" 7
tell '{"type":"plan","role":"node","pair":-1,"ifname":"","interval_ns":100000000,"duration_ns":3000000000,"cores":[],"pin":[],"links":["lo"]}'
until_true 10 "ready" heard 1 ready
now=$(awk '{ printf "%d000000", $1 * 1000 }' /proc/uptime)
tell "{\"type\":\"start\",\"origin_ns\":$((now + 300000000)),\"generate_ns\":$((now + 305000000))}"
has_ticks() { [ "$(grep -c '"type":"tick"' "$work/out.$1")" -ge "$2" ]; }
until_true 20 "ticks" has_ticks 1 5
tell '{"type":"taken","lines":2}'
exec {in}>&- # the transport breaks
sleep 1

say "it comes back"
whole_lines=$(wc -l <"$work/out.1")
# of these, hello, look and clock came before the plan
serve 2 --attach
tell "{\"type\":\"resume\",\"lines\":$((whole_lines - 3))}"
until_true 10 "resumed" heard 2 resumed
is "messages it has" "$(jq -r 'select(.type == "resumed").messages' "$work/out.2")" 2
until_true 10 "ticks again" has_ticks 2 5
tell '{"type":"finish"}'
until_true 10 "done" heard 2 done
head -n "$whole_lines" "$work/out.1" | cat - "$work/out.2" >"$work/all"
is "ticks without a gap, each once" \
	"$(jq -s '[.[] | select(.type == "tick").seq] | (. == ([range(-1; (length - 1))]))' "$work/all")" true
has "a source of the interfaces that were named" "$(cat "$work/all")" '"source":"links"' '["if_rx_packets","lo"]'

say "it ends"
tell '{"type":"bye"}'
until_true 10 "its end" gone "$transport"
absent() { [ ! -e "$work/pushed" ]; }
until_true 10 "the end of its file" absent
cp "$agent" "$work/pushed"
rc=0
"$work/pushed" --attach "$name" </dev/null >/dev/null 2>"$work/err" || rc=$?
is "exit code where there is none" "$rc" 3
has "what it says" "$(cat "$work/err")" "no agent $name"
done_testing
