// SPDX-License-Identifier: Apache-2.0
/*
 * Least squares against NIST's linear sets (with the digits that must be reached), R 4.2.2 (lm),
 * and exact rational arithmetic for a clock as x, where most programs fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/ols.h"
#include "analyze/stats/status.h"
#include "close.h"
#include "golden_data.h"
#include "strd_linear.h"

#define COUNT(a)  (sizeof(a) / sizeof(*(a)))
#define MAX_TERMS 11

/* Digits that the worst coefficient and the worst standard error must have. */
static const struct {
	const char *name;
	double coef, se;
} digits[] = {
	{"Norris",   13.9, 13.5},
	  {"Pontius",  13.4, 13.5},
	    {"NoInt1",   14.5, 14.5},
	{"NoInt2",   14.5, 14.5},
	  {"Filip",    11,	10.5},
	    {"Longley",	14.5, 14.5},
	{"Wampler1", 12.9, 10.5},
	  {"Wampler2", 13.1, 10.5},
	    {"Wampler3", 12.7, 14.3},
	{"Wampler4", 12,	 14.3},
	  {"Wampler5", 10,   14.3},
};

static struct stats_ols *fill(const struct strd_linear *set)
{
	size_t n_x = set->n_coef - (size_t)set->intercept, t, i;
	struct stats_ols *ols;

	assert_int_equal(stats_ols_new(&ols, n_x, set->intercept), STATS_OK);
	for (t = 0; t < set->n; t++) {
		wide row[MAX_TERMS], power = wide_of(1);

		for (i = 0; i < n_x; i++) {
			power = wide_mul(power, wide_of((long double)set->x[t * set->n_x]));
			row[i] = set->n_x == 1 ? power : wide_of((long double)set->x[t * n_x + i]);
		}
		assert_int_equal(stats_ols_add_wide(ols, row, wide_of((long double)set->y[t])),
				 STATS_OK);
	}
	return ols;
}

static void check_set(const struct strd_linear *set, double coef_digits, double se_digits)
{
	struct stats_term terms[MAX_TERMS];
	struct stats_ols_fit fit;
	struct stats_ols *ols = fill(set);
	size_t i;

	assert_int_equal(stats_ols_solve(&fit, terms, ols, 0.95), STATS_OK);
	assert_int_equal(fit.n, set->n);
	assert_int_equal(fit.terms, set->n_coef);
	assert_int_equal(fit.df, set->n - set->n_coef);
	for (i = 0; i < set->n_coef; i++) {
		if (digits_agreed(terms[i].estimate, set->coef[i]) < coef_digits)
			fail_msg("%s b%zu: %.17g", set->name, i, terms[i].estimate);
		if (set->se[i] > 0 && digits_agreed(terms[i].se, set->se[i]) < se_digits)
			fail_msg("%s se%zu: %.17g", set->name, i, terms[i].se);
	}
	assert_close(fit.r2, set->r2, 1e-13);
	if (set->residual_sd > 0) {
		assert_true(digits_agreed(fit.sigma, set->residual_sd) > 11);
		assert_true(digits_agreed(fit.f, set->f) > 11);
	} else {
		assert_true(fit.sigma < 1e-12 && fit.f > 1e24 && fit.f_p < 1e-100);
	}
	stats_ols_free(ols);
}

static void nist_linear_to_the_digits_required(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(COUNT(digits), COUNT(strd_linear));
	for (i = 0; i < COUNT(strd_linear); i++) {
		assert_string_equal(digits[i].name, strd_linear[i].name);
		check_set(&strd_linear[i], digits[i].coef, digits[i].se);
	}
}

static struct stats_ols *fill_golden(void)
{
	struct stats_ols *ols;

	assert_int_equal(stats_ols_new(&ols, 1, 1), STATS_OK);
	assert_int_equal(stats_ols_add_rows(ols, golden_x, golden_y, GOLDEN_N), STATS_OK);
	return ols;
}

