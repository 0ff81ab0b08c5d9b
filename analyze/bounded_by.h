/* SPDX-License-Identifier: Apache-2.0 */
/* What bounded the traffic of a curve, in one sentence. */
#ifndef NB_BOUNDED_BY_H
#define NB_BOUNDED_BY_H

#include "analyze/values.h"
#include "common/text.h"

/*
 * Appends the sentence for one curve (runs that are equal in all but the rate): up to which rate
 * all that was asked arrived, and what stopped it beyond: the source, or the place where most was
 * lost. Nothing when no run of it had a target rate. `of_runs` are the figures of its runs.
 */
int bounded_by(struct nb_text *out, struct store *s, const struct runs *runs,
	       const struct curve *curve, const struct values *of_runs, struct nb_err *err);

#endif
