/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze regress: least squares of one figure on others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/fit.h"
#include "analyze/rows.h"
#include "analyze/select.h"
#include "analyze/stats/status.h"

static struct {
	const char *y, *x, *scope;
} opts = {.scope = "auto"};

/* clang-format off */
const struct option regress_options[] = {
	{'y', "y", OPT_TEXT, &opts.y, "METRIC", "what is to be explained", NULL},
	{'x', "x", OPT_TEXT, &opts.x, "METRIC[,METRIC…]", "what explains it", NULL},
	{0, "scope", OPT_CHOICE, &opts.scope, "auto|between|within", "see below (default auto)", NULL},
	SELECT_OPTIONS,
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const char regress_help[] =
	"Ordinary least squares by QR, classic standard errors, 95 % intervals. between: a row a run.\n"
	"within: a row a sample of the steady window; several runs have an intercept each. auto:\n"
	"between where there are runs enough, else within. Runs that differ in more than the rate and\n"
	"the xs make fits of their own. Example: nbanalyze regress -y node.softirq_rate -x\n"
	"receiver.rx_pps\n";

static const struct column columns[] = {
	{"term",	 COL_TEXT	 },
	     {"estimate",  COL_SIG4  },
	     {"se",	    COL_SIG4  },
	      {"t",	    COL_SIG4  },
	{"p",	      COL_P	   },
	     {"ci_lo",     COL_SIG4  },
	     {"ci_hi",     COL_SIG4  },
	      {"r2",	     COL_FIXED3},
	{"sigma",	  COL_SIG4  },
	     {"n",	   COL_INT	  },
	     {"condition", COL_SIG4  },
	      {"y",	    COL_TEXT  },
	{"scope",	  COL_TEXT  },
	     {"fit",	     COL_TEXT  },
};

struct job {
	struct cli *cli;
	struct output *out;
	struct notes notes;
	size_t y, *x, n_x;
	bool samples;
	struct nb_text equations;
};

static const char *term_name(const struct job *j, const struct fit_result *r, size_t term)
{
	if (r->intercept && !term)
		return "(intercept)";
	return figure_at(j->x[term - r->intercept])->name;
}

/* "y = 1.2 + 3.4 × x   (R² 0.99, …)" */
static void add_equation(struct job *j, const struct fit_data *d, const struct fit_result *r)
{
	struct nb_text *t = &j->equations;
	text_addf(t, "%s =", figure_at(j->y)->name);
	for (size_t i = 0; i < r->fit.terms; i++) {
		double b = r->terms[i].estimate;
		const char *sign = b < 0 ? "−" : i ? "+" : "";
		text_addf(t, i ? " %s %.4g" : " %s%.4g", sign, fabs(b));
		if (i || !r->intercept)
			text_addf(t, " × %s", term_name(j, r, i));
	}
	text_addf(t, "%s   (R² %.4g, σ %.4g, n = %zu %s",
		  r->intercept ? "" : " + each run's own level", r->fit.r2, r->fit.sigma, d->n,
		  j->samples ? "samples" : "runs");
	if (j->samples)
		text_addf(t, " of %zu run%s", d->n_runs, d->n_runs == 1 ? "" : "s");
	text_addf(t, "%s%s)\n", strcmp(d->label, "all") != 0 ? "; " : "",
		  strcmp(d->label, "all") != 0 ? d->label : "");
}

static void warn_of(struct job *j, const struct fit_data *d, const struct fit_result *r)
{
	if (r->memory > 1.1)
		notes_add(&j->notes, "memory",
			  "%s: samples have memory: standard errors are about %.1f times too small",
			  d->label, r->memory);
	if (r->fit.condition > 1e8)
		notes_add(
			&j->notes, "condition",
			"%s: condition %.2g: the xs nearly explain each other; estimates are shaky",
			d->label, r->fit.condition);
}

static void failed(struct job *j, const struct fit_data *d, const struct fit_result *r, int status)
{
	if (status == STATS_RANK && r->fit.dependent < d->n_x + r->intercept)
		notes_add(&j->notes, "rank",
			  "%s: no fit: %s does not vary, or the xs before explain it", d->label,
			  term_name(j, r, r->fit.dependent));
	else
		notes_add(&j->notes, "no_fit", "%s: no fit: %zu %s: %s", d->label, d->n,
			  j->samples ? "samples" : "runs", stats_status_text(status));
}

static void print_fit(struct job *j, const struct fit_data *d)
{
	struct fit_result r;
	int status = fit_solve(&r, d, j->samples);
	if (status) {
		failed(j, d, &r, status);
		free(r.terms);
		return;
	}
	for (size_t i = 0; i < r.fit.terms; i++) {
		const struct stats_term *t = &r.terms[i];
		const struct cell cells[] = {
			cell_text(term_name(j, &r, i)),
			cell_real(t->estimate),
			cell_real(t->se),
			cell_real(t->t),
			cell_real(t->p),
			cell_real(t->ci_lo),
			cell_real(t->ci_hi),
			cell_real(r.fit.r2),
			cell_real(r.fit.sigma),
			cell_int((int64_t)r.fit.n),
			cell_real(r.fit.condition),
			cell_text(figure_at(j->y)->name),
			cell_text(j->samples ? "within" : "between"),
			cell_text(d->label),
		};
		output_row(j->out, cells);
	}
	add_equation(j, d, &r);
	warn_of(j, d, &r);
	free(r.terms);
}

/* Runs enough for an honest line: two more than it has terms. */
static bool enough(const struct fit_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].n >= l->v[i].n_x + 3)
			return true;
	return false;
}

