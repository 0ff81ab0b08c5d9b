// SPDX-License-Identifier: Apache-2.0
/*
 * What must hold of every method whatever the data: units do not matter, nor where zero is, nor
 * which side comes first, nor the order of points that have none; and where there is no answer, a
 * named condition and no number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/stats/bootstrap.h"
#include "analyze/stats/correlate.h"
#include "analyze/stats/huber.h"
#include "analyze/stats/knee.h"
#include "analyze/stats/lag.h"
#include "analyze/stats/loss.h"
#include "analyze/stats/mann_whitney.h"
#include "analyze/stats/mser.h"
#include "analyze/stats/ols.h"
#include "analyze/stats/quantile.h"
#include "analyze/stats/random.h"
#include "analyze/stats/status.h"
#include "analyze/stats/theil_sen.h"
#include "analyze/stats/welch.h"
#include "close.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

enum { N = 64 };

static double x[N], y[N], z[N];

typedef int correlate_fn(struct stats_correlation *out, const double *x, const double *y, size_t n,
			 const struct stats_correlate_options *options);
static correlate_fn *const correlations[] = {stats_pearson, stats_spearman, stats_kendall};

static int fill(void **state)
{
	struct stats_random r;
	size_t i;

	(void)state;
	stats_random_seed(&r, 77);
	for (i = 0; i < N; i++) {
		z[i] = stats_random_normal(&r);
		x[i] = 10 + 3 * stats_random_normal(&r) + z[i];
		y[i] = 5 + 0.5 * x[i] + stats_random_normal(&r) + z[i];
	}
	return 0;
}

/* a + b v; b a power of two and a a whole number, so that nothing is rounded much */
static void move(double *out, const double *v, double a, double b)
{
	size_t i;

	for (i = 0; i < N; i++)
		out[i] = a + b * v[i];
}

static void correlation_knows_no_units(void **state)
{
	struct stats_correlation a, b;
	double u[N], w[N];
	size_t i;

	(void)state;
	move(u, x, 1024, 4096);
	move(w, y, -7, -0.125);
	for (i = 0; i < COUNT(correlations); i++) {
		assert_int_equal(correlations[i](&a, x, y, N, NULL), STATS_OK);
		assert_int_equal(correlations[i](&b, u, w, N, NULL), STATS_OK);
		assert_close(b.r, -a.r, 1e-12);
		assert_close(b.p, a.p, 1e-9);
		assert_close(b.n_eff, a.n_eff, 1e-9);
		assert_close(b.ci_lo, -a.ci_hi, 1e-10);
	}
}

static void correlation_knows_no_sides(void **state)
{
	struct stats_correlation a, b;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(correlations); i++) {
		assert_int_equal(correlations[i](&a, x, y, N, NULL), STATS_OK);
		assert_int_equal(correlations[i](&b, y, x, N, NULL), STATS_OK);
		assert_close(b.r, a.r, 1e-15);
		assert_close(b.p, a.p, 1e-13);
	}
}

/* With independent pairs the order is no matter; and a series goes with itself at 1. */
static void independent_pairs_have_no_order(void **state)
{
	struct stats_correlate_options none = stats_correlate_default;
	struct stats_correlation a, b;
	double u[N], w[N];
	size_t i;

	(void)state;
	none.neff = STATS_NEFF_NONE;
	for (i = 0; i < N; i++) { /* 27 and 64 have no common factor */
		u[i] = x[i * 27 % N];
		w[i] = y[i * 27 % N];
	}
	for (i = 0; i < COUNT(correlations); i++) {
		assert_int_equal(correlations[i](&a, x, y, N, &none), STATS_OK);
		assert_int_equal(correlations[i](&b, u, w, N, &none), STATS_OK);
		assert_close(b.r, a.r, 1e-14);
		assert_close(b.p, a.p, 1e-11);
		assert_int_equal(correlations[i](&a, x, x, N, &none), STATS_OK);
		assert_close(a.r, 1, 1e-15);
	}
}

/* r of the textbook: (rxy - rxz ryz) / sqrt((1 - rxz^2)(1 - ryz^2)) with n - 3 degrees of freedom
 */
