/* SPDX-License-Identifier: Apache-2.0 */
/* paced: the built-in generator, an evenly spaced source on AF_PACKET sockets. Here: one of its
 * workers, a thread with a core and a socket of its own. */
#ifndef NB_PACED_H
#define NB_PACED_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "collector/generator/frame.h"
#include "collector/generator/pacer.h"
#include "collector/generator/tally.h"

extern const struct generator_ops generator_paced;

struct paced_worker {
	/* set before the thread starts */
	int fd, core, event_fd; /* event_fd: told when it has begun and when it has ended */
	const atomic_bool *stop;
	uint16_t src_port, flows, first_flow;
	bool random_src_port;
	uint32_t run;
	struct pacer pacer;
	struct tally *tally; /* of all workers */
	struct frame frames[PACER_BATCH_MAX];
	/* the thread's own */
	struct mmsghdr messages[PACER_BATCH_MAX];
	struct iovec parts[PACER_BATCH_MAX];
	uint64_t index;	 /* of the next frame: gives its flow and sequence number */
	uint64_t random; /* state of the port generator */
	int64_t utc_ns;	 /* CLOCK_REALTIME - CLOCK_MONOTONIC */
	bool doubt;	 /* a frame failed, and the kernel has not said how */
	/* read by others once `ended` is set */
	uint64_t accepted, refused, unsent;
	int64_t last_ns, run_ns, wait_ns; /* wait_ns below 0: the kernel does not say */
	char error[160];
	/* read by others at any time */
	_Atomic int64_t first_ns;
	atomic_bool ended;
	pthread_t thread;
	bool started;
};

/* Opens the worker's socket on the plan's interface; -1 with the reason. */
int paced_socket(int *fd, const struct generator_plan *plan, struct nb_err *err);

/* The thread; its argument is a struct paced_worker. */
void *paced_worker_run(void *worker);

#endif
