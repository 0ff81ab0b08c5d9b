#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The testbed kube on a real cluster of two nodes, which it starts and ends: everything that
# docs/kubernetes.md promises.
#   suite.sh BUILD_FOLDER      exit 0, 1, or 77 where there is no cluster to start
# The cluster's tools are sought in $NB_KUBE, else in ../shared/kube beside the source tree. What a later
# pass need not make again stays in $NB_KUBE_STATE. With NB_KUBE_KEEP=1 a cluster that runs already is used
# and left.
#
# Nothing here asks how fast this machine is: a wait is for a condition, and ends; counts are exact.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/../integration/lib.sh"
top=$(cd "$here/../.." && pwd)
tools=${NB_KUBE:-$top/../shared/kube}
[ -x "$tools/kube-up" ] || skip "there is no $tools/kube-up: no cluster can be started here"
need_root
[ -x "$(dirname "$nbcollect")/nb-agent" ] || skip "there is no static agent (libjansson.a)"
need sqlite3 jq nsenter flock debootstrap buildah kubectl trafgen ssh sshd
deep_backlog
state=${NB_KUBE_STATE:-/var/tmp/nb-kube-suite}
image=localhost/nb-pod:1
bare=localhost/nb-bare:1
ours=localhost/netbound:1

nbanalyze=$(dirname "$nbcollect")/nbanalyze

