/* SPDX-License-Identifier: Apache-2.0 */
/* The ear of a run: what its agents say, agents that are out of reach, the live lines, the signals
 * that end a wait. */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/run_course.h"
#include "common/clock.h"

enum {
	GRACE_S = 30,	 /* an agent out of reach goes on for so long */
	RETRY_MS = 1000, /* between attempts to reach it */
};

static volatile sig_atomic_t signals;
static int heeded; /* signals that have ended a wait */

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

void run_catch_signals(void)
{
	/* no SA_RESTART: poll() is to return */
	struct sigaction sa = {.sa_handler = on_signal};
	struct sigaction hup;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* a terminal that goes away; nohup has it ignored */
	if (!sigaction(SIGHUP, NULL, &hup) && hup.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool run_interrupted(void)
{
	return signals > 0;
}

static void agent_ended(struct course *c, size_t i)
{
	struct feed_agent *a = &c->feed.agents[i];
	if (a->done || a->failed)
		return;
	a->failed = true;
	const struct record_endpoint *e = &c->record.endpoints[i];
	char pair[32] = "";
	if (e->pair >= 0 && c->plan->pairs > 1)
		snprintf(pair, sizeof(pair), " of pair %d", e->pair);
	snprintf(a->error, sizeof(a->error), "the agent of %s%s ended before its time", e->role,
		 pair);
}

/* A transport ended. Where it can come back the agent is looked for, within its grace. */
static void transport_ended(struct course *c, size_t i)
{
	const struct record_endpoint *e = &c->record.endpoints[i];
	struct reach *r = &c->reaches[i];
	int64_t now = clock_monotonic();
	if (!c->testbed.ops->reattach || !r->n_sent || c->feed.agents[i].done ||
	    c->feed.agents[i].failed) {
		agent_ended(c, i);
		return;
	}
	if (!r->lost_ns) {
		r->lost_ns = now;
		cli_warn(c->cli,
			 "the agent of %s in %s is out of reach; it goes on, and is looked for",
			 e->role,
			 e->pod	   ? e->pod
			 : e->host ? e->host
				   : "?");
	}
	r->next_ns = now + RETRY_MS * NB_MSEC;
}

static void give_up(struct course *c, size_t i, const char *why)
{
	struct feed_agent *a = &c->feed.agents[i];
	const struct record_endpoint *e = &c->record.endpoints[i];
	c->reaches[i].lost_ns = 0;
	a->failed = true;
	snprintf(a->error, sizeof(a->error), "the agent of %s%s%s was lost: %s", e->role,
		 e->pod || e->host ? " in " : "",
		 e->pod	   ? e->pod
		 : e->host ? e->host
			   : "",
		 why);
}

static void look_for_lost(struct course *c, int64_t now)
{
	for (size_t i = 0; i < c->testbed.n; i++) {
		struct reach *r = &c->reaches[i];
		struct nb_text why = {0};
		if (!r->lost_ns || !c->readers[i].ended)
			continue;
		if (now - r->lost_ns > GRACE_S * NB_SEC) {
			give_up(c, i, "out of reach for longer than its grace of 30 s");
		} else if (now >= r->next_ns) {
			if (c->testbed.ops->reattach(&c->testbed, i, &why)) {
				give_up(c, i, why.s ? why.s : "");
			} else {
				text_cut(&c->readers[i].buf, 0);
				c->readers[i].fd = c->testbed.endpoints[i].from;
				c->readers[i].at = 0;
				c->readers[i].ended = false;
				reach_resume(r, c->testbed.endpoints[i].to);
			}
		}
		text_free(&why);
	}
}

/* Agents that can be lost keep what they said until they know that it came. */
static void confirm_lines(struct course *c, int64_t now)
{
	if (!c->testbed.ops->reattach || now < c->next_confirm_ns)
		return;
	c->next_confirm_ns = now + NB_SEC;
	for (size_t i = 0; i < c->testbed.n; i++)
		if (!c->readers[i].ended && c->reaches[i].n_sent)
			reach_confirm(&c->reaches[i], c->testbed.endpoints[i].to);
}

static void add_rise(void *payload, const char *source, const char *metric, uint64_t delta,
		     int64_t dt_ns)
{
	struct live_counts *counts = payload;
	live_add(counts, metric, delta);
	if (!strcmp(source, "link") && !strcmp(metric, "rx_packets"))
		counts->dt_ns += dt_ns;
	if (!strcmp(source, "stat") && !strcmp(metric, "irqs"))
		counts->node_dt_ns += dt_ns;
}

/* A reader that does not read must not stop the run: what does not fit is left out, whole. A pipe
 * that can be written has room for 4096 bytes at least. */
static void print_live(struct course *c, const struct record_endpoint *receiver,
		       const struct live_counts *counts)
{
	struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
	struct nb_text line = {0};
	if (poll(&p, 1, 0) != 1 || !(p.revents & POLLOUT)) {
		c->unread++;
		return;
	}
	live_line(&line, c->plan->pairs > 1 ? receiver->pair : -1, receiver->ifname, counts);
	printf("%s\n", line.s);
	fflush(stdout);
	text_free(&line);
}

/* Adds a tick to the lines of the receivers that it belongs to (their own, or that of the node
 * under them), and prints a line that is full. */
static void live_tick(struct course *c, size_t i)
{
	const struct record_endpoint *e = &c->record.endpoints[i];
	int64_t full = NB_SEC - c->plan->interval_ns / 2;
	for (size_t k = 0; k < c->record.n_endpoints; k++) {
		const struct record_endpoint *receiver = &c->record.endpoints[k];
		struct live_counts *counts = &c->live[k];
		if (strcmp(receiver->role, "receiver") || (k != i && receiver->node != (int)i))
			continue;
		feed_last_rises(e, add_rise, counts);
		if (counts->dt_ns < full || (receiver->node >= 0 && counts->node_dt_ns < full))
			continue;
		print_live(c, receiver, counts);
		*counts = (struct live_counts){0};
	}
}

bool run_listen(struct course *c, int64_t until_ns, bool (*done)(const struct course *c))
{
	struct pollfd *fds = nb_alloc(c->testbed.n, sizeof(*fds));
	bool reached = false;
	while (!(done && (reached = done(c)))) {
		int64_t now = clock_monotonic();
		if (now >= until_ns)
			break;
		/* a signal ends one wait, that one in which or before which it came; during the
		 * orderly end a second one ends another */
		if (signals > heeded) {
			heeded = signals;
			break;
		}
		look_for_lost(c, now);
		confirm_lines(c, now);
		for (size_t i = 0; i < c->testbed.n; i++)
			fds[i] = (struct pollfd){
				.fd = c->readers[i].ended ? -1 : c->readers[i].fd,
				.events = POLLIN,
			};
		int64_t wait = until_ns - now < NB_SEC / 4 ? until_ns - now : NB_SEC / 4;
		poll(fds, c->testbed.n, (int)((wait + NB_MSEC - 1) / NB_MSEC));
		for (size_t i = 0; i < c->testbed.n; i++) {
			if (fds[i].fd < 0 || !fds[i].revents)
				continue;
			line_fill(&c->readers[i]);
			for (char *line; (line = line_next(&c->readers[i]));) {
				struct nb_err ignored = {0}; /* kept in the feed's agent */
				if (reach_line(&c->reaches[i], c->testbed.endpoints[i].to, line))
					continue;
				spool_line(&c->spool, i, line);
				if (!feed_line(&c->feed, i, line, &ignored) && c->options->live &&
				    !strncmp(line, "{\"type\":\"tick\"", 14))
					live_tick(c, i);
			}
			if (c->readers[i].ended)
				transport_ended(c, i);
		}
		if (c->next_spool_ns && now >= c->next_spool_ns) {
			struct nb_err err = {0};
			c->next_spool_ns = now + RUN_SPOOL_S * NB_SEC;
			if (spool_flush(&c->spool, &err))
				cli_warn(c->cli, "%s", err.text);
		}
		if (c->options->progress && c->origin_ns && now > c->origin_ns &&
		    cli_progress(c->cli))
			fprintf(stderr, "\r%s%" PRId64 "/%" PRId64 " s ",
				c->options->prefix ? c->options->prefix : "",
				(now - c->origin_ns) / NB_SEC, c->plan->duration_ns / NB_SEC);
	}
	free(fds);
	return reached;
}
