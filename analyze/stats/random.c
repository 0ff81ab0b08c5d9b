// SPDX-License-Identifier: Apache-2.0
/*
 * xoshiro256** and what is made of it.
 */
#include "analyze/stats/random.h"

#include "analyze/stats/dist.h"

static uint64_t rotate(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

void stats_random_seed(struct stats_random *r, uint64_t seed)
{
	int i;

	for (i = 0; i < 4; i++) {
		uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		r->s[i] = z ^ z >> 31;
	}
}

uint64_t stats_random_u64(struct stats_random *r)
{
	uint64_t *s = r->s, out = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate(s[3], 45);
	return out;
}

double stats_random_uniform(struct stats_random *r)
{
	return (double)(stats_random_u64(r) >> 11) * 0x1p-53;
}

uint64_t stats_random_below(struct stats_random *r, uint64_t n)
{
	uint64_t skip = (UINT64_MAX - n + 1) % n, v; /* 2^64 mod n values too many: left out */

	do
		v = stats_random_u64(r);
	while (v < skip);
	return v % n;
}

double stats_random_normal(struct stats_random *r)
{
	return stats_norm_quantile(((double)(stats_random_u64(r) >> 12) + 0.5) * 0x1p-52);
}
