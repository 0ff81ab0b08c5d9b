/* SPDX-License-Identifier: Apache-2.0 */
/* Where the packets of runs went, as a matrix: what pictures of loss are made of. */
#ifndef NB_PLOT_LEDGER_H
#define NB_PLOT_LEDGER_H

#include "analyze/runs.h"

/* A stage of v_ledger at which packets stay behind, or where others are counted among them. */
struct loss_stage {
	const char *name;  /* in v_ledger */
	const char *title; /* in a picture's key */
	bool loss;	   /* of what was offered */
};
extern const struct loss_stage loss_stages[];
extern const size_t n_loss_stages;

struct run_ledger {
	double asked;	  /* intended, or offered where nothing was intended or more was offered */
	double offered;	  /* NaN: not known, as everywhere here */
	double delivered; /* to the application or, where nobody listens, to the stack */
	double *lost;	  /* packets, one for each of loss_stages */
};

struct ledger {
	struct run_ledger *run; /* in the order of struct runs */
	double *cells;
};

int ledger_load(struct ledger *out, struct store *s, const struct runs *runs, struct nb_err *err);
void ledger_free(struct ledger *l);

#endif
