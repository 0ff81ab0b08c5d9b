// SPDX-License-Identifier: Apache-2.0
/*
 * Welch's t test and interval, and equivalence by two one-sided tests.
 */
#include "analyze/stats/welch.h"

#include <math.h>

#include "analyze/stats/dist.h"
#include "analyze/stats/status.h"

int stats_welch(struct stats_welch *out, const double *a, size_t n_a, const double *b, size_t n_b,
		double confidence)
{
	double va, vb, half;
	int ret_a, ret_b;

	*out = (struct stats_welch){
		.difference = STATS_NAN,
		.se = STATS_NAN,
		.t = STATS_NAN,
		.df = STATS_NAN,
		.p = STATS_NAN,
		.ci_lo = STATS_NAN,
		.ci_hi = STATS_NAN,
	};
	ret_a = stats_describe(&out->a, a, n_a, confidence);
	ret_b = stats_describe(&out->b, b, n_b, confidence);
	if (ret_a || ret_b)
		return ret_a ? ret_a : ret_b;
	out->difference = out->a.mean - out->b.mean;
	if (out->a.n < 2 || out->b.n < 2)
		return STATS_TOO_FEW;
	va = out->a.variance / (double)out->a.n;
	vb = out->b.variance / (double)out->b.n;
	if (!(va + vb > 0))
		return STATS_CONSTANT;
	out->se = sqrt(va + vb);
	out->t = out->difference / out->se;
	out->df = (va + vb) * (va + vb) /
		  (va * va / (double)(out->a.n - 1) + vb * vb / (double)(out->b.n - 1));
	out->p = stats_t_two_sided(out->t, out->df);
	half = -stats_t_quantile((1 - confidence) / 2, out->df) * out->se;
	out->ci_lo = out->difference - half;
	out->ci_hi = out->difference + half;
	return STATS_OK;
}

double stats_welch_within(const struct stats_welch *w, double lo, double hi)
{
	double above_lo, below_hi;

	if (!(lo < hi) || isnan(w->t))
		return STATS_NAN;
	above_lo = stats_t_upper((w->difference - lo) / w->se, w->df);
	below_hi = stats_t_cdf((w->difference - hi) / w->se, w->df);
	return fmax(above_lo, below_hi);
}
