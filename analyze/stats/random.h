/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers that are the same on every machine for the same seed: xoshiro256** (Blackman and
 * Vigna 2018), seeded by splitmix64. For resampling, not for secrets.
 */
#ifndef STATS_RANDOM_H
#define STATS_RANDOM_H

#include <stdint.h>

struct stats_random {
	uint64_t s[4];
};

void stats_random_seed(struct stats_random *r, uint64_t seed);

uint64_t stats_random_u64(struct stats_random *r);

/* Uniform in [0, 1), a multiple of 2^-53. */
double stats_random_uniform(struct stats_random *r);

/* Uniform in 0 .. n - 1, without bias; n > 0. */
uint64_t stats_random_below(struct stats_random *r, uint64_t n);

/* Standard normal, by inverting its distribution: one u64 each. */
double stats_random_normal(struct stats_random *r);

#endif
