/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze metrics: the names that --metrics, -x and -y take. Needs no store. */
#include "analyze/commands.h"
#include "analyze/figure.h"

const struct option metrics_options[] = {
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL}
};

const char metrics_help[] = "derived_from names the counters that a metric is computed from.\n";

static const struct column columns[] = {
	{"metric",	   COL_TEXT},
	      {"unit",	       COL_TEXT},
	  {"better",	     COL_TEXT},
	{"pairs",	  COL_TEXT},
	      {"derived_from", COL_TEXT},
	  {"help",	   COL_TEXT},
};

int cmd_metrics(struct cli *cli)
{
	struct output *out = output_begin(stdout, cli->format, "metrics", columns,
					  sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < figure_count(); i++) {
		const struct figure *f = figure_at(i);
		const struct metric *m = f->metric;
		struct cell cells[] = {
			cell_text(f->name),
			cell_text(m->unit),
			cell_text(m->better),
			cell_text(m->across_pairs),
			cell_text(m->derived_from && *m->derived_from ? m->derived_from : NULL),
			cell_text(m->help),
		};
		output_row(out, cells);
	}
	output_end(out);
	return 0;
}
