/* SPDX-License-Identifier: Apache-2.0 */
/* The windows are an array of atomic counters: workers add to it, once a batch. */
#include "collector/generator/tally.h"

#include <stdlib.h>

#include "common/clock.h"
#include "common/text.h"

enum { WINDOW_NS = 10 * 1000000, WINDOWS_MAX = 1 << 22 };

void tally_init(struct tally *t, int64_t start_ns, int64_t duration_ns)
{
	int64_t n = (duration_ns + WINDOW_NS - 1) / WINDOW_NS;
	t->start_ns = start_ns;
	t->n = n < WINDOWS_MAX ? (size_t)n : WINDOWS_MAX;
	t->packets = nb_alloc(t->n, sizeof(*t->packets));
}

void tally_free(struct tally *t)
{
	free(t->packets);
	*t = (struct tally){0};
}

void tally_add(struct tally *t, int64_t now_ns, unsigned n)
{
	int64_t window = (now_ns - t->start_ns) / WINDOW_NS;
	if (now_ns >= t->start_ns && (size_t)window < t->n)
		atomic_fetch_add_explicit(&t->packets[window], n, memory_order_relaxed);
}

bool tally_evaluate(const struct tally *t, int64_t until_ns, double *peak_ratio,
		    double *empty_share)
{
	int64_t whole = until_ns > t->start_ns ? (until_ns - t->start_ns) / WINDOW_NS : 0;
	size_t end = (size_t)whole < t->n ? (size_t)whole : t->n, first = 0, empty = 0;
	uint64_t sum = 0;
	uint32_t peak = 0;
	while (first < end && !t->packets[first])
		first++;
	for (size_t i = first; i < end; i++) {
		uint32_t n = t->packets[i];
		sum += n;
		empty += !n;
		peak = n > peak ? n : peak;
	}
	if (end - first < 2 || !sum)
		return false;
	*peak_ratio = (double)peak * (double)(end - first) / (double)sum;
	*empty_share = (double)empty / (double)(end - first);
	return true;
}
