#!/usr/bin/env bash
# usage: run.sh DIRECTORY-OF-TARGETS [SECONDS]
# Runs each fuzz target for a while, from what the trees of fixtures hold. Stops at the first find,
# which is left in the current directory.
set -euo pipefail
targets=$1
seconds=${2:-60}
fixtures=$(cd "$(dirname "$0")/../fixtures" && pwd)
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT

# name of the target, the file of a tree that it reads
seed() {
	mkdir -p "$corpus/$1"
	for tree in "$fixtures"/root[0-9]*; do
		[ -f "$tree/$2" ] || continue
		case $1 in net_dev) echo eth0 ;; esac | cat - "$tree/$2" \
			>"$corpus/$1/$(basename "$tree").$(basename "$2")"
	done
}
seed stat proc/stat
seed softirqs proc/softirqs
seed softnet proc/net/softnet_stat
seed softnet sys/devices/system/cpu/online
seed snmp proc/net/snmp
seed namespace proc/net/stat/rt_cache
seed namespace proc/net/stat/nf_conntrack
seed namespace proc/net/udp
seed net_dev proc/net/dev
seed facts proc/net/snmp

printf 'Ip6InReceives                   \t12\nIcmp6InMsgs 1\nUdp6NoPorts\t3\n' >"$corpus/snmp/six"

# what people write: the first byte says which grammar
mkdir -p "$corpus/terms"
printf '0build=a\nrun=1..2,pps=1k' >"$corpus/terms/sides" # '0' % 3 is 0
printf '1regressed(receiver.rx_pps, min=2%%, alpha=0.01)' >"$corpus/terms/gate"
printf '1receiver.loss_ratio.p95 >= 0.1%%' >"$corpus/terms/condition"
printf '2receiver.rx_pps^2,log(node.irq_rate),build,receiver.rx_pps:build' >"$corpus/terms/model"

# what comes from outside
mkdir -p "$corpus/ingest"
printf '1, 2, nan\n3 4,5\r\n' >"$corpus/ingest/rows"
printf 'tx_20000pps_120_core_2-3_size_64_20240328122409.txt' >"$corpus/ingest/name"
printf 'tx_pps_700_pairs_2_size_64_cores_1_pods-cores_4_6.log' >"$corpus/ingest/pods"
printf 'node_network_receive_bytes_total{device="eth0"} 1e9\nnode_cpu_seconds_total{cpu="0",mode="idle"} 1.5 1700000000000\n' \
	>"$corpus/ingest/page"

found=0
for target in "$targets"/fuzz_*; do
	[ -x "$target" ] || continue
	name=$(basename "$target")
	echo "$name"
	mkdir -p "$corpus/${name#fuzz_}" # not every parser has a file to start from
	"$target" -max_total_time="$seconds" -max_len=8192 -verbosity=0 -print_final_stats=0 "$corpus/${name#fuzz_}"
	found=$((found + 1))
done
if [ "$found" = 0 ]; then
	echo "$targets holds no fuzz targets: cmake --preset fuzz && cmake --build --preset fuzz" >&2
	exit 77
fi
