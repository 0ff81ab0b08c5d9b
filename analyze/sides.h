/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two sides of a comparison, out of the runs selected: which runs are A's and B's, in what the
 * sides differ, and the cells in which they are held against each other.
 *
 * A side is written `key=value[,key=value…]`, or as one word: a value of any label, or the name of
 * a campaign. A key is run (an id, A..B, last, the beginning of a UUID), campaign, size, pps, cores
 * (how many), pairs, testbed, generator, path, any other key of the configuration, or a label.
 * Different keys must all hold; of the same key given twice one must.
 *
 * A property with one value in all of A and another in all of B is what is compared. Where a
 * property varies inside a side (a sweep over rates), each of its values is a cell of its own: runs
 * of different configurations never share a median.
 */
#ifndef NB_SIDES_H
#define NB_SIDES_H

#include "analyze/runs.h"

struct difference {
	char *item, *a, *b;
};

struct cell_runs {
	char *label;	/* "target_pps=100000"; "all" when there is one */
	size_t *run[2]; /* indices into struct runs: A's, B's */
	size_t n[2];
};

struct sides {
	struct cell_runs *cell; /* in the order of the runs */
	size_t n_cells;
	struct difference *difference;
	size_t n_differences;
};

/* NB_USAGE: a term that cannot be read, a key that no run has, a run on both sides. NB_NODATA: a
 * side without a run. Free with sides_free() in any case. */
int sides_make(struct sides *out, const struct runs *runs, const char *a, const char *b,
	       struct nb_err *err);
void sides_free(struct sides *s);

#endif
