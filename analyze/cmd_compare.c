/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze compare: two sets of runs, figure by figure, and gates on what changed. */
#include <stdlib.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/compare.h"
#include "analyze/explain.h"
#include "analyze/select.h"

static struct compare_asked asked = {.interval = "hodges-lehmann", .adjust = "holm", .seed = 1};

/* clang-format off */
const struct option compare_options[] = {
	{0, "metrics", OPT_TEXT, &asked.metrics, "LIST", "only these: receiver.rx_pps,node.softirq_rate", NULL},
	{0, "fail-if", OPT_APPEND, &asked.fail_if, "EXPR",
	 "a gate, as 'receiver.rx_pps.median < -2%'; exit 10 when it holds; may be repeated", NULL},
	{0, "strict", OPT_FLAG, &asked.strict, NULL, "exit 11 when a gate is inconclusive", NULL},
	{0, "interval", OPT_CHOICE, &asked.interval, "hodges-lehmann|bootstrap",
	 "of the change: by ranks (default), or by drawing runs anew", NULL},
	{0, "seed", OPT_COUNT, &asked.seed, "N", "of the bootstrap (default 1)", NULL},
	{0, "adjust", OPT_CHOICE, &asked.adjust, "holm|bh|by|none",
	 "p values for having looked at many figures (default holm)", NULL},
	EXPLAIN_OPTION(&asked.explain),
	SELECT_OPTIONS,
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const char compare_help[] =
	"A and B are key=value[,key=value…] (run=1..5, campaign=NAME, size, pps, cores, any key of the\n"
	"configuration, a label), or one word: a label's value or a campaign. The run is the unit: one\n"
	"value each. delta is of the medians, B against A; p is Mann and Whitney's, exact; ~ where\n"
	"nothing is shown at 0.05. Four runs a side are needed, ten are good, best taken in turns.\n"
	"Runs of different configurations are rows apart. Gates: METRIC.STATISTIC OP NUMBER[%], with\n"
	"median, mean, min, max or p95, or regressed(METRIC, min=2%). With % it is the change of B\n"
	"against A and must be shown; without, B's figure. What cannot be judged is an error.\n";

static int parse(struct compare_job *j)
{
	struct cli *cli = j->cli;
	if (cli->argc != 2)
		return nb_error_code(&cli->err, NB_USAGE,
				     "compare: two sides are needed, A and B: nbanalyze compare "
				     "campaign=before campaign=after");
	j->name[0] = cli->argv[0];
	j->name[1] = cli->argv[1];
	j->gates = nb_alloc(asked.fail_if.n + 1, sizeof(*j->gates));
	for (; j->n_gates < asked.fail_if.n; j->n_gates++)
		if (gate_parse(&j->gates[j->n_gates], asked.fail_if.v[j->n_gates], &cli->err))
			return -1;
	return 0;
}

int cmd_compare(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs = {0};
	struct compare_job j = {.cli = cli, .asked = &asked, .runs = &runs};
	int ret = -1;
	if (!parse(&j) && !select_open(&s, &runs, cli, SELECT_ANALYSE) && !compare_make(&j, s)) {
		/* judged first, so that what is said of the gates stands below the rows */
		ret = compare_gates(&j);
		compare_print(&j);
	}
	compare_free(&j);
	runs_free(&runs);
	store_close(s);
	return ret;
}
