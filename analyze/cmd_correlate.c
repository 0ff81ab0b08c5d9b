/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze correlate: every pair of figures, within runs and between configurations. */
#include <stdlib.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/correlate.h"
#include "analyze/explain.h"
#include "analyze/select.h"

static struct correlate_asked asked = {
	.method = "pearson", .scope = "both", .adjust = "holm", .neff = "bretherton"};
static bool neff_given;

/* clang-format off */
const struct option correlate_options[] = {
	{0, "metrics", OPT_TEXT, &asked.metrics, "LIST", "only these: sender.tx_pps,node.irq_rate", NULL},
	{0, "given", OPT_TEXT, &asked.given, "LIST", "partial correlation: with these held still", NULL},
	{0, "method", OPT_CHOICE, &asked.method, "pearson|spearman|kendall",
	 "straight line (default), ranks, or concordance of pairs", NULL},
	{0, "scope", OPT_CHOICE, &asked.scope, "between|within|both", "see below (default both)", NULL},
	{0, "lag", OPT_TIME, &asked.max_lag_ns, "MAX",
	 "which side moves first within runs, by up to this long: 2, 500ms", &asked.lag},
	{0, "matrix", OPT_FLAG, &asked.matrix, NULL, "r as a square, what goes together side by side", NULL},
	{0, "neff", OPT_CHOICE, &asked.neff, "bretherton|bartlett|none",
	 "what samples with memory are worth: by lag 1 (default), by all lags, all of them", &neff_given},
	{0, "adjust", OPT_CHOICE, &asked.adjust, "holm|bh|by|none",
	 "p values for having looked at many pairs (default holm)", NULL},
	{0, "all", OPT_FLAG, &asked.all, NULL, "also pairs that share a counter, and both names of one figure",
	 NULL},
	{0, "top", OPT_COUNT, &asked.top, "N", "only the strongest N of each scope", NULL},
	EXPLAIN_OPTION(&asked.explain),
	SELECT_OPTIONS,
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const char correlate_help[] =
	"within: the samples of the steady windows, each run against its own mean and scatter; one run\n"
	"is enough. between: one point a configuration, the mean of its repeats; r from three\n"
	"configurations on, p from five. n_eff is how many independent pairs n are worth: samples have\n"
	"memory, and p and the 95 % interval count n_eff. p_adj is adjusted among all pairs of a scope.\n"
	"Strongest first in each scope. Without --all figures made from the same counter are left out,\n"
	"and within runs those for each packet, which repeat what they are made from there.\n"
	"--lag filters the memory out of both and looks at every shift: with lag_s above 0 x moves\n"
	"first and y follows so much later.\n";

/* What is analysed when nobody names figures: each once, though it may have two names. */
static void choose_default(struct correlate_job *j)
{
	struct nb_text same = {0};
	j->figures = nb_alloc(figure_count(), sizeof(*j->figures));
	for (size_t i = 0; i < figure_count(); i++) {
		const struct figure *f = figure_at(i);
		size_t k = 0;
		if (!asked.all && !figure_default(f, j->context))
			continue;
		while (k < j->n_figures &&
		       (asked.all || !figures_same(figure_at(j->figures[k]), f, j->context)))
			k++;
		if (k == j->n_figures)
			j->figures[j->n_figures++] = i;
		else
			text_addf(&same, "%s%s is %s", same.len ? ", " : "", f->name,
				  figure_at(j->figures[k])->name);
	}
	if (same.len)
		notes_add(&j->notes, "same", "read from the same counters here: %s", same.s);
	text_free(&same);
}

/* Those that are held still are not related to others as well. */
static int take_given_out(struct correlate_job *j)
{
	size_t n = 0;
	for (size_t i = 0; i < j->n_figures; i++) {
		bool given = false;
		for (size_t k = 0; k < j->how.n_given; k++)
			given |= j->figures[i] == j->how.given[k];
		if (given && j->named)
			return nb_error_code(&j->cli->err, NB_USAGE,
					     "correlate: %s is both in --metrics and in --given",
					     figure_at(j->figures[i])->name);
		j->figures[n] = j->figures[i];
		n += !given;
	}
	j->n_figures = n;
	return 0;
}

static int name_figures(struct correlate_job *j, size_t **given)
{
	if (asked.given &&
	    figure_list(given, &j->how.n_given, "--given", asked.given, &j->cli->err))
		return -1;
	j->how.given = *given;
	if (!asked.metrics)
		return 0;
	j->named = true;
	if (figure_list(&j->figures, &j->n_figures, "--metrics", asked.metrics, &j->cli->err))
		return -1;
	if (j->n_figures < 2)
		return nb_error_code(&j->cli->err, NB_USAGE,
				     "--metrics: '%s': two at least, separated by a comma",
				     asked.metrics);
	return 0;
}

static void choose_method(struct relate_how *how)
{
	static const struct {
		const char *name;
		relate_method *method;
		bool ranks;
	} methods[] = {
		{"pearson",  stats_pearson,  false},
		{"spearman", stats_spearman, true },
		{"kendall",  stats_kendall,  true },
	};
	static const struct {
		const char *name;
		enum stats_neff neff;
	} neffs[] = {
		{"bretherton", STATS_NEFF_BRETHERTON},
		{"bartlett",   STATS_NEFF_BARTLETT	},
		{"none",	 STATS_NEFF_NONE	},
	};
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (!strcmp(methods[i].name, asked.method)) {
			how->method = methods[i].method;
			how->ranks = methods[i].ranks;
		}
	for (size_t i = 0; i < sizeof(neffs) / sizeof(*neffs); i++)
		if (!strcmp(neffs[i].name, asked.neff))
			how->neff = neffs[i].neff;
}

/* What does not go together. */
static int check_options(struct nb_err *err)
{
	bool pearson = !strcmp(asked.method, "pearson");
	if (asked.given && !strcmp(asked.method, "kendall"))
		return nb_error_code(
			err, NB_USAGE,
			"correlate: --given is with pearson or spearman; a partial tau "
			"has no known distribution");
	if (!asked.lag)
		return 0;
	if (!pearson || asked.given || neff_given)
		return nb_error_code(err, NB_USAGE,
				     "correlate: --lag does not go with %s: it filters memory out "
				     "by an autoregression, and takes pearson's r of what is left",
				     !pearson	   ? "--method"
				     : asked.given ? "--given"
						   : "--neff");
	if (!strcmp(asked.scope, "between"))
		return nb_error_code(
			err, NB_USAGE,
			"correlate: --lag is within runs: configurations have no order "
			"in time");
	if (asked.matrix)
		return nb_error_code(err, NB_USAGE,
				     "correlate: --matrix shows r without a lag: leave out --lag");
	return 0;
}

static int show(struct correlate_job *j)
{
	size_t n = 0;
	for (size_t i = 0; i < j->n_scopes; i++)
		n += j->scopes[i].n;
	if (!n) {
		notes_end(j->cli, &j->notes);
		if (asked.lag)
			return nb_error_code(&j->cli->err, NB_NODATA,
					     "correlate: no run has samples enough for --lag %g: "
					     "four more than the longest shift has, besides those "
					     "that finding the memory takes",
					     (double)asked.max_lag_ns / 1e9);
		return nb_error_code(&j->cli->err, NB_NODATA,
				     "correlate: nothing to correlate in %zu run%s: a run needs %d "
				     "steady samples, or there must be %zu configurations",
				     j->runs->n, j->runs->n == 1 ? "" : "s", RELATE_SAMPLES_MIN,
				     RELATE_CONFIGS_R + j->how.n_given);
	}
	if (asked.matrix)
		correlate_matrix(j);
	else
		correlate_rows(j);
	return 0;
}

int cmd_correlate(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs = {0};
	struct correlate_job j = {.cli = cli, .asked = &asked, .runs = &runs};
	size_t *given = NULL;
	int ret = -1;
	choose_method(&j.how);
	/* names are checked before the store is opened: a typo is a typo anywhere */
	if (check_options(&cli->err) || name_figures(&j, &given) ||
	    select_open(&s, &runs, cli, SELECT_ANALYSE))
		goto cleanup;
	j.context = runs_context(&runs);
	if (!j.named)
		choose_default(&j);
	notes_left_out(&j.notes, &runs);
	if (take_given_out(&j) || correlate_compute(&j, s))
		goto cleanup;
	ret = show(&j);
cleanup:
	for (size_t i = 0; i < j.n_scopes; i++)
		free(j.scopes[i].v);
	notes_free(&j.notes);
	free(j.figures);
	free(given);
	runs_free(&runs);
	store_close(s);
	return ret;
}
