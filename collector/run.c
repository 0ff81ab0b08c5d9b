/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The course of a run: prepare the testbed, let its agents say hello, make the way, hand out the
 * plans, one idle second, first snapshot, send, stop, drain two seconds, last snapshot, store.
 * While packets flow the store is not touched; every ten seconds the spool is.
 */
#include "collector/run.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/describe.h"
#include "collector/finish.h"
#include "collector/lock.h"
#include "collector/run_course.h"
#include "collector/verdict.h"
#include "common/clock.h"
#include "schema/write.h"

enum {
	ANSWER_S = 15,	/* an agent's time to answer */
	IDLE_MS = 1050, /* the idle second, and time for `start` to reach every agent */
	OVERTIME_S = 5, /* a generator that has not ended this long after its time is stopped */
	DRAIN_S = 2,
};

static bool all(const struct course *c, bool (*holds)(const struct course *c, size_t i))
{
	for (size_t i = 0; i < c->testbed.n; i++)
		if (!c->feed.agents[i].failed && !holds(c, i))
			return false;
	return true;
}

static bool said_hello(const struct course *c, size_t i)
{
	return c->feed.agents[i].hello;
}

static bool is_ready(const struct course *c, size_t i)
{
	return c->feed.agents[i].ready;
}

static bool is_done(const struct course *c, size_t i)
{
	return c->feed.agents[i].done;
}

static bool has_sent(const struct course *c, size_t i)
{
	return strcmp(c->record.endpoints[i].role, "sender") != 0 ||
	       c->feed.agents[i].generator >= FEED_DONE;
}

static bool all_hello(const struct course *c)
{
	return all(c, said_hello);
}

static bool all_ready(const struct course *c)
{
	return all(c, is_ready);
}

static bool all_done(const struct course *c)
{
	return all(c, is_done);
}

/* An endpoint is lost: whatever would be sent from here on is void. */
static bool spoilt(const struct course *c)
{
	for (size_t i = 0; i < c->testbed.n; i++)
		if (c->feed.agents[i].gone || c->feed.agents[i].failed)
			return true;
	return false;
}

static bool all_sent(const struct course *c)
{
	if (spoilt(c))
		return true;
	return all(c, has_sent);
}

/* Waits for a word from every agent; a failure or silence of one ends the run before it began. */
static int await(struct course *c, bool (*done)(const struct course *c), const char *what,
		 struct nb_err *err)
{
	bool reached = run_listen(c, clock_monotonic() + ANSWER_S * NB_SEC, done);
	for (size_t i = 0; i < c->testbed.n; i++)
		if (c->feed.agents[i].failed)
			return nb_error(err, "run: %s", c->feed.agents[i].error);
	if (reached)
		return 0;
	if (run_interrupted())
		return nb_error_code(err, NB_INTERRUPTED, "run: interrupted before it began");
	return nb_error(err, "run: an agent did not %s within %d s: is the host overloaded?", what,
			ANSWER_S);
}

/* To an agent that is out of reach it goes when it is back. */
static int tell(struct course *c, size_t i, json_t *message)
{
	if (!c->reaches[i].lost_ns && c->readers[i].ended) {
		json_decref(message);
		return -1;
	}
	return reach_send(&c->reaches[i], c->testbed.endpoints[i].to, message);
}

static void tell_all(struct course *c, const char *type)
{
	for (size_t i = 0; i < c->testbed.n; i++)
		tell(c, i, json_pack("{s:s}", "type", type));
}

static int hand_out_plans(struct course *c, struct nb_err *err)
{
	for (size_t i = 0; i < c->testbed.n; i++)
		if (tell(c, i, describe_agent_plan(&c->record, c->plan, &c->testbed, i)))
			return nb_error(err, "run: an agent ended before it had its plan");
	return await(c, all_ready, "get ready", err);
}

/* What the testbed knows and the agent cannot. */
static void add_fact(struct record_endpoint *e, const char *key, json_t *value)
{
	json_t *facts = e->facts ? json_loads(e->facts, 0, NULL) : NULL;
	json_object_set_new(facts, key, value); /* takes it in any case */
	if (!facts)
		return;
	free(e->facts);
	e->facts = json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(facts);
}

