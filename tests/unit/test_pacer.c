/* SPDX-License-Identifier: Apache-2.0 */
/* The schedule under a clock that is made up: exact, even, and never in a hurry. */
#include "unit.h"

#include <stdlib.h>

#include "collector/generator/generator.h"
#include "collector/generator/pacer.h"
#include "common/clock.h"

enum { WINDOW_NS = 10000000, WINDOWS = 1000 };

#define START (INT64_C(77) * NB_SEC + 123)

/* A sender in simulated time: each frame costs something, each wake-up is late by something. */
struct sender {
	struct pacer pacer;
	int64_t now;
	int64_t frame_cost_ns, late_max_ns;
	int64_t stall_at, stall_ns; /* once */
	uint32_t seed;
	uint64_t sent, windows[WINDOWS];
};

static int64_t lateness(struct sender *s)
{
	s->seed = s->seed * 1664525 + 1013904223;
	return s->late_max_ns ? (int64_t)(s->seed >> 8) % s->late_max_ns : 0;
}

static void assert_never_early(const struct sender *s)
{
	/* the frame before last in the schedule was due by now */
	__int128 due = (__int128)(s->now - START) * s->pacer.rate_pps / NB_SEC + 1;
	assert_true(s->pacer.next <= (uint64_t)due);
}

static void simulate(struct sender *s, uint64_t rate, int64_t duration)
{
	pacer_init(&s->pacer, rate, START, duration);
	s->now = START;
	while (!pacer_done(&s->pacer, s->now)) {
		if (s->stall_ns && s->now >= START + s->stall_at) {
			s->now += s->stall_ns;
			s->stall_ns = 0;
		}
		unsigned n = pacer_take(&s->pacer, s->now);
		assert_true(n <= PACER_BATCH_MAX);
		if (n) {
			size_t window = (size_t)((s->now - START) / WINDOW_NS);
			assert_never_early(s);
			s->sent += n;
			s->windows[window < WINDOWS ? window : WINDOWS - 1] += n;
			s->now += (int64_t)n * s->frame_cost_ns;
			continue;
		}
		int64_t next = pacer_next_ns(&s->pacer);
		/* a wait that is none would spin for ever */
		assert_true(next > s->now);
		s->now = pacer_behind(&s->pacer, s->now) ? next : next + lateness(s);
	}
}

static void assert_even(const struct sender *s, uint64_t rate, int64_t duration, double limit)
{
	double mean = (double)rate / 100;
	for (int64_t i = 0; i < duration / WINDOW_NS; i++)
		assert_true((double)s->windows[i] <= limit * mean);
}

static void the_total_is_exact(void **state)
{
	static const uint64_t rates[] = {1, 7, 999, 1000, 10000, 12345, 100000, 640001, 3333333};
	static const int64_t durations[] = {NB_SEC / 10, NB_SEC, NB_SEC * 5 / 2, 1234567891};
	(void)state;
	for (size_t r = 0; r < sizeof(rates) / sizeof(*rates); r++)
		for (size_t d = 0; d < sizeof(durations) / sizeof(*durations); d++) {
			struct sender s = {0};
			simulate(&s, rates[r], durations[d]);
			assert_int_equal(s.sent, pacer_total(rates[r], durations[d]));
			assert_int_equal(s.pacer.not_offered, 0);
			assert_int_equal(pacer_not_offered(&s.pacer), 0);
			assert_int_equal(s.now, START + durations[d]);
		}
	assert_int_equal(pacer_total(1, 499999999), 0);
	assert_int_equal(pacer_total(1, 500000000), 1);
}

static void shares_add_up_to_the_rate(void **state)
{
	(void)state;
	for (size_t cores = 1; cores < 9; cores++) {
		uint64_t sum = 0;
		for (size_t i = 0; i < cores; i++)
			sum += generator_share(100003, cores, i);
		assert_int_equal(sum, 100003);
	}
}

static void spacing_is_even_even_when_wake_ups_are_late(void **state)
{
	static const uint64_t rates[] = {1000, 10000, 100000, 500000};
	static const int64_t late[] = {1, 60000, 150000, 900000};
	(void)state;
	for (size_t r = 0; r < sizeof(rates) / sizeof(*rates); r++)
		for (size_t l = 0; l < sizeof(late) / sizeof(*late); l++) {
			struct sender s = {.late_max_ns = late[l], .seed = 5, .frame_cost_ns = 500};
			simulate(&s, rates[r], 2 * NB_SEC);
			assert_int_equal(s.sent, 2 * rates[r]);
			assert_even(&s, rates[r], 2 * NB_SEC, 1.3);
		}
}