static void everything_about_a_fit_matches_r(void **state)
{
	struct stats_ols *ols = fill_golden();
	struct stats_term b[2];
	struct stats_ols_fit fit;

	(void)state;
	assert_int_equal(stats_ols_solve(&fit, b, ols, 0.95), STATS_OK);
	assert_close(b[0].estimate, 0.878626492655369, 1e-14);
	assert_close(b[1].estimate, 0.374638980550153, 1e-14);
	assert_close(b[0].se, 0.107347765076002, 1e-13);
	assert_close(b[1].se, 0.0306063140075949, 1e-13);
	assert_close(b[0].t, 8.18486059801338, 1e-13);
	assert_close(b[1].t, 12.2405782172001, 1e-13);
	assert_close(b[0].p, 3.00299492495823e-11, 1e-12);
	assert_close(b[1].p, 1.02899925312033e-17, 1e-12);
	assert_close(b[0].ci_lo, 0.66374659441882, 1e-13);
	assert_close(b[0].ci_hi, 1.09350639089192, 1e-13);
	assert_close(b[1].ci_lo, 0.313373786675911, 1e-13);
	assert_close(b[1].ci_hi, 0.435904174424394, 1e-13);
	assert_close(fit.sigma, 0.410569756510161, 1e-14);
	assert_close(fit.r2, 0.720928113345844, 1e-14);
	assert_close(fit.adj_r2, 0.716116529093186, 1e-14);
	assert_close(fit.f, 149.831755091394, 1e-13);
	assert_close(fit.f_p, b[1].p, 1e-12); /* one slope: F is t squared */
	assert_close(fit.f_df, 1, 0);
	assert_close(fit.aic, 67.4133988125402, 1e-13);
	assert_close(fit.bic, 73.6964324992065, 1e-13);
	stats_ols_free(ols);
}

static void leverage_and_cooks_distance_match_r(void **state)
{
	static const double hat[] = {0.0650273224043721, 0.0618042048717235, 0.05869222932296,
				     0.0556913957580809, 0.0528017041770862};
	static const double cooks[] = {0.144713868553119, 0.117797461691588, 0.082976914963757,
				       0.0695793542972903, 0.0519305253502161};
	double leverage[GOLDEN_N], distance[GOLDEN_N], sum = 0;
	struct stats_ols *ols = fill_golden();
	struct stats_term b[2];
	struct stats_ols_fit fit;
	size_t i;

	(void)state;
	assert_int_equal(stats_ols_solve(&fit, b, ols, 0.95), STATS_OK);
	assert_int_equal(stats_ols_influence(leverage, distance, ols, &fit, golden_x, golden_y,
					     GOLDEN_N),
			 STATS_OK);
	for (i = 0; i < COUNT(hat); i++) {
		assert_close(leverage[i], hat[i], 1e-14);
		assert_close(distance[i], cooks[i], 1e-13);
	}
	for (i = 0; i < GOLDEN_N; i++)
		sum += leverage[i];
	assert_close(sum, 2, 1e-14);
	stats_ols_free(ols);
}

