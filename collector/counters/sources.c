/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sources. */
#include "collector/counters/sources.h"

#include <string.h>

const struct counter_source *const counter_sources[] = {
	&source_link, /* the endpoint: its interface, its namespace, its cores */
	&source_snmp,	  &source_cores,   &source_stat, /* the node */
	&source_softirqs, &source_softnet, NULL,
};

const struct counter_source *counter_source_find(const char *name)
{
	for (const struct counter_source *const *s = counter_sources; *s; s++)
		if (!strcmp((*s)->name, name))
			return *s;
	return NULL;
}
