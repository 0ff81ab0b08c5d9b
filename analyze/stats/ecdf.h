/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The empirical distribution function, and the band around it.
 */
#ifndef STATS_ECDF_H
#define STATS_ECDF_H

#include <stddef.h>

/*
 * value[i], ascending and different, and share[i] of the n values at or below it; both have room
 * for n, *steps of them are used. NaN is left out. STATS_TOO_FEW: no value; STATS_NO_MEMORY.
 */
int stats_ecdf(double *value, double *share, size_t *steps, const double *x, size_t n);

/*
 * Half width of the band that holds the whole true function with this confidence, for n independent
 * values: sqrt(log(2 / alpha) / 2n) (Dvoretzky, Kiefer and Wolfowitz 1956; Massart 1990). NaN for
 * n = 0 or a confidence outside (0, 1).
 */
double stats_ecdf_band(size_t n, double confidence);

#endif