/* y over a clock of `unit` ticks a second, in 1000 exact doubles. */
static void check_clock(double unit, double slope, double intercept, double se0, double se1)
{
	double x[1000], y[1000], e[1000];
	struct stats_term b[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols;
	size_t i;

	for (i = 0; i < COUNT(x); i++) {
		x[i] = (1732291200 + (double)i) * unit;
		y[i] = 1000000 + 30 * (double)i + (double)(i * i * 7919 % 1000);
	}
	assert_int_equal(stats_ols_new(&ols, 1, 1), STATS_OK);
	assert_int_equal(stats_ols_add_rows(ols, x, y, COUNT(x)), STATS_OK);
	assert_int_equal(stats_ols_solve(&fit, b, ols, 0.95), STATS_OK);
	assert_close(b[1].estimate, slope, 3e-16);
	assert_close(b[0].estimate, intercept, 3e-16);
	assert_close(b[0].se, se0, 1e-14);
	assert_close(b[1].se, se1, 1e-14);
	assert_close(fit.r2, 0.99883413692602412, 1e-15);
	assert_true(fit.condition < 4);
	assert_int_equal(stats_ols_residuals(e, ols, x, y, COUNT(x)), STATS_OK);
	assert_close(stats_durbin_watson(e, COUNT(x)), 1.9252629614645262, 1e-13);
	stats_ols_free(ols);
}

static void a_clock_as_x_keeps_every_digit(void **state)
{
	(void)state;
	check_clock(1, 30.003171003171005, -51973228573.97221, 56208241.226793830,
		    0.032447330460000885);
	check_clock(1e9, 3.0003171003171006e-08, -51973228573.97221, 56208241.226793830,
		    3.2447330460000885e-11);
}

static void rows_may_come_in_any_portions(void **state)
{
	struct stats_ols *whole, *parts;
	struct stats_term a[2], b[2];
	struct stats_ols_fit fit;
	double x[1500], y[1500];
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT(x); i++) {
		x[i] = sqrt((double)i);
		y[i] = 3 * x[i] + (double)(i * 7919 % 101);
	}
	assert_int_equal(stats_ols_new(&whole, 1, 1), STATS_OK);
	assert_int_equal(stats_ols_new(&parts, 1, 1), STATS_OK);
	assert_int_equal(stats_ols_add_rows(whole, x, y, COUNT(x)), STATS_OK);
	for (at = 0; at < COUNT(x); at += 150) {
		assert_int_equal(stats_ols_add_rows(parts, x + at, y + at, 150), STATS_OK);
		assert_int_equal(stats_ols_solve(&fit, b, parts, 0.95), STATS_OK);
	}
	assert_int_equal(stats_ols_solve(&fit, a, whole, 0.95), STATS_OK);
	assert_int_equal(fit.n, COUNT(x));
	for (i = 0; i < 2; i++) {
		assert_close(b[i].estimate, a[i].estimate, 1e-15);
		assert_close(b[i].se, a[i].se, 1e-15);
	}
	stats_ols_free(whole);
	stats_ols_free(parts);
}

static int solve_three(struct stats_ols_fit *fit, struct stats_term *terms, const double *x,
		       int intercept)
{
	static const double y[] = {1, 4, 2, 6, 3, 7, 5, 9};
	struct stats_ols *ols;
	int ret;

	assert_int_equal(stats_ols_new(&ols, 3, intercept), STATS_OK);
	assert_int_equal(stats_ols_add_rows(ols, x, y, COUNT(y)), STATS_OK);
	ret = stats_ols_solve(fit, terms, ols, 0.95);
	stats_ols_free(ols);
	return ret;
}

static void a_dependent_column_is_named_not_dropped(void **state)
{
	double x[8][3];
	struct stats_term terms[4];
	struct stats_ols_fit fit;
	size_t i;

	(void)state;
	for (i = 0; i < 8; i++) { /* rates whose sum is rounded */
		x[i][0] = 1e6 + sqrt(2.0 + (double)i);
		x[i][1] = 1e5 + sqrt(30.0 - (double)i * (double)(i % 3));
		x[i][2] = x[i][0] + x[i][1];
	}
	assert_int_equal(solve_three(&fit, terms, x[0], 1), STATS_RANK);
	assert_int_equal(fit.dependent, 3);
	assert_true(isnan(terms[0].estimate) && isnan(terms[3].se) && isnan(fit.r2));
	assert_int_equal(solve_three(&fit, terms, x[0], 0), STATS_RANK);
	assert_int_equal(fit.dependent, 2);
	for (i = 0; i < 8; i++)
		x[i][1] = 5; /* the intercept again */
	assert_int_equal(solve_three(&fit, terms, x[0], 1), STATS_RANK);
	assert_int_equal(fit.dependent, 2);
	for (i = 0; i < 8; i++)
		x[i][1] = 1e5 + (double)(i % 4);
	assert_int_equal(solve_three(&fit, terms, x[0], 1), STATS_OK);
	assert_int_equal(fit.dependent, 4);
}

