/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A testbed: where a run takes place. It provides endpoints, each with a running agent on two
 * descriptors, and the way between them. A testbed is one file and one row in testbeds[].
 */
#ifndef NB_TESTBED_H
#define NB_TESTBED_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "collector/plan.h"
#include "common/text.h"

struct testbed_endpoint {
	const char *role; /* sender, receiver, node */
	int pair;	  /* -1: a node */
	int node;	  /* index of the endpoint that is its host; -1: is one */
	pid_t pid;	  /* of the agent, or of the transport to it; also its process group */
	int to, from;	  /* the agent's standard input and output */
	char ifname[16];  /* at a node: its uplink, or "" */
	int *cores;	  /* whose time counts as the endpoint's; a sender sends from them */
	size_t n_cores;
	/* a sender's way to its receiver */
	char src_ip[46], dst_ip[46], src_mac[18], dst_mac[18];
	/* of a testbed whose agents are elsewhere */
	const char *hello;	/* the agent's first line, if it was read already */
	const char *host, *pod; /* names, where they are better than the agent's own */
	json_t *links;		/* at a node: the interfaces to be read */
	json_t *way;		/* at a node: what they are on the way, for its facts */
	int *pin;		/* where this agent runs */
	size_t n_pin;
	bool clock_known; /* offsets of its host's clocks from ours, else they are ours */
	int64_t monotonic_offset_ns, clock_offset_ns, clock_error_ns;
};

struct testbed {
	const struct testbed_ops *ops;
	struct testbed_endpoint *endpoints; /* senders and receivers by pair, then nodes */
	size_t n;
	const char *path;	 /* inter, same-node, loopback */
	char receiver_stack[48]; /* what makes reception run apart from sending: "rps 0", … */
	int *pin;		 /* where agents and the collector run */
	size_t n_pin;
	int idle_ms;		 /* the idle second, where it must be longer; else 0 */
	struct nb_text head;	 /* lines that say where it runs */
	struct nb_text warnings; /* a line each: what this run goes without */
	bool cores_shared;	 /* two of senders and receivers share a core */
	void *state;
};

struct testbed_ops {
	const char *name;
	const char *help;
	int64_t overhead_ns; /* what a run takes besides sending, as measured */
	/* Can this plan be run here? Starts nothing; a usage error says what there is. */
	int (*check)(const struct run_plan *plan, struct nb_err *err);
	/* Starts an agent at each endpoint. On failure nothing is left. */
	int (*prepare)(struct testbed *t, const struct run_plan *plan, struct nb_err *err);
	/* How many pairs there are, when the plan leaves it open; NULL: one. */
	int (*count_pairs)(struct run_plan *plan, struct nb_err *err);
	/* How many cores a sender has at most, as far as can be told before anything is started. */
	int (*count_cores)(const struct run_plan *plan, size_t *n, struct nb_err *err);
	/* An agent's transport broke: starts another one to the same agent; its descriptors are the
	 * endpoint's from then on. -1: the agent is lost, `why` says how. NULL: they never come
	 * back. */
	int (*reattach)(struct testbed *t, size_t endpoint, struct nb_text *why);
	/* Called when every agent has said hello: makes the way between the ends. */
	int (*connect)(struct testbed *t, const struct run_plan *plan, struct nb_err *err);
	/* Ends the agents (first by closing their input, in the end by force) and undoes it all. */
	void (*release)(struct testbed *t);
};

extern const struct testbed_ops *const testbeds[]; /* ends with NULL */
const struct testbed_ops *testbed_find(const char *name);

extern const struct testbed_ops testbed_kube;

#define TESTBED_NAMES "netns, kube"

#endif
