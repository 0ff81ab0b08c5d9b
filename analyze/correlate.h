/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of nbanalyze correlate: what was asked, what was found, and how it is shown. */
#ifndef NB_CORRELATE_H
#define NB_CORRELATE_H

#include "analyze/relate.h"
#include "analyze/relate_lag.h"
#include "analyze/rows.h"

struct correlate_asked {
	const char *metrics, *given, *method, *scope, *adjust, *neff;
	int64_t max_lag_ns;
	bool lag; /* --lag was there */
	bool all, matrix, explain;
	uint64_t top;
};

struct relation {
	size_t x, y;
	struct stats_correlation c;
	double p_adj;
	double lag_s; /* above 0: x moves first and y follows */
	double r_raw; /* with a lag: before memory was filtered out */
};

/* What one scope has found: strongest first. */
struct relations {
	const char *scope;
	struct relation *v;
	size_t n;
};

/* All that the parts share. */
struct correlate_job {
	struct cli *cli;
	const struct correlate_asked *asked;
	struct notes notes;
	const struct runs *runs;
	struct figure_context context;
	size_t *figures, n_figures;
	bool named; /* by --metrics */
	struct relate_how how;
	struct relations scopes[2];
	size_t n_scopes;
};

/* Computes the scopes that were asked for, with notes on what is missing. */
int correlate_compute(struct correlate_job *j, struct store *s);

/* Print what was found; correlate_rows() with sentences where asked. Both end the notes. */
void correlate_rows(struct correlate_job *j);
void correlate_matrix(struct correlate_job *j);

#endif
