/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The netns testbed: for each pair two anonymous network namespaces joined by veth (or one, with
 * its lo), made by their agents' existence and gone with them. The receiver's stack gets a core of
 * its own: on plain veth reception runs inside the sender's system call, nothing could ever be
 * lost, and every answer would be "bound by the sender".
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/cores.h"
#include "collector/testbed/spawn.h"
#include "collector/testbed/testbed.h"
#include "collector/testbed/veth.h"
#include "common/clock.h"
#include "common/text.h"

struct pair {
	struct veth_end sender, receiver;
};

struct netns_state {
	struct core_plan cores;
	struct pair *pairs;
	size_t n_pairs;
	bool unprivileged; /* in a user namespace of our own */
};

/* The namespaces of an agent at an endpoint. A node stays in the host's. */
enum { ENDPOINT_NS = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID, NODE_NS = CLONE_NEWPID };

static int start_agent(struct testbed *t, struct testbed_endpoint *e, int flags, int netns_fd,
		       struct nb_err *err)
{
	struct netns_state *s = t->state;
	struct spawned agent;
	int rc = spawn_agent(&agent, flags, netns_fd, err);
	if (rc == EPERM && !s->unprivileged) {
		s->unprivileged = true;
		if (spawn_user_namespace(err))
			return -1;
		rc = spawn_agent(&agent, flags, netns_fd, err);
	}
	if (rc > 0)
		return nb_error(err, "netns: make namespaces for an agent: %s%s", strerror(rc),
				rc == ENOSPC ? " (sysctl user.max_net_namespaces)" : "");
	if (rc)
		return -1;
	e->pid = agent.pid;
	e->to = agent.to;
	e->from = agent.from;
	return 0;
}

static int open_netns(pid_t pid, struct nb_err *err)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? nb_error(err, "netns: %s: %s", path, strerror(errno)) : fd;
}

static void set_cores(struct testbed_endpoint *e, const int *cores, size_t n)
{
	e->cores = nb_alloc(n, sizeof(*e->cores));
	e->n_cores = n;
	memcpy(e->cores, cores, n * sizeof(*cores));
}

/* Addresses of the benchmark ranges, for each pair a /30 of RFC 2544's or a /64 of RFC 5180's; MACs
 * locally administered. */
static void name_ends(struct testbed *t, size_t k, const struct run_plan *plan)
{
	struct netns_state *s = t->state;
	struct pair *p = &s->pairs[k];
	const unsigned char mac[6] = {0x02, 0x6e, 0x62, (unsigned char)(k >> 8), (unsigned char)k,
				      0};
	struct veth_end *const ends[] = {&p->sender, &p->receiver};
	for (size_t i = 0; i < 2; i++) {
		snprintf(ends[i]->ifname, sizeof(ends[i]->ifname), plan->loopback ? "lo" : "eth0");
		memcpy(ends[i]->mac, mac, sizeof(mac));
		ends[i]->mac[5] = (unsigned char)(i + 1);
		if (plan->loopback)
			memset(ends[i]->mac, 0, sizeof(mac));
		if (plan->ipv6)
			snprintf(ends[i]->ip, sizeof(ends[i]->ip), "2001:2:0:%zx::%zu", k, i + 1);
		else
			snprintf(ends[i]->ip, sizeof(ends[i]->ip), "198.18.%zu.%zu", k / 64,
				 k % 64 * 4 + i + 1);
	}
}

static void mac_text(char out[static 18], const unsigned char mac[6])
{
	snprintf(out, 18, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
		 mac[5]);
}

