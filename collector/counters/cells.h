/* SPDX-License-Identifier: Apache-2.0 */
/* The list of cells that a source delivers in its present epoch. */
#ifndef NB_CELLS_H
#define NB_CELLS_H

#include "collector/counters/source.h"

struct cells {
	struct counter_cell *v;
	size_t n, cap;
};

/* Adds the cell of a metric, which must be in the registry; cpu < 0: it has no instance. */
void cells_add(struct cells *c, const char *metric, int cpu);
void cells_free(struct cells *c);

#endif
