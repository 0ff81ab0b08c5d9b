/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the functions of stats/ return: 0, or one of these. On an error every floating-point member
 * of the result that could not be computed is NaN; nothing is guessed.
 */
#ifndef STATS_STATUS_H
#define STATS_STATUS_H

#include <math.h>

enum stats_status {
	STATS_OK = 0,
	STATS_TOO_FEW = -1,  /* fewer observations than the quantity needs */
	STATS_CONSTANT = -2, /* an input does not vary: the quantity does not exist */
	STATS_DOMAIN = -3,   /* NaN or infinity in the data, or a parameter out of range */
	STATS_NO_MEMORY = -4,
	STATS_RANK = -5,	  /* a column is a linear combination of those before it */
	STATS_NOT_CONVERGED = -6, /* the best values so far are in the result */
};

/* In words, for a message: "the data do not vary". Never NULL. */
const char *stats_status_text(int status);

#define STATS_NAN ((double)NAN)

#endif