static int start_pair(struct testbed *t, size_t k, const struct run_plan *plan, struct nb_err *err)
{
	struct netns_state *s = t->state;
	struct pair *p = &s->pairs[k];
	struct testbed_endpoint *tx = &t->endpoints[2 * k], *rx = &t->endpoints[2 * k + 1];
	int node = (int)(t->n - 1);
	p->sender.netns_fd = p->receiver.netns_fd = -1;
	name_ends(t, k, plan);
	*tx = (struct testbed_endpoint){.role = "sender", .pair = (int)k, .node = node};
	*rx = (struct testbed_endpoint){.role = "receiver", .pair = (int)k, .node = node};
	set_cores(tx, s->cores.sender + k * s->cores.n_cores, s->cores.n_cores);
	set_cores(rx, s->cores.receiver + k, 1);
	snprintf(tx->ifname, sizeof(tx->ifname), "%s", p->sender.ifname);
	snprintf(rx->ifname, sizeof(rx->ifname), "%s", p->receiver.ifname);
	memcpy(tx->src_ip, p->sender.ip, sizeof(tx->src_ip));
	memcpy(tx->dst_ip, p->receiver.ip, sizeof(tx->dst_ip));
	mac_text(tx->src_mac, p->sender.mac);
	mac_text(tx->dst_mac, p->receiver.mac);
	if (start_agent(t, tx, ENDPOINT_NS, -1, err) ||
	    (p->sender.netns_fd = open_netns(tx->pid, err)) < 0)
		return -1;
	int flags = plan->loopback ? ENDPOINT_NS & ~CLONE_NEWNET : ENDPOINT_NS;
	if (start_agent(t, rx, flags, plan->loopback ? p->sender.netns_fd : -1, err))
		return -1;
	p->receiver.netns_fd = open_netns(rx->pid, err);
	return p->receiver.netns_fd < 0 ? -1 : 0;
}

static void release(struct testbed *t)
{
	struct netns_state *s = t->state;
	for (size_t i = 0; t->endpoints && i < t->n; i++) {
		struct testbed_endpoint *e = &t->endpoints[i];
		if (e->pid)
			spawn_end(e->pid, e->to, e->from);
		free(e->cores);
	}
	for (size_t k = 0; s && k < s->n_pairs; k++) {
		const int fds[] = {s->pairs[k].sender.netns_fd, s->pairs[k].receiver.netns_fd};
		for (size_t i = 0; i < 2; i++)
			if (fds[i] > 0)
				close(fds[i]);
	}
	if (s) {
		free(s->pairs);
		cores_free(&s->cores);
	}
	free(t->endpoints);
	free(s);
	*t = (struct testbed){0};
}

static int choose_cores(struct core_plan *out, const struct run_plan *plan, struct nb_err *err)
{
	int *usable;
	size_t n;
	if (cores_usable(&usable, &n, err))
		return -1;
	int ret = cores_choose(out, usable, n, plan->pairs, plan->n_cores, plan->core_list,
			       plan->n_core_list, err);
	free(usable);
	return ret;
}

static int count_cores(const struct run_plan *plan, size_t *n, struct nb_err *err)
{
	int *usable;
	(void)plan;
	if (cores_usable(&usable, n, err))
		return -1;
	free(usable);
	return 0;
}

static int check(const struct run_plan *plan, struct nb_err *err)
{
	struct core_plan cores;
	if (plan->ipv6 && access("/proc/sys/net/ipv6/conf/all/disable_ipv6", F_OK))
		return nb_error(err, "netns: -6: this kernel was built or booted (ipv6.disable=1) "
				     "without IPv6");
	if (choose_cores(&cores, plan, err))
		return -1;
	cores_free(&cores);
	return 0;
}

static int prepare(struct testbed *t, const struct run_plan *plan, struct nb_err *err)
{
	struct netns_state *s = nb_alloc(1, sizeof(*s));
	t->state = s;
	if (choose_cores(&s->cores, plan, err))
		goto fail;
	t->path = plan->loopback ? "loopback" : "same-node";
	t->pin = s->cores.pin;
	t->n_pin = s->cores.n_pin;
	t->cores_shared = s->cores.senders_shared || s->cores.receivers_shared;
	t->n = 2 * plan->pairs + 1;
	t->endpoints = nb_alloc(t->n, sizeof(*t->endpoints));
	s->pairs = nb_alloc(plan->pairs, sizeof(*s->pairs));
	s->n_pairs = plan->pairs;
	for (size_t k = 0; k < plan->pairs; k++)
		if (start_pair(t, k, plan, err))
			goto fail;
	struct testbed_endpoint *node = &t->endpoints[t->n - 1];
	*node = (struct testbed_endpoint){.role = "node", .pair = -1, .node = -1};
	if (start_agent(t, node, NODE_NS, -1, err))
		goto fail;
	return 0;
fail:
	release(t);
	return -1;
}

