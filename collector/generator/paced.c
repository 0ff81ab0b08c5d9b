/* SPDX-License-Identifier: Apache-2.0 */
/* paced as a generator: its workers, their common start, their counts. */
#include "collector/generator/paced.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/text.h"

enum { LEAD_NS = 2000000 }; /* until the schedules begin: the threads are up by then */

struct generator {
	struct paced_worker *workers;
	size_t n;
	struct tally tally;
	int event_fd;
	atomic_bool stop;
};

static int check(const struct generator_plan *plan, struct nb_err *err)
{
	int fd;
	if (plan->flows > 1 && plan->random_src_port)
		return nb_error(err, "paced: source ports are random or in rotation, not both");
	if ((plan->flows ? plan->flows : 1) * plan->n_cores > 65536)
		return nb_error(err, "paced: more than 65536 flows: ask for fewer");
	if (paced_socket(&fd, plan, err))
		return -1;
	close(fd);
	return 0;
}

static int set_up(struct paced_worker *w, const struct generator_plan *plan, struct nb_err *err)
{
	if (paced_socket(&w->fd, plan, err))
		return -1;
	for (size_t i = 0; i < PACER_BATCH_MAX; i++)
		if (frame_build(&w->frames[i], plan))
			return nb_error(err, "paced: %s or %s is no IPv%d address", plan->src_ip,
					plan->dst_ip, plan->ipv6 ? 6 : 4);
	w->src_port = plan->src_port;
	w->random_src_port = plan->random_src_port;
	w->flows = plan->flows ? plan->flows : 1;
	w->run = plan->run;
	return 0;
}

/* The schedules of all workers begin together, and together with the other senders'. A sender whose
 * turn comes late begins then: nothing of its schedule is lost. */
static int launch(struct generator *g, const struct generator_plan *plan, struct nb_err *err)
{
	int64_t now = clock_monotonic();
	int64_t start_ns = (plan->start_ns > now - LEAD_NS / 2 ? plan->start_ns : now) + LEAD_NS;
	tally_init(&g->tally, start_ns, plan->duration_ns);
	for (size_t i = 0; i < g->n; i++) {
		struct paced_worker *w = &g->workers[i];
		pacer_init(&w->pacer, plan->pps ? generator_share(plan->pps, g->n, i) : 0, start_ns,
			   plan->duration_ns);
		w->tally = &g->tally;
		w->core = plan->cores[i];
		w->first_flow = (uint16_t)(i * w->flows);
		int rc = pthread_create(&w->thread, NULL, paced_worker_run, w);
		if (rc)
			return nb_error(err, "paced: start a thread: %s", strerror(rc));
		w->started = true;
	}
	return 0;
}

static void stop(struct generator *g)
{
	atomic_store(&g->stop, true);
	for (size_t i = 0; i < g->n; i++) {
		if (g->workers[i].started)
			pthread_join(g->workers[i].thread, NULL);
		g->workers[i].started = false;
	}
}

static void free_generator(struct generator *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->workers[i].fd >= 0)
			close(g->workers[i].fd);
	if (g->event_fd >= 0)
		close(g->event_fd);
	tally_free(&g->tally);
	free(g->workers);
	free(g);
}

static int start(struct generator **out, const struct generator_plan *plan, struct nb_err *err)
{
	struct generator *g = nb_alloc(1, sizeof(*g));
	int ret = -1;
	/* fewer packets a second than cores: the others would have nothing to do */
	g->n = plan->pps && plan->pps < plan->n_cores ? plan->pps : plan->n_cores;
	g->workers = nb_alloc(g->n, sizeof(*g->workers));
	g->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	for (size_t i = 0; i < g->n; i++) {
		g->workers[i].fd = -1;
		g->workers[i].event_fd = g->event_fd;
		g->workers[i].stop = &g->stop;
	}
	if (g->event_fd < 0) {
		nb_error(err, "paced: eventfd: %s", strerror(errno));
		goto cleanup;
	}
	for (size_t i = 0; i < g->n; i++)
		if (set_up(&g->workers[i], plan, err))
			goto cleanup;
	if (launch(g, plan, err))
		goto cleanup;
	*out = g;
	ret = 0;
cleanup:
	if (ret) {
		stop(g);
		free_generator(g);
	}
	return ret;
}

static size_t poll_fds(const struct generator *g, struct pollfd *fds, size_t cap)
{
	if (!cap)
		return 0;
	fds[0] = (struct pollfd){.fd = g->event_fd, .events = POLLIN};
	return 1;
}

static bool all_ended(const struct generator *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (!atomic_load(&g->workers[i].ended))
			return false;
	return true;
}

/* Of the first worker to begin; 0: none has. */
static int64_t first_packet(const struct generator *g)
{
	int64_t first = 0;
	for (size_t i = 0; i < g->n; i++) {
		int64_t t = atomic_load(&g->workers[i].first_ns);
		if (t && (!first || t < first))
			first = t;
	}
	return first;
}

static enum generator_state advance(struct generator *g)
{
	uint64_t events;
	(void)!read(g->event_fd, &events, sizeof(events));
	for (size_t i = 0; i < g->n; i++)
		if (atomic_load(&g->workers[i].ended) && g->workers[i].error[0]) {
			atomic_store(&g->stop, true); /* the others too */
			return GENERATOR_FAILED;
		}
	if (all_ended(g))
		return GENERATOR_DONE;
	return first_packet(g) ? GENERATOR_RUNNING : GENERATOR_STARTING;
}

static void report(const struct generator *g, struct generator_report *out)
{
	*out = (struct generator_report){.first_packet_ns = first_packet(g)};
	if (!all_ended(g))
		return;
	out->packets_known = out->offers_known = out->load_known = true;
	for (size_t i = 0; i < g->n; i++) {
		const struct paced_worker *w = &g->workers[i];
		out->packets += w->accepted + w->refused;
		out->refused += w->refused;
		out->not_offered += pacer_not_offered(&w->pacer) + w->unsent;
		out->run_ns += (uint64_t)w->run_ns;
		out->wait_ns += (uint64_t)w->wait_ns;
		out->load_known &= w->wait_ns >= 0;
		if (w->last_ns > out->last_packet_ns)
			out->last_packet_ns = w->last_ns;
		if (w->error[0])
			snprintf(out->error, sizeof(out->error), "%s", w->error);
	}
	out->windows_known =
		tally_evaluate(&g->tally, out->last_packet_ns, &out->peak_ratio, &out->empty_share);
}

const struct generator_ops generator_paced = {
	.name = "paced",
	.help = "the built-in source: evenly spaced, pinned to the cores that were asked for",
	.counts_windows = true,
	.check = check,
	.start = start,
	.poll = poll_fds,
	.advance = advance,
	.stop = stop,
	.report = report,
	.free = free_generator,
};
