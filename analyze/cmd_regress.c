/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze regress: one figure as a sum of others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/explain.h"
#include "analyze/regress.h"
#include "analyze/select.h"
#include "analyze/stats/status.h"

static struct {
	const char *y, *x, *scope, *by, *method, *errors;
	bool errors_given, explain;
} opts = {.scope = "auto", .method = "ols", .errors = "classic"};

/* clang-format off */
const struct option regress_options[] = {
	{'y', "y", OPT_TEXT, &opts.y, "METRIC", "what is to be explained", NULL},
	{'x', "x", OPT_TEXT, &opts.x, "TERM[,TERM…]", "what explains it, see below", NULL},
	{0, "scope", OPT_CHOICE, &opts.scope, "auto|between|within", "see below (default auto)", NULL},
	{0, "by", OPT_TEXT, &opts.by, "KEY[,KEY…]", "a fit for each value: size, pps, generator, a label", NULL},
	{0, "method", OPT_CHOICE, &opts.method, "ols|huber|theil-sen",
	 "least squares (default), or little moved by outliers", NULL},
	{0, "se", OPT_CHOICE, &opts.errors, "classic|hc3|hac",
	 "standard errors: equal (default), of unequal size, with memory", &opts.errors_given},
	EXPLAIN_OPTION(&opts.explain),
	SELECT_OPTIONS,
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const char regress_help[] =
	"A term is a metric, its power a^2, log(a), a key of the configuration or a label (a column\n"
	"for each value but the first), or a product of these: a:b. between: a row a run. within: a row\n"
	"a sample of the steady window; several runs have an intercept each. auto: between where there\n"
	"are runs enough, else within. Runs that differ in more than the rate and the terms make fits\n"
	"of their own. Example: nbanalyze regress -y node.softirq_rate -x receiver.rx_pps\n";

/* A figure that a run has one of: none within it. */
static const char *figure_of_run(const struct model *m)
{
	for (size_t i = 0; i < figure_count(); i++)
		if (!strcmp(figure_at(i)->role, "run") && (i == m->y || model_has_figure(m, i)))
			return figure_at(i)->name;
	return NULL;
}

static void failed(struct regress_job *j, const struct fit_data *d, const struct fit_result *r,
		   int status)
{
	if (status == STATS_RANK && r->fit.dependent < d->n_x + r->intercept)
		notes_add(&j->notes, "rank",
			  "%s: no fit: %s does not vary, or the xs before explain it", d->label,
			  regress_term(j, r, r->fit.dependent));
	else if (!d->n && j->samples && figure_of_run(&j->model))
		notes_add(
			&j->notes, "no_fit",
			"%s: no fit: a run has but one %s: it takes several runs (--scope between)",
			d->label, figure_of_run(&j->model));
	else if (!d->n && d->n_missing)
		notes_add(
			&j->notes, "no_fit",
			"%s: no fit: each of %zu %s lacks y or an x (or it is the logarithm of 0)",
			d->label, d->n_missing, j->samples ? "samples" : "runs");
	else
		notes_add(&j->notes, "no_fit", "%s: no fit: %zu %s: %s", d->label, d->n,
			  j->samples ? "samples" : "runs", stats_status_text(status));
}

static void warn_of(struct regress_job *j, const struct fit_data *d, const struct fit_result *r)
{
	if (r->memory > 1.1)
		notes_add(
			&j->notes, "memory",
			"%s: samples have memory: standard errors are about %.1f times too small%s",
			d->label, r->memory, j->method == FIT_OLS ? " (--se hac)" : "");
	if (r->fit.condition > 1e8)
		notes_add(
			&j->notes, "condition",
			"%s: condition %.2g: the xs nearly explain each other; estimates are shaky",
			d->label, r->fit.condition);
	if (d->n_missing)
		notes_add(&j->notes, "missing",
			  "%s: %zu %s without y or an x (or with the logarithm of 0) %s left out",
			  d->label, d->n_missing, j->samples ? "samples" : "runs",
			  d->n_missing == 1 ? "is" : "are");
	if (r->outlying)
		notes_add(&j->notes, "outlying", "%s: %zu of %zu %s lie far off and count less",
			  d->label, r->outlying, r->fit.n, j->samples ? "samples" : "runs");
	if (r->drawn)
		notes_add(
			&j->notes, "drawn",
			"%s: of %zu samples %zu are taken, drawn at random (seed %d): %s looks at "
			"them again and again, in memory",
			d->label, d->n, r->fit.n, FIT_SEED, j->method_name);
	if (r->sampled)
		notes_add(
			&j->notes, "sampled",
			"%s: too many pairs of points: the slope is the median of a sample of them",
			d->label);
}

static int solve(struct regress_job *j, const struct fit_data *d)
{
	struct fit_result r;
	int status = fit_solve(&r, d, j->samples, j->method, j->errors, &j->cli->err);
	if (!status) {
		regress_print(j, d, &r);
		warn_of(j, d, &r);
	} else if (status != FIT_UNREAD) {
		failed(j, d, &r, status);
	}
	fit_result_free(&r);
	return status == FIT_UNREAD ? -1 : 0;
}

/* Runs enough for an honest line: two more than it has terms. */
static bool enough(const struct fit_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].n >= l->v[i].n_x + 3)
			return true;
	return false;
}

