// SPDX-License-Identifier: Apache-2.0
/*
 * HC3 and HAC standard errors against R (sandwich 3.0.2), and how often HAC finds a slope between
 * independent series with memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/random.h"
#include "analyze/stats/sandwich.h"
#include "analyze/stats/status.h"
#include "close.h"
#include "golden_data.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const struct stats_rows golden = {golden_x, golden_y, GOLDEN_N};

static struct stats_ols *fit_rows(struct stats_ols_fit *fit, struct stats_term *terms,
				  struct stats_rows rows)
{
	struct stats_ols *ols;

	assert_int_equal(stats_ols_new(&ols, 1, 1), STATS_OK);
	assert_int_equal(stats_ols_add_rows(ols, rows.x, rows.y, rows.n), STATS_OK);
	assert_int_equal(stats_ols_solve(fit, terms, ols, 0.95), STATS_OK);
	return ols;
}

static void hc3_matches_r(void **state)
{
	static const double want[] = {0.0180709784087, -0.0044136226651914, -0.0044136226651914,
				      0.00126708360464335};
	struct stats_term b[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols = fit_rows(&fit, b, golden);
	double vcov[4];
	size_t i;

	(void)state;
	assert_int_equal(stats_hc3(b, vcov, ols, &fit, golden, 0.95), STATS_OK);
	for (i = 0; i < 4; i++)
		assert_close(vcov[i], want[i], 1e-13);
	assert_close(b[1].se, sqrt(want[3]), 1e-13);
	assert_close(b[1].estimate, 0.374638980550153, 1e-14);
	assert_close(b[1].t, b[1].estimate / b[1].se, 1e-15);
	assert_close((b[1].ci_hi - b[1].ci_lo) / b[1].se, 2 * 2.001717484145237, 1e-13);
	stats_ols_free(ols);
}

static void newey_west_matches_r(void **state)
{
	static const double want[] = {0.067199019814491, -0.0159774894048331, -0.0159774894048331,
				      0.00456568098793478};
	const struct stats_hac_options options = {
		4, 0, {NULL, 0}
	       };
	struct stats_term b[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols = fit_rows(&fit, b, golden);
	double vcov[4];
	size_t i;

	(void)state;
	assert_int_equal(stats_hac(b, vcov, ols, &fit, golden, &options, 0.95), STATS_OK);
	for (i = 0; i < 4; i++)
		assert_close(vcov[i], want[i], 1e-13);
	assert_close(b[0].se, sqrt(want[0]), 1e-13);
	stats_ols_free(ols);
}

/* The variance of a mean: of a regression on the intercept alone. */
static double mean_variance(struct stats_hac_options options)
{
	static const double y[] = {1, 2, 4, 10, 13}; /* residuals -5 -4 -2 4 7 */
	const struct stats_rows rows = {y, y, 5};
	struct stats_term b[1];
	struct stats_ols_fit fit;
	struct stats_ols *ols;
	double variance;

	assert_int_equal(stats_ols_new(&ols, 0, 1), STATS_OK);
	assert_int_equal(stats_ols_add_rows(ols, NULL, y, 5), STATS_OK);
	assert_int_equal(stats_ols_solve(&fit, b, ols, 0.95), STATS_OK);
	assert_close(b[0].estimate, 6, 1e-15);
	assert_int_equal(stats_hac(b, &variance, ols, &fit, rows, &options, 0.95), STATS_OK);
	stats_ols_free(ols);
	return variance;
}

static void no_product_reaches_across_a_boundary(void **state)
{
	static const size_t runs[] = {3, 2}, ones[] = {1, 1, 1, 1, 1};

	(void)state;
	/* squares 110; at lag 1, weight 1/2, twice: 20 + 8 - 8 + 28, of which -8 is between runs */
	assert_close(mean_variance((struct stats_hac_options){
			     1, 0, {NULL, 0}
	    }),
		     158.0 / 25, 1e-15);
	assert_close(mean_variance((struct stats_hac_options){
			     1, 0, {runs, 2}
	    }),
		     166.0 / 25, 1e-15);
	assert_close(mean_variance((struct stats_hac_options){
			     3, 0, {ones, 5}
	    }),
		     110.0 / 25, 1e-15);
}

