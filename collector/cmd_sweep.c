/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect sweep: the cross product of rates, sizes, cores and pairs. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/campaign.h"
#include "collector/cmd.h"
#include "collector/generator/generator.h"
#include "collector/lock.h"
#include "collector/plan_options.h"
#include "collector/run.h"
#include "collector/spool.h"
#include "collector/testbed/testbed.h"
#include "common/clock.h"

/* The original's rates; its cores, 1 to 4, are cut to what this machine has. */
static const char *rates = "1k,10k,20k,50k,100k,200k,500k,1M", *sizes, *core_counts, *pair_counts;
static const char *order = "shuffled", *name, *resume;
static uint64_t repeat = 1, seed;
static bool seed_given;

const struct option sweep_options[] = {
	{'p', "pps",    OPT_TEXT,   &rates,       "LIST",
	 "rates of each pair (default 1k,10k,20k,50k,100k,200k,500k,1M)",					  NULL	      },
	{'z', "size",   OPT_TEXT,	&sizes,	"LIST",
	 "frame sizes, FCS included (default the smallest: 64, of IPv6 84)",				     NULL	 },
	{'c', "cores",  OPT_TEXT,	 &core_counts, "LIST",
	 "cores of each sender (default 1:4:1, as far as there are)",					      NULL	  },
	{'n', "pairs",  OPT_TEXT,	 &pair_counts, "LIST",	       "pairs (default 1; kube: all there are)",
	 NULL													      },
	{0,   "repeat", OPT_COUNT,	 &repeat,	  "N",	       "how often each point is run (default 1)",  NULL	      },
	{0,   "order",  OPT_CHOICE, &order,	 "shuffled|given",
	 "shuffled within each round of repeats (default), or as given",					 NULL	     },
	{0,   "seed",   OPT_COUNT,  &seed,	      "N",		   "of the shuffle (default: from the clock)", &seed_given},
	{0,   "name",   OPT_TEXT,   &name,	     "NAME",	     "the campaign's name (default: made up)",   NULL	   },
	{0,   "resume", OPT_TEXT,	&resume,	 "CAMPAIGN",
	 "go on with a campaign: only what has no good run yet",						 NULL	     },
	PLAN_OPTIONS,
	{0,   NULL,	  OPT_FLAG,   NULL,	  NULL,		NULL,					      NULL	  },
};

static int parse_axis(uint64_t **list, struct axis *axis, const char *option, const char *text,
		      struct nb_err *err)
{
	if (parse_rate_list(list, &axis->n, text))
		return nb_error_code(err, NB_USAGE,
				     "%s: '%s' is not a list such as 1000,10k or 10k:100k:10k",
				     option, text);
	axis->v = *list;
	return 0;
}

enum { CORES_MOST = 4 }; /* as in the original */

/* What was not asked for: the smallest frames, one to four cores as far as there are, one pair or,
 * where they exist by themselves, all. */
static int set_defaults(char size[static 16], char cores[static 16], char pairs[static 24],
			const struct testbed_ops *t, struct nb_err *err)
{
	struct run_plan *p = &plan_values.plan;
	size_t n;
	snprintf(size, 16, "%u", frame_size_min(p->ipv6));
	if (!core_counts) {
		if (t->count_cores(p, &n, err))
			return -1;
		snprintf(cores, 16, "1:%zu:1", n > CORES_MOST ? (size_t)CORES_MOST : n);
	}
	if (!pair_counts) {
		if (t->count_pairs && t->count_pairs(p, err))
			return -1;
		snprintf(pairs, 24, "%" PRIu64, p->pairs);
	}
	sizes = sizes ? sizes : size;
	core_counts = core_counts ? core_counts : cores;
	pair_counts = pair_counts ? pair_counts : pairs;
	return 0;
}

/* The plan of one point. */
static struct run_plan plan_of(const struct run_plan *common, const struct point *p)
{
	struct run_plan plan = *common;
	plan.pps = p->pps;
	plan.frame_size = p->frame_size;
	plan.n_cores = p->n_cores;
	plan.pairs = p->pairs;
	return plan;
}

/* Does an earlier point ask the testbed for the same? A cluster takes a while to answer. */
static bool asked_before(const struct campaign *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (c->points[k].n_cores == c->points[i].n_cores &&
		    c->points[k].pairs == c->points[i].pairs)
			return true;
	return false;
}

/* Every point is checked before anything is run, or waited for. */
static int check_points(const struct campaign *c, const struct run_plan *common, struct nb_err *err)
{
	for (size_t i = 0; i < c->n; i++) {
		struct run_plan plan = plan_of(common, &c->points[i]);
		if (plan_check(&plan, err) ||
		    (!asked_before(c, i) && testbed_find(plan.testbed)->check(&plan, err)))
			return -1;
	}
	return 0;
}

static int new_campaign(struct campaign *c, struct nb_err *err)
{
	uint64_t *lists[4] = {NULL};
	struct axis pps, size, cores, pairs;
	char size_text[16], cores_text[16], pairs_text[24];
	const struct testbed_ops *testbed = testbed_find(plan_values.plan.testbed);
	int ret = -1;
	if (!testbed) {
		nb_error_code(err, NB_USAGE, "--testbed: '%s' is not one of %s",
			      plan_values.plan.testbed, TESTBED_NAMES);
		goto cleanup;
	}
	if (set_defaults(size_text, cores_text, pairs_text, testbed, err) ||
	    parse_axis(&lists[0], &pps, "-p", rates, err) ||
	    parse_axis(&lists[1], &size, "-z", sizes, err) ||
	    parse_axis(&lists[2], &cores, "-c", core_counts, err) ||
	    parse_axis(&lists[3], &pairs, "-n", pair_counts, err))
		goto cleanup;
	if (!repeat || repeat > 1000) {
		nb_error_code(err, NB_USAGE, "--repeat: from 1 to 1000");
		goto cleanup;
	}
	if (!strcmp(order, "given"))
		seed = 0;
	else if (!seed_given || !seed)
		seed = (uint64_t)clock_realtime() & 0x7fffffff;
	c->name = name ? nb_strdup(name) : NULL;
	campaign_points(c, pps, size, cores, pairs, repeat, seed);
	ret = check_points(c, &plan_values.plan, err);
cleanup:
	for (size_t i = 0; i < 4; i++)
		free(lists[i]);
	return ret;
}