static void a_stall_is_made_up_for_by_2_ms_and_no_more(void **state)
{
	static const uint64_t rates[] = {1000, 10000, 100000, 400000};
	(void)state;
	for (size_t r = 0; r < sizeof(rates) / sizeof(*rates); r++) {
		uint64_t rate = rates[r];
		struct sender s = {.stall_at = NB_SEC, .stall_ns = NB_SEC * 6 / 5};
		simulate(&s, rate, 4 * NB_SEC);
		assert_int_equal(s.sent + s.pacer.not_offered, 4 * rate);
		/* 1.2 s less 2 ms, to a batch */
		uint64_t passed = rate * 1198 / 1000;
		assert_true(s.pacer.not_offered + s.pacer.batch >= passed);
		assert_true(s.pacer.not_offered <= passed + s.pacer.batch);
		assert_even(&s, rate, 4 * NB_SEC, 1.25);
	}
}

static void after_a_stall_it_hurries_at_most_by_a_quarter(void **state)
{
	const uint64_t rate = 100000;
	struct pacer p;
	(void)state;
	pacer_init(&p, rate, START, 10 * NB_SEC);
	int64_t now = START + NB_SEC;
	uint64_t sent = 0;
	const int64_t from = now;
	for (; now < from + 10 * NB_MSEC; now += 1000) {
		sent += pacer_take(&p, now);
		double most = 1.25 * (double)rate * (double)(now - from) / 1e9;
		assert_true((double)sent <= most + (double)p.credit_max / 1e9);
	}
	/* and it has caught up by then */
	assert_true(sent >= 1200 - p.batch);
	assert_int_equal(p.not_offered, 100000 + 1 - 200);
}

static void what_the_sender_cannot_send_is_not_offered(void **state)
{
	struct sender s = {.frame_cost_ns = 3000}; /* 333 kpps at best */
	(void)state;
	simulate(&s, 1000000, NB_SEC);
	assert_int_equal(s.sent + s.pacer.not_offered, 1000000);
	assert_true(s.sent > 330000 && s.sent < 337000);
	assert_even(&s, 333333, NB_SEC, 1.05);
}

static void stopped_early_the_rest_is_not_offered(void **state)
{
	struct pacer p;
	uint64_t sent = 0;
	(void)state;
	pacer_init(&p, 1000, START, 10 * NB_SEC);
	for (int64_t now = START; now < START + NB_SEC; now += NB_MSEC / 2)
		sent += pacer_take(&p, now);
	assert_int_equal(sent, 1000);
	assert_int_equal(pacer_not_offered(&p), 9000);
	assert_false(pacer_done(&p, START + 20 * NB_SEC));
}

static void a_clock_that_goes_back_sends_nothing(void **state)
{
	struct pacer p;
	(void)state;
	pacer_init(&p, 1000, START, 10 * NB_SEC);
	assert_int_equal(pacer_take(&p, START - NB_SEC), 0);
	assert_int_equal(pacer_take(&p, START), 1);
	assert_int_equal(pacer_take(&p, START), 0);
	assert_int_equal(pacer_take(&p, START - 5), 0);
	assert_int_equal(pacer_take(&p, START + NB_MSEC), 1);
	assert_int_equal(p.not_offered, 0);
}

static void rate_zero_sends_until_the_end(void **state)
{
	struct pacer p;
	(void)state;
	pacer_init(&p, 0, START, NB_SEC);
	assert_int_equal(pacer_take(&p, START - 1), 0);
	assert_int_equal(pacer_take(&p, START), PACER_BATCH_MAX);
	assert_int_equal(pacer_take(&p, START + NB_SEC - 1), PACER_BATCH_MAX);
	assert_int_equal(pacer_take(&p, START + NB_SEC), 0);
	assert_false(pacer_done(&p, START + NB_SEC - 1));
	assert_true(pacer_done(&p, START + NB_SEC));
	assert_int_equal(pacer_not_offered(&p), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_total_is_exact),
		cmocka_unit_test(shares_add_up_to_the_rate),
		cmocka_unit_test(spacing_is_even_even_when_wake_ups_are_late),
		cmocka_unit_test(a_stall_is_made_up_for_by_2_ms_and_no_more),
		cmocka_unit_test(after_a_stall_it_hurries_at_most_by_a_quarter),
		cmocka_unit_test(what_the_sender_cannot_send_is_not_offered),
		cmocka_unit_test(stopped_early_the_rest_is_not_offered),
		cmocka_unit_test(a_clock_that_goes_back_sends_nothing),
		cmocka_unit_test(rate_zero_sends_until_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