static void prewhitening_a_mean_is_the_scalar_formula(void **state)
{
	static const size_t runs[] = {3, 2};
	/* A = (20 + 8 + 28) / (25 + 16 + 16); v = u - A u', none for the first of a run */
	double a = 56.0 / 57, v1 = -4 + 5 * 0.97, v2 = -2 + 4 * 0.97, v4 = 7 - 4 * 0.97;
	double want = (v1 * v1 + v2 * v2 + v4 * v4) / 25 * 5 / 3 / (0.03 * 0.03);

	(void)state;
	assert_true(a > 0.97); /* and so it is cut to 0.97 */
	assert_close(mean_variance((struct stats_hac_options){
			     0, 1, {runs, 2}
	    }),
		     want, 1e-13);
}

static void blocks_must_add_up_to_the_rows(void **state)
{
	static const size_t length[] = {30, 29};
	const struct stats_hac_options options = {
		7, 0, {length, 2}
	 };
	struct stats_term b[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols = fit_rows(&fit, b, golden);

	(void)state;
	assert_int_equal(stats_hac(b, NULL, ols, &fit, golden, &options, 0.95), STATS_DOMAIN);
	stats_ols_free(ols);
}

static double share_found(const struct stats_hac_options *options)
{
	enum { N = 300, TRIES = 300 };
	static double x[N], y[N];
	struct stats_random r;
	int i, t, found = 0;

	stats_random_seed(&r, 77);
	for (i = 0; i < TRIES; i++) {
		struct stats_rows rows = {x, y, N};
		struct stats_term b[2];
		struct stats_ols_fit fit;
		struct stats_ols *ols;

		for (t = 0; t < N; t++) {
			x[t] = (t ? 0.9 * x[t - 1] : 0) + stats_random_normal(&r);
			y[t] = (t ? 0.9 * y[t - 1] : 0) + stats_random_normal(&r);
		}
		ols = fit_rows(&fit, b, rows);
		assert_int_equal(stats_hac(b, NULL, ols, &fit, rows, options, 0.95), STATS_OK);
		found += b[1].p < 0.05;
		stats_ols_free(ols);
	}
	return (double)found / TRIES;
}

static void prewhitening_is_what_makes_hac_hold(void **state)
{
	const struct stats_hac_options textbook = {
		STATS_HAC_AUTOMATIC, 0, {NULL, 0}
	 };

	(void)state;
	assert_true(share_found(&textbook) > 0.17);
	assert_true(share_found(NULL) < 0.12);
}

static void a_row_of_leverage_1_has_no_hc3(void **state)
{
	static const double x[] = {0, 0, 0, 1}, y[] = {1, 2, 3, 9};
	const struct stats_rows rows = {x, y, 4}, exact = {x + 2, y + 2, 2};
	struct stats_term b[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols = fit_rows(&fit, b, rows);

	(void)state;
	assert_int_equal(stats_hc3(b, NULL, ols, &fit, rows, 0.95), STATS_DOMAIN);
	stats_ols_free(ols);
	ols = fit_rows(&fit, b, exact);
	assert_int_equal(stats_hc3(b, NULL, ols, &fit, exact, 0.95), STATS_TOO_FEW);
	assert_int_equal(stats_hac(b, NULL, ols, &fit, exact, NULL, 0.95), STATS_TOO_FEW);
	stats_ols_free(ols);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hc3_matches_r),
		cmocka_unit_test(newey_west_matches_r),
		cmocka_unit_test(no_product_reaches_across_a_boundary),
		cmocka_unit_test(prewhitening_a_mean_is_the_scalar_formula),
		cmocka_unit_test(blocks_must_add_up_to_the_rows),
		cmocka_unit_test(prewhitening_is_what_makes_hac_hold),
		cmocka_unit_test(a_row_of_leverage_1_has_no_hc3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
