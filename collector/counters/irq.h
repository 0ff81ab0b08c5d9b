/* SPDX-License-Identifier: Apache-2.0 */
/* What the source `irq` is made of: counts of a vector by CPU, the queue that a vector's name
 * stands for (both pure), and which vectors there are. */
#ifndef NB_IRQ_H
#define NB_IRQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { IRQ_QUEUE_LEN = 12, IRQ_ACTIONS_LEN = 128 };

/* The queue in the names that share a vector ("virtio2-input.0", "eth0-TxRx-3", separated by
 * commas): "rx:0", "tx:0", "rxtx:3"; false: no queue that can be told. */
bool irq_queue(char out[static IRQ_QUEUE_LEN], const char *actions);

/* gve numbers its vectors through, those of tx queues first, then as many of rx queues
 * ("gve-ntfy-blk3@pci:0000:00:04.0"; gve.h, gve_rx_idx_to_ntfy()): which queue says only how many
 * there are. The number and the device of such a name; false: it is none. */
bool irq_gve_block(unsigned *block, const char **device, const char *actions);
void irq_gve_queue(char out[static IRQ_QUEUE_LEN], unsigned block, unsigned n_blocks);

/* /sys/kernel/irq/N/per_cpu_count: a number for each possible CPU, in their order. Fills at most
 * `cap` and returns how many there are; -1: no such list. */
int irq_counts_parse(uint64_t *out, size_t cap, const char *buf, size_t len);

/* /proc/interrupts: the CPUs of its columns, which are those online. How many; -1. */
int interrupts_cpus(int *out, size_t cap, const char *buf, size_t len);
/* The counts of vector irqs[I] on column C at out[I × n_cpus + C]; METRIC_MISSING where the file
 * has none. `irqs` rise. Returns how many of the vectors there are. */
int interrupts_parse(uint64_t *out, const unsigned *irqs, size_t n_irqs, size_t n_cpus,
		     const char *buf, size_t len);
/* The names at the end of a vector's row; false: there is no such row. */
bool interrupts_actions(char out[static IRQ_ACTIONS_LEN], unsigned irq, const char *buf,
			size_t len);

/* The vectors of the interfaces that sysfs shows, rising, each once; *out is allocated anew from
 * what it points to. How many. */
size_t irq_vectors(unsigned **out, int root_fd);
/* A small file whole, with an end: its length, or -1 (and ""). */
ssize_t irq_read_file(int root_fd, const char *path, char *buf, size_t cap);

#endif