/* Is the agent's /sys its own? Where mounting one was refused it is ours, and an interface in it
 * has only its name in common with the endpoint's. Each network namespace has a sysfs of its own.
 */
static bool own_sysfs(pid_t pid)
{
	char path[64];
	struct stat its, ours;
	snprintf(path, sizeof(path), "/proc/%d/root/sys/class/net", (int)pid);
	return !stat(path, &its) && (stat("/sys/class/net", &ours) || its.st_dev != ours.st_dev);
}

/* The agent has mounted a /sys of its namespace: write there, through its root. */
static int write_sysfs(pid_t pid, const char *ifname, const char *file, const char *value)
{
	char path[160];
	if (!own_sysfs(pid)) {
		errno = ENOENT;
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/%d/root/sys/class/net/%s/%s", (int)pid, ifname, file);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, value, strlen(value));
	int saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
	return n < 0 ? -1 : 0;
}

/* A CPU as sysfs takes masks: 32-bit groups from the highest, separated by commas. */
static void cpu_mask(struct nb_text *out, int cpu)
{
	text_addf(out, "%x", 1U << (cpu % 32));
	for (int group = cpu / 32; group > 0; group--)
		text_add(out, ",00000000");
}

/* RPS takes packets to the core's backlog. Refused without the host's CAP_NET_ADMIN. */
static int use_rps(const struct testbed_endpoint *rx)
{
	struct nb_text mask = {0};
	char file[48];
	int ret = -1;
	cpu_mask(&mask, rx->cores[0]);
	for (int queue = 0; queue < 4096; queue++) {
		snprintf(file, sizeof(file), "queues/rx-%d/rps_cpus", queue);
		if (write_sysfs(rx->pid, rx->ifname, file, mask.s))
			break;
		ret = 0;
	}
	text_free(&mask);
	return ret;
}

static void separate_receiver(struct testbed *t, const struct pair *p,
			      const struct testbed_endpoint *rx)
{
	struct nb_err ignored = {0};
	if (!use_rps(rx))
		snprintf(t->receiver_stack, sizeof(t->receiver_stack), "rps");
	else if (strcmp(rx->ifname, "lo") && !veth_napi(&p->sender, &p->receiver, &ignored) &&
		 !write_sysfs(rx->pid, rx->ifname, "threaded", "1"))
		snprintf(t->receiver_stack, sizeof(t->receiver_stack), "threaded-napi");
	else
		snprintf(t->receiver_stack, sizeof(t->receiver_stack), "sender");
}

static int connect_ends(struct testbed *t, const struct run_plan *plan, struct nb_err *err)
{
	struct netns_state *s = t->state;
	for (size_t k = 0; k < s->n_pairs; k++) {
		const struct pair *p = &s->pairs[k];
		if (plan->loopback ? loopback_create(p->sender.netns_fd, &p->receiver, err)
				   : veth_create(&p->sender, &p->receiver, err))
			return -1;
		separate_receiver(t, p, &t->endpoints[2 * k + 1]);
	}
	return 0;
}

static const struct testbed_ops netns = {
	.name = "netns",
	.help = "network namespaces on this machine, joined by veth",
	.overhead_ns = 3600 * NB_MSEC,
	.count_cores = count_cores,
	.check = check,
	.prepare = prepare,
	.connect = connect_ends,
	.release = release,
};

const struct testbed_ops *const testbeds[] = {&netns, &testbed_kube, NULL};

const struct testbed_ops *testbed_find(const char *name)
{
	for (size_t i = 0; testbeds[i]; i++)
		if (!strcmp(testbeds[i]->name, name))
			return testbeds[i];
	return NULL;
}
