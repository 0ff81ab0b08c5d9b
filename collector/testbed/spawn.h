/* SPDX-License-Identifier: Apache-2.0 */
/* Local agents: this program as `agent`, in namespaces of its own, bound to our life. */
#ifndef NB_SPAWN_H
#define NB_SPAWN_H

#include <sys/types.h>

#include "common/error.h"

struct spawned {
	pid_t pid; /* its process group too */
	int to, from;
};

/*
 * Clones an agent with the namespaces of `flags` (CLONE_NEW…). It is killed when this thread ends
 * (PDEATHSIG), and with CLONE_NEWPID, as init of its PID namespace, takes all it started along.
 * With CLONE_NEWNS it mounts its own /proc and /sys (sysfs shows the network namespace of who
 * mounts it). `netns_fd` >= 0: it joins that network namespace. Returns 0, or the (positive) errno
 * of clone() (so that the caller can try with less), or -1 with err set.
 */
int spawn_agent(struct spawned *out, int flags, int netns_fd, struct nb_err *err);

/* Closes its input, waits up to two seconds for it to end, then kills it. */
void spawn_end(pid_t pid, int to, int from);

/* Puts this process in a user namespace of its own in which it is root. Only while it has a single
 * thread. */
int spawn_user_namespace(struct nb_err *err);

#endif
