/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The figures that can be asked for, ROLE.NAME: the derived metrics of common/metric.h at each end
 * that has them, and those of the run. A figure is an index into this catalogue.
 */
#ifndef NB_FIGURE_H
#define NB_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"
#include "common/metric.h"

struct figure {
	char name[64];	  /* receiver.rx_pps */
	const char *role; /* sender, receiver, node, run */
	const struct metric *metric;
	bool of_node; /* counted for the host as a whole: both ends of one host have the same */
};

size_t figure_count(void);
const struct figure *figure_at(size_t i);

/* The index of a name that must be there; asserts. */
size_t figure_index(const char *name);

struct nb_text;

/* Appends names that contain what was typed (rx_pps), else the three that differ least; nothing
 * when none comes near. */
void figure_near(struct nb_text *out, const char *name);

/* The index of a name that a person gave; else NB_USAGE with what comes near. `option` says where
 * it was given. */
int figure_find(size_t *out, const char *option, const char *name, struct nb_err *err);
/* The same for a list separated by commas; *out is allocated. A name twice is NB_USAGE. */
int figure_list(size_t **out, size_t *n, const char *option, const char *list, struct nb_err *err);

/* receiver.rx_pps → receiver_rx_pps, the name of its column. */
const char *figure_column(char buf[static 64], const struct figure *f);

/* What is true of the runs at hand, for telling whether two figures count the same. */
struct figure_context {
	bool one_node; /* both ends are on one host */
	bool one_size; /* of frames: bytes are packets times a constant */
	bool joined;   /* a veth pair or lo: what one end transmits is what the other receives */
};

/* Is there a counter that both are made from? Then they correlate by construction. */
bool figures_identical(const struct figure *a, const struct figure *b, struct figure_context c);

/* Are both made from the same counters, so that they are one figure under two names? On a veth pair
 * receiver.rx_pps is sender.tx_pps. */
bool figures_same(const struct figure *a, const struct figure *b, struct figure_context c);

/* Is it a figure for each packet? Within a run, whose rate hardly changes, it repeats the figure
 * that it is made from. */
bool figure_per_packet(const struct figure *f);

/* Is it in what is analysed when nobody names figures? Left out: an end's unused direction, one of
 * two names for the same figure of a host, megabits where packets say the same. */
bool figure_default(const struct figure *f, struct figure_context c);

#endif
