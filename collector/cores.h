/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which core does what on a host that carries all of a testbed: senders first, as the original
 * chose them (never 0 and 1 while others suffice, the middle ones of the rest, distinct for each
 * pair), then one for each receiver's stack, and what is left for the agents. Pure.
 */
#ifndef NB_CORES_H
#define NB_CORES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"

struct core_plan {
	size_t pairs, n_cores;
	int *sender;   /* pairs × n_cores */
	int *receiver; /* pairs: where the receiver's stack runs */
	int *pin; /* where agents and collector may run; never a sender's core if there is another
		   */
	size_t n_pin;
	bool senders_shared;   /* two pairs send from one core */
	bool receivers_shared; /* a receiver's stack has its core with a sender or another receiver
				*/
};

/* The CPUs that this process may use, ascending; allocated. */
int cores_usable(int **out, size_t *n, struct nb_err *err);

/* `list` (n_list cores, used round robin) or NULL: chosen. Exit code NB_USAGE when n_cores is more
 * than there are, or a core of the list cannot be used here. */
int cores_choose(struct core_plan *out, const int *usable, size_t n_usable, size_t pairs,
		 size_t n_cores, const int *list, size_t n_list, struct nb_err *err);
void cores_free(struct core_plan *p);

#endif
