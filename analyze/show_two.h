/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze show A B: in what two runs differ. */
#ifndef NB_SHOW_TWO_H
#define NB_SHOW_TWO_H

#include "common/cli.h"

/* Prints the differences in configuration and facts of two runs, named as operands: rows section,
 * item, a, b. 0, or -1 with the reason. */
int show_two(struct cli *cli, const char *a, const char *b);

#endif