static void partial_correlation_is_the_textbooks(void **state)
{
	struct stats_correlate_options none = stats_correlate_default;
	struct stats_correlation xy, xz, yz, p, moved;
	double w[N];

	(void)state;
	none.neff = STATS_NEFF_NONE;
	stats_pearson(&xy, x, y, N, &none);
	stats_pearson(&xz, x, z, N, &none);
	stats_pearson(&yz, y, z, N, &none);
	assert_int_equal(stats_partial(&p, x, y, z, 1, N, 0, &none), STATS_OK);
	assert_close(p.r, (xy.r - xz.r * yz.r) / sqrt((1 - xz.r * xz.r) * (1 - yz.r * yz.r)),
		     1e-13);
	assert_close(p.df, N - 3, 0);
	move(w, z, 5, -1024);
	assert_int_equal(stats_partial(&moved, x, y, w, 1, N, 0, &none), STATS_OK);
	assert_close(moved.r, p.r, 1e-13);
	stats_spearman(&xy, x, y, N, &none);
	stats_spearman(&xz, x, z, N, &none);
	stats_spearman(&yz, y, z, N, &none);
	assert_int_equal(stats_partial(&p, x, y, z, 1, N, 1, &none), STATS_OK);
	assert_close(p.r, (xy.r - xz.r * yz.r) / sqrt((1 - xz.r * xz.r) * (1 - yz.r * yz.r)),
		     1e-12);
}

static void what_is_given_must_vary_and_must_leave_something(void **state)
{
	struct stats_correlation c;
	double flat[N], two[2 * N], same[N];
	size_t i;

	(void)state;
	for (i = 0; i < N; i++) {
		flat[i] = 3;
		two[2 * i] = z[i];
		two[2 * i + 1] = 2 * z[i] + 1;
		same[i] = 7 - 4 * x[i];
	}
	assert_int_equal(stats_partial(&c, x, y, flat, 1, N, 0, NULL), STATS_RANK);
	assert_int_equal(stats_partial(&c, x, y, two, 2, N, 0, NULL), STATS_RANK);
	assert_int_equal(stats_partial(&c, x, y, same, 1, N, 0, NULL), STATS_CONSTANT);
	assert_true(isnan(c.r) && isnan(c.p));
	assert_int_equal(stats_partial(&c, x, y, z, 1, 4, 0, NULL), STATS_OK);
	assert_int_equal(stats_partial(&c, x, y, z, 1, 3, 0, NULL), STATS_TOO_FEW);
}

static void deviations_may_be_taken_in_place(void **state)
{
	static const size_t length[] = {20, 44};
	const struct stats_blocks blocks = {length, 2};
	double apart[N], in_place[N];
	long double a, b;
	size_t i;

	(void)state;
	move(in_place, x, 0, 1);
	assert_int_equal(stats_deviations(apart, &a, x, N, blocks), STATS_OK);
	assert_int_equal(stats_deviations(in_place, &b, in_place, N, blocks), STATS_OK);
	assert_true(a >= b && b >= a);
	for (i = 0; i < N; i++)
		assert_close(in_place[i], apart[i], 0);
}

static void regression_follows_units_and_zero(void **state)
{
	struct stats_term a[2], b[2];
	struct stats_ols_fit fa, fb;
	struct stats_ols *p, *q;
	double u[N], w[N];

	(void)state;
	move(u, x, 16, 8);
	move(w, y, 100, 0.5);
	assert_int_equal(stats_ols_new(&p, 1, 1), STATS_OK);
	assert_int_equal(stats_ols_new(&q, 1, 1), STATS_OK);
	stats_ols_add_rows(p, x, y, N);
	stats_ols_add_rows(q, u, w, N);
	assert_int_equal(stats_ols_solve(&fa, a, p, 0.95), STATS_OK);
	assert_int_equal(stats_ols_solve(&fb, b, q, 0.95), STATS_OK);
	assert_close(b[1].estimate, a[1].estimate / 16, 1e-13);
	assert_close(b[1].t, a[1].t, 1e-12);
	assert_close(fb.r2, fa.r2, 1e-13);
	assert_close(fb.sigma, fa.sigma / 2, 1e-12);
	stats_ols_free(p);
	stats_ols_free(q);
}

