// SPDX-License-Identifier: Apache-2.0
/*
 * Continuous two-segment regression. Between two neighbouring values of x the best psi is where the
 * lines fitted to either side meet, if they meet there; else it is one of the two values. So a
 * finite list of candidates holds the global minimum.
 */
#include "analyze/stats/knee.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/dist.h"
#include "analyze/stats/quantile.h"
#include "analyze/stats/status.h"

struct curve {
	const double *x, *y;
	size_t n;
	double *knots; /* the values of x that differ, ascending */
	size_t n_knots;
	double confidence;
};

/* What a fit with the bend at psi gives. */
struct bent {
	struct stats_ols_fit fit;
	struct stats_term terms[4]; /* intercept, s1, s2, and what psi itself would move */
	long double at_psi;
};

/* Fit with `columns` of: min(x, psi), max(x - psi, 0), bend where x > psi. */
static int fit_bent(struct bent *out, const struct curve *c, double psi, size_t columns,
		    double bend)
{
	struct stats_ols *ols;
	long double row[3], p = (long double)psi;
	size_t i;
	int ret = stats_ols_new(&ols, columns, 1);

	for (i = 0; i < c->n && !ret; i++) {
		long double x = (long double)c->x[i];

		row[0] = fminl(x, p);
		row[1] = fmaxl(x - p, 0);
		row[2] = x > p ? (long double)bend : 0;
		ret = stats_ols_add(ols, row, (long double)c->y[i]);
	}
	if (!ret)
		ret = stats_ols_solve(&out->fit, out->terms, ols, c->confidence);
	if (!ret) {
		row[0] = p;
		row[1] = row[2] = 0;
		out->at_psi = stats_ols_predict(ols, row);
	}
	stats_ols_free(ols);
	return ret;
}

static double rss_at(const struct curve *c, double psi)
{
	struct bent bent;

	return fit_bent(&bent, c, psi, 2, 0) ? HUGE_VAL : bent.fit.rss;
}

/* The line through the points on one side of a gap between knots: level at the gap, and slope. */
static int fit_side(long double *level, long double *slope, const struct curve *c, double gap,
		    int right)
{
	long double n = 0, mx = 0, my = 0, sxx = 0, sxy = 0;
	size_t i;

	for (i = 0; i < c->n; i++) {
		if ((c->x[i] > gap) != right)
			continue;
		n += 1;
		mx += (long double)c->x[i] - (long double)gap;
		my += (long double)c->y[i];
	}
	mx /= n;
	my /= n;
	for (i = 0; i < c->n; i++) {
		long double dx = (long double)c->x[i] - (long double)gap - mx;

		if ((c->x[i] > gap) != right)
			continue;
		sxx += dx * dx;
		sxy += dx * ((long double)c->y[i] - my);
	}
	*slope = sxy / sxx;
	*level = my - *slope * mx; /* at the gap */
	return sxx > 0;
}

/* Where the lines of the two sides of the gap after knot k meet, if inside it; else NaN. */
static double meeting_point(const struct curve *c, size_t k)
{
	long double left, s1, right, s2, at;

	if (!fit_side(&left, &s1, c, c->knots[k], 0) || !fit_side(&right, &s2, c, c->knots[k], 1))
		return STATS_NAN;
	at = (long double)c->knots[k] + (right - left) / (s1 - s2);
	if (!(at > (long double)c->knots[k] && at < (long double)c->knots[k + 1]))
		return STATS_NAN;
	return (double)at;
}

/* The candidate with the least rss; rss[k] is that with the bend at knot k. */
static double best_psi(double *least, double *rss, const struct curve *c)
{
	double psi = STATS_NAN;
	size_t k;

	*least = HUGE_VAL;
	for (k = 1; k + 1 < c->n_knots; k++) {
		double at, value;

		rss[k] = rss_at(c, c->knots[k]);
		if (rss[k] < *least) {
			*least = rss[k];
			psi = c->knots[k];
		}
		at = k + 2 < c->n_knots ? meeting_point(c, k) : STATS_NAN;
		value = isnan(at) ? HUGE_VAL : rss_at(c, at);
		if (value < *least) {
			*least = value;
			psi = at;
		}
	}
	return psi;
}

/* rss passes the limit between `in`, where it is below, and `out`. */
static double crossing(const struct curve *c, double in, double out, double limit)
{
	int i;

	for (i = 0; i < 50; i++) {
		double middle = in + (out - in) / 2;

		if (rss_at(c, middle) <= limit)
			in = middle;
		else
			out = middle;
	}
	return in;
}

/* The outermost psi whose rss is within the limit; NaN where the knots end before that. */
static void find_interval(struct stats_knee *out, const double *rss, const struct curve *c)
{
	double t = stats_t_quantile(1 - (1 - c->confidence) / 2, (double)out->df);
	double limit = out->rss * (1 + t * t / (double)out->df);
	size_t first = 1, last = c->n_knots - 2;

	while (first <= last && c->knots[first] < out->psi && !(rss[first] <= limit))
		first++;
	while (last >= first && c->knots[last] > out->psi && !(rss[last] <= limit))
		last--;
	if (first > 1)
		out->psi_lo =
			crossing(c, fmin(c->knots[first], out->psi), c->knots[first - 1], limit);
	if (last < c->n_knots - 2)
		out->psi_hi =
			crossing(c, fmax(c->knots[last], out->psi), c->knots[last + 1], limit);
}

