/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sources. */
#include "collector/counters/sources.h"

#include <string.h>

const struct counter_source *const counter_sources[] = {
	/* the endpoint: its interface, its namespace, its cores */
	&source_link,
	&source_snmp,
	&source_rt_cache,
	&source_queue,
	&source_qdisc,
	&source_conntrack,
	&source_cores,
	&source_netstat,
	&source_other_ip,
	&source_udp,
	&source_cgroup,
	/* the node */
	&source_links,
	&source_irq,
	&source_softnet,
	&source_softirqs,
	&source_stat,
	NULL,
};

const struct counter_source *counter_source_find(const char *name)
{
	for (const struct counter_source *const *s = counter_sources; *s; s++)
		if (!strcmp((*s)->name, name))
			return *s;
	return NULL;
}
