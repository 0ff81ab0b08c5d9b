/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture: a kind of plot of one curve. Its script is written as comments that say where it
 * comes from, definitions and data made here, then the templates of plots/ as they stand, so that
 * it can be drawn again with gnuplot alone.
 */
#ifndef NB_PLOT_PICTURE_H
#define NB_PLOT_PICTURE_H

#include "analyze/evidence.h"
#include "analyze/plot/family.h"
#include "analyze/plot/ledger.h"
#include "analyze/runs.h"
#include "analyze/values.h"

/* How a picture looks and how large it is; the script may be told otherwise. */
struct plot_look {
	const char *image, *theme; /* png or svg; screen, print or dark */
	uint64_t width, height;
};

/* What all pictures of a command draw from, and what the one at hand is about. */
struct plot_data {
	struct store *store;
	struct nb_err *err;
	const struct runs *runs;
	const struct values *values; /* a row a run */
	const struct ledger *ledger;
	const struct evidence_of_runs *evidence;
	bool one_node; /* both ends on one host */
	bool veth;
	struct plot_look look;
	size_t y, x;		     /* figures of a regression; figure_count(): the usual */
	size_t run;		     /* kinds of a run */
	size_t config;		     /* kinds of a configuration */
	const struct forest *forest; /* kinds of two sides */
	const struct family *family; /* kinds of a family; c is its first curve */
	const char *side;	     /* kinds of a side: sender, receiver, node; NULL: all */
};

/* What a picture of a kind is about. */
enum plot_about {
	ABOUT_CURVE,
	ABOUT_CONFIG,
	ABOUT_HOST,
	ABOUT_END,
	ABOUT_RUN,
	ABOUT_SIDES,
	ABOUT_FAMILY
};

enum plot_defined { PLOT_DEFINED = 0, PLOT_NOTHING = 1, PLOT_ERROR = -1 };

struct plot_kind {
	const char *name;     /* of the file, and of its template plots/NAME.gp */
	const char *title;    /* of the picture */
	const char *question; /* that it answers */
	const char *axis;     /* a template before it; NULL: none */
	enum plot_about about;
	bool basic; /* drawn when nobody names a kind */
	/* of plot_data; what no kind needs may be NULL: reading it takes its time */
	bool needs_ledger, needs_evidence;
	/* Adds the definitions that the template draws. PLOT_NOTHING: there is nothing to draw of
	 * these runs; PLOT_ERROR: d->err says why. */
	enum plot_defined (*define)(struct nb_text *script, const struct plot_data *d,
				    const struct curve *c);
	const char *drawn_as; /* the kind whose template it shares; NULL: its own */
};
extern const struct plot_kind plot_kinds[];
extern const size_t n_plot_kinds;

/* KIND_SIZE_cores_CORES[_key_value]…, or KIND_SIZE_by_cores…, KIND_by_size_cores_CORES… for curves
 * that differ in it, without a suffix: letters, digits, "._+-" only. Every property
 * on which the curves of `runs` differ is in it. */
void picture_name(struct nb_text *out, const char *kind, const struct runs *runs,
		  const struct curve *c, enum family_by by);

/* The name of what d is about: the above, KIND[_SIDE]_pps_PPS_SIZE_…, or KIND_run_ID, KIND_A_B
 * for two sides. */
void picture_name_of(struct nb_text *out, const struct plot_kind *kind, const struct plot_data *d,
		     const struct curve *c);

/* The whole script. `c` is NULL for two sides. `provenance` is comment lines, made with
 * gp_comment(). */
enum plot_defined picture_script(struct nb_text *out, const struct plot_kind *kind,
				 const struct plot_data *d, const struct curve *c, const char *name,
				 const char *provenance);

#endif
