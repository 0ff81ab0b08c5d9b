/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect: the table of its subcommands. */
#include "collector/cmd.h"

/* clang-format off */
static const struct command commands[] = {
	{"run", cmd_run, NULL, "one run: send at a rate, count at both ends, store",
	 "-p is the rate of each pair; 0 is as fast as possible. Rates: 200000, 200k, 1.5M; times:\n"
	 "120, 500ms, 2m. The run is stored whatever happens; its verdict says what it is worth.\n",
	 run_options},
	{"sweep", cmd_sweep, NULL, "runs over the cross product of rates, sizes, cores and pairs",
	 "Lists: 1000,10k,100k and 10k:100k:10k (from, to, step). The order is shuffled with a seed\n"
	 "that is stored. A failed run does not end the sweep; the exit code is 1 then.\n",
	 sweep_options},
	{"watch", cmd_watch, NULL, "sample an interface of this host and print; stores nothing", NULL,
	 watch_options},
	{"pods", cmd_pods, "create|list|delete|profiles|template",
	 "Kubernetes pods for the testbed kube, and their traffic profiles",
	 "create makes servers (senders) and clients (receivers) and waits until they run; list shows\n"
	 "what a run may use, delete takes away what create made, profiles shows each pair's packets,\n"
	 "template prints the manifest that create fills. docs/kubernetes.md tells it all.\n",
	 pods_options},
	{"import", cmd_import, "PATH_OR_URL…", "metric files of older scripts: folders, files, URLs, or -",
	 "Each kind of file is known by its name; files of one run are joined, idle seconds at both ends\n"
	 "stay out of the steady window. Importing twice adds nothing. A row says what became of each file.\n",
	 import_options},
	{"scrape", cmd_scrape, "URL…", "read nodes' counters from Prometheus endpoints, and store them",
	 "Series of node_exporter are known. An endpoint that does not answer in time leaves a gap.\n",
	 scrape_options},
	{"merge", cmd_merge, "OTHER.db…", "the runs of other stores, into this one",
	 "Runs are told apart by their uuid: what is there already is left as it is. One transaction a\n"
	 "run: a merge that was killed is whole, and goes on when it is called again.\n",
	 merge_options},
	{"rm", cmd_rm, "RUN…", "delete runs by id or uuid",
	 "What they took on disk is reused by later runs; sqlite3 FILE VACUUM gives it back.\n",
	 rm_options},
	{"migrate", cmd_migrate, NULL, "bring the store to the newest schema; a copy is kept", NULL,
	 NULL},
	{"agent", cmd_agent, NULL, "the process at an endpoint, driven over stdin and stdout",
	 "Started by run; the protocol is in docs/protocol.md.\n", agent_options},
	{0},
};
/* clang-format on */

int main(int argc, char **argv)
{
	return cli_main("nbcollect", "drives packet generators and stores what both ends counted",
			commands, argc, argv);
}
