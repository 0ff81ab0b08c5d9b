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

uint64_t generator_share(uint64_t pps, size_t n, size_t i)
{
	return pps / n + (i == 0 ? pps % n : 0);
}