static void condition_and_vif_show_near_dependence(void **state)
{
	/* two columns with correlation rho: vif = 1 / (1 - rho^2), kappa^2 = (1 + rho) / (1 - rho)
	 */
	static const double x[] = {1, 1, 1, -1, -1, 1, -1, -1, 1, 1, -1, -1},
			    y[] = {1, 2, 3, 4, 6, 5};
	struct stats_term terms[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols;
	double vif[2], rho = 1.0 / 3;

	(void)state;
	assert_int_equal(stats_ols_new(&ols, 2, 0), STATS_OK);
	assert_int_equal(stats_ols_add_rows(ols, x, y, COUNT(y)), STATS_OK);
	assert_int_equal(stats_ols_solve(&fit, terms, ols, 0.95), STATS_OK);
	stats_ols_vif(vif, ols);
	assert_close(vif[0], 1 / (1 - rho * rho), 1e-15);
	assert_close(vif[1], vif[0], 1e-15);
	assert_close(fit.condition, sqrt((1 + rho) / (1 - rho)), 1e-15);
	stats_ols_free(ols);
}

static void few_rows_and_bad_rows_are_refused(void **state)
{
	const double x[] = {1, 2, (double)NAN}, y[] = {3, 5, 7};
	struct stats_term b[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols;

	(void)state;
	assert_int_equal(stats_ols_new(&ols, 0, 0), STATS_DOMAIN);
	assert_null(ols);
	assert_int_equal(stats_ols_new(&ols, 1, 1), STATS_OK);
	assert_int_equal(stats_ols_add_rows(ols, x, y, 1), STATS_OK);
	assert_int_equal(stats_ols_solve(&fit, b, ols, 0.95), STATS_TOO_FEW);
	assert_int_equal(stats_ols_add_rows(ols, x + 1, y + 1, 2), STATS_DOMAIN);
	assert_int_equal(stats_ols_solve(&fit, b, ols, 2), STATS_DOMAIN);
	assert_int_equal(stats_ols_solve(&fit, b, ols, 0.95), STATS_OK);
	assert_int_equal(fit.n, 2); /* the row with the gap is not in */
	assert_close(b[0].estimate, 1, 1e-15);
	assert_close(b[1].estimate, 2, 1e-15);
	assert_true(isnan(b[1].se) && isnan(b[1].p) && isnan(fit.sigma));
	stats_ols_free(ols);
}

static void a_constant_y_has_no_r2(void **state)
{
	static const double x[] = {1, 2, 3, 4}, y[] = {0.1, 0.1, 0.1, 0.1};
	struct stats_term b[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols;

	(void)state;
	assert_int_equal(stats_ols_new(&ols, 1, 1), STATS_OK);
	assert_int_equal(stats_ols_add_rows(ols, x, y, 4), STATS_OK);
	assert_int_equal(stats_ols_solve(&fit, b, ols, 0.95), STATS_OK);
	assert_close(b[1].estimate, 0, 0);
	assert_true(isnan(fit.r2) && isnan(fit.f));
	stats_ols_free(ols);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nist_linear_to_the_digits_required),
		cmocka_unit_test(everything_about_a_fit_matches_r),
		cmocka_unit_test(leverage_and_cooks_distance_match_r),
		cmocka_unit_test(a_clock_as_x_keeps_every_digit),
		cmocka_unit_test(rows_may_come_in_any_portions),
		cmocka_unit_test(a_dependent_column_is_named_not_dropped),
		cmocka_unit_test(condition_and_vif_show_near_dependence),
		cmocka_unit_test(few_rows_and_bad_rows_are_refused),
		cmocka_unit_test(a_constant_y_has_no_r2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
