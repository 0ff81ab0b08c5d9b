/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a configuration's repeats say of one figure: mean, and how far it may be off. Two to four
 * repeats show their lowest and highest, five and more the 95 % t interval of the mean; a single
 * run has neither.
 */
#ifndef NB_PLOT_LEVEL_H
#define NB_PLOT_LEVEL_H

#include "analyze/plot/picture.h"

enum { LEVEL_INTERVAL_MIN = 5 };

struct level {
	size_t n;
	double mean, lo, hi; /* NaN: not known */
};

struct level level_of(const double *x, size_t n);

/* The figure of one run, NaN where it has none. */
typedef double run_figure(const struct plot_data *d, size_t run, const void *which);

struct level level_of_config(const struct plot_data *d, size_t config, run_figure *f,
			     const void *which);

/* figure(): `which` is a figure's name. */
double run_value(const struct plot_data *d, size_t run, const void *name);

/* What the sender's driver was handed, packets per second: sent, and dropped there; NaN where
 * either was not counted. */
double run_offered(const struct plot_data *d, size_t run, const void *unused);
/* What arrived at the deepest stage of the receiver that has a counter; seen_title() names it. */
double run_received(const struct plot_data *d, size_t run, const void *unused);
const char *seen_title(const struct plot_data *d, const struct curve *c);

/* What every picture over rates defines: n, LABEL, rate_title, words, corner, corner2, origin, and
 * whiskers: is there any? */
void define_rates(struct nb_text *script, const struct plot_data *d, const struct curve *c);
/* The same without the axis of rates. */
void define_frame(struct nb_text *script, const struct plot_data *d, const struct curve *c);
/* The same of one configuration of the curve, or of one run; `more` is put behind the words. */
void define_frame_of(struct nb_text *script, const struct plot_data *d, const struct curve *c,
		     struct run_group runs, const char *more);

/* Cuts a text of the frame to what fits the picture's width. */
enum { WORDS_MAX = 112, CORNER_MAX = 132 };
void frame_cut(struct nb_text *t, size_t characters);
/* Adds what is not there yet of a list of codes. */
void frame_add_codes(struct nb_text *t, const char *codes);

/* The same where no means are drawn, but runs or samples. */
void define_frame_apart(struct nb_text *script, const struct plot_data *d, const struct curve *c,
			const char *more);
/* The same of d->family, and curves, NAME: how many there are and what tells them apart. */
void define_family(struct nb_text *script, const struct plot_data *d);

/* The rate asked of all pairs of a configuration together; NaN: as fast as possible. */
double config_target(const struct plot_data *d, size_t config);

/* 1: a run of the configuration is noted, 2: one is void, 3: both, 0: none. */
size_t config_marked(const struct plot_data *d, size_t config);
/* The same as "*", "†", "*†" or "". */
const char *config_mark(const struct plot_data *d, size_t config);

/* Are there so many rates that figures would not fit above bars? */
bool crowded(const struct curve *c);

#endif
