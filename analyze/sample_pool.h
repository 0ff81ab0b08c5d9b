/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples of many runs, read by several threads, each with a connection of its own and a run at a
 * time. What is made of a run depends on that run alone and is kept in a place of its own, so that
 * the result is the same with any number of threads.
 */
#ifndef NB_SAMPLE_POOL_H
#define NB_SAMPLE_POOL_H

#include "analyze/runs.h"
#include "analyze/sample_reader.h"

struct sample_pool;

/* threads 0: as many as there are CPUs for us, 8 at most. */
int sample_pool_open(struct sample_pool **out, struct store *s, const size_t *figures, size_t n,
		     unsigned threads, struct nb_err *err);
void sample_pool_close(struct sample_pool *p);

/* Called in some thread, for each run once: `run` is its index, n_rows may be 0. */
typedef void sample_take(void *payload, size_t run, const struct sample_reader *r, size_t n_rows);

/* Reads runs->run[first] … of which there are n. */
int sample_pool_read(struct sample_pool *p, const struct runs *runs, struct run_group which,
		     sample_take *take, void *payload, struct nb_err *err);
/* The same for a list of indices of runs. */
int sample_pool_read_list(struct sample_pool *p, const struct runs *runs, const size_t *list,
			  size_t n, sample_take *take, void *payload, struct nb_err *err);

#endif
