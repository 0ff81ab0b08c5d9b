/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The triangular factor of a tall matrix, made from its rows as they come: R with R'R = A'A, by
 * Householder reflections in wide numbers over [R; next 256 rows] (tall-skinny QR, Demmel et al.
 * 2012). One pass, memory for columns^2 numbers, and none of the digits that A'A itself loses.
 */
#ifndef STATS_TSQR_H
#define STATS_TSQR_H

#include <stddef.h>

#include "analyze/stats/wide.h"

struct stats_tsqr {
	size_t columns;
	size_t rows;	/* added so far */
	size_t pending; /* of these, not yet in r */
	wide *r;	/* columns x columns, row after row, upper triangular */
	wide *chunk;	/* the pending rows, column after column */
};

/* STATS_NO_MEMORY; free with stats_tsqr_clear(). */
int stats_tsqr_init(struct stats_tsqr *qr, size_t columns);
void stats_tsqr_clear(struct stats_tsqr *qr);

/* Add one row of qr->columns finite numbers. */
void stats_tsqr_add(struct stats_tsqr *qr, const wide *row);

/* Bring the pending rows into qr->r. More rows may follow. The diagonal may have any sign. */
void stats_tsqr_flush(struct stats_tsqr *qr);

/*
 * For an upper triangular n x n matrix at r with `stride` numbers a row:
 * x = R^-1 z; inverse = R^-1 (n x n, dense rows). The diagonal must not hold a zero.
 */
void stats_triangle_solve(wide *x, const wide *r, size_t n, size_t stride, const wide *z,
			  size_t z_stride);
void stats_triangle_invert(wide *inverse, const wide *r, size_t n, size_t stride);

/*
 * Ratio of the largest to the smallest singular value of R after each column is scaled to length 1
 * (Belsley, Kuh and Welsch 1980), by one-sided Jacobi rotations. Negative: STATS_NO_MEMORY.
 * Infinite for a zero column.
 */
int stats_triangle_condition(double *condition, const wide *r, size_t n, size_t stride);

#endif
