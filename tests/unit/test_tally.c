/* SPDX-License-Identifier: Apache-2.0 */
/* A generator's own count of its 10 ms windows. */
#include "unit.h"

#include "close.h"
#include "collector/generator/tally.h"
#include "common/clock.h"

enum { WINDOW = 10000000 };

static double peak, empty;

static void an_even_source_has_ratio_one(void **state)
{
	struct tally t;
	(void)state;
	tally_init(&t, NB_SEC, NB_SEC);
	for (int64_t ms = 0; ms < 1000; ms++)
		tally_add(&t, NB_SEC + ms * NB_MSEC, 7);
	assert_true(tally_evaluate(&t, 2 * NB_SEC, &peak, &empty));
	assert_close(peak, 1, 1e-12);
	assert_close(empty, 0, 1e-12);
	tally_free(&t);
}

static void a_burst_and_a_pause_show(void **state)
{
	struct tally t;
	(void)state;
	tally_init(&t, 0, 4 * WINDOW);
	tally_add(&t, 0, 10);
	tally_add(&t, 3 * WINDOW, 20);
	tally_add(&t, 3 * WINDOW + 1, 10);
	assert_true(tally_evaluate(&t, 4 * WINDOW, &peak, &empty));
	assert_close(peak, 3, 1e-12);
	assert_close(empty, 0.5, 1e-12);
	tally_free(&t);
}

static void a_window_that_was_cut_off_is_left_out(void **state)
{
	struct tally t;
	(void)state;
	tally_init(&t, 0, NB_SEC);
	tally_add(&t, 0, 10);
	tally_add(&t, WINDOW, 10);
	tally_add(&t, 2 * WINDOW, 50);
	assert_true(tally_evaluate(&t, 2 * WINDOW + WINDOW / 2, &peak, &empty));
	assert_close(peak, 1, 1e-12);
	tally_free(&t);
}

static void outside_of_the_schedule_nothing_counts(void **state)
{
	struct tally t;
	(void)state;
	tally_init(&t, NB_SEC, 2 * WINDOW);
	tally_add(&t, 0, 99);
	tally_add(&t, NB_SEC + 2 * WINDOW, 99);
	assert_false(tally_evaluate(&t, 2 * NB_SEC, &peak, &empty));
	tally_add(&t, NB_SEC, 5);
	assert_true(tally_evaluate(&t, 2 * NB_SEC, &peak, &empty));
	assert_close(peak, 2, 1e-12);
	assert_false(tally_evaluate(&t, NB_SEC + WINDOW, &peak, &empty)); /* one window */
	assert_false(tally_evaluate(&t, 0, &peak, &empty));
	tally_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_source_has_ratio_one),
		cmocka_unit_test(a_burst_and_a_pause_show),
		cmocka_unit_test(a_window_that_was_cut_off_is_left_out),
		cmocka_unit_test(outside_of_the_schedule_nothing_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
