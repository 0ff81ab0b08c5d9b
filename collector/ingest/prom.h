/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus text format (version 0.0.4): its lines, and which of node_exporter's series are which
 * of our metrics. Pure; what it is given may be anything. */
#ifndef NB_PROM_H
#define NB_PROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/metric.h"

enum { PROM_LABELS_MAX = 16, PROM_CELLS_MAX = 65536 };

/* Not ended by a NUL: len bytes. */
struct prom_text {
	const char *s;
	size_t len;
};

struct prom_line {
	struct prom_text name;
	struct {
		struct prom_text name, value; /* the value as written, escapes and all */
	} labels[PROM_LABELS_MAX];
	size_t n_labels;
	double value;
};

/* 1: a sample; 0: a comment or an empty line; -1: neither. */
int prom_line(struct prom_line *out, const char *line, size_t len);

/* A reading of one counter. */
struct prom_cell {
	const struct metric *metric;
	char instance[24];
	const char *source; /* link, stat, softnet, softirqs, irq */
	uint64_t value;
};

struct prom_cells {
	struct prom_cell *v;
	size_t n;
};

/*
 * What a page says, of the interface `ifname`, sorted by source, instance and metric, each once. An
 * empty ifname is filled with the interface, other than lo, that has moved most bytes. -1: no text
 * of that format; `bad_line` is its number then.
 */
int prom_page(struct prom_cells *out, char ifname[static 16], const char *page, size_t len,
	      size_t *bad_line);
void prom_cells_free(struct prom_cells *c);

#endif
