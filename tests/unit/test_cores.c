/* SPDX-License-Identifier: Apache-2.0 */
/* The choice of cores: who gets which on machines of two to sixteen. */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

#include "collector/cores.h"

static int cpus[64];

static int choose(struct core_plan *p, size_t usable, size_t pairs, size_t n_cores)
{
	struct nb_err err = {0};
	for (int i = 0; i < 64; i++)
		cpus[i] = i;
	int rc = cores_choose(p, cpus, usable, pairs, n_cores, NULL, 0, &err);
	if (rc)
		assert_int_equal(err.code, NB_USAGE);
	return rc;
}

static void two_cores_are_one_for_each_side(void **state)
{
	struct core_plan p;
	(void)state;
	assert_int_equal(choose(&p, 2, 1, 1), 0);
	assert_int_equal(p.sender[0], 1);
	assert_int_equal(p.receiver[0], 0);
	assert_int_equal(p.n_pin, 1);
	assert_int_equal(p.pin[0], 0); /* never where packets are sent */
	assert_false(p.receivers_shared);
	cores_free(&p);
}

static void zero_and_one_are_spared_while_others_suffice(void **state)
{
	struct core_plan p;
	(void)state;
	assert_int_equal(choose(&p, 8, 1, 1), 0);
	assert_int_equal(p.sender[0], 4); /* the middle of 2…7 */
	assert_int_equal(p.receiver[0], 2);
	for (size_t i = 0; i < p.n_pin; i++)
		assert_true(p.pin[i] != 4 && p.pin[i] != 2);
	cores_free(&p);
	assert_int_equal(choose(&p, 16, 3, 2), 0);
	bool seen[16] = {false};
	for (size_t i = 0; i < 6; i++) {
		assert_true(p.sender[i] > 1 && !seen[p.sender[i]]); /* distinct for each pair */
		seen[p.sender[i]] = true;
	}
	for (size_t i = 0; i < 3; i++)
		assert_true(!seen[p.receiver[i]]);
	assert_false(p.senders_shared || p.receivers_shared);
	cores_free(&p);
}

static void too_few_cores_are_shared_and_said_to_be(void **state)
{
	struct core_plan p;
	(void)state;
	assert_int_equal(choose(&p, 2, 1, 2), 0);
	assert_true(p.receivers_shared);
	assert_int_equal(p.n_pin, 0); /* nowhere is better: anywhere */
	cores_free(&p);
	assert_int_equal(choose(&p, 2, 3, 1), 0);
	assert_true(p.senders_shared);
	cores_free(&p);
	assert_int_equal(choose(&p, 1, 1, 1), 0);
	assert_true(p.receivers_shared);
	cores_free(&p);
	assert_int_equal(choose(&p, 2, 1, 64), -1);
}

static void a_list_is_taken_as_it_is(void **state)
{
	struct core_plan p;
	struct nb_err err = {0};
	const int usable[] = {0, 1, 2, 3}, list[] = {3, 1}, foreign[] = {9};
	(void)state;
	assert_int_equal(cores_choose(&p, usable, 4, 1, 2, list, 2, &err), 0);
	assert_int_equal(p.sender[0], 3);
	assert_int_equal(p.sender[1], 1);
	assert_int_equal(p.receiver[0], 2);
	cores_free(&p);
	assert_int_equal(cores_choose(&p, usable, 4, 1, 1, foreign, 1, &err), -1);
	assert_int_equal(err.code, NB_USAGE);
	assert_non_null(strstr(err.text, "core 9"));
	nb_error_clear(&err);
	assert_int_equal(cores_choose(&p, usable, 4, 1, 3, list, 2, &err), -1);
	assert_int_equal(err.code, NB_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_cores_are_one_for_each_side),
		cmocka_unit_test(zero_and_one_are_spared_while_others_suffice),
		cmocka_unit_test(too_few_cores_are_shared_and_said_to_be),
		cmocka_unit_test(a_list_is_taken_as_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
