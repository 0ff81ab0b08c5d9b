/* SPDX-License-Identifier: Apache-2.0 */
/* Curves in a terminal, drawn with Unicode's braille patterns: two by four dots a character. */
#ifndef NB_PLOT_TERMINAL_H
#define NB_PLOT_TERMINAL_H

#include "analyze/plot/picture.h"

struct term_series {
	const char *name;
	const double *x, *y; /* x rises; a NaN is a gap */
	size_t n;
};

struct term_chart {
	const char *title, *words, *x_name;
	const struct term_series *series; /* at most 6 */
	size_t n;
	bool color;
	size_t columns, rows; /* of characters, the axes' labels among them */
};

/* Axes begin at 0. Curves differ in colour or, without it, in how densely they are dotted. */
void term_chart(struct nb_text *out, const struct term_chart *chart);

/* A picture as a chart: of tx_bounded, rx_bounded, delivered or timeseries, of what `d` is about;
 * PLOT_NOTHING for other kinds too. */
enum plot_defined term_picture(struct nb_text *out, const struct plot_kind *kind,
			       const struct plot_data *d, const struct curve *c, bool color,
			       size_t columns);
bool term_can(const struct plot_kind *kind);

#endif
