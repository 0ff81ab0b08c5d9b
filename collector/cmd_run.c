/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect run: one run. */
#include <stdlib.h>
#include <string.h>

#include "collector/cmd.h"
#include "collector/generator/generator.h"
#include "collector/lock.h"
#include "collector/plan_options.h"
#include "collector/run.h"
#include "collector/spool.h"
#include "collector/testbed/testbed.h"

static bool rate_given, size_given, cores_given, pairs_given, live;

const struct option run_options[] = {
	{'p', "pps",	     OPT_RATE,  &plan_values.plan.pps,	      "PPS",
	 "packets per second of each pair; 0: as fast as possible",							    &rate_given },
	{'z', "size",     OPT_COUNT, &plan_values.plan.frame_size, "SIZE",
	 "frame size, FCS included, to 1518 (default the smallest: 64, of IPv6 84)",					     &size_given },
	{'c', "cores",    OPT_COUNT, &plan_values.plan.n_cores,    "N",
	 "cores of each sender (default 1)",									      &cores_given},
	{'n', "pairs",    OPT_COUNT, &plan_values.plan.pairs,	   "N",
	 "pairs of sender and receiver (default 1; kube: all there are)",						  &pairs_given},
	{'l', "loopback", OPT_FLAG,  &plan_values.plan.loopback,	NULL,   "over one namespace's lo",
	 NULL															 },
	{'m', "monitor",	 OPT_FLAG,  &live,			  NULL,	"a line a second for each receiver on stdout",
	 NULL															 },
	PLAN_OPTIONS,
	{0,   NULL,	  OPT_FLAG,  NULL,			  NULL,	NULL,					      NULL	  },
};

/* The time in which agents read counters, from the store: it took that from the host it measured.
 */
static int say_own_cost(struct cli *cli, struct store *store, int64_t run_id)
{
	sqlite3_stmt *st;
	if (store_prepare(store, &st, store_query("own_cost.sql"), "read the run back", &cli->err))
		return -1;
	sqlite3_bind_int64(st, 1, run_id);
	int rc = store_step(store, st, "read the run back", &cli->err);
	if (rc == 1 && sqlite3_column_type(st, 0) != SQLITE_NULL)
		cli_say(cli, "reading counters took %.2g %% of a core",
			100 * sqlite3_column_double(st, 0));
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

static int finish(struct cli *cli, struct store *store, const struct run_result *result)
{
	struct nb_text line = {0};
	int ret = -1;
	if (run_closing_line(store, result->run_id, &line, &cli->err) ||
	    (!live && run_print(store, cli, &result->run_id, 1, "run", &cli->err)))
		goto cleanup;
	cli_say(cli, "run %lld: %s", (long long)result->run_id, line.s);
	if (run_say_reasons(store, cli, result->run_id, &cli->err) ||
	    say_own_cost(cli, store, result->run_id))
		goto cleanup;
	ret = result->interrupted				       ? NB_INTERRUPTED
	      : strcmp(result->status, "ok")			       ? NB_FAIL
	      : plan_values.strict && !strcmp(result->verdict, "void") ? NB_VOID
								       : NB_OK;
cleanup:
	text_free(&line);
	return ret;
}

int cmd_run(struct cli *cli)
{
	struct run_plan *plan = &plan_values.plan;
	struct store *store = NULL;
	struct run_result result;
	int *cores = NULL, lock = -1, ret = -1;
	if (!rate_given && strcmp(plan->generator, "none")) {
		nb_error_code(&cli->err, NB_USAGE,
			      "run: -p PPS is missing (0 is as fast as possible)");
		goto cleanup;
	}
	if (plan_finish(&cores, &cli->err))
		goto cleanup;
	if (!size_given)
		plan->frame_size = frame_size_min(plan->ipv6);
	if (cores && !cores_given)
		plan->n_cores = plan->n_core_list;
	const struct testbed_ops *testbed = testbed_find(plan->testbed);
	if (testbed && testbed->count_pairs && !pairs_given && !plan->loopback &&
	    testbed->count_pairs(plan, &cli->err))
		goto cleanup;
	if (plan_check(plan, &cli->err) || testbed_find(plan->testbed)->check(plan, &cli->err))
		goto cleanup;
	run_catch_signals();
	if ((lock = lock_take(plan_values.wait_ns, run_interrupted, &cli->err)) < 0 ||
	    store_open(&store, cli->db, STORE_WRITE, &cli->err) ||
	    spool_recover(store, cli, &cli->err))
		goto cleanup;
	const struct run_options options = {.live = live, .announce = true, .progress = !live};
	if (run_execute(&result, store, cli, plan, &options, &cli->err))
		goto cleanup;
	ret = finish(cli, store, &result);
cleanup:
	store_close(store);
	lock_release(lock);
	free(cores);
	return ret;
}
