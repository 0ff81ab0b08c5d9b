/* SPDX-License-Identifier: Apache-2.0 */
/* gnuplot's time for a line grows with the square of its points: 200,000 took it minutes. */
#include "analyze/plot/envelope.h"

#include <math.h>

/* Writes the extremes of [from, to) at `at`; how many. */
static size_t reduce(double *t, double *v, size_t at, size_t from, size_t to)
{
	size_t lo = to, hi = to;
	for (size_t i = from; i < to; i++) {
		if (isnan(v[i]))
			continue;
		if (lo == to || v[i] < v[lo])
			lo = i;
		if (hi == to || v[i] > v[hi])
			hi = i;
	}
	if (lo == to) /* all missing */
		lo = hi = from;
	size_t first = lo < hi ? lo : hi, second = lo < hi ? hi : lo;
	double t1 = t[first], v1 = v[first], t2 = t[second], v2 = v[second];
	t[at] = t1;
	v[at] = v1;
	if (first == second)
		return 1;
	t[at + 1] = t2;
	v[at + 1] = v2;
	return 2;
}

size_t plot_envelope(double *t, double *v, size_t n, size_t columns)
{
	if (n <= 2 * columns)
		return n;
	double start = t[0], width = (t[n - 1] - t[0]) / (double)columns;
	size_t kept = 0;
	for (size_t i = 0, k = 0; i < n; k++) {
		size_t to = i + 1;
		double end = start + width * (double)(k + 1);
		if (k + 1 < columns)
			while (to < n && t[to] < end)
				to++;
		else
			to = n;
		if (t[i] >= end && k + 1 < columns)
			continue; /* nothing in this stretch */
		kept += reduce(t, v, kept, i, to);
		i = to;
	}
	return kept;
}