static int load(struct regress_job *j, struct fit_list *fits, struct store *s)
{
	struct values of_runs = {0};
	bool automatic = !strcmp(opts.scope, "auto") && j->errors != FIT_HAC;
	if (strcmp(opts.scope, "between") != 0 && !automatic)
		goto within;
	if (values_of_runs(&of_runs, s, j->runs, &j->cli->err))
		return -1;
	fit_between(fits, j->runs, &of_runs, &j->model, j->by);
	values_free(&of_runs);
	if (!automatic || enough(fits))
		return 0;
	fit_list_free(fits);
within:
	if (fit_within(fits, s, j->runs, &j->model, j->by, FIT_KEEP, &j->cli->err))
		return -1;
	j->samples = true;
	if (automatic)
		notes_add(&j->notes, "scope",
			  "within: %zu run%s too few for a fit between runs, the samples are taken",
			  j->runs->n, j->runs->n == 1 ? " is" : "s are");
	return 0;
}

static void warn_identities(struct regress_job *j)
{
	struct figure_context context = runs_context(j->runs);
	context.one_size |= j->samples;
	for (size_t i = 0; i < figure_count(); i++)
		if (model_has_figure(&j->model, i) &&
		    figures_identical(figure_at(j->model.y), figure_at(i), context))
			notes_add(
				&j->notes, "identity",
				"%s and %s are made from the same counter: the fit says nothing of "
				"the network",
				figure_at(j->model.y)->name, figure_at(i)->name);
}

static int regress(struct regress_job *j, struct store *s)
{
	struct fit_list fits = {0};
	int ret = -1, rc = 0;
	if (load(j, &fits, s))
		goto cleanup;
	regress_begin(j, opts.explain);
	warn_identities(j);
	for (size_t i = 0; i < fits.n && !rc; i++)
		rc = solve(j, &fits.v[i]);
	size_t rows = output_rows(j->out);
	if (rc)
		rows = 0;	      /* the error is set */
	else if (!rows && j->notes.n) /* the reason is the error */
		nb_error_code(&j->cli->err, NB_NODATA, "regress: %s",
			      j->notes.v[j->notes.n - 1].text);
	else if (!rows)
		nb_error_code(&j->cli->err, NB_NODATA, "regress: no run has %s and every x",
			      figure_at(j->model.y)->name);
	j->cli->quiet |= !rows;
	regress_end(j);
	ret = rows ? 0 : -1;
cleanup:
	fit_list_free(&fits);
	return ret;
}

static int parse_by(struct regress_job *j, char **copy)
{
	char *rest, *part;
	if (!opts.by)
		return 0;
	rest = *copy = nb_strdup(opts.by);
	while ((part = strsep(&rest, ","))) {
		const char *key = run_property_key(part);
		if (!runs_have(j->runs, key))
			return nb_error_code(&j->cli->err, NB_USAGE,
					     "--by: no run has a '%s': keys are size, pps, labels, "
					     "and those of nbanalyze show RUN",
					     part);
		j->by.key = nb_realloc(j->by.key, j->by.n + 1, sizeof(*j->by.key));
		j->by.key[j->by.n++] = key;
	}
	return 0;
}

/* What does not go together. */
static int choose(struct regress_job *j)
{
	static const char *const methods[] = {"ols", "huber", "theil-sen"};
	static const char *const errors[] = {"classic", "hc3", "hac"};
	struct nb_err *err = &j->cli->err;
	for (int i = 0; i < 3; i++) {
		if (!strcmp(methods[i], opts.method))
			j->method = (enum fit_method)i;
		if (!strcmp(errors[i], opts.errors))
			j->errors = (enum fit_errors)i;
	}
	j->method_name = opts.method;
	j->errors_name = j->method == FIT_OLS	  ? opts.errors
			 : j->method == FIT_HUBER ? "huber"
						  : "rank";
	if (opts.errors_given && j->method != FIT_OLS)
		return nb_error_code(err, NB_USAGE,
				     "regress: --se is with --method ols: %s has errors of its own",
				     opts.method);
	if (j->errors == FIT_HAC && !strcmp(opts.scope, "between"))
		return nb_error_code(err, NB_USAGE,
				     "regress: --se hac is within runs: runs are not samples in "
				     "order of time");
	if (j->method == FIT_THEIL_SEN && (j->model.n_terms > 1 || j->model.term[0].n_factors > 1 ||
					   j->model.term[0].factor[0].kind == FACTOR_KEY))
		return nb_error_code(err, NB_USAGE,
				     "regress: --method theil-sen takes one metric as x: '%s'",
				     opts.x);
	return 0;
}

int cmd_regress(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs = {0};
	struct regress_job j = {.cli = cli, .runs = &runs};
	char *by = NULL;
	int ret = -1;
	if (!opts.y || !opts.x)
		return nb_error_code(&cli->err, NB_USAGE,
				     "regress: -y METRIC and -x METRIC are needed: -y "
				     "node.softirq_rate -x receiver.rx_pps");
	if (model_parse(&j.model, opts.y, opts.x, &cli->err) || choose(&j) ||
	    select_open(&s, &runs, cli, SELECT_ANALYSE))
		goto cleanup;
	notes_left_out(&j.notes, &runs);
	if (!parse_by(&j, &by) && !model_expand(&j.model, &runs, &cli->err))
		ret = regress(&j, s);
cleanup:
	notes_free(&j.notes);
	model_free(&j.model);
	free(j.by.key);
	free(by);
	runs_free(&runs);
	store_close(s);
	return ret;
}
