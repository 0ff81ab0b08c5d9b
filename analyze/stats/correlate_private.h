/* SPDX-License-Identifier: Apache-2.0 */
/* Between correlate.c and partial.c. */
#ifndef STATS_CORRELATE_PRIVATE_H
#define STATS_CORRELATE_PRIVATE_H

#include <stddef.h>

#include "analyze/stats/acf.h"

/* What a coefficient is made of: deviations of values, or of ranks. */
typedef int stats_deviations_kind(double *d, const double *x, size_t n, struct stats_blocks blocks);

/*
 * dx and dy become what least squares on the deviations of `given` (n x n_given, row after row)
 * leaves of them. STATS_RANK: the given do not vary, or explain each other; STATS_CONSTANT: they
 * explain x or y to the last digits; as `deviations`, STATS_NO_MEMORY.
 */
int stats_partial_out(double *dx, double *dy, const double *given, size_t n_given, size_t n,
		      struct stats_blocks blocks, stats_deviations_kind *deviations);

#endif
