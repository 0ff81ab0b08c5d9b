/* SPDX-License-Identifier: Apache-2.0 */
/* The table of subcommands. */
#include "analyze/commands.h"

/* clang-format off */
const struct command analyze_commands[] = {
	{"runs", cmd_runs, NULL, "what is there, a row a run", runs_help, runs_options},
	{"show", cmd_show, "[RUN [RUN]]", "one run in full, or in what two differ", show_help, show_options},
	{"summary", cmd_summary, NULL, "means over repeats, a row a configuration", summary_help,
	 summary_options},
	{"ledger", cmd_ledger, "[RUN]", "where the packets went, stage by stage", ledger_help,
	 ledger_options},
	{"correlate", cmd_correlate, NULL, "what moves together, strongest first", correlate_help,
	 correlate_options},
	{"regress", cmd_regress, NULL, "how much one figure changes with others", regress_help,
	 regress_options},
	{"bound", cmd_bound, NULL, "what a path carries, and what binds it", bound_help, bound_options},
	{"compare", cmd_compare, "A B", "two sets of runs, figure by figure, with gates", compare_help,
	 compare_options},
	{"plot", cmd_plot, "[KIND…]", "pictures, and the gnuplot script beside each", plot_help,
	 plot_options},
	{"report", cmd_report, NULL, "one HTML page with all that the runs say", report_help,
	 report_options},
	{"metrics", cmd_metrics, NULL, "the metrics that can be asked for", metrics_help,
	 metrics_options},
	{"query", cmd_query, "SQL", "the rows of a SELECT over the views", query_help, query_options},
	{"export", cmd_export, NULL, "rows for other tools, or metric files", export_help, export_options},
	{NULL, NULL, NULL, NULL, NULL, NULL},
};
/* clang-format on */