static void comparison_is_the_same_from_either_side(void **state)
{
	struct stats_mann_whitney a, b;
	struct stats_shift s, t;
	struct stats_welch v, w;

	(void)state;
	assert_int_equal(stats_mann_whitney(&a, x, 12, y, 9, 80), STATS_OK);
	assert_int_equal(stats_mann_whitney(&b, y, 9, x, 12, 80), STATS_OK);
	assert_close(b.p, a.p, 1e-14);
	assert_close(a.u + b.u, 12 * 9, 0);
	assert_int_equal(stats_hodges_lehmann(&s, x, 12, y, 9, 0.95), STATS_OK);
	assert_int_equal(stats_hodges_lehmann(&t, y, 9, x, 12, 0.95), STATS_OK);
	assert_close(t.shift, -s.shift, 1e-14);
	assert_close(t.lo, -s.hi, 1e-14);
	assert_int_equal(stats_welch(&v, x, 12, y, 9, 0.95), STATS_OK);
	assert_int_equal(stats_welch(&w, y, 9, x, 12, 0.95), STATS_OK);
	assert_close(w.p, v.p, 1e-14);
	assert_close(w.ci_lo, -v.ci_hi, 1e-13);
}

/* The same input, the same bits: nothing is kept between calls. */
static void results_are_the_same_to_the_bit(void **state)
{
	struct stats_correlation a, b;
	struct stats_lag k, l;
	size_t i, again;

	(void)state;
	for (again = 0; again < 3; again++) {
		for (i = 0; i < COUNT(correlations); i++) {
			memset(&a, 0, sizeof(a));
			memset(&b, 0, sizeof(b));
			correlations[i](&a, x, y, N, NULL);
			correlations[i](&b, x, y, N, NULL);
			assert_memory_equal(&a, &b, sizeof(a));
		}
		memset(&k, 0, sizeof(k));
		memset(&l, 0, sizeof(l));
		stats_lead_lag(&k, x, y, N, 5, (struct stats_blocks){NULL, 0}, 0.95);
		stats_lead_lag(&l, x, y, N, 5, (struct stats_blocks){NULL, 0}, 0.95);
		assert_memory_equal(&k, &l, sizeof(k));
	}
}

/* --- where there is no answer --------------------------------------------------------------------
 */

static double bad_x[N], bad_y[N];

static int correlate_each(size_t n, double *value)
{
	struct stats_correlation c[3];
	int rc[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		rc[i] = correlations[i](&c[i], bad_x, bad_y, n, NULL);
		assert_int_equal(rc[i], rc[0]);
		assert_true(isnan(c[i].p) && isnan(c[i].ci_lo));
	}
	*value = c[0].r;
	return rc[0];
}

static int lag(size_t n, double *value)
{
	struct stats_lag l;
	int rc = stats_lead_lag(&l, bad_x, bad_y, n, 1, (struct stats_blocks){NULL, 0}, 0.95);

	*value = l.r;
	return rc;
}

static int ols(size_t n, double *value)
{
	struct stats_term terms[2] = {
		{STATS_NAN, 0, 0, 0, 0, 0},
		    {STATS_NAN, 0, 0, 0, 0, 0}
	      };
	struct stats_ols_fit fit;
	struct stats_ols *o;
	int rc;

	assert_int_equal(stats_ols_new(&o, 1, 1), STATS_OK);
	rc = stats_ols_add_rows(o, bad_x, bad_y, n);
	if (!rc)
		rc = stats_ols_solve(&fit, terms, o, 0.95);
	stats_ols_free(o);
	*value = terms[1].estimate;
	return rc;
}

static int huber(size_t n, double *value)
{
	struct stats_term terms[2];
	struct stats_huber_fit fit;
	int rc = stats_huber(&fit, terms, bad_x, bad_y, n, 1, 1, 0.95);

	*value = rc ? STATS_NAN : terms[1].estimate;
	return rc;
}

static int theil_sen(size_t n, double *value)
{
	struct stats_theil_sen t;
	int rc = stats_theil_sen(&t, bad_x, bad_y, n, 0.95, 1);

	*value = t.slope;
	return rc;
}

