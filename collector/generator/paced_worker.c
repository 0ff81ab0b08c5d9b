/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker of paced: sends what its pacer allows. What becomes of a frame (net/packet/af_packet.c,
 * packet_snd(); net/core/dev.c, __dev_direct_xmit()):
 *  - taken: the driver counts it in tx_packets, or as its own loss;
 *  - ENOBUFS: the driver refused it (NET_XMIT_DROP), or its carrier was off: counted in tx_dropped.
 *    It was offered and is lost. A driver that stops its queue (a full ring: NETDEV_TX_BUSY) gives
 *    ENOBUFS too and counts nothing: there `refused` is more than tx_dropped;
 *  - EAGAIN: our send buffer stayed full for as long as we wait; ENETDOWN: the interface is down.
 *    It never came to the driver: not offered.
 * sendmmsg() says how many frames went before the first that failed, not how that failed
 * (net/socket.c, __sys_sendmmsg()): the call after it tells, since what makes a frame fail before
 * the driver fails the next one too.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "collector/generator/paced.h"
#include "common/clock.h"

enum {
	/* room for a backlog of 1000 frames of 1518 bytes and a NIC's ring: skb->truesize is up to
	 * 2.3 KB. A smaller buffer would hold the source back before anything is lost. */
	SEND_BUFFER = 16 << 20,
	SEND_TIMEOUT_US = 50000, /* how long a full send buffer is waited for; `stop` waits too */
	SPIN_NS = 20000,	 /* nearer instants are not worth a sleep */
	NAP_NS = 20000000,	 /* `stop` is looked at this often */
};

