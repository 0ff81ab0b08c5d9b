/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gnuplot source as text. Whatever a user may have written (labels, notes, paths) goes through
 * gp_quote(): gnuplot runs what stands between backticks in double quotes, so that only single
 * quotes are used, without control characters. Comments are quoted too: a backslash at a comment's
 * end would take the next line into it.
 */
#ifndef NB_PLOT_SCRIPT_H
#define NB_PLOT_SCRIPT_H

#include "common/text.h"

/* 'it''s': one line, at most GP_TEXT_MAX bytes, cut at a character. */
enum { GP_TEXT_MAX = 400 };
void gp_quote(struct nb_text *out, const char *s);

void gp_comment(struct nb_text *out, const char *what, const char *value);

/* name = 'text'; name = 1.5 (NaN is NaN). Names are ours. */
void gp_set_text(struct nb_text *out, const char *name, const char *value);
void gp_set_number(struct nb_text *out, const char *name, double value);

/* array NAME[n] = ['a', 'b']; a NULL is ''. n > 0. */
void gp_set_texts(struct nb_text *out, const char *name, char *const *v, size_t n);

/* The same for words that stand at tics: a tic's label is a format, in which %% is a %. */
void gp_set_tics(struct nb_text *out, const char *name, char *const *v, size_t n);

/* $name << NBEOD … rows of numbers at full precision. */
void gp_data_begin(struct nb_text *out, const char *name);
void gp_data_row(struct nb_text *out, const double *v, size_t n);
void gp_data_end(struct nb_text *out);

#endif
