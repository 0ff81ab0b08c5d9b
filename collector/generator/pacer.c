/* SPDX-License-Identifier: Apache-2.0 */
/* Whole-number arithmetic throughout: a rate that is off by 1e-9 would be off by a frame in a day.
 */
#include "collector/generator/pacer.h"

#include <assert.h>

#include "common/clock.h"

enum {
	BATCH_NS = 100000,   /* a batch is what falls due in this */
	BEHIND_NS = 2000000, /* of schedule, at most, is made up for */
	CATCH_UP_NUM = 5,    /* at 5/4 of the rate */
	CATCH_UP_DEN = 4,
};

#define FRAME UINT64_C(1000000000) /* in units of credit */

uint64_t pacer_total(uint64_t rate_pps, int64_t duration_ns)
{
	return (uint64_t)(((unsigned __int128)rate_pps * (uint64_t)duration_ns + NB_SEC / 2) /
			  (uint64_t)NB_SEC);
}

void pacer_init(struct pacer *p, uint64_t rate_pps, int64_t start_ns, int64_t duration_ns)
{
	uint64_t batch = rate_pps * BATCH_NS / (uint64_t)NB_SEC;
	uint64_t behind = rate_pps * BEHIND_NS / (uint64_t)NB_SEC;
	assert(rate_pps <= FRAME && duration_ns >= 0);
	batch = batch < 1 ? 1 : batch > PACER_BATCH_MAX ? PACER_BATCH_MAX : batch;
	*p = (struct pacer){
		.rate_pps = rate_pps,
		.total = pacer_total(rate_pps, duration_ns),
		.behind_max = behind < batch ? batch : behind,
		.start_ns = start_ns,
		.end_ns = start_ns + duration_ns,
		.credit_ns = start_ns,
		.batch = (unsigned)batch,
		/* a batch, and as much again of a wake-up that comes late by the time of one */
		.credit_max = batch * FRAME + rate_pps * BATCH_NS,
	};
	p->credit = p->credit_max;
}

/* Frame i's instant, rounded up: at it, due_at() counts the frame. */
static int64_t instant(const struct pacer *p, uint64_t i)
{
	unsigned __int128 ns = (unsigned __int128)i * (uint64_t)NB_SEC + p->rate_pps - 1;
	return p->start_ns + (int64_t)(ns / p->rate_pps);
}

static uint64_t due_at(const struct pacer *p, int64_t now_ns)
{
	if (now_ns < p->start_ns)
		return 0;
	uint64_t due = (uint64_t)((unsigned __int128)(now_ns - p->start_ns) * p->rate_pps /
				  (uint64_t)NB_SEC);
	return due < p->total ? due + 1 : p->total;
}

static void fill_credit(struct pacer *p, int64_t now_ns)
{
	int64_t dt = now_ns - p->credit_ns;
	if (dt <= 0)
		return;
	/* a second fills any bucket; without the limit the product could overflow */
	dt = dt < NB_SEC ? dt : NB_SEC;
	p->credit += (uint64_t)dt * p->rate_pps * CATCH_UP_NUM / CATCH_UP_DEN;
	p->credit = p->credit < p->credit_max ? p->credit : p->credit_max;
	p->credit_ns = now_ns;
}

/* The frames that make the next batch: fewer at the end. */
static uint64_t next_batch(const struct pacer *p)
{
	uint64_t left = p->total - p->next;
	return left < p->batch ? left : p->batch;
}

unsigned pacer_take(struct pacer *p, int64_t now_ns)
{
	if (!p->rate_pps)
		return now_ns >= p->start_ns && now_ns < p->end_ns ? PACER_BATCH_MAX : 0;
	uint64_t due = due_at(p, now_ns);
	if (due < p->next)
		return 0; /* the clock went back */
	if (due - p->next > p->behind_max) {
		uint64_t passed = due - p->next - p->behind_max;
		p->next += passed;
		p->not_offered += passed;
	}
	fill_credit(p, now_ns);
	uint64_t n = due - p->next, least = next_batch(p), most = p->credit / FRAME;
	if (!n || n < least || most < least)
		return 0;
	n = n < most ? n : most;
	n = n < PACER_BATCH_MAX ? n : PACER_BATCH_MAX;
	p->next += n;
	p->credit -= n * FRAME;
	return (unsigned)n;
}

int64_t pacer_next_ns(const struct pacer *p)
{
	if (!p->rate_pps)
		return p->start_ns;
	uint64_t batch = next_batch(p);
	if (!batch)
		return p->end_ns;
	int64_t due = instant(p, p->next + batch - 1), credit = p->credit_ns;
	if (p->credit < batch * FRAME) {
		uint64_t missing = (batch * FRAME - p->credit) * CATCH_UP_DEN;
		uint64_t speed = p->rate_pps * CATCH_UP_NUM;
		credit += (int64_t)((missing + speed - 1) / speed);
	}
	return due > credit ? due : credit;
}

bool pacer_behind(const struct pacer *p, int64_t now_ns)
{
	uint64_t due = due_at(p, now_ns), batch = next_batch(p);
	return p->rate_pps && batch && due >= p->next + batch;
}

bool pacer_done(const struct pacer *p, int64_t now_ns)
{
	return p->next == p->total && now_ns >= p->end_ns;
}

uint64_t pacer_not_offered(const struct pacer *p)
{
	return p->not_offered + p->total - p->next;
}