concluded=
conclude() { # whatever ends it early is a failure, too, and says so
	local rc=$?
	set +e
	[ -n "$concluded" ] || [ "$rc" -eq 77 ] || echo "FAIL  the suite ended early, with code $rc: $BASH_COMMAND"
	(exit "$rc")
	finish_script
}
trap conclude EXIT
wait_for() { until_true "$@" || true; }
here_in_cluster() { nsenter --net=/var/run/netns/nbk-node1 env KUBECONFIG="$state/kubeconfig" "$@"; }
in_cluster() { here_in_cluster timeout -k 5 240 "$@"; }
k() { in_cluster kubectl "$@"; }
# a command of nbcollect's, as collect of lib.sh
cluster() {
	rc=0
	in_cluster "$nbcollect" --db "$db" "$@" >"$work/out" 2>"$work/err" </dev/null || rc=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
	sanitizers
}
# Its file goes with it: kube-up would take a dead process that no init reaps for a running one.
kill_part() { # NAME
	kill -KILL "$(cat "$state/run/$1.pid")"
	rm "$state/run/$1.pid"
}
krun() { cluster run --testbed kube --wait 20m --generator trafgen "$@"; }
of_run() { q "SELECT $1 FROM run ORDER BY id DESC LIMIT 1"; } # whole counts, of the newest run
# One beside others: it is nbcollect itself that has the process id ${pids[NAME]}.
declare -A pids
beside() { # NAME ARGS…
	local name=$1
	shift
	set -m
	nsenter --net=/var/run/netns/nbk-node1 env KUBECONFIG="$state/kubeconfig" "$nbcollect" --db "$db" "$@" \
		>"$work/$name.out" 2>"$work/$name.err" </dev/null &
	pids[$name]=$!
	set +m
	background+=("${pids[$name]}")
}
end_of() { # NAME
	rc=0
	until_true 240 "the end of $1" gone "${pids[$1]}" || kill -KILL "${pids[$1]}"
	wait "${pids[$1]}" || rc=$?
	out=$(cat "$work/$1.out") err=$(cat "$work/$1.err")
	sanitizers
}
start_krun() {
	local pod
	for pod in server0 server1; do
		sent_before[${pod#server}]=$(sent_by $pod)
	done
	beside run run --testbed kube --wait 20m --generator trafgen "$@"
}
finish_krun() { end_of run; }
# what runs in a pod besides its first process and this look itself: by name
processes_in() {
	k exec "$@" -- sh -c 'for p in /proc/[0-9]*; do read -r c 2>/dev/null <$p/comm && echo "$c"; done' | tr -d '\0' |
		grep -vxE 'sh|sleep' || true
}
sent_before=()
sent_by() { k exec "$1" -- cat /proc/net/dev | awk '$1 == "eth0:" { print $11 }' || echo 0; }
sending() { [ "$(sent_by "$1")" -gt $((sent_before[${1#server}] + 500)) ]; }

# Root folders of images: a bare Debian, made once, and a small one of this host's own programs.
make_debian() { # FOLDER
	local mirror
	[ ! -e "$1.done" ] || return 0
	rm -rf "$1"
	mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
		awk '/^URIs:/ { print $2; exit } /^deb / { print $2; exit }')
	debootstrap --variant=minbase bookworm "$1" "$mirror" || return 1
	rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/usr/share/{doc,locale,man}
	touch "$1.done"
}
make_small() { # FOLDER PROGRAM…
	local root=$1 program file
	shift
	rm -rf "$root"
	mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{tmp,etc,proc,sys,dev,run,var/run}
	chmod 1777 "$root/tmp"
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
	for program; do
		program=$(PATH=$PATH:/usr/sbin command -v "$program")
		for file in "$program" $(ldd "$program" | grep -oE '/[^ ]+'); do
			mkdir -p "$root$(dirname "$file")"
			cp -Lf "$file" "$root$file"
		done
	done
}
load() { # IMAGE FOLDER: on both nodes, once their runtimes are there, which is before the nodes are
	until_true 120 "the nodes' runtimes" ctr -a "$state/node2/containerd.sock" version || return 1
	NB_KUBE_STATE=$state "$tools/kube-image" "$1" "$2"
}
# scripts/Containerfile as a user builds it, but that its base is the bare Debian and not fetched.
make_ours() {
	local store=$work/buildah archive=$work/ours.tar container n
	export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
	mkdir -p "$store"
	echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$store/policy"
	in_store() { buildah --root "$store/root" --runroot "$store/run" "$@"; }
	container=$(in_store from --signature-policy "$store/policy" scratch) &&
		in_store add -q "$container" "$state/nb-root" / &&
		in_store commit -q --signature-policy "$store/policy" "$container" docker.io/library/debian:12-slim &&
		in_store bud -q --signature-policy "$store/policy" --pull-never -f "$top/scripts/Containerfile" -t "$ours" "$top" &&
		in_store push -q --signature-policy "$store/policy" "$ours" "docker-archive:$archive:$ours" || return 1
	for n in 1 2; do ctr -a "$state/node$n/containerd.sock" -n k8s.io images import "$archive" || return 1; done
	rm -rf "$store" "$archive"
}
make_images() {
	make_small "$state/nb-small" sh cat chmod cp ls mkdir rm sleep env trafgen &&
		load "$image" "$state/nb-small" && touch "$work/image.loaded" || return 1
	make_debian "$state/nb-root" && load "$bare" "$state/nb-root" && touch "$work/bare.loaded" || return 1
	make_ours && touch "$work/ours.loaded"
}
loaded() { [ -e "$work/$1.loaded" ] || ! alive "$images"; }

# --- the cluster -------------------------------------------------------------------------------

# A pass that was killed leaves a cluster: it is ended. One that is not ours, or that another pass uses,
# is left alone. A recorded process id that is somebody else's by now is forgotten.
take_over() {
	local file
	mkdir -p "$state/run"
	exec 8>"$state/lock"
	flock -n 8 || skip "another pass uses the cluster in $state"
	for file in "$state"/run/*.pid; do
		[ -e "$file" ] || continue
		tr '\0' ' ' <"/proc/$(cat "$file")/cmdline" 2>/dev/null | grep -qF "$state" || rm -f "$file"
	done
	[ -e /var/run/netns/nbk-node1 ] || return 0
	[ -n "$(ls "$state/run")" ] || [ -z "$(ip netns pids nbk-node1)" ] ||
		skip "a cluster that is not of this suite runs here: end it with kube-down, or use it with NB_KUBE_KEEP=1"
	"$tools/kube-down" "$state" >/dev/null 2>&1 || true
}

say "the cluster (${SECONDS} s)"
if [ "${NB_KUBE_KEEP:-}" != 1 ] || [ ! -e /var/run/netns/nbk-node1 ]; then
	take_over
	undo+=("'$tools/kube-down' '$state' >/dev/null 2>&1")
	set -m
	make_images >"$work/images" 2>&1 </dev/null 8>&- &
	images=$!
	set +m
	undo+=("kill -KILL -- -$images 2>/dev/null")
	"$tools/kube-up" "$state" >"$work/up" 2>&1 8>&- || skip "the cluster does not come up: $(tail -1 "$work/up")"
	wait_for 180 "the pods' image" loaded image
	[ -e "$work/image.loaded" ] || skip "images cannot be made: $(tail -1 "$work/images")"
else
	touch "$work/bare.loaded" "$work/ours.loaded"
fi
# NAMESPACE NAME NODE IMAGE LABEL: a pod that is not ours
pod() {
	printf '%s\n' "apiVersion: v1" "kind: Pod" "metadata: {name: $2, labels: {$5}}" "spec: {nodeName: $3,
		automountServiceAccountToken: false, terminationGracePeriodSeconds: 1, containers: [{name: c,
		image: '$4', imagePullPolicy: Never, command: [sleep, infinity], resources: {limits: {cpu: 200m,
		memory: 200Mi}}}]}" | k create -n "$1" -f - >/dev/null
}
# kube-up's network is of IPv4: the nodes get IPv6 besides, and pods that are made from here on get both.
# kube-up, which is called again below, writes the pods' part anew; what the runtimes have read stays.
new_pods_get() { # NODE RANGES ROUTE…
	local file=$state/node$1/cni/10-bridge.conflist
	jq --argjson ranges "$2" --args '.plugins[0].ipam |= (.ranges = $ranges | .routes = [$ARGS.positional[] |
		{dst: .}])' "${@:3}" <"$file" >"$work/cni"
	cat "$work/cni" >"$file" # in place: the runtime does not look at a file that is moved there
}
four() { printf '[{"subnet":"10.244.%d.0/24"}]' "$1"; }
six() { printf '[{"subnet":"fd00:77:%d::/64"}]' "$1"; }
has_six() { [ -e /proc/net/if_inet6 ] && [ "$(cat /proc/sys/net/ipv6/conf/all/disable_ipv6)" = 0 ]; }
both_on() { new_pods_get "$1" "[$(four "$1"), $(six "$1")]" 0.0.0.0/0 ::/0; }
on_node() { nsenter --net=/var/run/netns/nbk-node"$1" "${@:2}"; } # NODE COMMAND…
for n in 1 2; do
	has_six || break
	both_on $n
	on_node $n sysctl -qw net.ipv6.conf.all.forwarding=1
	on_node $n ip address add fd00:77::$n/64 dev nbk-eth$n nodad 2>/dev/null || true
	on_node $n ip route replace fd00:77:$((3 - n))::/64 via fd00:77::$((3 - n))
done
has_six || echo "note  skipped: pods with IPv6 addresses: this host has none"
six_too=()
! has_six || six_too=(-6)
namespace() { k get namespace "$1" >/dev/null 2>&1 || k create namespace "$1" >/dev/null; }
up() { [ "$(k get pods -n "$1" --no-headers | grep -cw Running)" -ge "$2" ]; }
# Pods that are nobody's: where they do not run, no pod of ours would.
for n in 1 2; do pod default probe$n node$n "$image" "x: probe"; done
wait_for 90 "pods of this cluster" up default 2 >/dev/null ||
	skip "pods do not run in this cluster: $(k get events --field-selector type=Warning --no-headers | tail -1)"
k delete pods -l x=probe --grace-period=0 --force >/dev/null 2>&1

# --- nothing is done to a cluster that was not named, and every failure says what to do ----------

say "errors before anything is made (${SECONDS} s)"
namespace nb-none # for an image that is not there: it takes a while to be given up
beside none pods create -n 1 -c 100m -m 50Mi -i localhost/none:1 -s --sender-node node1 --node-access none \
	--namespace nb-none
mkdir -p "$work/home/.kube"
cp "$state/kubeconfig" "$work/home/.kube/config"
rc=0
err=$(cd "$work" && HOME=$work/home env -u KUBECONFIG "$nbcollect" pods delete 2>&1) || rc=$?
is "exit code with ~/.kube/config alone" "$rc" 2
has "it says" "$err" "no kubeconfig was named"
mkdir "$work/here"
cp "$state/kubeconfig" "$work/here/kubeconfig"
rc=0
err=$(cd "$work/here" && HOME=$work/home nsenter --net=/var/run/netns/nbk-node1 env -u KUBECONFIG \
	"$nbcollect" pods list 2>&1) || rc=$?
is "exit code with ./kubeconfig" "$rc" 0
has "it says which it takes" "$err" "($work/here/kubeconfig)"
sed 's|server: .*|server: https://127.0.0.1:1|' "$state/kubeconfig" >"$work/wrong"
cluster pods list --kubeconfig "$work/wrong"
is "exit code with a kubeconfig that leads nowhere" "$rc" 1
has "it says" "$err" "refused" "is it the right kubeconfig?"
cluster run --testbed kube -p 1000 -s 1
is "exit code without pods" "$rc" 1
has "it says" "$err" "there are no pods server<K> and client<K>"
cluster pods create -n 1 -i "$image" --sender-node node1 --receiver-node node9
is "exit code of a node that is not there" "$rc" 2
has "it says" "$err" "there is no node 'node9'" "node1, node2"

# A user who may look, and no more.
sed "s|^    client-certificate-data|    as: visitor\n&|" "$state/kubeconfig" >"$work/visitor"
k create clusterrole nb-visitor --verb=get,list --resource=pods,nodes >/dev/null
k create clusterrolebinding nb-visitor --clusterrole=nb-visitor --user=visitor >/dev/null
undo+=("k delete clusterrole,clusterrolebinding nb-visitor >/dev/null 2>&1")
cluster pods create -n 1 -c 100m -m 50Mi -i "$image" --kubeconfig "$work/visitor" \
	--sender-node node1 --receiver-node node2
is "exit code without the right to create" "$rc" 1
has "it says" "$err" "Forbidden" "visitor" "docs/kubernetes.md"

# No controller marks nodes here: their own status is written, while the kubelet cannot.
kill -STOP "$(cat "$state/run/kubelet2.pid")"
undo+=("kill -CONT \$(cat '$state/run/kubelet2.pid' 2>/dev/null) 2>/dev/null")
k get node node2 -o json >"$work/ready"
jq '.status.conditions |= map(if .type == "Ready" then
	.status = "False" | .message = "the runtime is down" else . end)' "$work/ready" >"$work/node"
k replace --raw /api/v1/nodes/node2/status -f "$work/node" >/dev/null
cluster pods create -n 1 -i "$image" --sender-node node1 --receiver-node node2
is "exit code of a node that is not Ready" "$rc" 1
has "it says" "$err" "node node2 is not Ready: the runtime is down"
cluster pods create -n 1 -i "$image"
has "with nodes left open" "$err" "two nodes are needed" "node2 is not Ready"
cluster pods create -n 1 -s -i "$image" --dry-run
is "exit code with -s, when one node is left" "$rc" 0
kill -CONT "$(cat "$state/run/kubelet2.pid")"
jq 'del(.metadata.resourceVersion)' "$work/ready" >"$work/node" # as it would say itself, every 10 s
k replace --raw /api/v1/nodes/node2/status -f "$work/node" >/dev/null
ready() { k get node node2 --no-headers | grep -qw Ready; }
wait_for 60 "node2" ready

# --- create --------------------------------------------------------------------------------------

say "manifests (${SECONDS} s)"
cluster pods create -n 2 -c 4 -m 2 -i "$image" --dry-run
is "exit code of the dry run" "$rc" 0
has "it echoes" "$err" "2Gi" "context nb"
cp "$work/out" "$work/manifests"
is "pods that the API server takes, placed by affinity" \
	"$(k create --dry-run=server -f "$work/manifests" -o json | jq -r '.spec
		| select(.nodeName == null and .affinity.nodeAffinity != null) | .containers[0].resources
		| (.limits == .requests and .limits.cpu == "4" and .limits.memory == "2Gi")' | grep -c true)" 4
cluster pods create -n 1 -c 1 -m 2 -i "$image" -s --dry-run
is "all on one node" "$(printf '%s\n' "$out" | grep -c '"node1"')" 2
k label node node1 node-role.kubernetes.io/control-plane= >/dev/null
cluster pods create -n 1 -s -i "$image" --dry-run
k label node node1 node-role.kubernetes.io/control-plane- >/dev/null
is "workers go before the control plane" "$(printf '%s\n' "$out" | grep -c '"node2"')" 2
end_of none
is "exit code of an image that is not there" "$rc" 1
has "it says" "$err" "Pending" "localhost/none:1" "pods delete"
again=(-n 1 -c 100m -m 50Mi -i "$image" -s --sender-node node1 --node-access none --namespace nb-none)
cluster pods create "${again[@]}"
has "pods of ours are not replaced unasked" "$err" "--replace"
beside replaced pods create "${again[@]}" --replace
cluster pods template
sed 's/name: @NAME@/name: one/' "$work/out" >"$work/template"
cluster pods create -n 1 -i "$image" --sender-node node1 --receiver-node node2 --template "$work/template"
is "exit code of a template that makes two of one name" "$rc" 2
has "it says" "$err" "two pods are named one"
cluster pods template
sed 's/^    role: @ROLE@$/&\n    edited: "yes"/' "$work/out" >"$work/template"
cluster pods create -n 3 -c 300m -m 200Mi -i "$image" --sender-node node1 --receiver-node node2 \
	--template "$work/template" --annotation k8s.v1.cni.cncf.io/networks=bench/sriov-net
is "exit code of create" "$rc" 0
is "pods with the template's label and the annotation" "$(k get pods -l edited=yes -o json |
	jq '[.items[].metadata.annotations["k8s.v1.cni.cncf.io/networks"] | select(. == "bench/sriov-net")] | length')" 6
is "pods that run" "$(k get pods --no-headers | grep -cw Running)" 8
is "requests equal limits, no privileges" "$(k get pods -l role=server -o json | jq -r '.items[].spec.containers[0]
	| (.resources.requests == .resources.limits and .securityContext.privileged == null
	and .securityContext.capabilities.add == ["NET_RAW", "NET_ADMIN", "IPC_LOCK", "SYS_NICE"])' | sort -u)" true

say "profiles (${SECONDS} s)"
cluster pods profiles --format json
is "exit code of profiles" "$rc" 0
is "profiles: 7 sizes, 2 modes, 3 pairs and loopback" "$(jq '.rows | length' <<<"$out")" 56
is "next hops without a MAC address" "$(jq '[.rows[] | select(.dst_mac == null)] | length' <<<"$out")" 0
mac=$(k exec server0 -- sh -c 'while read -r a b c d e; do [ "$a" = 10.244.1.1 ] && echo "$d"; done </proc/net/arp; :')
is "as the pod's own table has it" "$(jq -r '.rows[0].dst_mac' <<<"$out")" "$mac"
is "the loopback profile leads to server1" "$(jq -r '[.rows[] | select(.path == "loopback")][0].dst_ip' <<<"$out")" \
	"$(k get pod server1 -o jsonpath='{.status.podIP}')"

pid_in() { # POD: the process of its container, on this host
	local on id
	read -r on id < <(k get pod "$1" -o jsonpath='{.spec.nodeName} {.status.containerStatuses[0].containerID}')
	ctr -a "$state/$on/containerd.sock" -n k8s.io tasks ls | awk -v id="${id##*/}" '$1 == id { print $2 }'
}
net_of() { nsenter --net=/proc/"$(pid_in "$1")"/ns/net "${@:2}"; } # POD COMMAND…
if has_six; then
	# as many networks do: the next hop by its address on the link
	hop=$(on_node 1 ip -6 -j address show dev cni0 scope link | jq -r '[.[].addr_info[]?.local | values][0]')
	net_of server1 ip -6 route replace default via "$hop" dev eth0
	cluster pods profiles -6 --format json
	is "exit code of profiles over IPv6" "$rc" 0
	is "the smallest frame, and its payload" "$(jq -c '.rows[0] | [.frame_size, .payload_bytes]' <<<"$out")" "[84,18]"
	is "next hops without a MAC address" "$(jq '[.rows[] | select(.dst_mac == null)] | length' <<<"$out")" 0
	is "the next hop is the bridge of its node" "$(jq -r '.rows[0] | .next_hop + " " + .dst_mac' <<<"$out")" \
		"fd00:77:1::1 $(on_node 1 ip -j link show cni0 | jq -r '.[0].address')"
	is "pair 1's next hop" "$(jq -r '[.rows[] | select(.pair == 1)][0] | .next_hop + " " + .dst_mac' <<<"$out")" \
		"$hop $(on_node 1 ip -j link show cni0 | jq -r '.[0].address')"
	cluster pods list --format json
	has "list shows both addresses" "$(jq -r '.rows[] | select(.pod == "server0").address' <<<"$out")" 10.244.1. ", fd00:77:1::"
fi

# --- runs ----------------------------------------------------------------------------------------

for pairs in 1 3; do
	for rate in 500 2000 5000; do # a pod that is new says a few words of its own: not of the test
		say "$pairs pair(s) at $rate pps (${SECONDS} s)"
		krun -p $rate -s 1 -n $pairs
		is "exit code" "$rc" 0
		is "intended packets reached the receivers' stack" "$(of_run intended)" "$((rate * pairs))"
		is "offered" "$(of_run offered)" "$((rate * pairs))"
		is "forwarded" "$(of_run forwarded)" "$((rate * pairs))"
		is "path" "$(last_run path)" inter
		is "void reasons" "$(codes | tr , '\n' | grep -vxE 'burst_limited|cores_shared|steal|short_window|source_limited|missed_ticks|cpu_throttled|generator_unthrottled' || true)" ""
	done
done
has "the head" "$err" "senders on node1" "receivers on node2" "context nb" "in server0 on node1" "on core"
is "endpoints" "$(q "SELECT group_concat(role || ' ' || host || ' ' || coalesce(pod, '-'), ', ') FROM
	(SELECT * FROM endpoint WHERE run_id = (SELECT max(id) FROM run) ORDER BY id)")" \
	"sender node1 server0, receiver node2 client0, sender node1 server1, receiver node2 client1, sender node1 server2, receiver node2 client2, node node1 -, node node2 -"
is "clock offsets are stored" "$(q "SELECT count(*) FROM endpoint WHERE clock_error_ns IS NULL")" 0
for at in "node1 nbk-eth1 if_tx_packets" "node2 nbk-eth2 if_rx_packets" "node1 cni0 if_rx_packets"; do
	read -r host ifname metric <<<"$at"
	holds "all packets passed $ifname of $host" "$(q "SELECT sum(t.count) FROM v_total t JOIN endpoint e
		ON e.id = t.endpoint_id WHERE e.host = '$host' AND e.role = 'node' AND t.metric = '$metric'
		AND t.instance = '$ifname' AND e.run_id = (SELECT max(id) FROM run)") >= 15000"
done
is "the way from pod to pod" "$(q "SELECT group_concat(DISTINCT side || ' ' || part) FROM (SELECT * FROM v_way
	WHERE run_id = (SELECT max(id) FROM run) AND passed >= 5000 ORDER BY position)")" \
	"sender veth,sender bridge,sender uplink,receiver uplink,receiver bridge,receiver veth"
holds "softirqs of the nodes are there" "$(q "SELECT count(*) FROM v_total t JOIN endpoint e ON e.id =
	t.endpoint_id WHERE e.role = 'node' AND t.metric = 'softirq_net_rx'
	AND e.run_id = (SELECT max(id) FROM run)") >= 2"

if has_six; then
	say "over IPv6 (${SECONDS} s)"
	krun -6 -p 2000 -s 1 -n 1
	is "exit code" "$rc" 0
	is "frame size" "$(of_run frame_size)" 84
	is "intended, offered, forwarded" "$(of_run "intended || ' ' || offered || ' ' || forwarded")" "2000 2000 2000"
	is "wire, residual" "$(packets wire) $(packets residual)" "0 0"
	is "by UDP of IPv6" "$(total receiver udp_no_ports)" 2000
	has "it says where" "$err" "fd00:77:1::" " -> fd00:77:2::"
	holds "all packets passed the uplink of node2" "$(q "SELECT passed FROM v_way WHERE run_id = (SELECT max(id)
		FROM run) AND side = 'receiver' AND part = 'uplink'") >= 2000"
fi

# What Multus adds to a pod, made by hand: a bridge on each node, a tunnel between them, and a port of it in
# both pods of pair 2.
say "a second network, by a bridge and a tunnel (${SECONDS} s)"
n=0
for pod in server2 client2; do
	n=$((n + 1))
	on_node $n ip link add nb-net1 type bridge
	on_node $n ip link add nb-vxlan0 type vxlan id 7 local 10.77.0.$n remote 10.77.0.$((3 - n)) dstport 4789
	on_node $n ip link add nb-port$n type veth peer name net1 netns "$(pid_in $pod)"
	for port in nb-vxlan0 nb-port$n; do on_node $n ip link set $port master nb-net1 up; done
	on_node $n ip link set nb-net1 up
	net_of $pod sh -c "ip address add 198.18.9.$n/24 dev net1; ip link set net1 up"
done
krun -p 2000 -s 1 --ifname net1 --selector netbound/pair=2
is "exit code" "$rc" 0
has "it says where" "$err" "pair 2 sender   net1" "198.18.9.1 -> 198.18.9.2 in server2"
is "offered, forwarded, residual" "$(of_run "offered || ' ' || forwarded") $(packets residual)" "2000 2000 0"
is "the way from pod to pod" "$(q "SELECT group_concat(side || ' ' || part || ' ' || ifname) FROM (SELECT * FROM v_way
	WHERE run_id = (SELECT max(id) FROM run) AND part <> 'bridge' AND passed >= 2000 ORDER BY position)")" \
	"sender veth nb-port1,sender tunnel nb-vxlan0,sender uplink nbk-eth1,receiver uplink nbk-eth2,receiver tunnel nb-vxlan0,receiver veth nb-port2"

say "what does not fit (${SECONDS} s)"
net_of client2 ip link set eth0 mtu 1450
krun -p 1000 -s 1 -z 1500 --selector netbound/pair=2 --node-access none
is "exit code of a frame beyond the MTU" "$rc" 2
has "it says" "$err" "-z 1500: the MTU of eth0 in client2 allows for 1468 at most"
net_of client2 ip link set eth0 mtu 1500
mount -N /proc/"$(pid_in client2)"/ns/mnt -t tmpfs -o size=500k none /tmp
krun -p 1000 -s 1 --selector netbound/pair=2 --node-access none
is "exit code of a full folder" "$rc" 1
has "it says" "$err" "put the agent into client2: there is no room in /tmp"
is "left there" "$(k exec client2 -- ls -A /tmp)" ""
umount -N /proc/"$(pid_in client2)"/ns/mnt /tmp
krun -p 1000 -s 1 -n 1 --ifname net7
is "exit code of an interface that is not there" "$rc" 1
has "it says" "$err" "pod client0 has no interface net7" "it has eth0"

# A pod's backlog: short, filled from another CPU, and emptied slowly, past many rules that match nothing.
if [ "$(nproc)" -gt 1 ]; then
	say "a pod's backlog that is full (${SECONDS} s)"
	net_of client2 unshare --mount sh -c 'mount -t sysfs none /sys &&
		mount -o remount,rw /sys && echo 2 >/sys/class/net/eth0/queues/rx-0/rps_cpus'
	for tables in iptables-restore ip6tables-restore; do
		{
			echo "*raw"
			for port in $(seq 20001 22000); do echo "-A PREROUTING -p udp --dport $port -j DROP"; done
			echo COMMIT
		} | net_of client2 $tables
	done
	deep=$(sysctl -n net.core.netdev_max_backlog)
	sysctl -qw net.core.netdev_max_backlog=10
	krun "${six_too[@]}" -p 10000 -s 1 --selector netbound/pair=2 --core-list 0
	sysctl -qw net.core.netdev_max_backlog="$deep"
	is "exit code" "$rc" 0
	holds "dropped there" "$(packets rx_dropped) > 0"
	# a few words of neighbours may be dropped with the test's packets, and nobody can tell which
	others=$(($(packets rx_dropped) - $(of_run offered) + $(of_run forwarded)))
	holds "dropped of others" "$others >= 0 && $others < 50"
	is "wire, residual" "$(packets wire) $(packets residual)" "$((-others)) 0"
	has "the ledger names it" "$("$nbanalyze" --db "$db" ledger last --include-void 2>&1)" "receiver softnet backlog: CPU 1"
fi

say "live lines and what a run adds (${SECONDS} s)"
confine() { # CPUS: those of pair 1, in its containers' own control groups
	local pod group file
	for pod in server1 client1; do
		group=$(k exec $pod -- cat /proc/1/cgroup | sed -nE 's/^[0-9]+:(cpuset)?:(.*)$/\2/p' | head -1)
		for file in "/sys/fs/cgroup/cpuset$group/cpuset.cpus" "/sys/fs/cgroup$group/cpuset.cpus"; do
			[ ! -w "$file" ] || echo "$1" >"$file"
		done
	done
}
all=$(cat /sys/devices/system/cpu/online)
confine 1 # as the static CPU manager would; trafgen insists on CPU 0
before=$(date +%s%N)
start_krun -p 1000 -s 2 -m --generator paced
wait_for 60 "the first live line" grep -q "TX eth0" "$work/run.out"
first=$(date +%s%N)
finish_krun
printf 'note  the first live line came after %d.%d s, a run of three pairs added %d.%d s\n' \
	$(((first - before) / 1000000000)) $(((first - before) / 100000000 % 10)) \
	$((($(date +%s%N) - before) / 1000000000 - 2)) $((($(date +%s%N) - before) / 100000000 % 10))
has "live lines" "$out" "pair 2: TX eth0:" "RX eth0: "
is "cores of pair 1, whose cpuset is CPU 1" "$(q "SELECT group_concat(cores) FROM endpoint WHERE pair = 1
	AND run_id = (SELECT max(id) FROM run)")" "1,1"
is "its agents may run on" "$(q "SELECT group_concat(DISTINCT json_extract(facts, '$.cpus_allowed')) FROM endpoint
	WHERE pair = 1 AND run_id = (SELECT max(id) FROM run)")" 1
confine "$all"

say "loopback, from two cores, without node access (${SECONDS} s)"
krun "${six_too[@]}" -p 1001 -s 1 -l -c 2 --node-access none
is "path" "$(last_run path)" loopback
is "forwarded" "$(of_run forwarded)" 1001
is "the sender's cores" "$(q "SELECT cores FROM endpoint WHERE role = 'sender' AND run_id = (SELECT max(id) FROM run)")" 0,1
has "it says" "$err" "the nodes' counters are missing" "in server1 on node1"
is "node endpoints" "$(q "SELECT count(*) FROM endpoint WHERE role = 'node' AND run_id = (SELECT max(id) FROM run)")" 0

say "a sweep that is interrupted, and goes on (${SECONDS} s)"
for pod in server1 server2; do sent_before[${pod#server}]=$(sent_by $pod); done
beside sweep sweep --testbed kube --wait 20m --generator trafgen -p 1000 -c 1 -s 30 --name six --same-node \
	--selector 'netbound/pair=9'
end_of sweep
is "exit code of a sweep without pods" "$rc" 1
has "it says" "$err" "there are no pods server<K> and client<K>"
beside sweep sweep --testbed kube --wait 20m --generator trafgen -p 1000 -s 4 --repeat 2 --name kube \
	--selector 'netbound/pair!=0' --node-access none
wait_for 60 "packets" sending server1
kill -INT "${pids[sweep]}"
end_of sweep
is "exit code when interrupted" "$rc" 130
is "stored as" "$(last_run status)" aborted
has "it says" "$err" "2 runs of 4 s" "1 core, 2 pairs" "about 24 s" "sweep --resume kube"
cluster sweep --resume kube --wait 20m
is "exit code when it goes on" "$rc" 0
is "runs of two pairs, of the same pods" "$(q "SELECT count(*) || ' ' || sum(pairs) FROM run r JOIN campaign c
	ON c.id = r.campaign_id WHERE c.name = 'kube' AND r.status = 'ok' AND r.forwarded = 8000 AND NOT EXISTS
	(SELECT 1 FROM endpoint e WHERE e.run_id = r.id AND (e.role = 'node' OR e.pod IN ('server0', 'client0')))")" "2 4"
for pod in server1 server2 client1; do is "left in $pod" "$(processes_in $pod)" ""; done

# A real sshd on each node, that is in its network namespace; ssh is configured as a user's would be.
say "the nodes by ssh (${SECONDS} s)"
mkdir -p "$work/ssh/bin" /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/key"
for n in 1 2; do
	ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/host$n"
	echo "10.77.0.$n $(cat "$work/ssh/host$n.pub")" >>"$work/ssh/known"
	printf '%s\n' "ListenAddress 10.77.0.$n" "HostKey $work/ssh/host$n" "StrictModes no" "PidFile none" \
		"AuthorizedKeysFile $work/ssh/key.pub" "PermitRootLogin prohibit-password" >"$work/ssh/sshd$n"
	nsenter --net=/var/run/netns/nbk-node$n /usr/sbin/sshd -D -e -f "$work/ssh/sshd$n" \
		</dev/null >"$work/ssh/log$n" 2>&1 &
	background+=("$!")
done
printf '%s\n' '#!/bin/sh' "exec $(command -v ssh) -F '$work/ssh/config' \"\$@\"" >"$work/ssh/bin/ssh"
chmod +x "$work/ssh/bin/ssh"
ssh_config() { printf '%s\n' "IdentityFile $work/ssh/key" "IdentitiesOnly yes" "$@" >"$work/ssh/config"; }

# The collector that is killed here is looked after below, when its grace is over.
ssh_config "UserKnownHostsFile $work/ssh/known" "IdentityAgent none"
mv "$work/ssh/key" "$work/ssh/key.not"
PATH=$work/ssh/bin:$PATH start_krun -p 1000 -s 60 -n 1 --node-access ssh
wait_for 60 "packets" sending server0
kill -KILL "${pids[run]}"
has "its agent goes on for the grace" "$(processes_in server0)" "nb-agent" "trafgen"
finish_krun 2>/dev/null
has "without a key" "$err" "counters are missing" "ssh 10.77.0.1: " "Permission denied" "ssh-copy-id"
mv "$work/ssh/key.not" "$work/ssh/key"

rest=(--selector 'netbound/pair!=0')
ssh_config "UserKnownHostsFile /dev/null"
PATH=$work/ssh/bin:$PATH krun -p 1000 -s 1 -n 1 "${rest[@]}" --node-access ssh
is "exit code with a host that is not known" "$rc" 0
has "it says" "$err" "counters are missing" "ssh 10.77.0.1: Host key verification failed" "known_hosts"
ssh_config "UserKnownHostsFile $work/ssh/known"
# What the uplink's shaper drops is named there. It is narrowed when packets flow, for the same cable
# carries the agents.
undo+=("on_node 1 tc qdisc del dev nbk-eth1 root 2>/dev/null")
on_node 1 tc qdisc add dev nbk-eth1 root tbf rate 1gbit burst 200kb limit 1mb
PATH=$work/ssh/bin:$PATH start_krun -p 8000 -s 3 -n 1 "${rest[@]}" --node-access ssh
wait_for 60 "packets" sending server1
on_node 1 tc qdisc change dev nbk-eth1 root tbf rate 2mbit burst 5000 limit 10000
finish_krun
on_node 1 tc qdisc del dev nbk-eth1 root
is "exit code" "$rc" 0
is "no warning" "$(grep missing <<<"$err" || true)" ""
is "node endpoints" "$(q "SELECT group_concat(host) FROM (SELECT host FROM endpoint WHERE role = 'node' AND
	run_id = (SELECT max(id) FROM run) ORDER BY host)")" node1,node2
holds "lost" "$(packets wire) > 500"
holds "the uplink of node1 dropped that, and maybe some of its own" "$(q "SELECT dropped FROM v_way WHERE
	run_id = (SELECT max(id) FROM run) AND side = 'sender' AND part = 'uplink'") >= $(packets wire)"
has "the ledger names it" "$("$nbanalyze" --db "$db" ledger last --include-void 2>&1)" \
	"tx_node_uplink" "between the ends: nbk-eth1 of node1"
own_agents() { # those in pods have other mounts
	local p
	for p in $(pgrep -x nb-agent || true); do
		[ "$(readlink "/proc/$p/ns/mnt" || true)" != "$(readlink /proc/self/ns/mnt)" ] || echo "$p"
	done
}
is "agents left on the nodes" "$(own_agents)" ""

say "pods of another namespace, replaced meanwhile (${SECONDS} s)"
end_of replaced
is "exit code of create --replace" "$rc" 0
is "pods of ours that run in the other namespace" "$(k get pods -n nb-none --no-headers | grep -cw Running)" 2
beside deleted pods delete --namespace nb-none

# --- what is in the way ----------------------------------------------------------------------------

# Pods of IPv6 alone, which come up meanwhile.
if has_six; then
	namespace nb-six
	new_pods_get 1 "[$(six 1)]" ::/0
	for name in server0 client0; do pod nb-six $name node1 "$image" "x: six"; done
fi

say "a generator that runs already (${SECONDS} s)"
k exec server1 -- sh -c ': >/tmp/nb-agent-0-0-1' # of a collector that was killed before it started this
k exec server1 -- sh -c 'cp /bin/sleep /tmp/trafgen; /tmp/trafgen 600 >/dev/null 2>&1 & :'
krun -p 1000 -s 2 "${rest[@]}"
is "exit code" "$rc" 1
has "it says" "$err" "a generator still runs in server1 (trafgen " "--kill-others"
cluster pods list --format json
has "list shows it" "$(jq -r '.rows[] | select(.pod == "server1").generators' <<<"$out")" "trafgen "
krun -p 1000 -s 1 -n 2 "${rest[@]}" --kill-others
is "exit code with --kill-others" "$rc" 0
is "left in server1" "$(processes_in server1)" ""
is "the file of an agent that was never started" "$(k exec server1 -- sh -c 'ls /tmp/nb-agent* 2>/dev/null || :')" ""
k exec server1 -- rm /tmp/trafgen
k delete pod client2 --grace-period=1 --wait=false >/dev/null

end_of deleted
is "what pods delete leaves there" "$(k get pods -n nb-none -o name)" ""

if has_six; then
	say "pods without an IPv4 address (${SECONDS} s)"
	wait_for 60 "the pods of IPv6" up nb-six 2
	krun -p 1000 -s 1 --namespace nb-six --node-access none
	is "exit code" "$rc" 1
	has "it says" "$err" "pod client0 has no IPv4 address at eth0; it is fd00:77:1::" "-6 sends IPv6"
	cluster pods profiles --namespace nb-six
	is "exit code of profiles" "$rc" 1
	has "they say so, too" "$err" "pod server0 has no IPv4 address at eth0"
	krun -6 -p 1000 -s 1 --namespace nb-six --node-access none
	is "exit code with -6" "$rc" 0
	is "forwarded, residual" "$(of_run forwarded) $(packets residual)" "1000 0"
	k delete pods -n nb-six --all --grace-period=1 --wait=false >/dev/null
fi

say "the API server restarts in mid-run (${SECONDS} s)"
no_client2() { ! k get pod client2; }
wait_for 90 "the end of client2" no_client2 # pair 2 is not complete: named, left out
start_krun -p 1000 -s 6 "${rest[@]}"
wait_for 60 "packets" sending server1
kill_part apiserver
noticed() { grep -q "out of reach" "$work/run.err"; }
wait_for 60 "the loss of the API server" noticed
"$tools/kube-up" "$state" >"$work/up" 2>&1 8>&- || fail "the API server does not come back: $(tail -1 "$work/up")"
finish_krun
is "exit code" "$rc" 0
has "it says" "$err" "out of reach" "pair 2: there is no client2"
is "forwarded all the same" "$(of_run forwarded)" 6000
is "status" "$(last_run status)" ok
is "lost agents" "$(codes | tr , '\n' | grep -c agent_lost || true)" 0
empty() { [ -z "$(processes_in "$1")" ]; }
wait_for 60 "the end of the killed collector's grace" empty server0
is "after the grace nothing is left in server0" "$(processes_in server0)" ""
is "nor a file" "$(k exec server0 -- sh -c 'ls -A /tmp')" ""

# What waits for the grace of agents that are lost leaves time for others: pods in a namespace of their own,
# on the node that stays. The collector is in a pod of netbound's image there, too, and has what a service account
# has. (No proxy runs here, so the API server is named by its own address.)
say "adopted pods of a bare Debian and of netbound's image, on one node, seen from inside the cluster (${SECONDS} s)"
wait_for 400 "netbound's image" loaded ours
[ -e "$work/ours.loaded" ] || fail "scripts/Containerfile: $(tail -1 "$work/images")"
wait_for 300 "the image of a bare Debian" loaded bare
[ -e "$work/bare.loaded" ] || {
	echo "note  skipped: a bare Debian ($(tail -1 "$work/images")); the small image takes its place"
	bare=$image
}
namespace nb-adopted
k apply -n nb-adopted -f "$top/docs/rbac.yaml" >/dev/null
k create configmap -n nb-adopted root-ca --from-file=ca.crt="$state/pki/ca.crt" --dry-run=client -o yaml |
	k apply -f - >/dev/null 2>&1
printf '%s\n' "apiVersion: v1" "kind: Pod" "metadata: {name: collector}" "spec: {nodeName: node1,
	serviceAccountName: netbound, automountServiceAccountToken: false, terminationGracePeriodSeconds: 1,
	containers: [{name: c, image: '$ours', imagePullPolicy: Never,
	env: [{name: KUBERNETES_SERVICE_HOST, value: 10.77.0.1}, {name: KUBERNETES_SERVICE_PORT, value: '6443'}],
	volumeMounts: [{name: account, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]}],
	volumes: [{name: account, projected: {sources: [{serviceAccountToken:
	{path: token}}, {configMap: {name: root-ca}}, {downwardAPI: {items: [{path: namespace,
	fieldRef: {fieldPath: metadata.namespace}}]}}]}}]}" | k create -n nb-adopted -f - >/dev/null
pod nb-adopted server0-ve-1 node1 "$bare" "x: z"
pod nb-adopted sink node1 "$bare" "role: client, x: z"
pod nb-adopted server1-ours node1 "$ours" "x: a"
pod nb-adopted client1-ours node1 "$ours" "x: a"
inside() { # a command of nbcollect's in that pod; its store is copied here
	rc=0
	k exec -n nb-adopted collector -- nbcollect --db /tmp/inside.db "$@" >"$work/out" 2>"$work/err" </dev/null || rc=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
	k exec -n nb-adopted collector -- cat /tmp/inside.db >"$work/inside.db"
}

start_krun -p 1000 -s 3 -n 2
wait_for 60 "packets" sending server1
kill_part kubelet2
wait_for 60 "the adopted pods" up nb-adopted 5
inside run --testbed kube --wait 20m -p 200 -s 1 --listen --same-node --selector x=z
is "exit code" "$rc" 0
has "it says" "$err" "context in-cluster (in-cluster), namespace nb-adopted"
of_inside() { q "SELECT $1 FROM v_run ORDER BY run_id DESC LIMIT 1" "$work/inside.db"; }
is "path, generator" "$(of_inside "path || ' ' || generator")" "same-node paced"
holds "what the agent sent arrived" "$(q "SELECT max(CASE stage WHEN 'delivered' THEN packets END) || ' > 0 && ' ||
	max(CASE stage WHEN 'offered' THEN packets END) || ' == ' || max(CASE stage WHEN 'delivered' THEN packets END)
	FROM v_ledger WHERE pair IS NULL" "$work/inside.db")"
is "node endpoints" "$(q "SELECT count(*) FROM endpoint WHERE role = 'node'" "$work/inside.db")" 1
inside run --testbed kube --wait 20m -p 500 -s 1 --generator trafgen --same-node --selector x=a --node-access none
is "trafgen from netbound's image: exit code" "$rc" 0
is "offered, forwarded" "$(of_inside "offered_packets || ' ' || forwarded_packets")" "500 500"
has "nbanalyze is in it, too" "$(k exec -n nb-adopted collector -- nbanalyze --db /tmp/inside.db runs)" "kube" "trafgen"
gone_pods() { [ "$(k get pods -n nb-adopted -o name | wc -l)" = 5 ]; }
wait_for 90 "the end of the node's pod" gone_pods # a busy kubelet takes its time
for pod in server0-ve-1 sink server1-ours client1-ours; do
	is "left in $pod" "$(processes_in -n nb-adopted $pod)$(k exec -n nb-adopted $pod -- sh -c 'ls -A /tmp')" ""
done
inside run --testbed kube --wait 20m -p 200 -s 2 --selector 'x=z,role!=client'
has "with a selector that leaves half a pair" "$err" "pair 0: there is no client0"
k delete pods -n nb-adopted --all --grace-period=1 --wait=false >/dev/null # which takes its time

say "a node that vanishes in mid-run (${SECONDS} s)"
finish_krun
is "exit code" "$rc" 1
is "status, verdict" "$(last_run "status || ' ' || verdict")" "failed void"
has "it says" "$err" "client0" "was lost" "node2"
holds "what the senders counted is kept" "$(q "SELECT count(*) FROM sample s JOIN endpoint e ON e.id = s.endpoint_id
	WHERE e.pod IN ('server0', 'server1') AND e.run_id = (SELECT max(id) FROM run)") >= 4"
"$tools/kube-up" "$state" >"$work/up" 2>&1 8>&-
wait_for 60 "node2" k exec client0 -- sh -c : # Ready is what it said before it went

say "a pod deleted in mid-run (${SECONDS} s)"
start_krun -p 1000 -s 4 -n 2
wait_for 60 "packets" sending server1
k delete pod client1 --grace-period=1 --wait=false >/dev/null
finish_krun
is "exit code" "$rc" 1
is "status, verdict" "$(last_run "status || ' ' || verdict")" "failed void"
has "it says" "$err" "client1 was lost"
holds "the other pair is kept" "$(q "SELECT count(*) FROM sample s JOIN endpoint e ON e.id = s.endpoint_id WHERE e.pod = 'client0'
	AND e.run_id = (SELECT max(id) FROM run)") >= 3"
for pod in server0 client0 server1; do
	is "left in $pod" "$(processes_in $pod)$(k exec $pod -- sh -c 'ls -A /tmp')" ""
done

# --- the end ---------------------------------------------------------------------------------------

say "delete takes away what create made (${SECONDS} s)"
pod default server9-ve-1 node1 "$image" "x: z"
cluster pods delete
is "exit code" "$rc" 0
is "what is left" "$(k get pods -o name | sort | paste -sd' ')" "pod/server9-ve-1"
whole

if [ "${NB_KUBE_KEEP:-}" = 1 ]; then
	k delete pods --all --all-namespaces --grace-period=1 >/dev/null
else
	say "nothing is left (${SECONDS} s)"
	# what has ended stays in the API for up to a minute longer, until the kubelet has looked for it again
	no_tasks() { [ -z "$(for n in 1 2; do ctr -a "$state/node$n/containerd.sock" -n k8s.io tasks ls -q; done)" ]; }
	k delete pods --all --all-namespaces --grace-period=1 --wait=false >/dev/null
	wait_for 90 "the end of all containers" no_tasks
	k delete pods --all --all-namespaces --grace-period=0 --force >/dev/null 2>&1 || true
	"$tools/kube-down" "$state" >/dev/null 2>&1
	is "namespaces" "$(ip netns list | grep nbk- || true)" ""
	is "mounts" "$(grep " $state/" /proc/mounts || true)" ""
	of_cluster() { pgrep -af "$state" | grep -vE '^[0-9]+ (bash|/bin/bash)' || true; }
	no_process() { [ -z "$(of_cluster)" ]; }
	wait_for 30 "the end of the cluster's processes: $(of_cluster)" no_process
fi
say "done (${SECONDS} s)"
concluded=1
done_testing
