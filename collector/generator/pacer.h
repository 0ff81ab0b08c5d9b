/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schedule of an evenly spaced source, without a clock of its own: it is told the time and says
 * how many frames may be sent now.
 *
 * Frame i is due i / rate after the start, and is never sent before. Frames go in batches of what
 * 100 us ask for, so that a fast source is not one of system calls. A sender that was held up sends
 * what it has missed in the last 2 ms of the schedule, at no more than 1.25 times the rate; what is
 * older is not offered, and counted. So no window of 10 ms carries more than 1.2 times its share
 * and a batch, whatever happens to the process.
 */
#ifndef NB_PACER_H
#define NB_PACER_H

#include <stdbool.h>
#include <stdint.h>

enum { PACER_BATCH_MAX = 64 };

struct pacer {
	uint64_t rate_pps;    /* 0: as fast as possible */
	uint64_t total;	      /* frames of the whole schedule; 0 at rate 0 */
	uint64_t next;	      /* frames taken or passed over */
	uint64_t not_offered; /* of these: passed over */
	uint64_t behind_max;  /* frames of schedule that may be made up for */
	uint64_t credit;      /* what may be sent at once, in 1e-9 frames; fills at 1.25 x rate */
	uint64_t credit_max;
	int64_t start_ns, end_ns, credit_ns;
	unsigned batch;
};

/* round(rate × duration): the frames that a source is to send. */
uint64_t pacer_total(uint64_t rate_pps, int64_t duration_ns);

/* rate_pps at most 1e9. */
void pacer_init(struct pacer *p, uint64_t rate_pps, int64_t start_ns, int64_t duration_ns);

/* The frames to send now, at most PACER_BATCH_MAX: they count as taken. 0: none yet. */
unsigned pacer_take(struct pacer *p, int64_t now_ns);

/* When to ask next, if nothing is sent until then; the end, when all has been taken. */
int64_t pacer_next_ns(const struct pacer *p);

/* A batch is due already, and waits only for the limit on catching up: soon over, and a sleeper
 * that wakes late would fall behind again. */
bool pacer_behind(const struct pacer *p, int64_t now_ns);

/* Nothing is left to send, and the last frame's share of time has passed too. */
bool pacer_done(const struct pacer *p, int64_t now_ns);

/* What is not offered when it is given up here: passed over, or still to come. */
uint64_t pacer_not_offered(const struct pacer *p);

#endif