/* The lines of a text, each as a word to the user or as a warning. */
static void say_lines(const struct course *c, const char *text, bool warn)
{
	while (text && *text) {
		int len = (int)strcspn(text, "\n");
		if (warn)
			cli_warn(c->cli, "%.*s", len, text);
		else
			cli_say(c->cli, "%.*s", len, text);
		text += len + (text[len] == '\n');
	}
}

static void announce(const struct course *c)
{
	const struct testbed *t = &c->testbed;
	struct nb_text line = {0};
	char si[32];
	const struct run_plan *p = c->plan;
	say_lines(c, t->head.s, false);
	for (size_t i = 0; i < t->n; i++) {
		const struct testbed_endpoint *e = &t->endpoints[i];
		text_cut(&line, 0);
		if (e->pair < 0)
			continue;
		text_addf(&line, "pair %d %-8s %s on core%s ", e->pair, e->role, e->ifname,
			  e->n_cores > 1 ? "s" : "");
		format_cpus(&line, e->cores, e->n_cores, ",");
		if (*e->src_ip)
			text_addf(&line, ", %s -> %s", e->src_ip, e->dst_ip);
		if (e->pod)
			text_addf(&line, " in %s on %s", e->pod, e->host);
		if (!strcmp(e->role, "receiver") && strcmp(t->receiver_stack, "node") != 0)
			text_addf(&line, " (its stack by %s)", t->receiver_stack);
		cli_say(c->cli, "%s", line.s);
	}
	if (t->cores_shared)
		cli_say(c->cli, "note: senders and receivers share cores: there are too few");
	if (!strcmp(t->receiver_stack, "sender"))
		cli_say(c->cli, "note: reception runs inside the sender's calls: nothing can be "
				"lost there");
	if (!strcmp(p->generator, "none"))
		cli_say(c->cli, "recording for %.3g s, no generator", (double)p->duration_ns / 1e9);
	else
		cli_say(c->cli, "%s: %s%s, %" PRIu64 " bytes, %.3g s", p->generator,
			p->pps ? format_si(si, (double)p->pps) : "as fast as possible",
			p->pps ? "pps a pair" : "", p->frame_size, (double)p->duration_ns / 1e9);
	text_free(&line);
}

/* The collector stays off the measured cores while packets flow. */
static void move_away(struct course *c)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	for (size_t i = 0; i < c->testbed.n_pin; i++)
		CPU_SET((size_t)c->testbed.pin[i], &set);
	c->moved = c->testbed.n_pin && !sched_getaffinity(0, sizeof(c->own_cpus), &c->own_cpus) &&
		   !sched_setaffinity(0, sizeof(set), &set);
}

static int prepare(struct course *c, struct nb_err *err)
{
	c->testbed.ops = testbed_find(c->plan->testbed);
	if (c->testbed.ops->prepare(&c->testbed, c->plan, err))
		return -1;
	if (describe_run(&c->record, c->plan, &c->testbed, c->cli->command_line, err))
		return -1;
	feed_init(&c->feed, &c->record);
	c->readers = nb_alloc(c->testbed.n, sizeof(*c->readers));
	c->reaches = nb_alloc(c->testbed.n, sizeof(*c->reaches));
	c->live = nb_alloc(c->testbed.n, sizeof(*c->live));
	say_lines(c, c->testbed.warnings.s, true);
	for (size_t i = 0; i < c->testbed.n; i++)
		c->readers[i].fd = c->testbed.endpoints[i].from;
	for (size_t i = 0; i < c->testbed.n; i++)
		if (c->testbed.endpoints[i].hello &&
		    feed_line(&c->feed, i, c->testbed.endpoints[i].hello, err))
			return -1;
	if (await(c, all_hello, "start", err))
		return -1;
	for (size_t i = 0; i < c->testbed.n; i++)
		if (c->testbed.endpoints[i].host) {
			free(c->record.endpoints[i].host);
			c->record.endpoints[i].host = nb_strdup(c->testbed.endpoints[i].host);
		}
	if (c->testbed.ops->connect(&c->testbed, c->plan, err) || hand_out_plans(c, err))
		return -1;
	for (size_t i = 0; i < c->testbed.n; i++) {
		if (!strcmp(c->record.endpoints[i].role, "receiver"))
			add_fact(&c->record.endpoints[i], "receiver_stack",
				 json_string(c->testbed.receiver_stack));
		if (c->testbed.endpoints[i].way)
			add_fact(&c->record.endpoints[i], "way",
				 json_incref(c->testbed.endpoints[i].way));
	}
	free(c->record.config);
	c->record.config = describe_config(&c->record, c->plan, &c->testbed);
	return 0;
}

