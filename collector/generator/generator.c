/* SPDX-License-Identifier: Apache-2.0 */
/* The table of generators. */
#include "collector/generator/generator.h"

#include <string.h>

#include "collector/generator/paced.h"
#include "collector/generator/trafgen.h"

const struct generator_ops *const generators[] = {
	&generator_paced,
	&generator_trafgen,
	NULL,
};

const struct generator_ops *generator_find(const char *name)
{
	for (size_t i = 0; generators[i]; i++)
		if (!strcmp(generators[i]->name, name))
			return generators[i];
	return NULL;
}

unsigned frame_overhead(bool ipv6)
{
	return 4 + 14 + (ipv6 ? 40 : 20) + 8;
}

unsigned frame_size_min(bool ipv6)
{
	return frame_overhead(ipv6) + TEST_HEADER_SIZE;
}

uint64_t generator_share(uint64_t pps, size_t n, size_t i)
{
	return pps / n + (i == 0 ? pps % n : 0);
}
