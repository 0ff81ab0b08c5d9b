/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze: reads the store, never changes it. */
#include "analyze/commands.h"

int main(int argc, char **argv)
{
	return cli_main("nbanalyze", "what the runs in a store say", analyze_commands, argc, argv);
}