static int begin(struct course *c, struct store *store, struct nb_err *err)
{
	char *owner = owner_self();
	int ret = spool_open(&c->spool, store_path(store), &c->record, err);
	if (!ret && (ret = write_running(store, &c->record, owner, err)))
		spool_close(&c->spool, true); /* nothing was begun */
	free(owner);
	if (ret)
		return -1;
	c->next_spool_ns = clock_monotonic() + RUN_SPOOL_S * NB_SEC;
	move_away(c);
	return 0;
}

static bool receiver_in_sender(const struct course *c)
{
	return !strcmp(c->testbed.receiver_stack, "sender");
}

static bool any_lost(const struct course *c)
{
	for (size_t i = 0; i < c->testbed.n; i++)
		if (c->reaches[i].lost_ns)
			return true;
	return false;
}

/* First snapshots are taken in time by the clocks as they were measured: generators start later by
 * what two of these measures may be wrong. */
static int64_t lead_ns(const struct testbed *t)
{
	int64_t error = 0;
	for (size_t i = 0; i < t->n; i++)
		if (t->endpoints[i].clock_known && t->endpoints[i].clock_error_ns > error)
			error = t->endpoints[i].clock_error_ns;
	return FEED_LEAD_NS + 2 * error;
}

/* From `start` to the last word of every agent. All local agents share CLOCK_MONOTONIC; the offset
 * of others is known. */
static void drive(struct course *c)
{
	char now[32];
	int64_t idle = (c->testbed.idle_ms ? c->testbed.idle_ms : IDLE_MS) * NB_MSEC;
	int64_t origin = clock_monotonic() + idle;
	int64_t generate = origin + lead_ns(&c->testbed), end = generate + c->plan->duration_ns;
	bool none = !strcmp(c->plan->generator, "none");
	struct nb_err ignored = {0};
	free(c->record.started_utc);
	c->record.started_utc = nb_strdup(clock_utc_text(now, clock_realtime() + idle));
	spool_note(&c->spool, "started", now);
	if (c->testbed.cores_shared)
		spool_note(&c->spool, "cores_shared", "");
	if (receiver_in_sender(c))
		spool_note(&c->spool, "receiver_in_sender", "");
	for (size_t i = 0; i < c->testbed.n; i++) {
		int64_t offset = c->testbed.endpoints[i].monotonic_offset_ns;
		json_int_t first = origin + offset, send = generate + offset;
		tell(c, i,
		     json_pack("{s:s, s:I, s:I}", "type", "start", "origin_ns", first,
			       "generate_ns", send));
	}
	c->origin_ns = origin;
	if (c->scraper && scraped_start(c->scraper, origin, c->plan->interval_ns, &ignored))
		cli_warn(c->cli, "%s", ignored.text);
	run_listen(c, none ? end : end + OVERTIME_S * NB_SEC, none ? spoilt : all_sent);
	tell_all(c, "stop");
	if (!none) {
		run_listen(c, clock_monotonic() + OVERTIME_S * NB_SEC, all_sent);
		run_listen(c, clock_monotonic() + DRAIN_S * NB_SEC, NULL);
	}
	tell_all(c, "finish");
	run_listen(c, clock_monotonic() + ANSWER_S * NB_SEC, all_done);
	while (any_lost(c) && !run_interrupted())
		run_listen(c, clock_monotonic() + NB_SEC, all_done);
	scrape_stop(c->scraper);
	if (c->options->progress && cli_progress(c->cli))
		fprintf(stderr, "\r\033[K");
	if (c->unread)
		cli_warn(c->cli, "%" PRIu64 " live lines were not read in time and left out",
			 c->unread);
}

