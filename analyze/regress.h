/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of nbanalyze regress: what is fitted, and how it is shown. */
#ifndef NB_REGRESS_H
#define NB_REGRESS_H

#include "analyze/explain.h"
#include "analyze/fit.h"
#include "analyze/rows.h"

struct regress_job {
	struct cli *cli;
	const struct runs *runs;
	struct model model;
	struct fit_by by;
	enum fit_method method;
	enum fit_errors errors;
	const char *method_name, *errors_name;
	bool samples; /* within runs */
	struct notes notes;
	struct output *out;
	struct explain explain;
	struct column *columns;
	struct nb_text equations; /* and a sentence for each */
};

/* The name of a fit's term, counted from 0, the intercept first where it has one. */
const char *regress_term(const struct regress_job *j, const struct fit_result *r, size_t term);

void regress_begin(struct regress_job *j, bool explain);
/* The rows of a fit; keeps its equation and sentence. */
void regress_print(struct regress_job *j, const struct fit_data *d, const struct fit_result *r);
/* Ends the rows, says the notes, then equations and sentences on standard error; frees. */
void regress_end(struct regress_job *j);

#endif
