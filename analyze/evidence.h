/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was counted along the path in some runs: the ledger's stages and the counters around it,
 * added up. What no run has is NaN, never 0.
 */
#ifndef NB_EVIDENCE_H
#define NB_EVIDENCE_H

#include "analyze/runs.h"

struct evidence {
	struct evidence_cell {
		char *what;   /* ROLE.COUNTER, or a ledger's stage */
		int instance; /* a CPU or a queue; 0 where there is but one */
		double value;
		size_t n; /* runs in it */
	} * cell;
	size_t n;
	int *cores[2]; /* of the senders, of the receivers; each once */
	size_t n_cores[2];
	double seconds; /* all runs' effective times */
};
enum evidence_end { END_SENDER, END_RECEIVER };

/* All that the commands need of some runs. */
struct evidence_of_runs {
	struct evidence *config; /* of each config of the runs: its repeats together */
	size_t n_configs;
	struct evidence *run; /* of each run */
	size_t n_runs;
	double *offered, *delivered; /* packets of each run, NaN */
};
int evidence_load(struct evidence_of_runs *out, struct store *s, const struct runs *runs,
		  struct nb_err *err);
void evidence_of_runs_free(struct evidence_of_runs *e);

/* The sum over instances; NaN when nobody counted it. */
double evidence_sum(const struct evidence *e, const char *what);
/* The mean over runs of a level or a setting. */
double evidence_mean(const struct evidence *e, const char *what);
/* Of one instance; NaN. */
double evidence_at(const struct evidence *e, const char *what, int instance);
/* The instance with most of it; -1 when nobody counted any. */
int evidence_most(const struct evidence *e, const char *what);
/* The largest over the mean of the instances that were used; NaN below two. */
double evidence_imbalance(const struct evidence *e, const char *what);

/* Share of time, 0 to 1, that a CPU of an end's host spent so: part is cpu_busy, cpu_softirq or
 * cpu_steal; NaN. */
double evidence_cpu(const struct evidence *e, enum evidence_end end, const char *part, int cpu);
/* The mean of that over an end's own cores. */
double evidence_own(const struct evidence *e, enum evidence_end end, const char *part);
/* The sum of a CPU's counter over an end's own cores; NaN. */
double evidence_own_sum(const struct evidence *e, enum evidence_end end, const char *counter);

#endif
