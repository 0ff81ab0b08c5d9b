/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packet generator: a program that is driven, or code of our own. It runs in the sender's agent.
 * A generator is one file and one row in generators[]. Stopping is its duty: after stop() returns
 * nothing of it is alive.
 */
#ifndef NB_GENERATOR_H
#define NB_GENERATOR_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"

/* What to send. Text is checked by whoever fills it: addresses come from the kernel. */
struct generator_plan {
	const char *ifname;
	unsigned char src_mac[6], dst_mac[6];
	bool ipv6;		     /* else IPv4 */
	char src_ip[46], dst_ip[46]; /* as inet_pton() takes them */
	uint16_t src_port, dst_port;
	bool random_src_port;
	uint16_t flows;	     /* source ports in rotation, from src_port on; 0 and 1: one */
	bool qdisc;	     /* through the interface's queueing discipline, not past it */
	uint32_t run;	     /* tells this run's packets from another's */
	unsigned frame_size; /* RFC 2544: FCS included; frame_size_min() to FRAME_SIZE_MAX */
	uint64_t pps;	     /* of this sender, all its cores together; 0: as fast as possible */
	int64_t start_ns;    /* CLOCK_MONOTONIC: when all senders begin; 0: at once */
	int64_t duration_ns;
	const int *cores; /* the CPUs to send from */
	size_t n_cores;
};

enum generator_state {
	GENERATOR_STARTING, /* no packet yet */
	GENERATOR_RUNNING,
	GENERATOR_DONE,	  /* sent what it was to send, or was stopped */
	GENERATOR_FAILED, /* died, or never sent */
};

struct generator_report {
	int64_t first_packet_ns; /* CLOCK_MONOTONIC; 0: not known */
	int64_t last_packet_ns;	 /* end of sending; 0: still running */
	uint64_t packets;	 /* what it says it sent */
	bool packets_known;
	/* Of a generator that keeps count: frames that the driver refused (in `packets` too: they
	 * were offered, and lost), and those of its schedule that it never handed to the driver. */
	uint64_t refused, not_offered;
	bool offers_known;
	/* CPU time of its threads, and for how long they were ready to run while others had their
	 * cores. */
	uint64_t run_ns, wait_ns;
	bool load_known;
	/* Its 10 ms windows by its own count (probe.h says what they mean). */
	double peak_ratio, empty_share;
	bool windows_known;
	char version[64];
	char error[256]; /* why it failed */
};

struct generator; /* each one's own */

struct generator_ops {
	const char *name;
	const char *help;
	/* It sends in bursts of this period: windows over which rates are taken are whole multiples
	 * of it. 0: evenly spaced. `pps` 0 is never bursty. */
	int64_t period_ns;
	bool counts_windows; /* its report has the 10 ms windows: no probe need watch it */
	/* Can it run here? Called before anything is started; the message says what is missing and
	 * the remedy. */
	int (*check)(const struct generator_plan *plan, struct nb_err *err);
	/* Starts sending at once. */
	int (*start)(struct generator **out, const struct generator_plan *plan, struct nb_err *err);
	/* What to poll for while it runs; returns how many (at most `cap`). */
	size_t (*poll)(const struct generator *g, struct pollfd *fds, size_t cap);
	/* Takes in what has happened; called after each poll, cheap when nothing has. */
	enum generator_state (*advance)(struct generator *g);
	/* Ends it, if need be by SIGKILL, and waits for that. */
	void (*stop)(struct generator *g);
	void (*report)(const struct generator *g, struct generator_report *out);
	void (*free)(struct generator *g);
};

/* Ends with NULL. "none" is not in it: no generator is no row. */
extern const struct generator_ops *const generators[];

const struct generator_ops *generator_find(const char *name);

/* The names, separated by | (for option tables and messages); "none" included. */
#define GENERATOR_NAMES "paced|trafgen|none"

enum { FRAME_SIZE_MAX = 1518, TEST_HEADER_SIZE = 18 /* frame.h */ };
/* Bytes of a frame that are no UDP payload: FCS 4, Ethernet 14, IPv4 20 or IPv6 40, UDP 8. */
unsigned frame_overhead(bool ipv6);
/* The smallest frame that holds a test header: 64 bytes, RFC 2544's smallest, or 84 for IPv6. */
unsigned frame_size_min(bool ipv6);

/* The share of worker `i` of `n` in a rate: the remainder goes to the first. */
uint64_t generator_share(uint64_t pps, size_t n, size_t i);

#endif
