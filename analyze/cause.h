/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can bind a path: a table. A cause claims the packets that are missing at a stage (of the
 * ledger, or those that were asked and never offered), as far as the counters around it speak for
 * it; several causes may claim the same stage with different right.
 */
#ifndef NB_CAUSE_H
#define NB_CAUSE_H

#include "analyze/evidence.h"

struct cause {
	const char *code;    /* a word for programs: rcvbuf */
	const char *stage;   /* of the ledger, or not_offered */
	const char *counter; /* the counter that moves, as it is named in the store */
	const char *unit;    /* of what `value` returns */
	/* How well the counters speak for it, 0 to 1, where packets are missing at its stage. */
	double (*right)(const struct evidence *e);
	double (*value)(const struct evidence *e); /* of the counter at one rate; NaN */
	/* What was seen, and after a semicolon what to do about it. */
	void (*say)(struct nb_text *out, const struct evidence *e);
};

/* NULL behind the last. */
const struct cause *cause_at(size_t i);

#endif
