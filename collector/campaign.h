/* SPDX-License-Identifier: Apache-2.0 */
/* A campaign: the points of a sweep in the order in which they are run, kept in the store so that
 * it can be resumed. */
#ifndef NB_CAMPAIGN_H
#define NB_CAMPAIGN_H

#include <jansson.h>

#include "collector/plan.h"
#include "schema/store.h"

struct point {
	uint64_t pps, frame_size, n_cores, pairs;
	uint64_t repeat; /* 0, 1, …: which of the repeats */
};

struct campaign {
	int64_t id;
	char uuid[37];
	char *name;
	uint64_t seed;
	struct point *points;
	size_t n;
	/* of one that was loaded: what its runs have in common */
	json_t *settings;
	int *core_list;
	struct opt_texts labels, scrapes;
};

struct axis {
	const uint64_t *v;
	size_t n;
};

/* The cross product, `repeat` times. Each round of repeats is shuffled on its own, so that slow
 * drift of the machine meets all points alike; seed 0 keeps the given order. */
void campaign_points(struct campaign *c, struct axis pps, struct axis size, struct axis cores,
		     struct axis pairs, uint64_t repeat, uint64_t seed);

/* Writes the campaign with what all its runs have in common. */
int campaign_store(struct campaign *c, struct store *store, const struct run_plan *common,
		   struct nb_err *err);

/* Finds one by name, uuid or id and fills `common` with what its runs have in common; it points
 * into the campaign. */
int campaign_load(struct campaign *c, struct store *store, const char *name,
		  struct run_plan *common, struct nb_err *err);

/* Is there a run of this point and repeat that ended well? */
int campaign_done(const struct campaign *c, struct store *store, const struct point *p, bool *done,
		  struct nb_err *err);

void campaign_free(struct campaign *c);

#endif
