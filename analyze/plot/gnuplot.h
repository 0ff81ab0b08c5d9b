/* SPDX-License-Identifier: Apache-2.0 */
/* Running gnuplot: found in PATH, without its user's settings, without a shell. */
#ifndef NB_PLOT_GNUPLOT_H
#define NB_PLOT_GNUPLOT_H

#include <stddef.h>

#include "common/error.h"

enum gnuplot_result { GNUPLOT_DONE = 0, GNUPLOT_FAILED = -1, GNUPLOT_MISSING = 1 };

struct gnuplot_picture {
	const char *script, *image; /* in the folder; plain names without a quote */
	enum gnuplot_result result;
	struct nb_err err; /* why not */
};

/* Draws them all, in one process, or two side by side from 16 pictures on: each under another
 * name first, which is renamed when gnuplot finished it and something was drawn (it leaves an empty
 * file when it fails). A picture that fails does not keep the rest from being drawn. */
void gnuplot_draw(const char *dir, struct gnuplot_picture *pictures, size_t n);

#endif
