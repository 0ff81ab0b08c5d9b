/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The highest rate at which no more than a given share is lost: NDR with a goal of 0, PDR with
 * 0.005. Read off a curve of loss ratio over offered rate.
 */
#ifndef STATS_LOSS_H
#define STATS_LOSS_H

#include <stddef.h>

struct stats_loss_bound {
	double rate;   /* linear between passed and failed where the loss meets the goal */
	double passed; /* highest rate below `failed` that was measured within the goal */
	double failed; /* lowest rate measured above the goal; NaN: none, and so `rate` is only a
			* lower bound */
	size_t n;      /* rates that differ */
	size_t passed_above; /* rates above `failed` that passed all the same: noise, or bursts */
};

/*
 * offered: n rates in any order, loss_ratio in [0, 1]; pairs with NaN are left out, equal rates
 * averaged. For a goal of 0 the rate is `passed`, since any line to a failure leaves 0 at once.
 * When the lowest rate fails already, rate and passed are NaN. STATS_TOO_FEW: no pair;
 * STATS_DOMAIN: a ratio or goal out of range; STATS_NO_MEMORY.
 */
int stats_loss_bound(struct stats_loss_bound *out, const double *offered, const double *loss_ratio,
		     size_t n, double goal);

#endif
