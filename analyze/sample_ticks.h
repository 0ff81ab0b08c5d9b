/* SPDX-License-Identifier: Apache-2.0 */
/* What reading ticks (sample_reader.c) and making figures of them (sample_figures.c) share. */
#ifndef NB_SAMPLE_TICKS_H
#define NB_SAMPLE_TICKS_H

#include "analyze/sample_reader.h"

/* Columns of `sample` that figures are made of. */
enum raw {
	TX_PACKETS,
	RX_PACKETS,
	TX_BYTES,
	RX_BYTES,
	TX_DROPPED,
	RX_DROPPED,
	RX_MISSED,
	TX_ERRORS,
	RX_ERRORS,
	CPU_BUSY,
	CPU_TOTAL,
	IRQS,
	SOFTIRQS,
	N_RAW
};

/* Rates of a source of its own, made while it is read. */
enum narrow { FORWARDED, NET_TX, NET_RX, SOFTNET_DROP, N_NARROW };

/* The sources that they come from: when they were read. */
enum source { SNMP, SOFTIRQS_READ, SOFTNET_READ, N_SOURCES };

enum formula {
	F_RATE,		   /* of one column of the end */
	F_RX_DROP,	   /* of two, the second of which not every driver has */
	F_NODE_RATE,	   /* of one column of the node */
	F_NARROW,	   /* of the end */
	F_NODE_NARROW,	   /* of the node */
	F_PERCENT,	   /* busy of all */
	F_NODE_PER_PACKET, /* of one column of the node, over the packets of all ends of the role
			      there */
	F_CPU_PER_PACKET,
};

struct metric_formula {
	const char *name;
	enum formula formula;
	unsigned char column; /* enum raw or enum narrow */
	double scale;
};

/* NULL: no figure of this name is made of samples. */
const struct metric_formula *formula_of(const char *metric);

/* What an end is asked for depends on what it is. A lone end, which has no node, is one itself. */
enum kind { KIND_SENDER, KIND_RECEIVER, KIND_NODE, KIND_LONE, N_KINDS };

/* An end of the run, its ticks as they were stored. */
struct end {
	int64_t id;
	const char *role;
	enum kind kind;
	size_t node; /* index of the end that has the host's counters */
	size_t n, cap;
	int64_t *seq;
	double *dt;
	bool *steady;
	double *raw[N_RAW];
	/* by place on the common grid of ticks */
	size_t *at; /* index of the tick + 1; 0: there is none */
	double *narrow[N_NARROW];
};

/* Where the rows of the statement that runs now go. */
struct sink {
	struct end *end;
	int64_t from, to; /* the steady window */
	int column[N_RAW];
	double *dt[N_SOURCES], *out[2];
};

struct sample_reader {
	struct store *s;
	struct sink sink;
	const size_t *figures;
	size_t n_figures;
	bool want_raw[N_KINDS][N_RAW], want_narrow[N_KINDS][N_NARROW];
	sqlite3_stmt *ticks[N_KINDS];
	sqlite3_stmt *ends_of_run, *reads, *softirqs, *softnet, *udp;
	struct end *end;
	size_t n_ends, cap_ends;
	int64_t first_seq;
	size_t n_grid, cap_grid; /* ticks from the first to the last */
	size_t *row_at;		 /* the places of the grid that are rows */
	size_t n_rows;
	double **column;
	double *packets; /* of the ends of a role at a node, by place on the grid */
};

/* Figure k of all ends of its role together, into its column. Needs the ticks and the rows. */
void sample_figure_fill(struct sample_reader *r, size_t k);

#endif
