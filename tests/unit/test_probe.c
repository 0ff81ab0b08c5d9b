/* SPDX-License-Identifier: Apache-2.0 */
/* Burstiness from readings 10 ms apart. */
#include "unit.h"

#include "close.h"
#include "collector/agent/probe.h"

enum { N = 201 };

static void a_smooth_source_has_ratio_one(void **state)
{
	struct probe_reading r[N];
	struct probe_result p;
	(void)state;
	for (int i = 0; i < N; i++)
		r[i] = (struct probe_reading){i * PROBE_WINDOW_NS, (uint64_t)i * 100};
	assert_true(probe_evaluate(r, N, 0, N * PROBE_WINDOW_NS, &p));
	assert_int_equal(p.windows, N - 1);
	assert_close(p.peak_ratio, 1, 1e-12);
	assert_close(p.empty_share, 0, 1e-12);
}

static void bursts_show_as_peak_and_emptiness(void **state)
{
	struct probe_reading r[N];
	struct probe_result p;
	(void)state;
	/* 1000 packets at once every second, for two seconds */
	for (int i = 0; i < N; i++)
		r[i] = (struct probe_reading){i * PROBE_WINDOW_NS,
					      (uint64_t)((i + 99) / 100) * 1000};
	assert_true(probe_evaluate(r, N, 0, N * PROBE_WINDOW_NS, &p));
	assert_close(p.peak_ratio, 100, 1e-12);
	assert_close(p.empty_share, 0.99, 1e-12);
}

static void a_late_wake_up_is_no_burst(void **state)
{
	struct probe_reading r[N];
	struct probe_result p;
	(void)state;
	for (int i = 0; i < N; i++)
		r[i] = (struct probe_reading){i * PROBE_WINDOW_NS, (uint64_t)i * 100};
	r[50].t_ns += 8 * 1000000; /* 18 ms after the one before, 2 ms before the next */
	r[50].offered += 80;
	assert_true(probe_evaluate(r, N, 0, N * PROBE_WINDOW_NS, &p));
	assert_close(p.peak_ratio, 1, 1e-9);
}

static void windows_outside_the_sending_do_not_count(void **state)
{
	struct probe_reading r[N];
	struct probe_result p;
	(void)state;
	for (int i = 0; i < N; i++)
		r[i] = (struct probe_reading){i * PROBE_WINDOW_NS,
					      i < 100 ? 0 : (uint64_t)(i - 100) * 100};
	assert_true(probe_evaluate(r, N, 100 * PROBE_WINDOW_NS, N * PROBE_WINDOW_NS, &p));
	assert_close(p.empty_share, 0, 1e-12);
	assert_false(probe_evaluate(r, N, 0, 50 * PROBE_WINDOW_NS, &p)); /* nothing was sent */
	assert_false(probe_evaluate(r, 0, 0, N * PROBE_WINDOW_NS, &p));
}

static void the_window_of_the_first_packet_counts(void **state)
{
	struct probe_reading r[N];
	struct probe_result p;
	(void)state;
	for (int i = 0; i < N; i++) /* one burst, 5 ms into the first window */
		r[i] = (struct probe_reading){i * PROBE_WINDOW_NS, i ? 1000 : 0};
	assert_true(probe_evaluate(r, N, PROBE_WINDOW_NS / 2, N * PROBE_WINDOW_NS, &p));
	assert_close(p.peak_ratio, N - 1, 1e-12);
}

/* Bursts of a second's 1000 packets, 100 in a window. */
static void between_two_pauses_there_is_a_burst_at_most(void **state)
{
	struct probe_reading r[N];
	struct probe_result p;
	uint64_t sent = 0;
	(void)state;
	for (int i = 0; i < N; i++) {
		r[i] = (struct probe_reading){i * PROBE_WINDOW_NS, sent};
		sent += i % 100 < 10 ? 100 : 0;
	}
	assert_true(probe_evaluate(r, N, 0, N * PROBE_WINDOW_NS, &p));
	assert_int_equal(p.unpaused_second, 1000);
	/* held up for a while in the second burst, it makes up for that until the third begins */
	sent = 0;
	for (int i = 0; i < N; i++) {
		r[i] = (struct probe_reading){i * PROBE_WINDOW_NS, sent};
		sent += i % 100 < 5 || (i >= 60 && i < 65) ? 100 : 0;
	}
	assert_true(probe_evaluate(r, N, 0, N * PROBE_WINDOW_NS, &p));
	assert_int_equal(p.unpaused_second, 500);
	/* a reader that was away has not seen whether it paused */
	for (int i = 50; i < N; i++)
		r[i].t_ns += 5 * PROBE_WINDOW_NS;
	assert_true(probe_evaluate(r, N, 0, 2 * N * PROBE_WINDOW_NS, &p));
	assert_int_equal(p.unpaused_second, 500);
}

static void a_source_without_its_throttle_does_not_pause(void **state)
{
	struct probe_reading r[N];
	struct probe_result p;
	(void)state;
	for (int i = 0; i < N; i++)
		r[i] = (struct probe_reading){i * PROBE_WINDOW_NS, (uint64_t)i * 100};
	assert_true(probe_evaluate(r, N, 0, N * PROBE_WINDOW_NS, &p));
	assert_int_equal(p.unpaused_second, 100 * 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_smooth_source_has_ratio_one),
		cmocka_unit_test(bursts_show_as_peak_and_emptiness),
		cmocka_unit_test(a_late_wake_up_is_no_burst),
		cmocka_unit_test(windows_outside_the_sending_do_not_count),
		cmocka_unit_test(the_window_of_the_first_packet_counts),
		cmocka_unit_test(between_two_pauses_there_is_a_burst_at_most),
		cmocka_unit_test(a_source_without_its_throttle_does_not_pause),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
