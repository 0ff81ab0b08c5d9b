/* SPDX-License-Identifier: Apache-2.0 */
/* Sequence numbers: every packet is in exactly one place. */
#include "unit.h"

#include <stdlib.h>

#include "collector/agent/sequence.h"

static void take_all(struct sequence *s, const uint32_t *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(sequence_take(s, 0, numbers[i]), 0);
}

static void assert_counts(const struct sequence *s, uint64_t received, uint64_t lost,
			  uint64_t duplicated, uint64_t reordered)
{
	assert_int_equal(s->received, received);
	assert_int_equal(s->lost, lost);
	assert_int_equal(s->duplicated, duplicated);
	assert_int_equal(s->reordered, reordered);
}

#define TAKE(s, ...)                                                                               \
	take_all(s, (const uint32_t[]){__VA_ARGS__},                                               \
		 sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void in_order_nothing_is_wrong(void **state)
{
	struct sequence s;
	(void)state;
	sequence_init(&s, 1);
	TAKE(&s, 0, 1, 2, 3);
	assert_counts(&s, 4, 0, 0, 0);
	sequence_free(&s);
}

static void gaps_are_losses_until_they_close(void **state)
{
	struct sequence s;
	(void)state;
	sequence_init(&s, 1);
	TAKE(&s, 2, 3); /* 0 and 1 are missing */
	assert_counts(&s, 2, 2, 0, 0);
	TAKE(&s, 1);
	assert_counts(&s, 3, 1, 0, 1);
	TAKE(&s, 1, 3, 3);
	assert_counts(&s, 6, 1, 3, 1);
	sequence_free(&s);
}

static void a_gap_wider_than_the_window_forgets_nothing_else(void **state)
{
	struct sequence s;
	(void)state;
	sequence_init(&s, 1);
	TAKE(&s, 0, 1, 5000, 5001, 4999, 4999, 1);
	/* 1 is too old to be known as a copy: it counts as late */
	assert_counts(&s, 7, 4998 - 1 - 1, 1, 2);
	sequence_free(&s);
}

static void flows_are_counted_apart(void **state)
{
	struct sequence s;
	(void)state;
	sequence_init(&s, 3);
	for (uint32_t i = 0; i < 100; i++)
		for (uint16_t f = 0; f < 3; f++)
			if (i % 10 || f != 1)
				assert_int_equal(sequence_take(&s, f, i), 0);
	assert_counts(&s, 290, 10, 0, 0);
	assert_int_equal(sequence_take(&s, 3, 0), -1);
	assert_counts(&s, 290, 10, 0, 0);
	sequence_free(&s);
}

static void numbers_wrap(void **state)
{
	struct sequence s;
	(void)state;
	sequence_init(&s, 1);
	TAKE(&s, 0x7ffffff0, 0xffffffe0, 0xfffffffe);
	uint64_t lost = s.lost;
	TAKE(&s, 0xffffffff, 0, 1, 3, 2, 2);
	assert_counts(&s, 9, lost, 1, 1);
	sequence_free(&s);
	/* nothing comes before the first */
	sequence_init(&s, 1);
	assert_int_equal(sequence_take(&s, 0, 0xffffffff), -1);
	assert_counts(&s, 0, 0, 0, 0);
	sequence_free(&s);
}

/* Against a table of all that came: a shuffled stream with losses and copies. */
static void counts_are_those_of_a_full_record(void **state)
{
	enum { N = 20000 };
	static unsigned char came[N];
	uint64_t received = 0, duplicated = 0, unique = 0;
	uint32_t newest = 0;
	struct sequence s;
	(void)state;
	srandom(7);
	sequence_init(&s, 1);
	for (uint32_t i = 0; i < N; i++) {
		uint32_t back = random() % 10 ? 0 : (uint32_t)random() % 900;
		uint32_t n = i > back ? i - back : i;
		if (random() % 5 == 0)
			continue;
		assert_int_equal(sequence_take(&s, 0, n), 0);
		received++;
		duplicated += came[n];
		unique += !came[n];
		came[n] = 1;
		newest = n > newest ? n : newest;
	}
	assert_int_equal(s.received, received);
	assert_int_equal(s.duplicated, duplicated);
	assert_int_equal(s.lost, newest + 1 - unique);
	sequence_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_nothing_is_wrong),
		cmocka_unit_test(gaps_are_losses_until_they_close),
		cmocka_unit_test(a_gap_wider_than_the_window_forgets_nothing_else),
		cmocka_unit_test(flows_are_counted_apart),
		cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(counts_are_those_of_a_full_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
