/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect migrate: what any write does implicitly, on its own. */
#include "collector/cmd.h"
#include "schema/store.h"

#include <unistd.h>

int cmd_migrate(struct cli *cli)
{
	struct store *store = NULL;
	if (access(cli->db, F_OK))
		return nb_error_code(&cli->err, NB_NODATA, "%s: no such file: nothing to migrate",
				     cli->db);
	if (store_open(&store, cli->db, STORE_WRITE, &cli->err))
		return -1;
	int found = store_version_found(store), newest = store_version_newest();
	if (found == newest)
		cli_say(cli, "%s: schema %d is the newest", cli->db, newest);
	else if (found)
		cli_say(cli, "%s: schema %d → %d; the old file is %s.v%d.bak", cli->db, found,
			newest, cli->db, found);
	else
		cli_say(cli, "%s: schema %d made", cli->db, newest);
	store_close(store);
	return 0;
}
