/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listener: a plain UDP socket on the test's port, read by a thread in the receiver's agent, as
 * an application would. It may be made slow, or its buffer small, so that real loss at the socket
 * can be shown. What it gets is counted by sequence number.
 */
#ifndef NB_LISTENER_H
#define NB_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"

struct listener_plan {
	uint16_t port;
	bool ipv6;	       /* else IPv4 */
	uint32_t run;	       /* whose packets count */
	size_t n_flows;	       /* 0: packets carry no header of ours; they are counted, no more */
	int64_t work_ns;       /* spent on each packet, computing */
	uint64_t buffer_bytes; /* SO_RCVBUF, as the kernel is asked for it; 0: the system's */
	const int *cores;      /* where it may run; n_cores 0: anywhere */
	size_t n_cores;
};

struct listener;

struct listener_counts {
	uint64_t packets; /* of the run, copies included */
	uint64_t lost, duplicated, reordered;
	uint64_t foreign; /* not of the run */
	bool sequenced;	  /* lost, duplicated, reordered are known */
};

/* Opens the socket in the calling thread's network namespace and begins to read. */
int listener_open(struct listener **out, const struct listener_plan *plan, struct nb_err *err);

/* Reads, without work, what still waits in the socket, and ends the thread. */
void listener_stop(struct listener *l);

/* After listener_stop(). */
void listener_counts(const struct listener *l, struct listener_counts *out);

void listener_close(struct listener *l);

#endif
