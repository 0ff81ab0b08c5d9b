/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect agent: the same code as the static nb-agent. */
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>

#include "collector/agent/agent.h"
#include "collector/cmd.h"
#include "collector/self_cost.h"
#include "common/clock.h"

static const char *out_path;
static bool with_self_cost, ipv6;
static const char *ifname = "lo";
static uint64_t samples = 2000;
static int64_t pause_ns;

const struct option agent_options[] = {
	{0,   "out",	   OPT_TEXT,  &out_path,	"FILE", "where the result goes when the collector is gone",
	 NULL													  },
	{0,   "self-cost", OPT_FLAG,  &with_self_cost, NULL,
	 "only say what a reading of each source costs here",						      NULL},
	{0,   "if",	  OPT_TEXT,  &ifname,	     "IF",   "with --self-cost: the interface (default lo)",	   NULL},
	{0,   "samples",   OPT_COUNT, &samples,	    "N",
	 "with --self-cost: readings of each (default 2000)",						      NULL},
	{'6', "ipv6",      OPT_FLAG,	&ipv6,	       NULL,   "with --self-cost: as a run over IPv6 reads",	   NULL},
	{0,   "pause",     OPT_TIME,  &pause_ns,	  "TIME",
	 "with --self-cost: wait this long before each reading (default 0)",					     NULL},
	{0,   NULL,	  OPT_FLAG,  NULL,		  NULL,	NULL,					       NULL},
};

int cmd_agent(struct cli *cli)
{
	if (with_self_cost && (samples < 1 || samples > 1000000))
		return nb_error_code(&cli->err, NB_USAGE, "--samples: 1 to 1000000");
	if (with_self_cost && !if_nametoindex(ifname))
		return nb_error_code(&cli->err, NB_USAGE, "--if: there is no interface '%s' here",
				     ifname);
	if (with_self_cost && (pause_ns < 0 || pause_ns > 10 * NB_SEC))
		return nb_error_code(&cli->err, NB_USAGE, "--pause: 0 to 10s");
	if (with_self_cost)
		return self_cost(cli, ifname, (size_t)samples, pause_ns, ipv6);
	if (isatty(STDIN_FILENO))
		return nb_error_code(&cli->err, NB_USAGE,
				     "agent: it is driven over stdin by run; nothing to do at a "
				     "terminal");
	return agent_serve(STDIN_FILENO, STDOUT_FILENO, out_path);
}
