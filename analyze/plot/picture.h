/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture: a kind of plot of one curve. Its script is written as comments that say where it
 * comes from, definitions and data made here, then the templates of plots/ as they stand, so that
 * it can be drawn again with gnuplot alone.
 */
#ifndef NB_PLOT_PICTURE_H
#define NB_PLOT_PICTURE_H

#include "analyze/plot/ledger.h"
#include "analyze/runs.h"
#include "analyze/values.h"

/* What all pictures of a command draw from. */
struct plot_data {
	const struct runs *runs;
	const struct values *values; /* a row a run */
	const struct ledger *ledger;
	bool one_node; /* both ends on one host */
	bool veth;
	const char *image; /* png or svg */
};

struct plot_kind {
	const char *name;  /* of the file and of its template plots/NAME.gp */
	const char *title; /* of the picture */
	const char *axis;  /* a template before it; NULL: none */
	/* Adds the definitions that the template draws. */
	void (*define)(struct nb_text *script, const struct plot_data *d, const struct curve *c);
};
extern const struct plot_kind plot_kinds[];
extern const size_t n_plot_kinds;

/* KIND_SIZE_cores_CORES[_key_value]… without a suffix: letters, digits, "._+-" only. Every property
 * on which the curves of `runs` differ is in it. */
void picture_name(struct nb_text *out, const char *kind, const struct runs *runs,
		  const struct curve *c);

/* The whole script. `provenance` is comment lines, made with gp_comment(). */
void picture_script(struct nb_text *out, const struct plot_kind *kind, const struct plot_data *d,
		    const struct curve *c, const char *name, const char *provenance);

#endif
