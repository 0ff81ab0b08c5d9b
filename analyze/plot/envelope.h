/* SPDX-License-Identifier: Apache-2.0 */
/* A long series made short enough to draw, with every peak still in it. */
#ifndef NB_PLOT_ENVELOPE_H
#define NB_PLOT_ENVELOPE_H

#include <stddef.h>

/*
 * t rises. Of the values in each of `columns` equal stretches of t the lowest and the highest are
 * kept, in their order; a stretch without any but NaN keeps one NaN, so that a gap stays a gap. In
 * place; returns how many are left, at most 2 * columns, or n where n is no more than that.
 */
size_t plot_envelope(double *t, double *v, size_t n, size_t columns);

#endif