static int knee(size_t n, double *value)
{
	struct stats_knee k;
	int rc = stats_knee(&k, bad_x, bad_y, n, 0.95);

	*value = k.psi;
	return rc;
}

static int mser(size_t n, double *value)
{
	struct stats_mser m;
	int rc = stats_mser(&m, bad_x, n, 1);

	*value = m.statistic;
	return rc;
}

enum { NAN_IN, INF_IN, FLAT, CASES };

/* For each method: with a NaN, with an infinity, with an x that does not vary; and the n up to
 * which there are too few. */
static void no_answer_is_named(void **state)
{
	static const struct {
		const char *name;
		int (*method)(size_t n, double *value);
		int flat; /* STATS_OK: it has an answer */
		size_t too_few;
	} methods[] = {
		{"correlations", correlate_each, STATS_CONSTANT, 1},
		{"lag",		lag,	     STATS_CONSTANT, 2},
		{"ols",		ols,	     STATS_RANK,	 1},
		{"huber",	  huber,		 STATS_RANK,     1},
		{"theil_sen",    theil_sen,	 STATS_CONSTANT, 2},
		{"knee",	 knee,	       STATS_TOO_FEW,  4},
		{"mser",	 mser,	       STATS_OK,	 3},
	};
	size_t m, n;
	int c;

	(void)state;
	for (m = 0; m < COUNT(methods); m++) {
		for (c = 0; c < CASES; c++) {
			double value = 0;
			int rc, wanted = c == FLAT ? methods[m].flat : STATS_DOMAIN;

			move(bad_x, x, 0, c == FLAT ? 0 : 1);
			move(bad_y, y, 0, 1);
			bad_x[N / 2] = c == NAN_IN   ? (double)NAN
				       : c == INF_IN ? HUGE_VAL
						     : bad_x[0];
			if (c != FLAT)
				bad_x[0] = x[0];
			rc = methods[m].method(N, &value);
			if (rc != wanted || (rc && !isnan(value)))
				fail_msg("%s, case %d: %s, %g", methods[m].name, c,
					 stats_status_text(rc), value);
		}
		move(bad_x, x, 0, 1);
		for (n = 0; n <= methods[m].too_few; n++) {
			double value = 0;
			int rc = methods[m].method(n, &value);

			if (rc != STATS_TOO_FEW || !isnan(value))
				fail_msg("%s, n = %zu: %s, %g", methods[m].name, n,
					 stats_status_text(rc), value);
		}
	}
}

static void sides_without_runs_are_named(void **state)
{
	const double gap[] = {1, (double)NAN, 2}, inf[] = {1, HUGE_VAL, 2}, flat[] = {4, 4, 4};
	struct stats_mann_whitney u;
	struct stats_shift s;
	struct stats_welch w;
	double median, q = 0.5;

	(void)state;
	assert_int_equal(stats_mann_whitney(&u, x, 0, y, 3, 80), STATS_TOO_FEW);
	assert_true(isnan(u.p));
	assert_int_equal(stats_mann_whitney(&u, gap, 3, y, 3, 80), STATS_DOMAIN);
	assert_int_equal(stats_mann_whitney(&u, inf, 3, y, 3, 80), STATS_DOMAIN);
	assert_int_equal(stats_mann_whitney(&u, flat, 3, flat, 2, 80), STATS_CONSTANT);
	assert_close(u.p, 1, 0);
	assert_int_equal(stats_hodges_lehmann(&s, x, 3, y, 0, 0.95), STATS_TOO_FEW);
	assert_true(isnan(s.shift) && isnan(s.lo));
	assert_int_equal(stats_hodges_lehmann(&s, gap, 3, y, 3, 0.95), STATS_DOMAIN);
	assert_int_equal(stats_welch(&w, x, 1, y, 3, 0.95), STATS_TOO_FEW);
	assert_true(isnan(w.p));
	assert_int_equal(stats_welch(&w, flat, 3, flat, 2, 0.95), STATS_CONSTANT);
	assert_int_equal(stats_welch(&w, inf, 3, y, 3, 0.95), STATS_DOMAIN);
	assert_int_equal(stats_quantiles(&median, &q, 1, x, 0), STATS_TOO_FEW);
	assert_true(isnan(median));
}

