/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of nbcollect: one file each. */
#ifndef NB_CMD_H
#define NB_CMD_H

#include "common/cli.h"

int cmd_run(struct cli *cli);
int cmd_sweep(struct cli *cli);
int cmd_watch(struct cli *cli);
int cmd_migrate(struct cli *cli);
int cmd_rm(struct cli *cli);
int cmd_merge(struct cli *cli);
int cmd_pods(struct cli *cli);
int cmd_agent(struct cli *cli);
int cmd_import(struct cli *cli);
int cmd_scrape(struct cli *cli);

extern const struct option run_options[], sweep_options[], watch_options[], rm_options[],
	import_options[], scrape_options[], agent_options[], merge_options[], pods_options[];

#endif
