/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sampler's thread and its ring. One producer (the thread), one consumer (the agent's main
 * thread): `head` and `tail` are all they share, so neither ever waits for the other.
 */
#include "collector/agent/sampler.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "collector/agent/probe.h"
#include "common/clock.h"
#include "common/text.h"

enum { EPOCHS_MAX = 64, SLOTS_MIN = 64, SLOTS_MAX = 65536, RING_BYTES_MAX = 64 << 20 };

struct epoch_cells {
	struct counter_cell *cells;
	size_t n;
};

struct source {
	const struct counter_source *ops;
	struct counter_reader *reader;
	struct epoch_cells epochs[EPOCHS_MAX];
	uint32_t epoch;
	size_t cap;	  /* cells that a slot has room for */
	uint64_t *values; /* slots × cap */
	int64_t due_ns; /* the grid's instant from which on one that is read seldom is read again */
	bool lost;	/* changed more often, or grew more, than there is room for */
};

/* What a slot holds besides values. */
struct slot {
	int64_t seq, late_ns;
};

struct slot_read {
	int64_t t_ns, read_ns;
	uint32_t epoch;
	bool present;
};

/* A tick: its place on the grid, and how late it came. */
struct instant {
	int64_t seq, grid_ns, late_ns;
	bool an_end; /* the first snapshot or the last: what is read seldom is read, too */
};

struct sampler {
	struct sampler_plan plan;
	struct source *sources;
	size_t n_sources;
	char **missing;
	size_t n_missing;
	struct slot *slots;
	struct slot_read *reads; /* slots × n_sources */
	size_t n_slots;
	_Atomic size_t head, tail; /* rise forever; the place is modulo n_slots */
	_Atomic uint64_t missed;
	pthread_t thread;
	bool started;
	sem_t finish;
	int64_t origin_ns;
	struct probe *probe;
};

static void add_missing(struct sampler *s, const char *name, const char *why)
{
	struct nb_text t = {0};
	text_addf(&t, "%s: %s", name, why);
	s->missing = nb_realloc(s->missing, s->n_missing + 2, sizeof(*s->missing));
	s->missing[s->n_missing++] = t.s;
	s->missing[s->n_missing] = NULL;
}

/* Keeps the cells of the reader's present epoch. false: there is no room for them. */
static bool keep_epoch(struct source *src)
{
	const struct counter_cell *cells;
	size_t n = src->ops->cells(src->reader, &cells);
	if (src->epoch >= EPOCHS_MAX || (src->cap && n > src->cap))
		return false;
	struct epoch_cells *e = &src->epochs[src->epoch];
	e->cells = nb_alloc(n, sizeof(*e->cells));
	memcpy(e->cells, cells, n * sizeof(*cells));
	e->n = n;
	return true;
}

static bool belongs_here(const struct counter_source *ops, const struct sampler_plan *plan)
{
	if ((ops->named && !plan->env.n_links) || (ops->ipv4 && plan->env.ipv6))
		return false;
	return ops->node == plan->node || (ops->uplink && plan->node && plan->env.ifname);
}

static void open_sources(struct sampler *s)
{
	for (size_t i = 0; counter_sources[i]; i++) {
		const struct counter_source *ops = counter_sources[i];
		struct nb_err err = {0};
		struct counter_reader *reader;
		if (!belongs_here(ops, &s->plan))
			continue;
		if (ops->open(&reader, &s->plan.env, &err)) {
			add_missing(s, ops->name, err.text);
			continue;
		}
		s->sources = nb_realloc(s->sources, s->n_sources + 1, sizeof(*s->sources));
		struct source *src = &s->sources[s->n_sources++];
		*src = (struct source){.ops = ops, .reader = reader};
		keep_epoch(src);
		/* CPUs that come online may double a source; more is not foreseen */
		src->cap = src->epochs[0].n * 2 + 64;
	}
}

/* Memory whose pages are there: a tick that touched one first would wait for it. */
static void *alloc_touched(size_t n, size_t size)
{
	void *p = nb_alloc(n, size);
	return memset(p, 0xff, n * size);
}

