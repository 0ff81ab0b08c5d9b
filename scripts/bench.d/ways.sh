# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Ways to hand frames to veth on one core, and the ceiling: why paced sends by sendmmsg. Everything
# happens between the two ends of a run that only records.

in_end() { # PID COMMAND…: in the namespaces of an agent
	nsenter -t "$1" -m -n "${@:2}"
}

received() { in_end "$receiver" cat /sys/class/net/eth0/statistics/rx_packets; }

# Frames a second that go in by XDP, without a packet socket: xdp-trafficgen's, from the same core.
xdp_ceiling() { # CORE MAC
	local from to rc=0
	in_end "$receiver" ethtool -K eth0 gro on || return 1 # veth takes XDP frames only with NAPI
	from=$(received)
	in_end "$sender" timeout -s INT "$seconds" taskset -c "$1" xdp-trafficgen udp -m "$2" -a ::1 -A ::2 \
		eth0 >"$work/xdp" 2>&1 || rc=$?
	to=$(received)
	in_end "$receiver" ethtool -K eth0 gro off
	[ "$to" -gt "$((from + 1000))" ] || {
		echo "xdp-trafficgen does not run here ($rc): $(tail -n 1 "$work/xdp")"
		return 1
	}
	echo "xdp-trafficgen $(((to - from) / seconds)) 0"
}

ways_figures() {
	local i way
	for ((i = 0; i < repeats; i++)); do
		for way in sendto sendmmsg ring ring-async; do
			in_end "$sender" "$work/send_ways" "$way" eth0 "$core" "$seconds" "$mac"
		done
		! command -v xdp-trafficgen >/dev/null || ! command -v ethtool >/dev/null || xdp_ceiling "$core" "$mac" || true
	done
}

bench_ways() {
	local pid core mac agents
	echo "== ways to send: frames handed to the driver, a second on one core"
	[ "$(id -u)" -eq 0 ] || {
		echo "it needs root" && return
	}
	"${CC:-cc}" -O2 -o "$work/send_ways" scripts/bench.d/send_ways.c
	"$build/nbcollect" --quiet --db "$work/ways.db" run --wait 1h --generator none -s 1h -i 10s \
		>/dev/null 2>&1 &
	pid=$!
	until mapfile -t agents < <(pgrep -P "$pid") && [ ${#agents[@]} -ge 3 ]; do sleep 0.1; done
	sender=${agents[0]} receiver=${agents[1]}
	until mac=$(in_end "$receiver" cat /sys/class/net/eth0/address 2>/dev/null) &&
		[ "$(in_end "$sender" cat /sys/class/net/eth0/operstate 2>/dev/null)" = up ]; do sleep 0.1; done
	sleep 1 # RPS is set
	core=$(($(nproc) - 1))
	ways_figures >"$work/ways"
	kill -INT "$pid"
	wait "$pid" || true
	grep 'does not run' "$work/ways" | sort -u || true
	grep -v 'does not run' "$work/ways" | awk '{print $0, $2 + $3}' | sort -k1,1 -k4,4n | awk '
		{ v[$1, ++n[$1]] = $2 + $3; r[$1] += $3 }
		END { for (w in n) { k = n[w]
			m[w] = (v[w, int((k + 1) / 2)] + v[w, int(k / 2) + 1]) / 2
			printf "%-15s %9.0f  (%.0f to %.0f, n = %d; of them refused %.0f)\n", w, m[w], v[w, 1],
				v[w, k], k, r[w] / k }
		if (m["sendmmsg"]) for (w in m) if (w != "sendmmsg")
			printf "sendmmsg / %s: %.2f\n", w, m["sendmmsg"] / m[w] }' | sort
}
