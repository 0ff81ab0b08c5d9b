/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runs of another store into ours, told apart by their uuid: what is there already is left as
 * it is, so that a merge may be repeated, and the order of merges does not matter. One transaction
 * a run: a merge that is killed leaves whole runs behind, and goes on when it is called again.
 */
#ifndef NB_MERGE_H
#define NB_MERGE_H

#include <stddef.h>

#include "schema/store.h"

struct merge_report {
	size_t runs;	/* in the other store */
	size_t merged;	/* taken */
	size_t present; /* were there already */
	size_t running; /* left out: they have not ended, or their collector died */
};

/* `target` is open for writing. The other store must be of the newest schema and another file. */
int merge_store(struct merge_report *out, struct store *target, const char *other,
		struct nb_err *err);

#endif
