/* SPDX-License-Identifier: Apache-2.0 */
/* The probe's thread and its evaluation. */
#include "collector/agent/probe.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "common/clock.h"
#include "common/text.h"

enum {
	READINGS_MAX = 1 << 22, /* 11 hours */
	/* a reading that took longer was interrupted, and nobody knows at which instant it holds;
	 * the window of the next one takes in both */
	READ_NS_MAX = 200000,
};

struct probe {
	const struct counter_source *ops;
	struct counter_reader *reader;
	uint64_t *values;
	size_t tx, dropped; /* cells of tx_packets and tx_dropped */
	struct probe_reading *readings;
	size_t n, cap;
	pthread_t thread;
	bool started;
	atomic_bool stop;
	int64_t origin_ns;
};

static size_t cell_of(const char *metric, const struct counter_cell *cells, size_t n)
{
	size_t i = 0;
	while (i < n && strcmp(cells[i].metric->name, metric))
		i++;
	return i;
}

/* What a driver refuses was offered, too. Interfaces may not count it: sysfs always does. */
static uint64_t offered(const struct probe *p)
{
	uint64_t dropped = p->values[p->dropped];
	return p->values[p->tx] + (dropped == METRIC_MISSING ? 0 : dropped);
}

struct probe *probe_open(const struct counter_env *env, int64_t duration_ns)
{
	struct nb_err ignored = {0};
	struct probe *p = nb_alloc(1, sizeof(*p));
	const struct counter_cell *cells;
	p->ops = counter_source_find("link");
	if (p->ops->open(&p->reader, env, &ignored)) {
		free(p);
		return NULL;
	}
	size_t n = p->ops->cells(p->reader, &cells);
	p->values = nb_alloc(n, sizeof(*p->values));
	p->tx = cell_of("tx_packets", cells, n);
	p->dropped = cell_of("tx_dropped", cells, n);
	/* the run, its idle second and its drain, and room for a generator that ends late */
	p->cap = (size_t)((duration_ns + 30 * NB_SEC) / PROBE_WINDOW_NS);
	p->cap = p->cap > READINGS_MAX ? READINGS_MAX : p->cap;
	p->readings = nb_alloc(p->cap, sizeof(*p->readings));
	return p;
}

static void *probe_thread(void *arg)
{
	struct probe *p = arg;
	int64_t next = p->origin_ns;
	prctl(PR_SET_NAME, "nb-probe");
	prctl(PR_SET_TIMERSLACK, 1UL);
	while (!atomic_load(&p->stop) && p->n < p->cap) {
		clock_sleep_until(next);
		int64_t before = clock_monotonic();
		if (p->ops->read(p->reader, p->values) != COUNTER_OK)
			break; /* the interface changed: what was seen until here stands */
		int64_t now = clock_monotonic();
		if (now - before <= READ_NS_MAX)
			p->readings[p->n++] =
				(struct probe_reading){before + (now - before) / 2, offered(p)};
		next += PROBE_WINDOW_NS;
		if (next < now)
			next += (now - next) / PROBE_WINDOW_NS * PROBE_WINDOW_NS;
	}
	return NULL;
}

void probe_start(struct probe *p, const pthread_attr_t *attr, int64_t origin_ns)
{
	p->origin_ns = origin_ns;
	p->started = !pthread_create(&p->thread, attr, probe_thread, p);
}

void probe_stop(struct probe *p)
{
	atomic_store(&p->stop, true);
	if (p->started)
		pthread_join(p->thread, NULL);
	p->started = false;
}

/*
 * A throttled source that sends a second's packets at once then pauses, so between two pauses there
 * are never more than that: not even after a stall, which cuts a burst in two. A gap in the
 * readings may hide a pause, and counts as one.
 */
static uint64_t unpaused_second(const struct probe_reading *r, size_t n, int64_t from_ns,
				int64_t to_ns)
{
	uint64_t most = 0;
	size_t begin = 0;
	for (size_t i = 1; i < n && r[i].t_ns <= to_ns; i++) {
		if (r[i].t_ns <= from_ns || r[i].offered <= r[i - 1].offered ||
		    r[i].t_ns - r[i - 1].t_ns > 3 * PROBE_WINDOW_NS)
			begin = i;
		while (r[i].t_ns - r[begin].t_ns > NB_SEC)
			begin++;
		uint64_t count = r[i].offered - r[begin].offered;
		most = count > most ? count : most;
	}
	return most;
}

bool probe_evaluate(const struct probe_reading *r, size_t n, int64_t from_ns, int64_t to_ns,
		    struct probe_result *out)
{
	uint64_t packets = 0, empty = 0, windows = 0;
	int64_t time = 0;
	double peak = 0;
	size_t last = 0;
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		if (r[i].t_ns > to_ns)
			break;
		/* the window in which it begins counts: it may hold a burst's better part */
		if (!any || r[i].t_ns <= from_ns) {
			last = i;
			any = true;
			continue;
		}
		int64_t dt = r[i].t_ns - r[last].t_ns;
		/* a late wake-up is followed by a short window: join the two */
		if (dt < PROBE_WINDOW_NS * 3 / 4 || r[i].offered < r[last].offered)
			continue;
		uint64_t count = r[i].offered - r[last].offered;
		double per_window = (double)count * (double)PROBE_WINDOW_NS / (double)dt;
		peak = per_window > peak ? per_window : peak;
		packets += count;
		time += dt;
		windows++;
		empty += count == 0;
		last = i;
	}
	if (windows < 2 || !packets)
		return false;
	double mean = (double)packets * (double)PROBE_WINDOW_NS / (double)time;
	*out = (struct probe_result){
		.peak_ratio = peak / mean,
		.empty_share = (double)empty / (double)windows,
		.windows = windows,
		.unpaused_second = unpaused_second(r, n, from_ns, to_ns),
	};
	return true;
}

bool probe_result(const struct probe *p, int64_t from_ns, int64_t to_ns, struct probe_result *out)
{
	return probe_evaluate(p->readings, p->n, from_ns, to_ns, out);
}

void probe_close(struct probe *p)
{
	if (!p)
		return;
	probe_stop(p);
	p->ops->close(p->reader);
	free(p->values);
	free(p->readings);
	free(p);
}
