/* SPDX-License-Identifier: Apache-2.0 */
/* What of a curve moves together: the matrix behind the picture `correlation`, strongest first. */
#ifndef NB_PLOT_RELATED_H
#define NB_PLOT_RELATED_H

#include "analyze/plot/picture.h"

struct plot_related {
	size_t x, y; /* figures */
	double r, p; /* p adjusted */
};

/* The strongest of the pairs that the data show (p < 0.05), at most *n; *n is how many. *of: runs
 * whose samples were taken (`within`), or configurations. 0, or -1 with d->err set. */
int plot_related(struct plot_related *out, size_t *n, size_t *of, bool *within,
		 const struct plot_data *d, const struct curve *c);

#endif
