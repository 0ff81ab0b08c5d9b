/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `cores`: busy and accounted time of the endpoint's cores, summed over those that are
 * online. Busy is all but idle and iowait. Steal is busy: the core had work and did not get to it,
 * so it could have carried no more packets; how much it was is in the node's cpu_steal.
 */
#include <stdlib.h>

#include "collector/counters/cells.h"
#include "collector/counters/proc_stat.h"
#include "collector/counters/scan.h"
#include "collector/counters/sources.h"
#include "common/text.h"

struct counter_reader {
	struct proc_stat stat;
	struct cells cells;
	bool all;   /* every CPU is the endpoint's */
	int *cores; /* else these */
	size_t n_cores;
	int *online; /* those of them that were online at the last read */
	size_t n_online, cap;
};

static bool is_ours(const struct counter_reader *r, int cpu)
{
	for (size_t i = 0; i < r->n_cores; i++)
		if (r->cores[i] == cpu)
			return true;
	return r->all;
}

/* True when other cores of the endpoint are online than before. */
static bool update_online(struct counter_reader *r)
{
	size_t n = 0;
	bool changed = false;
	for (size_t i = 0; i < r->stat.n_cpus; i++) {
		int cpu = r->stat.cpus[i].cpu;
		if (!is_ours(r, cpu))
			continue;
		if (n == r->cap) {
			r->cap = r->cap ? 2 * r->cap : 16;
			r->online = nb_realloc(r->online, r->cap, sizeof(*r->online));
		}
		changed |= n >= r->n_online || r->online[n] != cpu;
		r->online[n++] = cpu;
	}
	changed |= n != r->n_online;
	r->n_online = n;
	return changed;
}

static void add(uint64_t *sum, uint64_t ticks)
{
	if (ticks != METRIC_MISSING) /* states that this kernel does not tell apart */
		*sum += ticks;
}

/* False when a state that every kernel has is missing: the sum would be a guess. */
static bool add_cpu(uint64_t *busy, uint64_t *total, const uint64_t ticks[static STAT_STATES])
{
	for (size_t k = STAT_USER; k <= STAT_IDLE; k++)
		if (ticks[k] == METRIC_MISSING)
			return false;
	for (size_t k = 0; k < STAT_STATES; k++) {
		add(total, ticks[k]);
		if (k != STAT_IDLE && k != STAT_IOWAIT)
			add(busy, ticks[k]);
	}
	return true;
}

static enum counter_state cores_read(struct counter_reader *r, uint64_t *values)
{
	enum counter_state state = proc_stat_read(&r->stat);
	if (state == COUNTER_GONE)
		return state;
	if (state == COUNTER_CHANGED && update_online(r))
		return COUNTER_CHANGED;
	uint64_t busy = 0, total = 0;
	bool known = r->n_online > 0;
	for (size_t i = 0, at = 0; i < r->stat.n_cpus && at < r->n_online; i++)
		if (r->stat.cpus[i].cpu == r->online[at]) {
			known &= add_cpu(&busy, &total, r->stat.cpus[i].ticks);
			at++;
		}
	values[0] = known ? stat_ticks_ns(busy) : METRIC_MISSING;
	values[1] = known ? stat_ticks_ns(total) : METRIC_MISSING;
	return COUNTER_OK;
}

static void cores_close(struct counter_reader *r)
{
	proc_stat_close(&r->stat);
	cells_free(&r->cells);
	free(r->cores);
	free(r->online);
	free(r);
}

static int cores_open(struct counter_reader **out, const struct counter_env *env,
		      struct nb_err *err)
{
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	if (proc_stat_open(&r->stat, env->root_fd, err)) {
		free(r);
		return -1;
	}
	r->all = !env->cores;
	r->n_cores = env->cores ? env->n_cores : 0;
	r->cores = nb_alloc(r->n_cores, sizeof(*r->cores));
	for (size_t i = 0; i < r->n_cores; i++)
		r->cores[i] = env->cores[i];
	cells_add(&r->cells, "cpu_busy_ns", -1);
	cells_add(&r->cells, "cpu_total_ns", -1);
	update_online(r);
	*out = r;
	return 0;
}

static size_t cores_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

const struct counter_source source_cores = {
	.name = "cores",
	.help = "/proc/stat: busy and accounted time of the endpoint's cores",
	.open = cores_open,
	.cells = cores_cells,
	.read = cores_read,
	.close = cores_close,
};
