/* SPDX-License-Identifier: Apache-2.0 */
/* Cells by the names of their metrics. */
#include "collector/counters/cells.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"

void cells_add(struct cells *c, const char *metric, int cpu)
{
	if (c->n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 32;
		c->v = nb_realloc(c->v, c->cap, sizeof(*c->v));
	}
	struct counter_cell *cell = &c->v[c->n++];
	*cell = (struct counter_cell){.metric = metric_find(metric)};
	if (!cell->metric)
		abort(); /* a name that the registry does not have is a mistake of ours */
	if (cpu >= 0)
		snprintf(cell->instance, sizeof(cell->instance), "%d", cpu);
}

void cells_free(struct cells *c)
{
	free(c->v);
	*c = (struct cells){0};
}
