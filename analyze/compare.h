/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of nbanalyze compare: figures of two sides, cell by cell, and how they are shown. */
#ifndef NB_COMPARE_H
#define NB_COMPARE_H

#include "analyze/gate.h"
#include "analyze/rows.h"
#include "analyze/sides.h"
#include "analyze/stats/adjust.h"
#include "analyze/values.h"

struct compare_asked {
	const char *metrics, *interval, *adjust;
	struct opt_texts fail_if;
	uint64_t seed;
	bool strict, explain;
};

/* One figure in one cell. Changes are of B against A, as a share of A. */
struct comparison {
	size_t cell, figure;
	double *a, *b; /* a value a run */
	size_t n_a, n_b;
	double median_a, median_b;
	double delta;	     /* of the medians; NaN when A's is 0 */
	double ci_lo, ci_hi; /* NaN: too few runs for 95 % */
	double p, p_adj;     /* NaN: a side has none */
	bool exact;
};

struct compare_job {
	struct cli *cli;
	const struct compare_asked *asked;
	const char *name[2]; /* the sides as they were written */
	const struct runs *runs;
	struct sides sides;
	struct values values; /* of runs */
	size_t *figures, n_figures;
	struct comparison *v;
	size_t n;
	struct gate *gates;
	size_t n_gates;
	struct notes notes;
};

/* Computes everything but the gates. `cli`, `asked`, `name` and `runs` are set. Says why not
 * otherwise; free with compare_free() in any case. */
int compare_make(struct compare_job *j, struct store *s);
void compare_free(struct compare_job *j); /* not the runs */

/* The comparison of a figure in a cell; free with comparison_free(). */
struct comparison comparison_make(const struct compare_job *j, size_t cell, size_t figure);
void comparison_free(struct comparison *c);

/* Are there so many runs that a change could be shown, were it large? */
bool comparison_can_show(const struct compare_job *j, const struct comparison *c);
/* Is a change shown? */
bool comparison_shown(const struct comparison *c);
/* "~", "better", "worse", and "more", "less" where neither is better. */
const char *comparison_word(const struct comparison *c);

/* The ids of a side's runs, for people. */
void compare_run_ids(struct nb_text *t, const struct compare_job *j, int side);

/* Prints differences of the sides, the rows and the notes. */
void compare_print(struct compare_job *j);

/* Judges the gates: 0, or the error of the exit code; a note for each. */
int compare_gates(struct compare_job *j);

#endif
