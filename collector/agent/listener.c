/* SPDX-License-Identifier: Apache-2.0 */
/* The listener's socket and thread. */
#include "collector/agent/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/agent/sequence.h"
#include "collector/generator/frame.h"
#include "common/clock.h"
#include "common/text.h"

enum {
	BATCH = 64,
	BYTES = 64,	    /* of each packet that are looked at; the rest is cut off */
	TIMEOUT_US = 50000, /* `stop` is looked at this often */
};

struct listener {
	struct listener_plan plan;
	int fd;
	pthread_t thread;
	bool started;
	atomic_bool stop;
	struct sequence sequence;
	uint64_t packets, foreign;
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	unsigned char bytes[BATCH][BYTES];
};

static void take(struct listener *l, const unsigned char *payload, size_t len)
{
	struct test_header h;
	bool ours = !l->plan.n_flows || /* not of a generator that numbers its packets */
		    (test_header_read(&h, payload, len) && h.run == l->plan.run &&
		     !sequence_take(&l->sequence, h.flow, h.sequence));
	if (ours)
		l->packets++;
	else
		l->foreign++;
}

/* What an application does with a packet: it computes, it does not sleep. */
static void work(const struct listener *l, int64_t ns)
{
	int64_t until = ns ? clock_monotonic() + ns : 0;
	while (ns && clock_monotonic() < until &&
	       !atomic_load_explicit(&l->stop, memory_order_relaxed))
		;
}

/* Reads once; how many, 0 when none came, -1 on an error. */
static int read_some(struct listener *l, unsigned most, int flags)
{
	int n = recvmmsg(l->fd, l->messages, most, flags, NULL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	for (int i = 0; i < n; i++)
		take(l, l->bytes[i], l->messages[i].msg_len);
	return n;
}

static void *listener_thread(void *arg)
{
	struct listener *l = arg;
	/* with work to do, one at a time: what waits, waits in the socket */
	unsigned most = l->plan.work_ns ? 1 : BATCH;
	int n = 0;
	prctl(PR_SET_NAME, "nb-listener");
	cpu_set_t set;
	CPU_ZERO(&set);
	for (size_t i = 0; i < l->plan.n_cores; i++)
		CPU_SET((size_t)l->plan.cores[i], &set);
	if (l->plan.n_cores)
		sched_setaffinity(0, sizeof(set), &set);
	while (n >= 0 && !atomic_load_explicit(&l->stop, memory_order_relaxed)) {
		n = read_some(l, most, MSG_WAITFORONE);
		if (n > 0)
			work(l, l->plan.work_ns * n);
	}
	while (read_some(l, BATCH, MSG_DONTWAIT) > 0)
		;
	return NULL;
}

static int open_socket(struct listener *l, struct nb_err *err)
{
	const struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(l->plan.port)};
	const struct sockaddr_in6 any6 = {.sin6_family = AF_INET6,
					  .sin6_port = htons(l->plan.port)};
	const struct sockaddr *address = l->plan.ipv6 ? (const void *)&any6 : (const void *)&any;
	socklen_t len = l->plan.ipv6 ? sizeof(any6) : sizeof(any);
	const struct timeval timeout = {.tv_usec = TIMEOUT_US};
	int size = (int)l->plan.buffer_bytes, one = 1;
	l->fd = socket(address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0 ||
	    (l->plan.ipv6 && setsockopt(l->fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one))) ||
	    bind(l->fd, address, len) ||
	    setsockopt(l->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)))
		return nb_error(err, "listener: a socket on UDP port %u: %s", l->plan.port,
				strerror(errno));
	if (size && setsockopt(l->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) &&
	    setsockopt(l->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)))
		return nb_error(err, "listener: a receive buffer of %d bytes: %s", size,
				strerror(errno));
	return 0;
}

int listener_open(struct listener **out, const struct listener_plan *plan, struct nb_err *err)
{
	struct listener *l = nb_alloc(1, sizeof(*l));
	l->plan = *plan;
	sequence_init(&l->sequence, plan->n_flows);
	for (size_t i = 0; i < BATCH; i++) {
		l->parts[i] = (struct iovec){l->bytes[i], BYTES};
		l->messages[i].msg_hdr = (struct msghdr){.msg_iov = &l->parts[i], .msg_iovlen = 1};
	}
	int rc = open_socket(l, err);
	if (!rc && (rc = pthread_create(&l->thread, NULL, listener_thread, l)))
		nb_error(err, "listener: start a thread: %s", strerror(rc));
	if (rc) {
		listener_close(l);
		return -1;
	}
	l->started = true;
	*out = l;
	return 0;
}

void listener_stop(struct listener *l)
{
	atomic_store(&l->stop, true);
	if (l->started)
		pthread_join(l->thread, NULL);
	l->started = false;
}

void listener_counts(const struct listener *l, struct listener_counts *out)
{
	*out = (struct listener_counts){
		.packets = l->packets,
		.lost = l->sequence.lost,
		.duplicated = l->sequence.duplicated,
		.reordered = l->sequence.reordered,
		.foreign = l->foreign,
		.sequenced = l->plan.n_flows > 0,
	};
}

void listener_close(struct listener *l)
{
	if (!l)
		return;
	listener_stop(l);
	if (l->fd >= 0)
		close(l->fd);
	sequence_free(&l->sequence);
	free(l);
}
