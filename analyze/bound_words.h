/* SPDX-License-Identifier: Apache-2.0 */
/* What a bound says in sentences: one of a curve, and one of each finding (--explain). All are
 * appended to `out`. */
#ifndef NB_BOUND_WORDS_H
#define NB_BOUND_WORDS_H

#include "analyze/bound.h"

/* ": bound from 400 k on, where 282 k arrived: the backlog …; from 800 k on: …", behind the words
 * of the curve. */
void bound_say(struct nb_text *out, const struct bound *b);

void bound_say_level(struct nb_text *out, const struct bound_level *l, size_t n_runs);
/* `value`: of the knee, or up to where there is none. */
void bound_say_knee(struct nb_text *out, const struct stats_knee *k, double value);
/* "WHAT 318 k (95 % interval … by …; 3 runs)." */
void bound_say_figure(struct nb_text *out, const struct bound_figure *f, const char *what);
void bound_say_cause(struct nb_text *out, const struct bound *b, size_t i);

#endif
