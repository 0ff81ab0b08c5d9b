/* SPDX-License-Identifier: Apache-2.0 */
/* Which pods take part in a run, and which cores of theirs. */
#ifndef NB_KUBE_PAIRS_H
#define NB_KUBE_PAIRS_H

#include "collector/kube/place.h"

struct kube_pair {
	int number;
	const struct kube_pod *sender, *receiver;
};

struct pairs_wanted {
	size_t n;	   /* 0: all that can be used */
	bool loopback;	   /* server0 to server1 */
	const char *where; /* "namespace NS of context C", for messages */
	bool same_node;	   /* both pods on one node; else on two, where there are such pairs */
};

/* *out is allocated; *n at least 1. `left_out` gets a part for each pair that is not used, and for
 * each pod that runs and has the number of another. */
int pairs_choose(struct kube_pair **out, size_t *n, const struct kube_pods *pods,
		 const struct pairs_wanted *want, struct nb_text *left_out, struct nb_err *err);
/* inter, same-node, loopback */
const char *pairs_path(const struct kube_pair *pairs, size_t n, bool loopback);

/* The cores of each place (n of them, a sender and its receiver in turn): from its cpuset and the
 * NUMA node with most of them, 0 and 1 last, distinct on a node while they suffice. All are
 * allocated. */
struct place_cores {
	int *cores, *pin; /* measured; where the agent reads counters */
	size_t n_cores, n_pin;
};
struct cores_wanted {
	size_t n_cores;
	const int *list; /* NULL: chosen */
	size_t n_list;
};
int places_choose_cores(struct place_cores *out, const struct place *p, size_t n,
			const struct cores_wanted *want, bool *shared, struct nb_err *err);

#endif