static void make_ring(struct sampler *s)
{
	size_t bytes = sizeof(struct slot);
	for (size_t i = 0; i < s->n_sources; i++)
		bytes += s->sources[i].cap * sizeof(uint64_t) + sizeof(struct slot_read);
	size_t n = (size_t)(s->plan.duration_ns / s->plan.interval_ns) + SLOTS_MIN;
	n = n > SLOTS_MAX ? SLOTS_MAX : n;
	n = n * bytes > RING_BYTES_MAX ? RING_BYTES_MAX / bytes : n;
	s->n_slots = n < SLOTS_MIN ? SLOTS_MIN : n;
	s->slots = alloc_touched(s->n_slots, sizeof(*s->slots));
	s->reads = alloc_touched(s->n_slots * s->n_sources, sizeof(*s->reads));
	for (size_t i = 0; i < s->n_sources; i++)
		s->sources[i].values =
			alloc_touched(s->n_slots * s->sources[i].cap, sizeof(uint64_t));
}

int sampler_open(struct sampler **out, const struct sampler_plan *plan, struct nb_err *err)
{
	struct sampler *s = nb_alloc(1, sizeof(*s));
	s->plan = *plan;
	sem_init(&s->finish, 0, 0);
	open_sources(s);
	if (!s->n_sources) {
		nb_error(err, "sampler: no counter source can be read here: %s",
			 s->n_missing ? s->missing[0] : "none is known");
		sampler_close(s);
		return -1;
	}
	make_ring(s);
	if (plan->probe)
		s->probe = probe_open(&plan->env, plan->duration_ns);
	*out = s;
	return 0;
}

size_t sampler_sources(const struct sampler *s)
{
	return s->n_sources;
}

const char *sampler_source_name(const struct sampler *s, size_t i)
{
	return s->sources[i].ops->name;
}

const char *sampler_missing(const struct sampler *s, size_t i)
{
	return i < s->n_missing ? s->missing[i] : NULL;
}

size_t sampler_cells(const struct sampler *s, size_t i, uint32_t epoch,
		     const struct counter_cell **cells)
{
	*cells = s->sources[i].epochs[epoch].cells;
	return s->sources[i].epochs[epoch].n;
}

/* Sources that are read seldom have a grid of their own, made of instants of the sampler's: how
 * late a tick was moves none of them. */
static bool is_due(struct source *src, const struct instant *at)
{
	if (at->grid_ns < src->due_ns && !at->an_end)
		return false;
	bool quiet = src->ops->quiet && src->ops->quiet(src->reader);
	src->due_ns = at->grid_ns + (quiet ? COUNTER_SELDOM_NS : src->ops->every_ns);
	return true;
}

static void read_source(struct source *src, struct slot_read *out, uint64_t *values,
			const struct instant *at)
{
	out->present = false;
	if (src->lost || !is_due(src, at))
		return;
	int64_t before = clock_monotonic();
	enum counter_state state = src->ops->read(src->reader, values);
	if (state == COUNTER_CHANGED) {
		src->epoch++;
		if (!keep_epoch(src)) {
			src->lost = true;
			return;
		}
		before = clock_monotonic();
		state = src->ops->read(src->reader, values);
	}
	int64_t after = clock_monotonic();
	out->t_ns = before + (after - before) / 2;
	out->read_ns = after - before;
	out->epoch = src->epoch;
	out->present = state == COUNTER_OK;
}

/* Reads what is due into the next free slot. false: the ring is full. */
static bool tick(struct sampler *s, const struct instant *at)
{
	size_t head = atomic_load_explicit(&s->head, memory_order_relaxed);
	if (head - atomic_load_explicit(&s->tail, memory_order_acquire) >= s->n_slots)
		return false;
	size_t place = head % s->n_slots;
	s->slots[place] = (struct slot){at->seq, at->late_ns};
	for (size_t i = 0; i < s->n_sources; i++) {
		struct source *src = &s->sources[i];
		read_source(src, &s->reads[place * s->n_sources + i],
			    src->values + place * src->cap, at);
	}
	atomic_store_explicit(&s->head, head + 1, memory_order_release);
	return true;
}

/* Sleeps until the instant; true when the sampler is to finish. */
static bool wait_until(struct sampler *s, int64_t t_ns)
{
	struct timespec t = {.tv_sec = t_ns / NB_SEC, .tv_nsec = t_ns % NB_SEC};
	int ret;
	do
		ret = sem_clockwait(&s->finish, CLOCK_MONOTONIC, &t);
	while (ret && errno == EINTR);
	return !ret;
}

static void go_on(const struct sampler *s, struct instant *at, int64_t ticks)
{
	at->seq += ticks;
	at->grid_ns = s->origin_ns + at->seq * s->plan.interval_ns;
}

