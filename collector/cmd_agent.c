/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect agent: the same code as the static nb-agent. */
#include <stdio.h>
#include <unistd.h>

#include "collector/agent/agent.h"
#include "collector/cmd.h"

static const char *out_path;

const struct option agent_options[] = {
	{0, "out", OPT_TEXT, &out_path, "FILE", "where the result goes when the collector is gone",
	 NULL											   },
	{0, NULL,  OPT_FLAG, NULL,	  NULL,	NULL,					       NULL},
};

int cmd_agent(struct cli *cli)
{
	if (isatty(STDIN_FILENO))
		return nb_error_code(&cli->err, NB_USAGE,
				     "agent: it is driven over stdin by run; nothing to do at a "
				     "terminal");
	return agent_serve(STDIN_FILENO, STDOUT_FILENO, out_path);
}
