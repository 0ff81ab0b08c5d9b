/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two figures of the same runs, made ready for stats/correlate.h.
 *
 * within: the samples of the steady windows. Each run's are centred on its own mean and divided by
 * its own standard deviation, so that runs are neither compared with each other (a sweep over the
 * rate would correlate everything with everything) nor outweighed by the one that scatters most
 * (between 1 k and 1 M packets/s, by a factor of a thousand). What is left is the mean of the
 * runs' own correlations; memory is sought within a run only.
 *
 * between: one point a configuration, the mean of its repeats. From RELATE_CONFIGS_MIN points on
 * there is a p value; from RELATE_CONFIGS_R on at least r (through two points it is always 1).
 */
#ifndef NB_RELATE_H
#define NB_RELATE_H

#include "analyze/stats/correlate.h"
#include "analyze/values.h"

enum { RELATE_CONFIGS_R = 3, RELATE_CONFIGS_MIN = 5, RELATE_SAMPLES_MIN = 4 };

typedef int relate_method(struct stats_correlation *out, const double *x, const double *y, size_t n,
			  const struct stats_correlate_options *options);

struct relate_how {
	relate_method *method;
	bool ranks;	      /* the method looks at ranks; with `given` this decides */
	enum stats_neff neff; /* within; configurations have no order in time */
	const size_t *given;  /* figures held still: partial correlation */
	size_t n_given;
};

/* Both return a status of stats/status.h: STATS_TOO_FEW, STATS_CONSTANT when one does not vary (or
 * the given explain it), STATS_RANK when a given does not. */
int relate_within(struct stats_correlation *out, const struct relate_how *how,
		  const struct samples *s, size_t n_runs, size_t x, size_t y);
int relate_between(struct stats_correlation *out, const struct relate_how *how,
		   const struct values *of_configs, size_t x, size_t y);

/* Centres n values that stand `stride` apart on their mean and divides them by their standard
 * deviation; STATS_CONSTANT. */
int relate_standardise(double *v, size_t stride, size_t n);

/* Does the figure vary: within any run, between configurations? Missing everywhere is false with
 * *missing set. */
bool varies_within(const struct samples *s, size_t n_runs, size_t figure, bool *missing);
bool varies_between(const struct values *of_configs, size_t figure, bool *missing);

#endif
