/* SPDX-License-Identifier: Apache-2.0 */
/* Running gnuplot: found in PATH, without its user's settings, without a shell. */
#ifndef NB_PLOT_GNUPLOT_H
#define NB_PLOT_GNUPLOT_H

#include "common/error.h"

enum gnuplot_result { GNUPLOT_DONE = 0, GNUPLOT_FAILED = -1, GNUPLOT_MISSING = 1 };

/* Runs dir/script so that it draws dir/image: under another name first, which is renamed when
 * gnuplot succeeded and something was drawn (it leaves an empty file when it fails). Script and
 * image are plain names without a quote. GNUPLOT_MISSING sets the message too. */
enum gnuplot_result gnuplot_draw(const char *dir, const char *script, const char *image,
				 struct nb_err *err);

#endif
