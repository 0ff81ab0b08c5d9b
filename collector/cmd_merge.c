/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect merge: the runs of other stores. */
#include "collector/cmd.h"
#include "collector/ingest/merge.h"

const struct option merge_options[] = {
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};

static const struct column columns[] = {
	{"file",	 COL_TEXT},
	      {"runs",    COL_INT },
	    {"merged",  COL_INT },
	{"present", COL_INT },
	      {"running", COL_INT },
};

int cmd_merge(struct cli *cli)
{
	struct store *s = NULL;
	int ret = 0;
	if (!cli->argc)
		return nb_error_code(&cli->err, NB_USAGE, "merge: name the stores to take from");
	if (store_open(&s, cli->db, STORE_WRITE, &cli->err))
		return -1;
	struct output *out = output_begin(stdout, cli->format, "merge", columns,
					  sizeof(columns) / sizeof(*columns));
	for (int i = 0; !ret && i < cli->argc; i++) {
		struct merge_report r;
		ret = merge_store(&r, s, cli->argv[i], &cli->err);
		if (ret && !r.merged)
			break;
		const struct cell cells[] = {
			cell_text(cli->argv[i]),      cell_int((int64_t)r.runs),
			cell_int((int64_t)r.merged),  cell_int((int64_t)r.present),
			cell_int((int64_t)r.running),
		};
		output_row(out, cells);
		if (r.running)
			cli_warn(cli, "%s: %zu run%s not ended: left out; merge again when it has",
				 cli->argv[i], r.running, r.running == 1 ? " has" : "s have");
	}
	output_end(out);
	store_close(s);
	return ret;
}
