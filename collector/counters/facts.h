/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The circumstances of a run, as far as the kernel tells: what makes two runs comparable, or
 * explains why they are not. Read once, when an agent starts.
 *
 * Of every endpoint: kernel, kernel_build, machine, sysctl {name: number}.
 * Of a node: cpu_model, cpus_online, cpus_isolated, smt_active, numa_nodes, governor,
 *   mitigations {name: state; those the CPU does not need are left out}.
 * Of an interface: ifindex, kind, mtu, mac, operstate, qdisc, txqueuelen, tx_queues, rx_queues (as
 *   allocated), channels (as used) and rings {rx, rx_max, …}, driver, driver_version, firmware,
 *   bus, offloads {name: boolean}, rps_cpus {queue: mask}, threaded, gro_flush_timeout,
 *   napi_defer_hard_irqs, numa_node.
 *
 * What cannot be read has no key. Strings are valid UTF-8, whatever the kernel or a driver said.
 */
#ifndef NB_FACTS_H
#define NB_FACTS_H

#include <jansson.h>
#include <stdbool.h>

#include "collector/counters/source.h"

/* *out is a new object, the caller's; the interface is env->ifname, if any, of the calling
 * thread's network namespace. 0; -1 when memory is gone. */
int facts_read(json_t **out, const struct counter_env *env, bool node);

#endif
