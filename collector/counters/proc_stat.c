/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /proc/stat: time of each CPU that is online, and the host's totals. The kernel makes the whole
 * text at once (single_open), the long line of interrupt counts included, so a process reads it
 * once a tick and takes everything from that.
 */
#include "collector/counters/proc_stat.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/counters/cells.h"
#include "collector/counters/scan.h"
#include "common/clock.h"
#include "common/text.h"

/* "cpu12 user nice system …": false for the line of all CPUs and for what is no CPU. */
static bool parse_cpu(struct stat_cpu *out, struct scan line)
{
	struct scan word;
	uint64_t id;
	if (!scan_skip(&line, "cpu") || line.at == line.end || scan_blank(*line.at) ||
	    !scan_word(&line, &word) || !scan_u64(word, &id) || id >= SCAN_CPU_MAX)
		return false;
	out->cpu = (int)id;
	for (size_t i = 0; i < STAT_STATES; i++)
		if (!scan_number(&line, &out->ticks[i])) /* kernels before 2.6.11 have no steal */
			out->ticks[i] = METRIC_MISSING;
	return true;
}

int stat_parse(struct stat_totals *totals, struct stat_cpu *cpus, size_t cap, const char *buf,
	       size_t len)
{
	struct scan text = {buf, buf + len}, line;
	struct stat_cpu cpu;
	int n = 0, last = -1;
	bool any = false;
	*totals = (struct stat_totals){METRIC_MISSING, METRIC_MISSING, METRIC_MISSING};
	while (scan_line(&text, &line)) {
		if (parse_cpu(&cpu, line)) {
			if (cpu.cpu <= last)
				continue;
			last = cpu.cpu;
			if ((size_t)n < cap)
				cpus[n] = cpu;
			n++;
		} else if (scan_skip(&line, "intr ")) /* its first number; thousands may follow */
			any |= scan_number(&line, &totals->irqs);
		else if (scan_skip(&line, "ctxt "))
			any |= scan_number(&line, &totals->context_switches);
		else if (scan_skip(&line, "softirq "))
			any |= scan_number(&line, &totals->softirqs);
	}
	return n || any ? n : -1;
}

static uint64_t user_hz(void)
{
	return (uint64_t)sysconf(_SC_CLK_TCK); /* glibc: no system call */
}

uint64_t stat_ticks_ns(uint64_t ticks)
{
	uint64_t hz = user_hz(), second = (uint64_t)NB_SEC;
	if (ticks == METRIC_MISSING)
		return METRIC_MISSING;
	return ticks / hz * second + ticks % hz * second / hz;
}

/*
 * Idle and iowait are sampled from a running clock and split after the fact; iowait goes back by
 * itself (Documentation/filesystems/proc.rst, 1.7). A little: hold the highest value, since time
 * does not run backwards. A second or more: a CPU that was away and back between two reads; pass
 * it on, and the delta is unknown.
 */
static uint64_t held(uint64_t before, uint64_t now)
{
	if (before == METRIC_MISSING || now == METRIC_MISSING || now >= before)
		return now;
	return before - now < user_hz() ? before : now;
}

static bool same_cpus(const struct proc_stat *s, size_t n)
{
	if (n != s->n_cpus)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s->cpus[i].cpu != s->fresh[i].cpu)
			return false;
	return true;
}

enum counter_state proc_stat_read(struct proc_stat *s)
{
	if (procfile_read(&s->file))
		return COUNTER_GONE;
	int n;
	while ((n = stat_parse(&s->totals, s->fresh, s->cap, s->file.buf, s->file.len)) >
	       (int)s->cap) {
		s->cap = (size_t)n;
		s->fresh = nb_realloc(s->fresh, s->cap, sizeof(*s->fresh));
		s->cpus = nb_realloc(s->cpus, s->cap, sizeof(*s->cpus));
	}
	if (n < 0)
		return COUNTER_GONE;
	bool changed = !same_cpus(s, (size_t)n);
	for (size_t i = 0; !changed && i < s->n_cpus; i++)
		for (size_t state = STAT_IDLE; state <= STAT_IOWAIT; state++)
			s->fresh[i].ticks[state] =
				held(s->cpus[i].ticks[state], s->fresh[i].ticks[state]);
	struct stat_cpu *old = s->cpus;
	s->cpus = s->fresh;
	s->fresh = old;
	s->n_cpus = (size_t)n;
	return changed ? COUNTER_CHANGED : COUNTER_OK;
}

int proc_stat_open(struct proc_stat *s, int root_fd, struct nb_err *err)
{
	*s = (struct proc_stat){.file = {.fd = -1}};
	if (procfile_open(&s->file, root_fd, "proc/stat", err))
		return -1;
	s->file.row_most = PROCFILE_SINGLE;
	if (proc_stat_read(s) == COUNTER_GONE) {
		proc_stat_close(s);
		return nb_error(err, "/proc/stat has no line that this program knows");
	}
	return 0;
}

void proc_stat_close(struct proc_stat *s)
{
	procfile_close(&s->file);
	free(s->cpus);
	free(s->fresh);
	*s = (struct proc_stat){.file = {.fd = -1}};
}
