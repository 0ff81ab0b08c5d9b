/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conditions of --fail-if:
 *
 *   METRIC.STATISTIC OP NUMBER[%]     receiver.rx_pps.median < -2%     receiver.loss_ratio.max >
 * 0.001 regressed(METRIC[, min=PERCENT%][, alpha=A])
 *
 * STATISTIC: median, mean, min, max, or p1 … p99 (a quantile of the runs). OP: < <= > >=. With % it
 * is the change from A to B in percent of A, and fails when the change is also shown at 0.05;
 * without, it is B's value as it is. regressed: worse, in the direction that the metric calls
 * worse, by more than `min` percent (0) of the medians, and shown at `alpha` (0.05).
 */
#ifndef NB_GATE_H
#define NB_GATE_H

#include "analyze/figure.h"

enum gate_result { GATE_PASSED, GATE_FAILED, GATE_INCONCLUSIVE };

struct gate {
	const char *text; /* as written */
	size_t figure;
	double quantile; /* of the statistic; NaN: the mean */
	bool above, or_equal, change;
	double limit; /* 0.02 for 2% */
	double alpha; /* a change must be shown at it */
};

/* NB_USAGE with what is wrong; `text` must outlive the gate. */
int gate_parse(struct gate *out, const char *text, struct nb_err *err);

/* The statistic of runs; NaN when there is none. */
double gate_statistic(const struct gate *g, const double *v, size_t n);

/* The figure that is held against the limit: the change, or B's statistic. */
double gate_value(const struct gate *g, const double *a, size_t n_a, const double *b, size_t n_b);

/* `p` is that of the difference of A and B; only for a change. Inconclusive: beyond the limit, but
 * not shown. */
enum gate_result gate_judge(const struct gate *g, double value, double p);

#endif