/*
 * Muggeo's score test: the line and one more column, the mean of max(x - psi, 0) over all knots. A
 * fixed column, so its t is exact, however psi would be chosen.
 */
static int test_existence(struct stats_knee *out, const struct curve *c)
{
	struct stats_ols_fit fit;
	struct stats_term terms[3];
	struct stats_ols *ols;
	size_t i, k;
	int ret = stats_ols_new(&ols, 2, 1);

	for (i = 0; i < c->n && !ret; i++) {
		long double row[2] = {(long double)c->x[i], 0};

		for (k = 1; k + 1 < c->n_knots; k++)
			row[1] += fmaxl(row[0] - (long double)c->knots[k], 0);
		ret = stats_ols_add(ols, row, (long double)c->y[i]);
	}
	if (!ret)
		ret = stats_ols_solve(&fit, terms, ols, c->confidence);
	if (!ret)
		out->p_exists = terms[2].p;
	stats_ols_free(ols);
	return ret;
}

/* Slopes with their errors, allowing for psi having been estimated. */
static int conclude(struct stats_knee *out, const struct curve *c)
{
	struct bent bent;
	double bend, df = (double)out->df;
	int ret = fit_bent(&bent, c, out->psi, 2, 0);

	if (ret)
		return ret;
	out->before = bent.terms[1];
	out->after = bent.terms[2];
	out->y_at_psi = (double)bent.at_psi;
	out->r2 = bent.fit.r2;
	bend = out->before.estimate - out->after.estimate;
	ret = fit_bent(&bent, c, out->psi, 3, bend);
	if (ret == STATS_RANK || (!ret && !(fabs(bend) > 0))) {
		/* one value of x beyond psi: the slopes stand, their errors do not exist */
		out->before.se = out->after.se = out->psi_se = STATS_NAN;
		ret = STATS_OK;
	} else if (!ret) {
		double ratio = out->sigma / bent.fit.sigma;

		out->before.se = bent.terms[1].se * ratio;
		out->after.se = bent.terms[2].se * ratio;
		out->psi_se = bent.terms[3].se * ratio;
	}
	stats_term_conclude(&out->before, df, c->confidence);
	stats_term_conclude(&out->after, df, c->confidence);
	return ret;
}

static int prepare(struct curve *c)
{
	size_t i, m = 0;
	int varies = 0;

	if (!(c->confidence > 0 && c->confidence < 1))
		return STATS_DOMAIN;
	for (i = 0; i < c->n; i++) {
		if (!isfinite(c->x[i]) || !isfinite(c->y[i]))
			return STATS_DOMAIN;
		varies |= c->y[i] < c->y[0] || c->y[i] > c->y[0];
	}
	memcpy(c->knots, c->x, c->n * sizeof(*c->knots));
	stats_sort(c->knots, c->n);
	for (i = 0; i < c->n; i++)
		if (!m || c->knots[i] > c->knots[m - 1])
			c->knots[m++] = c->knots[i];
	c->n_knots = m;
	if (m < 4 || c->n < 5)
		return STATS_TOO_FEW;
	return varies ? STATS_OK : STATS_CONSTANT;
}

static void clear(struct stats_knee *out, size_t n)
{
	const struct stats_term none = {STATS_NAN, STATS_NAN, STATS_NAN,
					STATS_NAN, STATS_NAN, STATS_NAN};

	*out = (struct stats_knee){
		.n = n,
		.df = n > 4 ? n - 4 : 0,
		.psi = STATS_NAN,
		.psi_se = STATS_NAN,
		.psi_lo = STATS_NAN,
		.psi_hi = STATS_NAN,
		.y_at_psi = STATS_NAN,
		.before = none,
		.after = none,
		.rss = STATS_NAN,
		.sigma = STATS_NAN,
		.r2 = STATS_NAN,
		.p_exists = STATS_NAN,
	};
}

int stats_knee(struct stats_knee *out, const double *x, const double *y, size_t n,
	       double confidence)
{
	struct curve c = {.x = x, .y = y, .n = n, .confidence = confidence};
	double *rss = calloc(n + 1, sizeof(*rss));
	int ret = STATS_NO_MEMORY;

	clear(out, n);
	c.knots = calloc(n + 1, sizeof(*c.knots));
	if (!rss || !c.knots)
		goto cleanup;
	ret = prepare(&c);
	if (ret)
		goto cleanup;
	out->psi = best_psi(&out->rss, rss, &c);
	out->sigma = sqrt(out->rss / (double)out->df);
	ret = conclude(out, &c);
	if (!ret)
		ret = test_existence(out, &c);
	if (ret)
		goto cleanup;
	find_interval(out, rss, &c);
	out->livelock =
		out->p_exists < 1 - confidence && out->before.estimate > 0 && out->after.ci_hi < 0;
cleanup:
	free(rss);
	free(c.knots);
	return ret;
}
