/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent: the process at an endpoint. It reads counters, runs the generator, and speaks the
 * protocol of docs/protocol.md on two descriptors. It never blocks on its reader: what cannot be
 * written waits, in the sampler's ring if need be.
 */
#ifndef NB_AGENT_H
#define NB_AGENT_H

/* Serves one run and returns the exit code. `out_path`: where the rest of the result goes when
 * the collector is gone before it took it; NULL: nowhere. */
int agent_serve(int in_fd, int out_fd, const char *out_path);

#endif
