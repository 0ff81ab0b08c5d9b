/* SPDX-License-Identifier: Apache-2.0 */
/* The steady window: starts after the warm-up, ends before the stop, takes whole bursts. */
#include "unit.h"

#include "collector/window.h"
#include "common/clock.h"

enum { N = 100 };

static void grid(int64_t *stamps, int64_t interval_ns)
{
	for (int i = 0; i < N; i++)
		stamps[i] = i * interval_ns;
}

static void leaves_start_and_drain_out(void **state)
{
	int64_t stamps[N];
	struct window w;
	const struct window_plan plan = {.first_packet_ns = 20 * NB_MSEC,
					 .stop_ns = 10 * NB_SEC + 20 * NB_MSEC,
					 .interval_ns = NB_SEC,
					 .warmup_ns = -1};
	(void)state;
	grid(stamps, NB_SEC);
	assert_true(window_find(&w, stamps, N, &plan));
	assert_int_equal(stamps[w.from], 2 * NB_SEC); /* the first stamp 1 s behind the packet */
	assert_int_equal(stamps[w.to], 10 * NB_SEC);
}

static void takes_the_warmup_that_was_asked(void **state)
{
	int64_t stamps[N];
	struct window w;
	struct window_plan plan = {.stop_ns = 5 * NB_SEC, .interval_ns = 100 * NB_MSEC};
	(void)state;
	grid(stamps, 100 * NB_MSEC);
	assert_true(window_find(&w, stamps, N, &plan));
	assert_int_equal(w.from, 0);
	plan.warmup_ns = 3 * NB_SEC;
	assert_true(window_find(&w, stamps, N, &plan));
	assert_int_equal(w.from, 30);
}

static void needs_three_samples(void **state)
{
	int64_t stamps[N];
	struct window w;
	struct window_plan plan = {.stop_ns = 3 * NB_SEC, .interval_ns = NB_SEC, .warmup_ns = 0};
	(void)state;
	grid(stamps, NB_SEC);
	assert_true(window_find(&w, stamps, N, &plan));
	plan.stop_ns -= 1;
	assert_false(window_find(&w, stamps, N, &plan));
	assert_false(window_find(&w, stamps, 0, &plan));
	plan.first_packet_ns = 1000 * NB_SEC; /* never, as far as the stamps tell */
	plan.stop_ns = 2000 * NB_SEC;
	assert_false(window_find(&w, stamps, N, &plan));
}

/* Bursts begin 20 ms after each second and last 170 ms: an edge at 1.1 s would cut one. */
static void puts_the_edges_between_bursts(void **state)
{
	int64_t stamps[N];
	uint64_t counts[N] = {0};
	struct window w;
	const struct window_plan plan = {.first_packet_ns = 20 * NB_MSEC,
					 .stop_ns = 5 * NB_SEC + 20 * NB_MSEC,
					 .interval_ns = 100 * NB_MSEC,
					 .warmup_ns = -1,
					 .period_ns = NB_SEC,
					 .counts = counts};
	(void)state;
	grid(stamps, 100 * NB_MSEC);
	for (int i = 1; i <= 50; i++)
		counts[i] = i % 10 == 1 ? 23000 : i % 10 == 2 ? 27000 : 0;
	assert_true(window_find(&w, stamps, N, &plan));
	uint64_t sum = 0;
	for (size_t i = w.from + 1; i <= w.to; i++)
		sum += counts[i];
	assert_int_equal(stamps[w.to] - stamps[w.from], 3 * NB_SEC);
	assert_int_equal(sum, 150000); /* three bursts in three seconds: the true rate */
	assert_int_equal(counts[w.from], 0);
	assert_int_equal(counts[w.from + 1], 0);
}

/* 5.5 s: the sixth burst has half its packets. */
static void leaves_a_burst_out_that_was_cut_short(void **state)
{
	int64_t stamps[N];
	uint64_t counts[N] = {0};
	struct window w;
	const struct window_plan plan = {.first_packet_ns = 20 * NB_MSEC,
					 .stop_ns = 5520 * NB_MSEC,
					 .interval_ns = 100 * NB_MSEC,
					 .warmup_ns = -1,
					 .period_ns = NB_SEC,
					 .counts = counts};
	(void)state;
	grid(stamps, 100 * NB_MSEC);
	for (int i = 1; i <= 51; i += 10)
		counts[i] = i == 51 ? 5000 : 10000;
	assert_true(window_find(&w, stamps, N, &plan));
	uint64_t sum = 0;
	for (size_t i = w.from + 1; i <= w.to; i++)
		sum += counts[i];
	assert_int_equal(sum * NB_SEC, 10000 * (uint64_t)(stamps[w.to] - stamps[w.from]));
}

static void takes_whole_periods_without_counts_too(void **state)
{
	int64_t stamps[N];
	struct window w;
	const struct window_plan plan = {.first_packet_ns = 20 * NB_MSEC,
					 .stop_ns = 5 * NB_SEC,
					 .interval_ns = 300 * NB_MSEC,
					 .warmup_ns = 0,
					 .period_ns = NB_SEC};
	(void)state;
	grid(stamps, 300 * NB_MSEC);
	assert_true(window_find(&w, stamps, N, &plan));
	assert_int_equal(stamps[w.from], 300 * NB_MSEC);
	assert_int_equal(stamps[w.to], 4200 * NB_MSEC); /* nearest to 4.3 s */
}

/* A source that nobody has started here: 3 s of rising, then even. */
static void a_foreign_source_is_steady_once_it_has_settled(void **state)
{
	enum { MANY = 101 };
	int64_t stamps[MANY];
	uint64_t counts[MANY];
	(void)state;
	for (int i = 0; i < MANY; i++) {
		stamps[i] = i * 100 * NB_MSEC;
		counts[i] = i < 30 ? (uint64_t)i * 30 : 1000 + (uint64_t)(i * 7 % 5);
	}
	assert_int_equal(window_settled(stamps, counts, MANY), 3 * NB_SEC);
	for (int i = 0; i < MANY; i++) /* even from the start */
		counts[i] = 1000 + (uint64_t)(i * 7 % 5);
	assert_int_equal(window_settled(stamps, counts, MANY), 0);
	for (int i = 0; i < MANY; i++) /* never settles */
		counts[i] = (uint64_t)(i * i);
	assert_int_equal(window_settled(stamps, counts, MANY), 0);
	assert_int_equal(window_settled(stamps, counts, 10), 0); /* too few to tell */
	assert_int_equal(window_settled(stamps, counts, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_start_and_drain_out),
		cmocka_unit_test(takes_the_warmup_that_was_asked),
		cmocka_unit_test(needs_three_samples),
		cmocka_unit_test(puts_the_edges_between_bursts),
		cmocka_unit_test(leaves_a_burst_out_that_was_cut_short),
		cmocka_unit_test(takes_whole_periods_without_counts_too),
		cmocka_unit_test(a_foreign_source_is_steady_once_it_has_settled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
