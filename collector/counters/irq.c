/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `irq`: interrupts of the host's network vectors, by CPU. Which vectors those are says
 * sysfs (msi_irqs of each interface's device; a virtio device has them one level up), and each is
 * read by itself from /sys/kernel/irq/N/per_cpu_count: 1 us, where all of /proc/interrupts takes
 * 50 us on two CPUs and milliseconds on large hosts. Where sysfs has no counts (containers), that
 * file is read. Counts are u32.
 */
#include "collector/counters/irq.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "collector/counters/cells.h"
#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "collector/counters/scan.h"
#include "collector/counters/sources.h"
#include "common/text.h"

enum { PAGE = 4096 };

struct counter_reader {
	int root_fd;
	unsigned *irqs; /* rising */
	size_t n_irqs;
	int *fds;		    /* per_cpu_count of each; NULL: /proc/interrupts is read */
	struct procfile interrupts; /* fd -1: not needed */
	int *cpus;		    /* of a column */
	bool *listed;		    /* has cells: a CPU that is not present has none */
	size_t n_cpus;
	uint64_t *row;
	int *cpus_now; /* of /proc/interrupts at this tick */
	struct cells cells;
	char page[PAGE];
};

static void close_counts(struct counter_reader *r)
{
	for (size_t i = 0; r->fds && i < r->n_irqs; i++)
		if (r->fds[i] >= 0)
			close(r->fds[i]);
	free(r->fds);
	r->fds = NULL;
	procfile_close(&r->interrupts);
}

static int read_cpus(struct counter_reader *r, const char *path, int **out)
{
	int n = irq_read_file(r->root_fd, path, r->page, sizeof(r->page)) < 0
			? -1
			: cpus_parse(NULL, 0, r->page, strlen(r->page));
	if (n <= 0)
		return -1;
	*out = nb_realloc(*out, (size_t)n, sizeof(**out));
	return cpus_parse(*out, (size_t)n, r->page, strlen(r->page));
}

/* Columns of per_cpu_count are the possible CPUs; cells get those that are present. */
static int open_sysfs(struct counter_reader *r)
{
	int *present = NULL;
	int n = read_cpus(r, "sys/devices/system/cpu/possible", &r->cpus);
	int n_present = read_cpus(r, "sys/devices/system/cpu/present", &present);
	r->n_cpus = n > 0 ? (size_t)n : 0;
	r->listed = nb_realloc(r->listed, r->n_cpus + 1, sizeof(*r->listed));
	for (size_t c = 0; c < r->n_cpus; c++) {
		r->listed[c] = n_present <= 0;
		for (int k = 0; k < n_present; k++)
			r->listed[c] |= present[k] == r->cpus[c];
	}
	free(present);
	r->fds = nb_alloc(r->n_irqs, sizeof(*r->fds));
	bool all = n > 0;
	for (size_t i = 0; i < r->n_irqs; i++) {
		char path[64];
		snprintf(path, sizeof(path), "sys/kernel/irq/%u/per_cpu_count", r->irqs[i]);
		r->fds[i] = openat(r->root_fd, path, O_RDONLY | O_CLOEXEC);
		all &= r->fds[i] >= 0;
	}
	if (!all)
		close_counts(r);
	return all ? 0 : -1;
}

static int open_interrupts(struct counter_reader *r, struct nb_err *err)
{
	if (procfile_open(&r->interrupts, r->root_fd, "proc/interrupts", err))
		return -1;
	int n = interrupts_cpus(NULL, 0, r->interrupts.buf, r->interrupts.len);
	if (n <= 0)
		return nb_error(err, "/proc/interrupts has no line of CPUs");
	r->n_cpus = (size_t)n;
	r->cpus = nb_realloc(r->cpus, r->n_cpus, sizeof(*r->cpus));
	r->cpus_now = nb_realloc(r->cpus_now, r->n_cpus, sizeof(*r->cpus_now));
	r->listed = nb_realloc(r->listed, r->n_cpus, sizeof(*r->listed));
	interrupts_cpus(r->cpus, r->n_cpus, r->interrupts.buf, r->interrupts.len);
	for (size_t c = 0; c < r->n_cpus; c++)
		r->listed[c] = true;
	return 0;
}

static void read_actions(struct counter_reader *r, unsigned irq, char out[static IRQ_ACTIONS_LEN])
{
	char path[64];
	snprintf(path, sizeof(path), "sys/kernel/irq/%u/actions", irq);
	if (irq_read_file(r->root_fd, path, out, IRQ_ACTIONS_LEN) <= 0 && r->interrupts.fd >= 0)
		interrupts_actions(out, irq, r->interrupts.buf, r->interrupts.len);
}

/* The queue of vector i; all vectors' names are needed for some drivers. */
static bool queue_of(char out[static IRQ_QUEUE_LEN], const struct counter_reader *r,
		     char (*names)[IRQ_ACTIONS_LEN], size_t i)
{
	unsigned block, other, n = 0;
	const char *device, *other_device;
	if (irq_queue(out, names[i]))
		return true;
	if (!irq_gve_block(&block, &device, names[i]))
		return false;
	for (size_t k = 0; k < r->n_irqs; k++)
		n += irq_gve_block(&other, &other_device, names[k]) &&
		     !strcmp(other_device, device);
	irq_gve_queue(out, block, n);
	return true;
}

static void list_cells(struct counter_reader *r)
{
	char(*names)[IRQ_ACTIONS_LEN] = nb_alloc(r->n_irqs, sizeof(*names));
	for (size_t i = 0; i < r->n_irqs; i++)
		read_actions(r, r->irqs[i], names[i]);
	r->cells.n = 0;
	for (size_t i = 0; i < r->n_irqs; i++) {
		char queue[IRQ_QUEUE_LEN];
		bool known = queue_of(queue, r, names, i);
		for (size_t c = 0; c < r->n_cpus; c++) {
			if (!r->listed[c])
				continue;
			cells_add(&r->cells, "irq_count", -1);
			struct counter_cell *cell = &r->cells.v[r->cells.n - 1];
			snprintf(cell->instance, sizeof(cell->instance), "%u:%d%s%s", r->irqs[i],
				 r->cpus[c], known ? ":" : "", known ? queue : "");
		}
	}
	free(names);
}

static int learn(struct counter_reader *r, struct nb_err *err)
{
	close_counts(r);
	r->n_irqs = irq_vectors(&r->irqs, r->root_fd);
	if (!r->n_irqs)
		return nb_error(err, "no network interface of this host has vectors of its own");
	if (open_sysfs(r) && open_interrupts(r, err))
		return -1;
	size_t rows = r->fds ? 1 : r->n_irqs;
	r->row = nb_realloc(r->row, rows * r->n_cpus, sizeof(*r->row));
	list_cells(r);
	return 0;
}

static enum counter_state learn_again(struct counter_reader *r)
{
	struct nb_err ignored = {0};
	return learn(r, &ignored) ? COUNTER_GONE : COUNTER_CHANGED;
}

static uint64_t *put_row(const struct counter_reader *r, const uint64_t *row, uint64_t *values)
{
	for (size_t c = 0; c < r->n_cpus; c++)
		if (r->listed[c])
			*values++ = row[c];
	return values;
}

static enum counter_state read_sysfs(struct counter_reader *r, uint64_t *values)
{
	for (size_t i = 0; i < r->n_irqs; i++) {
		ssize_t n = pread(r->fds[i], r->page, sizeof(r->page), 0);
		if (n < 0)
			return learn_again(r); /* the driver has given the vector back */
		/* the kernel cuts the list at a page: CPUs behind that are not known */
		for (size_t c = 0; c < r->n_cpus; c++)
			r->row[c] = METRIC_MISSING;
		irq_counts_parse(r->row, r->n_cpus, r->page, (size_t)n);
		values = put_row(r, r->row, values);
	}
	return COUNTER_OK;
}

static enum counter_state irq_read(struct counter_reader *r, uint64_t *values)
{
	if (r->fds)
		return read_sysfs(r, values);
	if (r->interrupts.fd < 0)
		return learn_again(r); /* there were no vectors when it was last looked for them */
	if (procfile_read(&r->interrupts))
		return COUNTER_GONE;
	const char *buf = r->interrupts.buf;
	size_t len = r->interrupts.len;
	if (interrupts_cpus(r->cpus_now, r->n_cpus, buf, len) != (int)r->n_cpus ||
	    memcmp(r->cpus_now, r->cpus, r->n_cpus * sizeof(*r->cpus)) != 0)
		return learn_again(r);
	if (!interrupts_parse(r->row, r->irqs, r->n_irqs, r->n_cpus, buf, len))
		return COUNTER_GONE;
	for (size_t i = 0; i < r->n_irqs; i++)
		values = put_row(r, r->row + i * r->n_cpus, values);
	return COUNTER_OK;
}

static void irq_close(struct counter_reader *r)
{
	close_counts(r);
	cells_free(&r->cells);
	free(r->irqs);
	free(r->cpus);
	free(r->cpus_now);
	free(r->listed);
	free(r->row);
	free(r);
}

static int irq_open(struct counter_reader **out, const struct counter_env *env, struct nb_err *err)
{
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	r->root_fd = env->root_fd;
	r->interrupts.fd = -1;
	if (learn(r, err)) {
		irq_close(r);
		return -1;
	}
	*out = r;
	return 0;
}

static size_t irq_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

const struct counter_source source_irq = {
	.name = "irq",
	.node = true,
	.help = "/sys/kernel/irq: interrupts of each network vector on each CPU",
	.open = irq_open,
	.cells = irq_cells,
	.read = irq_read,
	.close = irq_close,
};