int paced_socket(int *fd, const struct generator_plan *plan, struct nb_err *err)
{
	const struct timeval timeout = {.tv_usec = SEND_TIMEOUT_US};
	/* protocol 0: it receives nothing */
	struct sockaddr_ll to = {.sll_family = AF_PACKET};
	int size = SEND_BUFFER, bypass = !plan->qdisc;
	*fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return nb_error(err, "paced: open a packet socket: %s%s", strerror(errno),
				errno == EPERM ? ": it needs CAP_NET_RAW" : "");
	to.sll_ifindex = (int)if_nametoindex(plan->ifname);
	if (setsockopt(*fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(*fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (!to.sll_ifindex || bind(*fd, (const struct sockaddr *)&to, sizeof(to)) ||
	    setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) ||
	    setsockopt(*fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof(bypass))) {
		nb_error(err, "paced: a packet socket on %s: %s", plan->ifname, strerror(errno));
		close(*fd);
		*fd = -1;
		return -1;
	}
	return 0;
}

/*
 * A frame that is due waits for whoever has the core, by default until his slice of some ms ends.
 * Since Linux 6.12 a thread that asks for a shorter slice is let in at once
 * (kernel/sched/features.h, PREEMPT_SHORT); kernels before take no notice of it. Its weight keeps
 * it there, where it may ask for one. Real-time priority would do more, and starve the core's
 * softirqs.
 */
static void hurry(void)
{
	/* struct sched_attr of linux/sched/types.h, which <sched.h> cannot be included with */
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime_ns, deadline_ns, period_ns;
	} attr = {.size = sizeof(attr), .nice = -20, .runtime_ns = 100000};
	if (!syscall(SYS_sched_setattr, 0, &attr, 0U))
		return;
	attr.nice = getpriority(PRIO_PROCESS, 0);
	syscall(SYS_sched_setattr, 0, &attr, 0U);
}

static void prepare(struct paced_worker *w)
{
	cpu_set_t set;
	prctl(PR_SET_NAME, "nb-paced");
	prctl(PR_SET_TIMERSLACK, 1UL);
	hurry();
	CPU_ZERO(&set);
	CPU_SET((size_t)w->core, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		snprintf(w->error, sizeof(w->error), "paced: use core %d: %s", w->core,
			 strerror(errno));
	if (getrandom(&w->random, sizeof(w->random), 0) < 0 || !w->random)
		w->random = 1;
	for (size_t i = 0; i < PACER_BATCH_MAX; i++) {
		w->parts[i] = (struct iovec){w->frames[i].bytes, w->frames[i].len};
		w->messages[i].msg_hdr = (struct msghdr){.msg_iov = &w->parts[i], .msg_iovlen = 1};
	}
	w->utc_ns = clock_realtime() - clock_monotonic();
}

/* 1024 to 65535, by xorshift64 (G. Marsaglia, Xorshift RNGs, 2003). */
static uint16_t random_port(struct paced_worker *w)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (uint16_t)(1024 + (w->random >> 32) % (65536 - 1024));
}

static void stamp(struct paced_worker *w, unsigned n, int64_t now_ns)
{
	for (unsigned i = 0; i < n; i++, w->index++) {
		uint16_t flow = (uint16_t)(w->index % w->flows);
		const struct test_header h = {
			.run = w->run,
			.flow = (uint16_t)(w->first_flow + flow),
			.sequence = (uint32_t)(w->index / w->flows),
			.sent_ns = (uint64_t)(now_ns + w->utc_ns),
		};
		frame_stamp(&w->frames[i],
			    w->random_src_port ? random_port(w) : (uint16_t)(w->src_port + flow),
			    &h);
	}
}

/* Did a failing frame come to the driver? */
static bool came_to_driver(int error)
{
	return error == ENOBUFS;
}

/* Is there hope that a later frame fares better? */
static bool passes(int error)
{
	return error == ENOBUFS || error == EAGAIN || error == ENETDOWN || error == EINTR ||
	       error == ENOMEM;
}

static void settle_doubt(struct paced_worker *w, int error)
{
	if (w->doubt)
		*(came_to_driver(error) ? &w->refused : &w->unsent) += 1;
	w->doubt = false;
}

/* Hands `n` frames to the driver, each once. */
static void send_frames(struct paced_worker *w, unsigned n)
{
	for (unsigned at = 0; at < n;) {
		int rc = sendmmsg(w->fd, w->messages + at, n - at, 0);
		if (rc > 0) {
			settle_doubt(w, ENOBUFS);
			w->accepted += (unsigned)rc;
			at += (unsigned)rc;
			w->doubt = at < n;
			at += w->doubt;
			continue;
		}
		int error = errno;
		settle_doubt(w, error);
		if (came_to_driver(error)) {
			w->refused++;
			at++;
			continue;
		}
		/* their sequence numbers go to the next ones: a listener would count them as lost
		 */
		w->unsent += n - at;
		w->index -= n - at;
		if (!passes(error))
			snprintf(w->error, sizeof(w->error), "paced: send: %s", strerror(error));
		if (error != EAGAIN) /* that has been waited for */
			clock_sleep_until(clock_monotonic() + NB_MSEC);
		return;
	}
}

static void wait_until(const struct paced_worker *w, int64_t t_ns, int64_t now_ns)
{
	if (t_ns - now_ns < SPIN_NS || pacer_behind(&w->pacer, now_ns))
		return;
	clock_sleep_until(t_ns - now_ns < NAP_NS ? t_ns : now_ns + NAP_NS);
}

static void tell(const struct paced_worker *w)
{
	const uint64_t one = 1;
	(void)!write(w->event_fd, &one, sizeof(one));
}

/* For how long this thread has waited for its core while others had it: the second number of
 * schedstat (kernel/sched/stats.h, sched_info_arrive()). What a hypervisor takes is not in it. -1:
 * a kernel without. */
static int64_t waited(void)
{
	char buf[80];
	int64_t wait_ns;
	int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return -1;
	buf[n] = '\0';
	return sscanf(buf, "%*u %" SCNd64, &wait_ns) == 1 ? wait_ns : -1;
}

void *paced_worker_run(void *worker)
{
	struct paced_worker *w = worker;
	int64_t now = 0, waited_ns, ran_ns;
	prepare(w);
	waited_ns = waited();
	ran_ns = clock_thread_cpu();
	while (!w->error[0] && !atomic_load_explicit(w->stop, memory_order_relaxed)) {
		now = clock_monotonic();
		unsigned n = pacer_take(&w->pacer, now);
		if (!n) {
			if (pacer_done(&w->pacer, now))
				break;
			wait_until(w, pacer_next_ns(&w->pacer), now);
			continue;
		}
		if (!atomic_load_explicit(&w->first_ns, memory_order_relaxed)) {
			atomic_store(&w->first_ns, now);
			tell(w);
		}
		tally_add(w->tally, now, n);
		stamp(w, n, now);
		send_frames(w, n);
	}
	settle_doubt(w, ENOBUFS);
	w->last_ns = now;
	w->run_ns = clock_thread_cpu() - ran_ns;
	w->wait_ns = waited_ns < 0 ? -1 : waited() - waited_ns;
	atomic_store(&w->ended, true);
	tell(w);
	return NULL;
}
