/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as parts of a page. */
#ifndef NB_REPORT_FIGURES_H
#define NB_REPORT_FIGURES_H

#include "analyze/plot/picture.h"

struct figures {
	struct report_figure {
		const struct plot_kind *kind;
		const struct curve *curve;
		char *svg; /* NULL: not drawn */
	} * v;
	size_t n;
	size_t n_left_out; /* there were more than a page should hold */
};

/* Draws kinds of every curve in a folder of its own, which is removed again. That gnuplot cannot
 * draw is no error: `note` says why. */
int figures_draw(struct figures *out, struct nb_text *note, struct plot_data *d);
void figures_free(struct figures *f);

#endif
