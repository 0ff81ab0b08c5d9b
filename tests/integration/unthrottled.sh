#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# trafgen loses its throttle and sends as fast as it can: the run is void, and all is counted. A
# script of its own, since it takes a core that is free: a trafgen that has none stays below its rate.
source "$(dirname "$0")/lib.sh"
need_testbed
need nsenter ip
deep_backlog

begin() { # ARGS…
	start_run "$@"
	trafgen_of "$sender"
	mapfile -t all < <(descendants "$pid")
}

say "trafgen's worker is stopped for 1.2 s in the middle of a burst: it sends unthrottled from then on"
begin -p 100k -s 5 -i 100ms
flood() { [ "$(sent)" -gt 120000 ]; }
until_true 20 "the second burst" flood
kill -STOP "$worker"
stopped() { grep -q '^State:.*T' "/proc/$worker/status"; }
until_true 5 "the worker to stop" stopped
was=$(sent)
sleep 1.2
is "packets while it is stopped" $(($(sent) - was)) 0
kill -CONT "$worker"
finish
is "un-throttled: exit code" "$rc" 0
is "un-throttled: verdict" "$(last_run verdict)" void
has "un-throttled: its reasons" "$(codes)" generator_unthrottled
is "un-throttled: processes left" "$(alive "${all[@]}" && echo yes || echo none)" none
is "un-throttled: offered" "$(last_run offered_packets)" 500000
is "un-throttled: trafgen's own count" "$(total sender generator_packets)" 500000

say "the far end goes down: trafgen sends again and again what the driver refuses"
begin -p 2k -s 3 -i 100ms
nsenter -t "$receiver" -n ip link set eth0 down
finish
is "refused: exit code" "$rc" 0
is "refused: verdict" "$(last_run verdict)" void
has "refused: its reasons" "$(codes)" generator_unthrottled
has "refused: the closing line" "$err" "sender driver" "sent again and again"
is "refused: residual" "$(packets residual)" 0
is "refused: processes left" "$(alive "${all[@]}" && echo yes || echo none)" none

whole
done_testing