static int load(struct job *j, struct fit_list *fits, struct store *s, const struct runs *runs)
{
	struct values of_runs = {0};
	struct samples samples = {0};
	bool automatic = !strcmp(opts.scope, "auto");
	if (strcmp(opts.scope, "within") != 0) {
		if (values_of_runs(&of_runs, s, runs, &j->cli->err))
			return -1;
		fit_between(fits, runs, &of_runs, j->y, j->x, j->n_x);
		values_free(&of_runs);
		if (!automatic || enough(fits))
			return 0;
		fit_list_free(fits);
	}
	if (samples_load(&samples, s, runs, &j->cli->err))
		return -1;
	j->samples = true;
	fit_within(fits, runs, &samples, j->y, j->x, j->n_x);
	samples_free(&samples);
	if (automatic)
		notes_add(&j->notes, "scope",
			  "within: %zu run%s too few for a fit between runs, the samples are taken",
			  runs->n, runs->n == 1 ? " is" : "s are");
	return 0;
}

static void warn_identities(struct job *j, const struct runs *runs)
{
	struct figure_context context = runs_context(runs);
	context.one_size |= j->samples;
	for (size_t i = 0; i < j->n_x; i++)
		if (figures_identical(figure_at(j->y), figure_at(j->x[i]), context))
			notes_add(
				&j->notes, "identity",
				"%s and %s are made from the same counter: the fit says nothing of "
				"the network",
				figure_at(j->y)->name, figure_at(j->x[i])->name);
}

static int regress(struct job *j, struct store *s, const struct runs *runs)
{
	struct fit_list fits = {0};
	int ret = -1;
	if (load(j, &fits, s, runs))
		goto cleanup;
	j->out = output_begin(stdout, j->cli->format, "regress", columns,
			      sizeof(columns) / sizeof(*columns));
	warn_identities(j, runs);
	for (size_t i = 0; i < fits.n; i++)
		print_fit(j, &fits.v[i]);
	size_t rows = output_rows(j->out);
	if (!rows && j->notes.n) /* the reason is the error */
		nb_error_code(&j->cli->err, NB_NODATA, "regress: %s",
			      j->notes.v[j->notes.n - 1].text);
	else if (!rows)
		nb_error_code(&j->cli->err, NB_NODATA, "regress: no run has %s and every x",
			      figure_at(j->y)->name);
	j->cli->quiet |= !rows;
	rows_end(j->cli, j->out, &j->notes, NULL);
	if (j->equations.len && !j->cli->quiet)
		fputs(j->equations.s, stderr);
	ret = rows ? 0 : -1;
cleanup:
	fit_list_free(&fits);
	return ret;
}

int cmd_regress(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	struct job j = {.cli = cli};
	int ret = -1;
	if (!opts.y || !opts.x)
		return nb_error_code(&cli->err, NB_USAGE,
				     "regress: -y METRIC and -x METRIC are needed: -y "
				     "node.softirq_rate -x receiver.rx_pps");
	if (figure_find(&j.y, "-y", opts.y, &cli->err) ||
	    figure_list(&j.x, &j.n_x, "-x", opts.x, &cli->err))
		return -1;
	for (size_t i = 0; i < j.n_x; i++)
		if (j.x[i] == j.y) {
			nb_error_code(&cli->err, NB_USAGE, "regress: %s is both y and x", opts.y);
			goto cleanup;
		}
	if (select_open(&s, &runs, cli, SELECT_ANALYSE))
		goto cleanup;
	ret = regress(&j, s, &runs);
	runs_free(&runs);
	store_close(s);
cleanup:
	text_free(&j.equations);
	free(j.x);
	return ret;
}
