/* SPDX-License-Identifier: Apache-2.0 */
/* Deltas by width, and a registry that is whole. */
#include "unit.h"

#include <string.h>

#include "common/metric.h"

static void deltas_follow_the_counter_s_width(void **state)
{
	uint64_t d = 77;
	(void)state;
	assert_true(metric_delta(&d, 100, 150, 64));
	assert_int_equal(d, 50);
	assert_true(metric_delta(&d, 0xfffffff0, 0x10, 32)); /* wrapped */
	assert_int_equal(d, 32);
	d = 77;
	assert_false(metric_delta(&d, 150, 100, 64)); /* reset: not known */
	assert_false(metric_delta(&d, METRIC_MISSING, 100, 64));
	assert_false(metric_delta(&d, 100, METRIC_MISSING, 32));
	assert_int_equal(d, 77);
}

static void names_are_unique_and_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_metrics; i++) {
		assert_ptr_equal(metric_find(metrics[i].name), &metrics[i]);
		assert_non_null(metrics[i].help);
	}
	assert_null(metric_find("no_such_metric"));
}

static void derived_metrics_name_what_they_come_from(void **state)
{
	char part[64];
	(void)state;
	for (size_t i = 0; i < n_metrics; i++) {
		const char *from = metrics[i].derived_from;
		while (from && *from) {
			size_t len = strcspn(from, ",");
			assert_in_range(len, 1, sizeof(part) - 1);
			memcpy(part, from, len);
			part[len] = '\0';
			assert_non_null(metric_find(part));
			from += len + (from[len] == ',');
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deltas_follow_the_counter_s_width),
		cmocka_unit_test(names_are_unique_and_found),
		cmocka_unit_test(derived_metrics_name_what_they_come_from),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
