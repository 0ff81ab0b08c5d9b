/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect scrape: counters of nodes from their Prometheus endpoints, stored as a run without a
 * generator. */
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>

#include "collector/cmd.h"
#include "collector/describe.h"
#include "collector/feed.h"
#include "collector/finish.h"
#include "collector/ingest/scrape.h"
#include "collector/plan.h"
#include "collector/run.h"
#include "collector/verdict.h"
#include "common/clock.h"
#include "common/text.h"
#include "schema/write.h"

static int64_t duration_ns = 120 * NB_SEC, interval_ns = NB_SEC;
static const char *ifname, *note;
static struct opt_texts label_list;

const struct option scrape_options[] = {
	{'s', "seconds",	 OPT_TIME,   &duration_ns, "SEC",	"how long (default 120)",		  NULL},
	{'i', "interval", OPT_TIME,   &interval_ns, "TIME",
	 "sampling interval, from 100ms (default 1s)",					       NULL},
	{0,   "if",	  OPT_TEXT,   &ifname,	     "IF",   "the interface (default: the busiest)", NULL},
	{0,   "label",    OPT_APPEND, &label_list,  "K=V",
	 "a label; runs with different labels are different configurations",			     NULL},
	{0,   "note",	    OPT_TEXT,   &note,	     "TEXT", "a remark, kept with the run",	    NULL},
	{0,   NULL,	  OPT_FLAG,   NULL,	  NULL,	NULL,				      NULL},
};

static void describe(struct run_record *r, const struct cli *cli, char *labels)
{
	char now[32];
	r->started_utc = nb_strdup(clock_utc_text(now, clock_realtime()));
	r->duration_ns = duration_ns;
	r->interval_ns = interval_ns;
	r->pairs = 1;
	r->testbed = nb_strdup("scrape");
	r->path = nb_strdup("inter");
	r->generator = nb_strdup("none");
	r->source_port_mode = nb_strdup("fixed");
	r->time_quality = nb_strdup("measured");
	r->labels = labels;
	r->note = note ? nb_strdup(note) : NULL;
	r->argv = nb_strdup(cli->command_line);
	r->status = nb_strdup("ok");
}

/* What makes two recordings equal: the hosts. */
static char *config(const struct run_record *r)
{
	json_t *hosts = json_array();
	for (size_t i = 0; i < r->n_endpoints; i++)
		json_array_append_new(hosts, json_pack("[s, s?]", r->endpoints[i].host,
						       r->endpoints[i].ifname));
	json_t *j = json_pack("{s:s, s:s, s:o, s:o}", "generator", r->generator, "testbed",
			      r->testbed, "hosts", hosts, "labels", json_loads(r->labels, 0, NULL));
	char *s = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(j);
	return s;
}

static void wait_for_end(int64_t end_ns)
{
	for (int64_t left; !run_interrupted() && (left = end_ns - clock_monotonic()) > 0;)
		poll(NULL, 0, (int)(left > NB_SEC / 4 ? 250 : (left + NB_MSEC - 1) / NB_MSEC));
}

static int store(struct cli *cli, struct store *s, struct scraper *scraper, struct run_record *r)
{
	struct feed feed = {0};
	uint64_t *missed = nb_alloc((size_t)cli->argc, sizeof(*missed)), sum = 0;
	int64_t id = 0;
	scrape_record(scraper, r, missed);
	feed_init(&feed, r);
	for (size_t i = 0; i < r->n_endpoints; i++) {
		feed.agents[i].done = true;
		feed.agents[i].missed = missed[i];
		sum += missed[i];
	}
	finish_record(r, &feed, 0);
	free(r->config);
	r->config = config(r);
	const struct verdict_input in = {.feed = &feed};
	int ret = write_run(s, r, verdict_judge, (void *)(uintptr_t)&in, &id, &cli->err);
	if (!ret)
		cli_say(cli, "run %" PRId64 ": %d endpoint%s, %" PRIu64 " reading%s missing", id,
			cli->argc, cli->argc == 1 ? "" : "s", sum, sum == 1 ? "" : "s");
	feed_free(&feed);
	free(missed);
	return ret;
}

int cmd_scrape(struct cli *cli)
{
	struct store *s = NULL;
	struct scraper *scraper = NULL;
	struct run_record r;
	char *labels = NULL;
	struct scrape_target *targets = nb_alloc((size_t)cli->argc, sizeof(*targets));
	int ret = -1;
	record_init(&r);
	if (!cli->argc) {
		nb_error_code(&cli->err, NB_USAGE,
			      "scrape: name the endpoints: http://HOST:9100/metrics");
		goto cleanup;
	}
	if (interval_ns < NB_SEC / 10 || duration_ns < interval_ns) {
		nb_error_code(&cli->err, NB_USAGE,
			      "scrape: -i from 100ms, and -s of at least one interval");
		goto cleanup;
	}
	for (int i = 0; i < cli->argc; i++) {
		if (scrape_target_parse(&targets[i], cli->argv[i], &cli->err))
			goto cleanup;
		targets[i].ifname = ifname;
	}
	if (plan_labels(&labels, &label_list, &cli->err))
		goto cleanup;
	run_catch_signals();
	if (store_open(&s, cli->db, STORE_WRITE, &cli->err) || make_uuid(r.uuid, &cli->err) ||
	    scrape_open(&scraper, targets, (size_t)cli->argc, &cli->err))
		goto cleanup;
	describe(&r, cli, labels);
	labels = NULL;
	int64_t origin = clock_monotonic();
	if (scrape_start(scraper, origin, interval_ns, 1, &cli->err))
		goto cleanup;
	/* the reading at the very end belongs to it */
	wait_for_end(origin + duration_ns + interval_ns / 4);
	scrape_stop(scraper);
	ret = store(cli, s, scraper, &r) ? -1 : run_interrupted() ? NB_INTERRUPTED : NB_OK;
cleanup:
	scrape_close(scraper);
	record_free(&r);
	store_close(s);
	free(labels);
	free(targets);
	return ret;
}
