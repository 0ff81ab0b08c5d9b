/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of nbanalyze, one cmd_*.c each: what main.c's table takes from them. */
#ifndef NB_ANALYZE_COMMANDS_H
#define NB_ANALYZE_COMMANDS_H

#include "common/cli.h"

/* clang-format off */
#define COMMAND(name) \
	int cmd_##name(struct cli *cli); \
	extern const struct option name##_options[]; \
	extern const char name##_help[]
/* clang-format on */

COMMAND(runs);
COMMAND(show);
COMMAND(summary);
COMMAND(ledger);
COMMAND(metrics);
COMMAND(correlate);
COMMAND(regress);
COMMAND(bound);
COMMAND(compare);
COMMAND(plot);
COMMAND(report);
COMMAND(query);
COMMAND(export);

#undef COMMAND

extern const struct command analyze_commands[];

#endif
