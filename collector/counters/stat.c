/* SPDX-License-Identifier: Apache-2.0 */
/* The source `stat`: time of each CPU by state, and interrupts, softirqs and context switches of
 * the host. */
#include <stdlib.h>

#include "collector/counters/cells.h"
#include "collector/counters/proc_stat.h"
#include "collector/counters/sources.h"
#include "common/text.h"

static const char *const states[STAT_STATES] = {
	[STAT_USER] = "cpu_user",	[STAT_NICE] = "cpu_nice",     [STAT_SYSTEM] = "cpu_system",
	[STAT_IDLE] = "cpu_idle",	[STAT_IOWAIT] = "cpu_iowait", [STAT_IRQ] = "cpu_irq",
	[STAT_SOFTIRQ] = "cpu_softirq", [STAT_STEAL] = "cpu_steal",
};

struct counter_reader {
	struct proc_stat stat;
	struct cells cells;
};

static void list_cells(struct counter_reader *r)
{
	r->cells.n = 0;
	cells_add(&r->cells, "irqs", -1);
	cells_add(&r->cells, "softirqs", -1);
	cells_add(&r->cells, "context_switches", -1);
	for (size_t i = 0; i < r->stat.n_cpus; i++)
		for (size_t state = 0; state < STAT_STATES; state++)
			cells_add(&r->cells, states[state], r->stat.cpus[i].cpu);
}

static int stat_open(struct counter_reader **out, const struct counter_env *env, struct nb_err *err)
{
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	if (proc_stat_open(&r->stat, env->root_fd, err)) {
		free(r);
		return -1;
	}
	list_cells(r);
	*out = r;
	return 0;
}

static size_t stat_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

static enum counter_state stat_read(struct counter_reader *r, uint64_t *values)
{
	enum counter_state state = proc_stat_read(&r->stat);
	if (state == COUNTER_CHANGED)
		list_cells(r);
	if (state != COUNTER_OK)
		return state;
	*values++ = r->stat.totals.irqs;
	*values++ = r->stat.totals.softirqs;
	*values++ = r->stat.totals.context_switches;
	for (size_t i = 0; i < r->stat.n_cpus; i++)
		for (size_t k = 0; k < STAT_STATES; k++)
			*values++ = stat_ticks_ns(r->stat.cpus[i].ticks[k]);
	return COUNTER_OK;
}

static void stat_close(struct counter_reader *r)
{
	proc_stat_close(&r->stat);
	cells_free(&r->cells);
	free(r);
}

const struct counter_source source_stat = {
	.name = "stat",
	.node = true,
	.help = "/proc/stat: time of each CPU by state; interrupts, softirqs, context switches",
	.open = stat_open,
	.cells = stat_cells,
	.read = stat_read,
	.close = stat_close,
};
