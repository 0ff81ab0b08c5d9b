/* SPDX-License-Identifier: Apache-2.0 */
/* Reads /proc/stat for the sources `stat` and `cores`. */
#ifndef NB_PROC_STAT_H
#define NB_PROC_STAT_H

#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "collector/counters/source.h"

struct proc_stat {
	struct procfile file;
	struct stat_totals totals;
	struct stat_cpu *cpus; /* the CPUs online, as of the last read */
	size_t n_cpus;
	struct stat_cpu *fresh; /* as parsed, before idle time is held */
	size_t cap;		/* of both */
};

int proc_stat_open(struct proc_stat *s, int root_fd, struct nb_err *err);
/* COUNTER_CHANGED: other CPUs are online than before; everything is read all the same. */
enum counter_state proc_stat_read(struct proc_stat *s);
void proc_stat_close(struct proc_stat *s);

/* USER_HZ ticks in nanoseconds; what is missing stays missing. */
uint64_t stat_ticks_ns(uint64_t ticks);

#endif
