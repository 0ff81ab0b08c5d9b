/* SPDX-License-Identifier: Apache-2.0 */
/* The selection options as parameters of sql/select_runs.sql; select.c's own business. */
#ifndef NB_SELECT_TERMS_H
#define NB_SELECT_TERMS_H

#include "analyze/select.h"

/* In the order of the query; a text that is empty is bound as NULL. */
enum {
	TERM_RUNS,
	TERM_CAMPAIGN,
	TERM_SIZES,
	TERM_RATES,
	TERM_CORES,
	TERM_PAIRS,
	TERM_TESTBEDS,
	TERM_GENERATORS,
	TERM_PATHS,
	TERM_LABELS,
	TERM_SINCE,
	TERM_PROPERTIES,
	N_TERMS
};

/* Fills the terms, which the caller frees, also on failure. Runs that are named by UUID or `last`
 * are looked up in the store. */
int select_terms(struct nb_text t[static N_TERMS], struct store *s, const struct selection *sel,
		 struct nb_err *err);

#endif
