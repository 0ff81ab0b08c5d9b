/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Curves that are drawn into one picture: equal in all but the rate and either the senders' cores
 * or the frame size. Whatever else differs, the generator above all, is never told by colour alone.
 */
#ifndef NB_PLOT_FAMILY_H
#define NB_PLOT_FAMILY_H

#include "analyze/runs.h"

enum { FAMILY_MAX = 8 }; /* as many as can be told apart */

enum family_by { BY_NOTHING, BY_CORES, BY_SIZE };

struct family {
	const struct curve *curve[FAMILY_MAX];
	size_t n;
	enum family_by by; /* in what they differ; BY_NOTHING: it is one */
};

struct families {
	struct family *v;
	size_t n;
};

/* Every curve is in one family: with others of other cores or else of other sizes, or alone. The
 * runs stay the caller's. */
void families_make(struct families *out, const struct runs *runs);
void families_free(struct families *f);

/* The family that begins with this curve; NULL: it is within another's. */
const struct family *families_at(const struct families *f, const struct curve *c);

/* "2 cores (2,4)", "512-byte frames"; "" for the only one. */
void family_name(struct nb_text *out, const struct runs *runs, const struct family *f, size_t i);

/* What all of them have in common, in words. */
void family_words(struct nb_text *out, const struct runs *runs, const struct family *f);

/* The ids of their runs for people. */
void family_ids_text(struct nb_text *out, const struct runs *runs, const struct family *f);

#endif
