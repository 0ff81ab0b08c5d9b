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

#include "close.h"
#include "golden_data.h"
#include "random.h"
#include "sandwich.h"
#include "status.h"

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

static double slope_variance(struct stats_hac_options options)
{
	struct stats_term b[2];
	struct stats_ols_fit fit;
	struct stats_ols *ols = fit_rows(&fit, b, golden);
	double vcov[4];

	assert_int_equal(stats_hac(b, vcov, ols, &fit, golden, &options, 0.95), STATS_OK);
	stats_ols_free(ols);
	return vcov[3];
}

static void no_product_reaches_across_a_boundary(void **state)
{
	static const size_t halves[] = {30, 30};
	size_t ones[GOLDEN_N], i;
	double no_lag, whole, two;

	(void)state;
	for (i = 0; i < GOLDEN_N; i++)
		ones[i] = 1;
	no_lag = slope_variance((struct stats_hac_options){
		0, 0, {NULL, 0}
	       });
	assert_close(slope_variance((struct stats_hac_options){
			     7, 0, {ones, GOLDEN_N}
	   }),
		     no_lag, 1e-15);
	whole = slope_variance((struct stats_hac_options){
		7, 0, {NULL, 0}
	       });
	two = slope_variance((struct stats_hac_options){
		7, 0, {halves, 2}
	 });
	assert_true(no_lag < two && two < whole);
	/* prewhitened too, runs that follow each other without a step are nearly one */
	whole = slope_variance((struct stats_hac_options){
		7, 1, {NULL, 0}
	       });
	two = slope_variance((struct stats_hac_options){
		7, 1, {halves, 2}
	 });
	assert_close(two, whole, 0.5);
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
		cmocka_unit_test(blocks_must_add_up_to_the_rows),
		cmocka_unit_test(prewhitening_is_what_makes_hac_hold),
		cmocka_unit_test(a_row_of_leverage_1_has_no_hc3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
