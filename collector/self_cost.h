/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect agent --self-cost: what one reading of each counter source costs on this host. */
#ifndef NB_SELF_COST_H
#define NB_SELF_COST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cli.h"

/* Prints a row a source: medians of `samples` readings with a pause before each (0: none), in
 * microseconds, and then those of whole samples. Sources that are not here are told on standard
 * error. `ipv6`: what a run over IPv6 reads. 0. */
int self_cost(struct cli *cli, const char *ifname, size_t samples, int64_t pause_ns, bool ipv6);

#endif