static void *sampler_thread(void *arg)
{
	struct sampler *s = arg;
	struct instant at = {.seq = -1, .grid_ns = s->origin_ns, .an_end = true};
	prctl(PR_SET_NAME, "nb-sampler");
	prctl(PR_SET_TIMERSLACK, 1UL); /* the default rounds a sleep up by 50 us */
	tick(s, &at);
	at = (struct instant){.grid_ns = s->origin_ns, .an_end = true};
	while (!wait_until(s, at.grid_ns)) {
		at.late_ns = clock_monotonic() - at.grid_ns;
		int64_t skip = at.late_ns / s->plan.interval_ns;
		if (skip) {
			atomic_fetch_add(&s->missed, (uint64_t)skip);
			at.late_ns -= skip * s->plan.interval_ns;
			go_on(s, &at, skip);
		}
		if (!tick(s, &at))
			atomic_fetch_add(&s->missed, 1);
		at.an_end = false;
		go_on(s, &at, 1);
	}
	at.late_ns = 0;
	at.an_end = true;
	tick(s, &at);
	return NULL;
}

static void pin(const struct sampler *s, pthread_attr_t *attr)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	for (size_t i = 0; i < s->plan.n_pin; i++)
		CPU_SET((size_t)s->plan.pin[i], &set);
	if (s->plan.n_pin)
		pthread_attr_setaffinity_np(attr, sizeof(set), &set);
}

int sampler_start(struct sampler *s, int64_t origin_ns, struct nb_err *err)
{
	pthread_attr_t attr;
	s->origin_ns = origin_ns;
	pthread_attr_init(&attr);
	pin(s, &attr);
	int rc = pthread_create(&s->thread, &attr, sampler_thread, s);
	if (!rc && s->probe)
		probe_start(s->probe, &attr, origin_ns);
	pthread_attr_destroy(&attr);
	if (rc)
		return nb_error(err, "sampler: start its thread: %s", strerror(rc));
	s->started = true;
	return 0;
}

void sampler_finish(struct sampler *s)
{
	if (!s->started)
		return;
	sem_post(&s->finish);
	pthread_join(s->thread, NULL);
	s->started = false;
	if (s->probe)
		probe_stop(s->probe);
}

bool sampler_next(struct sampler *s, int64_t *seq, int64_t *late_ns)
{
	size_t tail = atomic_load_explicit(&s->tail, memory_order_relaxed);
	if (atomic_load_explicit(&s->head, memory_order_acquire) == tail)
		return false;
	*seq = s->slots[tail % s->n_slots].seq;
	*late_ns = s->slots[tail % s->n_slots].late_ns;
	return true;
}

bool sampler_read_at(const struct sampler *s, size_t source, struct sampler_read *out)
{
	size_t place = atomic_load_explicit(&s->tail, memory_order_relaxed) % s->n_slots;
	const struct slot_read *r = &s->reads[place * s->n_sources + source];
	*out = (struct sampler_read){
		.seq = s->slots[place].seq,
		.t_ns = r->t_ns,
		.read_ns = r->read_ns,
		.epoch = r->epoch,
		.present = r->present,
		.values = s->sources[source].values + place * s->sources[source].cap,
	};
	return r->present;
}

void sampler_taken(struct sampler *s)
{
	atomic_fetch_add_explicit(&s->tail, 1, memory_order_release);
}

uint64_t sampler_missed(const struct sampler *s)
{
	return atomic_load(&s->missed);
}

bool sampler_probe(const struct sampler *s, int64_t from_ns, int64_t to_ns,
		   struct probe_result *out)
{
	return s->probe && probe_result(s->probe, from_ns, to_ns, out);
}

void sampler_close(struct sampler *s)
{
	if (!s)
		return;
	sampler_finish(s);
	for (size_t i = 0; i < s->n_sources; i++) {
		struct source *src = &s->sources[i];
		src->ops->close(src->reader);
		for (size_t e = 0; e < EPOCHS_MAX; e++)
			free(src->epochs[e].cells);
		free(src->values);
	}
	for (size_t i = 0; i < s->n_missing; i++)
		free(s->missing[i]);
	probe_close(s->probe);
	sem_destroy(&s->finish);
	free(s->missing);
	free(s->sources);
	free(s->slots);
	free(s->reads);
	free(s);
}
