/* SPDX-License-Identifier: Apache-2.0 */
/* The sources, each in the file of its name. */
#ifndef NB_SOURCES_H
#define NB_SOURCES_H

#include "collector/counters/source.h"

extern const struct counter_source source_link, source_snmp, source_other_ip, source_cores;
extern const struct counter_source source_qdisc, source_rt_cache, source_conntrack;
extern const struct counter_source source_netstat, source_udp, source_queue, source_irq;
extern const struct counter_source source_cgroup, source_links;
extern const struct counter_source source_stat, source_softirqs, source_softnet;

#endif
