/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `softirqs`: softirqs of each CPU by vector, from /proc/softirqs. Its columns are the
 * possible CPUs, often many more than there are, so only CPUs that have run a softirq have cells: a
 * CPU that is online has run timers. Counts are u32 (include/linux/kernel_stat.h).
 */
#include <stdlib.h>

#include "collector/counters/cells.h"
#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "collector/counters/scan.h"
#include "collector/counters/sources.h"
#include "common/text.h"

const char *const softirq_names[SOFTIRQ_VECTORS] = {"HI",      "TIMER",	   "NET_TX",  "NET_RX",
						    "BLOCK",   "IRQ_POLL", "TASKLET", "SCHED",
						    "HRTIMER", "RCU"};
static const char *const metric_names[SOFTIRQ_VECTORS] = {
	"softirq_hi",	    "softirq_timer",   "softirq_net_tx", "softirq_net_rx",  "softirq_block",
	"softirq_irq_poll", "softirq_tasklet", "softirq_sched",	 "softirq_hrtimer", "softirq_rcu"};

/* "CPU0 CPU2 …": the id of each column; how many, or -1. */
static int parse_header(struct softirqs_cpu *out, size_t cap, struct scan header)
{
	struct scan word;
	uint64_t id;
	int n = 0, last = -1;
	while (scan_word(&header, &word)) {
		if (!scan_skip(&word, "CPU") || !scan_u64(word, &id) || id >= SCAN_CPU_MAX ||
		    (int)id <= last)
			return -1; /* columns that cannot be told apart */
		last = (int)id;
		if ((size_t)n < cap) {
			out[n].cpu = last;
			for (size_t k = 0; k < SOFTIRQ_VECTORS; k++)
				out[n].count[k] = METRIC_MISSING;
		}
		n++;
	}
	return n ? n : -1;
}

/* "  NET_RX:   1   2": the name ends at the colon, with or without a blank after it. */
static size_t parse_vector(struct scan *line)
{
	while (line->at < line->end && scan_blank(*line->at))
		line->at++;
	const char *colon = memchr(line->at, ':', (size_t)(line->end - line->at));
	size_t k = SOFTIRQ_VECTORS;
	if (colon) {
		struct scan name = {line->at, colon};
		for (k = 0; k < SOFTIRQ_VECTORS; k++)
			if (scan_is(name, softirq_names[k], strlen(softirq_names[k])))
				break;
		line->at = colon + 1;
	}
	return k;
}

int softirqs_parse(struct softirqs_cpu *out, size_t cap, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line;
	if (!scan_line(&text, &line))
		return -1;
	int n = parse_header(out, cap, line);
	if (n < 0)
		return -1;
	size_t columns = (size_t)n < cap ? (size_t)n : cap;
	while (scan_line(&text, &line)) {
		size_t k = parse_vector(&line);
		if (k == SOFTIRQ_VECTORS)
			continue;
		for (size_t i = 0; i < columns && scan_number(&line, &out[i].count[k]); i++)
			;
	}
	return n;
}

struct counter_reader {
	struct procfile file;
	struct softirqs_cpu *cpus; /* all columns of the last reading */
	size_t n_cpus, cap;
	bool *has_cells; /* of each column, in this epoch */
	int *ids;	 /* of each column, in this epoch */
	size_t n_ids;
	struct cells cells;
};

static bool has_run(const struct softirqs_cpu *cpu)
{
	for (size_t k = 0; k < SOFTIRQ_VECTORS; k++)
		if (cpu->count[k] && cpu->count[k] != METRIC_MISSING)
			return true;
	return false;
}

static bool update(struct counter_reader *r)
{
	if (procfile_read(&r->file))
		return false;
	int n;
	while ((n = softirqs_parse(r->cpus, r->cap, r->file.buf, r->file.len)) > (int)r->cap) {
		r->cap = (size_t)n;
		r->cpus = nb_realloc(r->cpus, r->cap, sizeof(*r->cpus));
		r->has_cells = nb_realloc(r->has_cells, r->cap, sizeof(*r->has_cells));
		r->ids = nb_realloc(r->ids, r->cap, sizeof(*r->ids));
	}
	r->n_cpus = n < 0 ? 0 : (size_t)n;
	return n >= 0;
}

/* A CPU that has cells keeps them; one that begins to count needs some. */
static bool changed(const struct counter_reader *r)
{
	if (r->n_cpus != r->n_ids)
		return true;
	for (size_t i = 0; i < r->n_cpus; i++)
		if (r->cpus[i].cpu != r->ids[i] || (!r->has_cells[i] && has_run(&r->cpus[i])))
			return true;
	return false;
}

static void list_cells(struct counter_reader *r)
{
	r->cells.n = 0;
	r->n_ids = r->n_cpus;
	for (size_t i = 0; i < r->n_cpus; i++) {
		r->ids[i] = r->cpus[i].cpu;
		r->has_cells[i] = has_run(&r->cpus[i]);
		for (size_t k = 0; r->has_cells[i] && k < SOFTIRQ_VECTORS; k++)
			cells_add(&r->cells, metric_names[k], r->ids[i]);
	}
}

static enum counter_state softirqs_read(struct counter_reader *r, uint64_t *values)
{
	if (!update(r))
		return COUNTER_GONE;
	if (changed(r)) {
		list_cells(r);
		return COUNTER_CHANGED;
	}
	for (size_t i = 0; i < r->n_cpus; i++)
		for (size_t k = 0; r->has_cells[i] && k < SOFTIRQ_VECTORS; k++)
			*values++ = r->cpus[i].count[k];
	return COUNTER_OK;
}

static void softirqs_close(struct counter_reader *r)
{
	procfile_close(&r->file);
	cells_free(&r->cells);
	free(r->cpus);
	free(r->has_cells);
	free(r->ids);
	free(r);
}

static int softirqs_open(struct counter_reader **out, const struct counter_env *env,
			 struct nb_err *err)
{
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	if (procfile_open(&r->file, env->root_fd, "proc/softirqs", err))
		goto fail;
	r->file.row_most = PROCFILE_SINGLE;
	if (!update(r)) {
		nb_error(err, "/proc/softirqs has no line of CPUs that this program knows");
		goto fail;
	}
	list_cells(r);
	*out = r;
	return 0;
fail:
	softirqs_close(r);
	return -1;
}

static size_t softirqs_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

const struct counter_source source_softirqs = {
	.name = "softirqs",
	.node = true,
	.help = "/proc/softirqs: softirqs of each CPU by vector",
	.open = softirqs_open,
	.cells = softirqs_cells,
	.read = softirqs_read,
	.close = softirqs_close,
};