struct tally {
	size_t done, failed, void_runs, skipped;
	int64_t *ids;
	size_t n_ids;
};

static void say_point(const struct cli *cli, const struct campaign *c, size_t i, double left_s)
{
	const struct point *p = &c->points[i];
	char rate[32], left[32];
	cli_say(cli,
		"run %zu of %zu: %s%s, %" PRIu64 " bytes, %" PRIu64 " core%s, %" PRIu64
		" pair%s; %s left",
		i + 1, c->n, p->pps ? format_si(rate, (double)p->pps) : "as fast as possible",
		p->pps ? "pps" : "", p->frame_size, p->n_cores, p->n_cores > 1 ? "s" : "", p->pairs,
		p->pairs > 1 ? "s" : "", format_duration(left, left_s));
}

static void run_point(const struct cli *cli, struct store *store, const struct run_plan *plan,
		      struct tally *t)
{
	/* where it runs: once */
	const struct run_options options = {.progress = true,
					    .announce = testbed_find(plan->testbed)->count_pairs &&
							!t->done && !t->failed};
	struct run_result result;
	struct nb_err err = {0};
	struct nb_text line = {0};
	if (run_execute(&result, store, cli, plan, &options, &err)) {
		cli_warn(cli, "%s", err.text);
		t->failed++;
		return;
	}
	if (!run_closing_line(store, result.run_id, &line, &err))
		cli_say(cli, "  %s", line.s);
	text_free(&line);
	t->done++;
	t->failed += strcmp(result.status, "ok") != 0;
	t->void_runs += !strcmp(result.verdict, "void");
	t->ids[t->n_ids++] = result.run_id;
}

/* Sending, and what comes before and after it. */
static int64_t run_takes_ns(const struct run_plan *plan)
{
	return plan->duration_ns + testbed_find(plan->testbed)->overhead_ns;
}

static int run_all(struct cli *cli, struct store *store, const struct campaign *c,
		   struct run_plan *plan, struct tally *t)
{
	double each = (double)run_takes_ns(plan) / 1e9;
	for (size_t i = 0; i < c->n && !run_interrupted(); i++) {
		const struct point *p = &c->points[i];
		bool done = false;
		if (resume && campaign_done(c, store, p, &done, &cli->err))
			return -1;
		if (done) {
			t->skipped++;
			continue;
		}
		*plan = plan_of(plan, p);
		say_point(cli, c, i, each * (double)(c->n - i));
		run_point(cli, store, plan, t);
	}
	return 0;
}

static int finish(struct cli *cli, struct store *store, const struct campaign *c,
		  const struct tally *t)
{
	if (run_print(store, cli, t->ids, t->n_ids, "sweep", &cli->err))
		return -1;
	cli_say(cli, "campaign %s: %zu run%s, %zu failed, %zu void%s", c->name, t->done,
		t->done == 1 ? "" : "s", t->failed, t->void_runs,
		t->skipped ? ", the rest was there already" : "");
	if (run_interrupted()) {
		const char *config = plan_values.plan.kube.kubeconfig;
		cli_say(cli, "interrupted: go on with nbcollect --db %s sweep --resume %s%s%s",
			cli->db, c->name, config ? " --kubeconfig " : "", config ? config : "");
		return NB_INTERRUPTED;
	}
	return t->failed ? NB_FAIL : plan_values.strict && t->void_runs ? NB_VOID : NB_OK;
}

int cmd_sweep(struct cli *cli)
{
	struct store *store = NULL;
	struct campaign c = {0};
	struct tally t = {0};
	int *cores = NULL, lock = -1, ret = -1;
	char time[32];
	if (plan_finish(&cores, &cli->err) || (!resume && new_campaign(&c, &cli->err)))
		goto cleanup;
	run_catch_signals();
	if ((lock = lock_take(plan_values.wait_ns, run_interrupted, &cli->err)) < 0 ||
	    store_open(&store, cli->db, STORE_WRITE, &cli->err) ||
	    spool_recover(store, cli, &cli->err))
		goto cleanup;
	struct run_plan plan = plan_values.plan;
	if (resume ? campaign_load(&c, store, resume, &plan, &cli->err) ||
			     check_points(&c, &plan, &cli->err)
		   : campaign_store(&c, store, &plan, &cli->err))
		goto cleanup;
	plan.campaign_id = c.id;
	t.ids = nb_alloc(c.n, sizeof(*t.ids));
	cli_say(cli, "campaign %s: %zu runs of %.3g s (seed %" PRIu64 "), about %s", c.name, c.n,
		(double)plan.duration_ns / 1e9, c.seed,
		format_duration(time, (double)run_takes_ns(&plan) / 1e9 * (double)c.n));
	if (run_all(cli, store, &c, &plan, &t))
		goto cleanup;
	ret = finish(cli, store, &c, &t);
cleanup:
	store_close(store);
	lock_release(lock);
	campaign_free(&c);
	free(t.ids);
	free(cores);
	return ret;
}