static void set_status(struct course *c)
{
	const char *error = NULL;
	struct run_record *r = &c->record;
	for (size_t i = 0; i < r->n_endpoints && !error; i++) {
		struct feed_agent *a = &c->feed.agents[i];
		if (!a->done && !a->failed) {
			a->failed = true;
			snprintf(a->error, sizeof(a->error), "the agent of %s did not deliver",
				 r->endpoints[i].role);
		}
		if (a->failed || a->gone || a->generator == FEED_FAILED)
			error = a->error;
	}
	free(r->status);
	r->status = nb_strdup(run_interrupted() ? "aborted" : error ? "failed" : "ok");
	if (run_interrupted())
		error = "interrupted";
	r->error = error ? nb_strdup(error) : NULL;
}

/* The one transaction. When it fails nothing is lost: everything goes to the spool. */
static int store_run(struct course *c, struct store *store, struct run_result *out,
		     struct nb_err *err)
{
	const struct verdict_input in = {
		.feed = &c->feed,
		.cores_shared = c->testbed.cores_shared,
		.receiver_in_sender = receiver_in_sender(c),
	};
	set_status(c);
	finish_record(&c->record, &c->feed, c->plan->warmup_ns);
	if (c->scraper)
		scraped_add(c->scraper, &c->feed);
	if (!write_run(store, &c->record, verdict_judge, (void *)(uintptr_t)&in, &out->run_id,
		       err)) {
		spool_close(&c->spool, true);
		return 0;
	}
	struct nb_err lost = {0}, why = *err;
	spool_note(&c->spool, "not_stored", why.text);
	bool kept = !spool_flush(&c->spool, &lost);
	nb_error_clear(err);
	nb_error(err, "%s; %s %s%s", why.text,
		 kept ? "the run is kept in" : "the run could not be kept whole in", c->spool.path,
		 kept ? ": the next nbcollect on this store takes it in" : "");
	spool_close(&c->spool, false);
	return -1;
}

static void clean_up(struct course *c)
{
	size_t n_agents = c->testbed.n;
	if (c->testbed.ops && c->testbed.endpoints)
		c->testbed.ops->release(&c->testbed);
	if (c->moved)
		sched_setaffinity(0, sizeof(c->own_cpus), &c->own_cpus);
	for (size_t i = 0; c->readers && i < n_agents; i++)
		line_reader_free(&c->readers[i]);
	for (size_t i = 0; c->reaches && i < n_agents; i++)
		reach_free(&c->reaches[i]);
	scrape_close(c->scraper);
	free(c->readers);
	free(c->reaches);
	free(c->live);
	feed_free(&c->feed);
	record_free(&c->record);
	spool_close(&c->spool, false);
}

static int fill_result(struct run_result *out, struct store *store, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(store, &st, "SELECT uuid, status, verdict FROM run WHERE id = ?1",
			  "read the run back", err))
		return -1;
	sqlite3_bind_int64(st, 1, out->run_id);
	int rc = store_step(store, st, "read the run back", err);
	if (rc == 1) {
		snprintf(out->uuid, sizeof(out->uuid), "%s", sqlite3_column_text(st, 0));
		snprintf(out->status, sizeof(out->status), "%s", sqlite3_column_text(st, 1));
		snprintf(out->verdict, sizeof(out->verdict), "%s", sqlite3_column_text(st, 2));
	}
	sqlite3_finalize(st);
	out->interrupted = run_interrupted();
	return rc == 1 ? 0 : -1;
}

int run_execute(struct run_result *out, struct store *store, const struct cli *cli,
		const struct run_plan *plan, const struct run_options *options, struct nb_err *err)
{
	struct course c = {.cli = cli, .plan = plan, .options = options, .spool = {.fd = -1}};
	int ret = -1;
	record_init(&c.record);
	*out = (struct run_result){0};
	if ((plan->scrapes && scraped_open(&c.scraper, plan->scrapes, err)) || prepare(&c, err))
		goto cleanup;
	if (options->announce)
		announce(&c);
	if (begin(&c, store, err))
		goto cleanup;
	drive(&c);
	if (store_run(&c, store, out, err))
		goto cleanup;
	ret = fill_result(out, store, err);
cleanup:
	clean_up(&c);
	return ret;
}