static void autoregression(double *v, size_t n, double phi, struct stats_random *r)
{
	size_t i;

	v[0] = stats_random_normal(r) / sqrt(1 - phi * phi);
	for (i = 1; i < n; i++)
		v[i] = phi * v[i - 1] + stats_random_normal(r);
}

/* Two independent series with a memory of 0.9: at 0.05 one in twenty may look correlated. */
static void memory_alone_is_not_found_in_4000_tries(void **state)
{
	enum { LENGTH = 300, TRIES = 4000 };
	static double u[LENGTH], w[LENGTH];
	struct stats_correlation c;
	struct stats_random r;
	int i, found = 0;

	(void)state;
	stats_random_seed(&r, 20261122);
	for (i = 0; i < TRIES; i++) {
		autoregression(u, LENGTH, 0.9, &r);
		autoregression(w, LENGTH, 0.9, &r);
		assert_int_equal(stats_pearson(&c, u, w, LENGTH, NULL), STATS_OK);
		found += c.p < 0.05;
	}
	print_message("found in %.2f %%\n", 100.0 * found / TRIES);
	assert_in_range(found, TRIES * 3 / 100, TRIES * 7 / 100);
}

/* A knee at 2.5 in 0.1 .. 5 with noise in proportion: how far off it is found. */
static double knee_error(size_t n, double noise, double after, int tries)
{
	struct stats_random r;
	struct stats_knee k;
	double u[N], w[N], squares = 0;
	size_t i;
	int t;

	stats_random_seed(&r, 7);
	for (t = 0; t < tries; t++) {
		for (i = 0; i < n; i++) {
			u[i] = 0.1 + 4.9 * (double)i / (double)(n - 1);
			w[i] = fmin(u[i], 2.5) + after * fmax(u[i] - 2.5, 0);
			w[i] *= 1 + noise * stats_random_normal(&r);
		}
		assert_int_equal(stats_knee(&k, u, w, n, 0.95), STATS_OK);
		squares += (k.psi - 2.5) * (k.psi - 2.5);
	}
	return sqrt(squares / tries);
}

static void the_knee_is_found_as_well_as_published(void **state)
{
	/* root mean square errors of a continuous two-segment fit; a quarter is allowed for where
	 * the points lie, and for the number of tries */
	static const struct {
		size_t n;
		double noise, after, error;
		int tries;
	} cases[] = {
		{12, 0.02, 0,    0.053, 120},
		   {24, 0.02, 0,	 0.033, 120},
		{24, 0.05, 0,    0.088, 120},
		{60, 0.05, 0,    0.073, 40 },
		   {24, 0.02, -0.1, 0.031, 80 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		double error =
			knee_error(cases[i].n, cases[i].noise, cases[i].after, cases[i].tries);

		print_message("n %zu, noise %g: %.3f\n", cases[i].n, cases[i].noise, error);
		if (!(error < 1.25 * cases[i].error))
			fail_msg("n %zu, noise %g: %.3f", cases[i].n, cases[i].noise, error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(correlation_knows_no_units),
		cmocka_unit_test(correlation_knows_no_sides),
		cmocka_unit_test(independent_pairs_have_no_order),
		cmocka_unit_test(partial_correlation_is_the_textbooks),
		cmocka_unit_test(what_is_given_must_vary_and_must_leave_something),
		cmocka_unit_test(deviations_may_be_taken_in_place),
		cmocka_unit_test(regression_follows_units_and_zero),
		cmocka_unit_test(comparison_is_the_same_from_either_side),
		cmocka_unit_test(results_are_the_same_to_the_bit),
		cmocka_unit_test(no_answer_is_named),
		cmocka_unit_test(sides_without_runs_are_named),
		cmocka_unit_test(memory_alone_is_not_found_in_4000_tries),
		cmocka_unit_test(the_knee_is_found_as_well_as_published),
	};

	return cmocka_run_group_tests(tests, fill, NULL);
}
