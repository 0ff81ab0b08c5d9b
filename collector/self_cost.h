/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect agent --self-cost: what one reading of each counter source costs on this host. */
#ifndef NB_SELF_COST_H
#define NB_SELF_COST_H

#include <stddef.h>

#include "common/cli.h"

/* Prints a row a source: medians of `samples` readings without a pause, in microseconds, and
 * `all`: of whole samples. Sources that are not here are told on standard error. 0. */
int self_cost(struct cli *cli, const char *ifname, size_t samples);

#endif
