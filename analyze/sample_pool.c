/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that take runs off a common counter. */
#include "analyze/sample_pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { THREADS_MAX = 8 };

struct worker {
	struct sample_pool *pool;
	struct store *own; /* NULL: the caller's */
	struct sample_reader *reader;
	pthread_t thread;
	bool started;
	struct nb_err err;
	int rc;
};

struct sample_pool {
	struct worker worker[THREADS_MAX];
	unsigned n;
	/* of the present reading */
	const struct runs *runs;
	struct run_group which;
	const size_t *list; /* of the indices of runs that `which` counts; NULL: all runs */
	sample_take *take;
	void *payload;
	atomic_size_t next;
	atomic_bool failed;
};

static unsigned threads_here(unsigned wanted)
{
	cpu_set_t cpus;
	if (!wanted)
		wanted = sched_getaffinity(0, sizeof(cpus), &cpus) ? 1 : (unsigned)CPU_COUNT(&cpus);
	if (!sqlite3_threadsafe())
		return 1;
	return wanted < THREADS_MAX ? wanted : THREADS_MAX;
}

int sample_pool_open(struct sample_pool **out, struct store *s, const size_t *figures, size_t n,
		     unsigned threads, struct nb_err *err)
{
	struct sample_pool *p = nb_alloc(1, sizeof(*p));
	/* an older file is read through a copy in memory: there is no second way to it */
	unsigned want =
		store_version_found(s) == store_version_newest() ? threads_here(threads) : 1;
	for (; p->n < want; p->n++) {
		struct worker *w = &p->worker[p->n];
		struct nb_err ignored = {0};
		w->pool = p;
		/* a further connection is a help, not a need */
		if (p->n && store_open(&w->own, store_path(s), STORE_READ, &ignored))
			break;
		if (sample_reader_open(&w->reader, w->own ? w->own : s, figures, n, err)) {
			p->n++;
			sample_pool_close(p);
			return -1;
		}
	}
	*out = p;
	return 0;
}

void sample_pool_close(struct sample_pool *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < THREADS_MAX; i++) {
		sample_reader_close(p->worker[i].reader);
		store_close(p->worker[i].own);
	}
	free(p);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct sample_pool *p = w->pool;
	for (;;) {
		size_t i = atomic_fetch_add(&p->next, 1), n_rows;
		if (i >= p->which.n || atomic_load(&p->failed))
			return NULL;
		size_t run = p->list ? p->list[i] : p->which.first + i;
		w->rc = sample_reader_run(w->reader, p->runs->run[run].id, &n_rows, &w->err);
		if (w->rc) {
			atomic_store(&p->failed, true);
			return NULL;
		}
		p->take(p->payload, run, w->reader, n_rows);
	}
}

static int read_all(struct sample_pool *p, const struct runs *runs, struct run_group which,
		    sample_take *take, void *payload, struct nb_err *err)
{
	p->runs = runs;
	p->which = which;
	p->take = take;
	p->payload = payload;
	atomic_store(&p->next, 0);
	atomic_store(&p->failed, false);
	for (unsigned i = 1; i < p->n && i < which.n; i++)
		p->worker[i].started =
			!pthread_create(&p->worker[i].thread, NULL, work, &p->worker[i]);
	work(&p->worker[0]);
	int rc = 0;
	for (unsigned i = 0; i < p->n; i++) {
		struct worker *w = &p->worker[i];
		if (w->started)
			pthread_join(w->thread, NULL);
		w->started = false;
		if (w->rc && !rc) {
			*err = w->err;
			rc = w->rc;
		}
	}
	return rc;
}

int sample_pool_read(struct sample_pool *p, const struct runs *runs, struct run_group which,
		     sample_take *take, void *payload, struct nb_err *err)
{
	p->list = NULL;
	return read_all(p, runs, which, take, payload, err);
}

int sample_pool_read_list(struct sample_pool *p, const struct runs *runs, const size_t *list,
			  size_t n, sample_take *take, void *payload, struct nb_err *err)
{
	p->list = list;
	return read_all(p, runs, (struct run_group){0, n}, take, payload, err);
}
