/* SPDX-License-Identifier: Apache-2.0 */
/* The reasons of a verdict in words: what they say of a run, and what to do. The rules are in
 * collector/verdict.c, the list in docs/methodology.md. */
#ifndef NB_REASON_H
#define NB_REASON_H

#include "common/text.h"

/* NULL: a code that this version does not know. */
const char *reason_advice(const char *code);

/* "burst_limited 38.2 (limit 2): the source was bursty…". NaN: it has no value, or no limit. */
void reason_text(struct nb_text *out, const char *code, double value, double limit);

#endif
