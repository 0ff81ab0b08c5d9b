/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assert_close(): cmocka 1.1.5 cannot compare doubles. Include it after cmocka.h.
 */
#ifndef TESTS_CLOSE_H
#define TESTS_CLOSE_H

#include <math.h>
#include <stdio.h>

static inline int is_close(double got, double want, double rel)
{
	if (isnan(want) || isinf(want))
		return isnan(want) ? isnan(got) : isinf(got) && signbit(got) == signbit(want);
	return fabs(got - want) <= rel * (fabs(want) > 0 ? fabs(want) : 1);
}

/* |got - want| <= rel |want|; a want of 0 makes rel absolute; NaN equals NaN. */
#define assert_close(got, want, rel)                                                               \
	do {                                                                                       \
		double got_ = (got), want_ = (want);                                               \
                                                                                                   \
		if (!is_close(got_, want_, (rel))) {                                               \
			print_error("%s: got %.17g, want %.17g\n", #got, got_, want_);             \
			fail();                                                                    \
		}                                                                                  \
	} while (0)

/* The digits in which got and want agree, 15 at most, as NIST counts them. */
static inline double digits_agreed(double got, double want)
{
	double miss = fabs(got - want);

	if (fabs(want) > 0)
		miss /= fabs(want);
	if (isnan(miss))
		return 0;
	return miss < 1e-15 ? 15 : -log10(miss);
}

#endif
