// SPDX-License-Identifier: Apache-2.0
/*
 * The generator gives the published first values, and what is made of it has the right shape.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/random.h"
#include "close.h"

static void first_values_are_the_published_ones(void **state)
{
	static const uint64_t want[] = {11520, 0, 1509978240, UINT64_C(1215971899390074240)};
	struct stats_random r = {
		{1, 2, 3, 4}
	    };
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_true(stats_random_u64(&r) == want[i]);
	stats_random_seed(&r, 0); /* splitmix64 of 0 */
	assert_true(r.s[0] == UINT64_C(0xe220a8397b1dcdaf));
	assert_true(r.s[1] == UINT64_C(0x6e789e6aa1b965f4));
}

static void below_is_even_over_its_range(void **state)
{
	struct stats_random r;
	int count[6] = {0}, i;

	(void)state;
	stats_random_seed(&r, 42);
	for (i = 0; i < 60000; i++) {
		uint64_t v = stats_random_below(&r, 6);

		assert_true(v < 6);
		count[v]++;
	}
	for (i = 0; i < 6; i++) /* sd 91 */
		assert_in_range(count[i], 9600, 10400);
	assert_true(stats_random_below(&r, 1) == 0);
}

static void normal_has_mean_0_and_variance_1(void **state)
{
	struct stats_random r;
	double sum = 0, squares = 0;
	int i, n = 20000;

	(void)state;
	stats_random_seed(&r, 1);
	for (i = 0; i < n; i++) {
		double z = stats_random_normal(&r);

		sum += z;
		squares += z * z;
	}
	assert_true(fabs(sum / n) < 0.03);
	assert_true(fabs(squares / n - 1) < 0.04);
}

static void one_seed_one_sequence(void **state)
{
	struct stats_random a, b;
	double u;

	(void)state;
	stats_random_seed(&a, 9);
	stats_random_seed(&b, 9);
	u = stats_random_uniform(&a);
	assert_close(u, stats_random_uniform(&b), 0);
	assert_true(u >= 0 && u < 1);
	stats_random_seed(&b, 10);
	assert_true(fabs(u - stats_random_uniform(&b)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_values_are_the_published_ones),
		cmocka_unit_test(below_is_even_over_its_range),
		cmocka_unit_test(normal_has_mean_0_and_variance_1),
		cmocka_unit_test(one_seed_one_sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
