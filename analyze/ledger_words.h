/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger in a sentence: where most was lost, and which setting bears on it. */
#ifndef NB_LEDGER_WORDS_H
#define NB_LEDGER_WORDS_H

#include "common/text.h"
#include "schema/store.h"

/* Which setting bears on the losses of a stage, to follow "look at"; NULL for a stage that is no
 * loss. */
const char *ledger_advice(const char *stage);

/* Appends the sentence of some runs (a JSON array of ids) together; nothing when none of them has
 * a ledger. 0, or -1 with the reason. */
int ledger_sentence(struct nb_text *out, struct store *s, const char *ids, struct nb_err *err);

#endif
