/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a generator of ours sent in each 10 ms of its schedule, all its workers together: by its own
 * count, which no late reader blurs. A longer schedule than eleven hours is counted that far.
 */
#ifndef NB_TALLY_H
#define NB_TALLY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally {
	int64_t start_ns;
	size_t n; /* windows */
	_Atomic uint32_t *packets;
};

void tally_init(struct tally *t, int64_t start_ns, int64_t duration_ns);
void tally_free(struct tally *t);

/* By any worker at any time; what lies outside of the schedule is left out. */
void tally_add(struct tally *t, int64_t now_ns, unsigned n);

/* Of the whole windows up to `until_ns`, those before the first packet left out: packets of the
 * busiest over the mean of all, and the share without a packet. false: fewer than two windows, or
 * nothing was sent. */
bool tally_evaluate(const struct tally *t, int64_t until_ns, double *peak_ratio,
		    double *empty_share);

#endif
