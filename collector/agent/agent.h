/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent: the process at an endpoint. It reads counters, runs the generator, and speaks the
 * protocol of docs/protocol.md on two descriptors. It never blocks on its reader: what cannot be
 * written waits, in the sampler's ring if need be.
 */
#ifndef NB_AGENT_H
#define NB_AGENT_H

#include <stdbool.h>
#include <stdint.h>

/* Serves one run and returns the exit code. `out_path`: where the rest of the result goes when
 * the collector is gone before it took it; NULL: nowhere. */
int agent_serve(int in_fd, int out_fd, const char *out_path);

/*
 * The same where the transport may break and come back: the agent runs in a session of its own
 * behind an abstract Unix socket of this name; this process carries standard input and output to
 * it, and stays until it has ended, to take its exit code. When the connection breaks the agent
 * goes on for `grace_ns`, in which agent_attach() connects again and gets what was not yet taken.
 * `remove`: at its end the agent removes the program file it was started from. Returns the exit
 * code.
 */
int agent_serve_named(const char *name, int64_t grace_ns, bool remove);

/* Carries standard input and output to the agent of that name. Returns the exit code: 3 when there
 * is no such agent any more. */
int agent_attach(const char *name);

#endif
