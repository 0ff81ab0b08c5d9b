/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze correlate: every pair of figures, within runs and between configurations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/relate.h"
#include "analyze/rows.h"
#include "analyze/select.h"
#include "analyze/stats/adjust.h"
#include "analyze/stats/status.h"

static struct {
	const char *metrics, *method, *scope, *adjust;
	bool all;
	uint64_t top;
} opts = {.method = "pearson", .scope = "both", .adjust = "holm"};

/* clang-format off */
const struct option correlate_options[] = {
	{0, "metrics", OPT_TEXT, &opts.metrics, "LIST", "only these: sender.tx_pps,node.irq_rate", NULL},
	{0, "method", OPT_CHOICE, &opts.method, "pearson|spearman|kendall",
	 "straight line (default), ranks, or concordance of pairs", NULL},
	{0, "scope", OPT_CHOICE, &opts.scope, "between|within|both", "see below (default both)", NULL},
	{0, "adjust", OPT_CHOICE, &opts.adjust, "holm|bh|by|none",
	 "p values for having looked at many pairs (default holm)", NULL},
	{0, "all", OPT_FLAG, &opts.all, NULL, "also pairs that share a counter, and both names of one figure",
	 NULL},
	{0, "top", OPT_COUNT, &opts.top, "N", "only the strongest N of each scope", NULL},
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
	"and within runs those for each packet, which repeat what they are made from there.\n";

static const struct column columns[] = {
	{"x",      COL_TEXT  },
	       {"y",	     COL_TEXT  },
	    {"method", COL_TEXT  },
	  {"scope",  COL_TEXT  },
	{"n",      COL_INT   },
	       {"n_eff",	 COL_SIG4	 },
	    {"r",	  COL_FIXED3},
	  {"ci_lo",  COL_FIXED3},
	{"ci_hi",  COL_FIXED3},
	       {"p_raw",	 COL_P     },
	    {"p_adj",  COL_P	   },
	  {"lag_s",  COL_SIG4  },
};

struct row {
	size_t x, y;
	struct stats_correlation c;
	double p_adj;
};

/* All that both scopes need. */
struct job {
	struct cli *cli;
	struct output *out;
	struct notes notes;
	const struct runs *runs;
	struct figure_context context;
	size_t *figures, n_figures;
	bool named; /* by --metrics */
	relate_method *method;
	size_t n_rows;
};

/* The two scopes differ in where the numbers come from. */
struct scope {
	const char *name;
	const struct samples *samples;	 /* within */
	const struct values *of_configs; /* between */
};

static bool varies(const struct job *j, const struct scope *s, size_t figure, bool *missing)
{
	return s->samples ? varies_within(s->samples, j->runs->n, figure, missing)
			  : varies_between(s->of_configs, figure, missing);
}

static int relate(struct stats_correlation *c, const struct job *j, const struct scope *s, size_t x,
		  size_t y)
{
	return s->samples ? relate_within(c, j->method, s->samples, j->runs->n, x, y)
			  : relate_between(c, j->method, s->of_configs, x, y);
}

/* With a p value first, then by |r|; names break ties so that the order is defined. */
static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int no_p = isnan(x->c.p) - isnan(y->c.p);
	double d = fabs(y->c.r) - fabs(x->c.r);
	if (no_p)
		return no_p;
	if (d > 0 || d < 0)
		return d > 0 ? 1 : -1;
	if (x->x != y->x)
		return x->x < y->x ? -1 : 1;
	return (x->y > y->y) - (x->y < y->y);
}

static void adjust_rows(struct row *rows, size_t n)
{
	static const struct {
		const char *name;
		enum stats_adjustment method;
	} methods[] = {
		{"holm", STATS_ADJUST_HOLM},
		{"bh",   STATS_ADJUST_BH  },
		{"by",   STATS_ADJUST_BY  },
		{"none", STATS_ADJUST_NONE},
	};
	double *p = nb_alloc(n + 1, sizeof(*p));
	for (size_t i = 0; i < n; i++)
		p[i] = rows[i].c.p;
	for (size_t k = 0; k < sizeof(methods) / sizeof(*methods); k++)
		if (!strcmp(methods[k].name, opts.adjust))
			stats_adjust(p, p, n, methods[k].method);
	for (size_t i = 0; i < n; i++)
		rows[i].p_adj = p[i];
	free(p);
}

static void print_rows(struct job *j, const struct scope *s, struct row *rows, size_t n)
{
	adjust_rows(rows, n);
	qsort(rows, n, sizeof(*rows), compare);
	for (size_t i = 0; i < n && (!opts.top || i < opts.top); i++) {
		const struct stats_correlation *c = &rows[i].c;
		const struct cell cells[] = {
			cell_text(figure_at(rows[i].x)->name),
			cell_text(figure_at(rows[i].y)->name),
			cell_text(opts.method),
			cell_text(s->name),
			cell_int((int64_t)c->n),
			cell_real(c->n_eff),
			cell_real(c->r),
			cell_real(c->ci_lo),
			cell_real(c->ci_hi),
			cell_real(c->p),
			cell_real(rows[i].p_adj),
			cell_int(0),
		};
		output_row(j->out, cells);
	}
	j->n_rows += n;
}

static void add_name(struct nb_text *t, size_t figure)
{
	text_addf(t, "%s%s", t->len ? ", " : "", figure_at(figure)->name);
}

/* Which figures vary, and a word on those that do not. The caller frees. */
static bool *find_moving(struct job *j, const struct scope *s)
{
	bool *moves = nb_alloc(j->n_figures + 1, sizeof(*moves));
	bool name_them = j->named || j->cli->verbose || j->cli->format == FMT_JSON;
	struct nb_text still = {0}, absent = {0};
	size_t n_still = 0;
	for (size_t i = 0; i < j->n_figures; i++) {
		size_t f = j->figures[i];
		bool missing;
		if (s->samples && !j->named && !opts.all && figure_per_packet(figure_at(f)))
			continue;
		moves[i] = varies(j, s, f, &missing);
		if (!moves[i] && !missing && ++n_still)
			add_name(&still, f);
		/* figures of a run as a whole have no samples: no news */
		if (missing && j->named && strcmp(figure_at(f)->role, "run") != 0)
			add_name(&absent, f);
	}
	if (n_still && name_them)
		notes_add(&j->notes, "constant", "%s: constant, left out: %s", s->name, still.s);
	else if (n_still)
		notes_add(&j->notes, "constant",
			  "%s: %zu figures did not vary and are left out (--verbose names them)",
			  s->name, n_still);
	if (absent.len)
		notes_add(&j->notes, "missing", "%s: not measured: %s", s->name, absent.s);
	text_free(&still);
	text_free(&absent);
	return moves;
}

static void run_scope(struct job *j, const struct scope *s)
{
	size_t n = 0, m = j->n_figures, identities = 0;
	struct row *rows = nb_alloc(m * m / 2 + 1, sizeof(*rows));
	struct figure_context context = j->context;
	bool *moves = find_moving(j, s);
	context.one_size |= s->samples != NULL; /* within a run there is one */
	for (size_t a = 0; a < m; a++)
		for (size_t b = a + 1; b < m && moves[a]; b++) {
			size_t x = j->figures[a], y = j->figures[b];
			if (!moves[b])
				continue;
			if (!opts.all && figures_identical(figure_at(x), figure_at(y), context)) {
				identities++;
				continue;
			}
			rows[n] = (struct row){.x = x, .y = y};
			n += !relate(&rows[n].c, j, s, x, y);
		}
	print_rows(j, s, rows, n);
	if (identities)
		notes_add(&j->notes, "identities", "%s: %zu %s a counter and %s left out (--all)",
			  s->name, identities, identities == 1 ? "pair shares" : "pairs share",
			  identities == 1 ? "is" : "are");
	free(rows);
	free(moves);
}

static void say_between(struct job *j)
{
	const struct runs *r = j->runs;
	bool rate = false;
	for (size_t i = 0; i < r->n_curves; i++)
		rate |= r->curve[i].configs.n > 1;
	if (r->n_configs < RELATE_CONFIGS_MIN)
		notes_add(
			&j->notes, "few_configurations",
			"between: %zu configuration%s (of %zu run%s): %s; add rates, as with nbcollect "
			"sweep",
			r->n_configs, r->n_configs == 1 ? "" : "s", r->n, r->n == 1 ? "" : "s",
			r->n_configs < RELATE_CONFIGS_R ? "r needs three, p five"
							: "r without p, which needs five");
	else if (rate)
		notes_add(
			&j->notes, "rate_varied",
			"between: the rate was varied, so all that grows with it correlates; within "
			"leaves that out");
}

static void say_within(struct job *j, const struct samples *s)
{
	size_t none = 0;
	for (size_t i = 0; i < j->runs->n; i++)
		none += s->of_run[i].n < RELATE_SAMPLES_MIN;
	if (none)
		notes_add(
			&j->notes, "few_samples",
			"within: %zu of %zu runs have fewer than %d samples in their steady window; "
			"longer runs (-s) or shorter intervals (-i) have more",
			none, j->runs->n, RELATE_SAMPLES_MIN);
}

static int correlate(struct job *j, struct store *s)
{
	struct values of_runs = {0}, of_configs = {0};
	struct samples samples = {0};
	int ret = -1;
	if (strcmp(opts.scope, "between") != 0) {
		if (samples_load(&samples, s, j->runs, &j->cli->err))
			goto cleanup;
		run_scope(j, &(struct scope){"within", &samples, NULL});
		say_within(j, &samples);
	}
	if (strcmp(opts.scope, "within") != 0) {
		if (values_of_runs(&of_runs, s, j->runs, &j->cli->err))
			goto cleanup;
		values_of_configs(&of_configs, &of_runs, j->runs);
		run_scope(j, &(struct scope){"between", NULL, &of_configs});
		say_between(j);
	}
	ret = 0;
cleanup:
	samples_free(&samples);
	values_free(&of_runs);
	values_free(&of_configs);
	return ret;
}

/* What is analysed when nobody names figures: each once, though it may have two names. */
static void choose_default(struct job *j)
{
	struct nb_text same = {0};
	j->figures = nb_alloc(figure_count(), sizeof(*j->figures));
	for (size_t i = 0; i < figure_count(); i++) {
		const struct figure *f = figure_at(i);
		size_t k = 0;
		if (!opts.all && !figure_default(f, j->context))
			continue;
		while (k < j->n_figures &&
		       (opts.all || !figures_same(figure_at(j->figures[k]), f, j->context)))
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

static int choose_figures(struct job *j)
{
	if (opts.metrics) {
		j->named = true;
		if (figure_list(&j->figures, &j->n_figures, "--metrics", opts.metrics,
				&j->cli->err))
			return -1;
		return j->n_figures > 1
			       ? 0
			       : nb_error_code(&j->cli->err, NB_USAGE,
					       "--metrics: '%s': two at least, separated by "
					       "a comma",
					       opts.metrics);
	}
	choose_default(j);
	return 0;
}

int cmd_correlate(struct cli *cli)
{
	static const struct {
		const char *name;
		relate_method *method;
	} methods[] = {
		{"pearson",  stats_pearson },
		{"spearman", stats_spearman},
		{"kendall",  stats_kendall },
	};
	struct store *s = NULL;
	struct runs runs;
	struct job j = {.cli = cli, .runs = &runs};
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (!strcmp(methods[i].name, opts.method))
			j.method = methods[i].method;
	/* names are checked before the store is opened: a typo is a typo anywhere */
	if (opts.metrics && choose_figures(&j))
		goto fail;
	if (select_open(&s, &runs, cli, SELECT_ANALYSE))
		goto fail;
	j.context = runs_context(&runs);
	if (!opts.metrics)
		choose_figures(&j);
	j.out = output_begin(stdout, cli->format, "correlate", columns,
			     sizeof(columns) / sizeof(*columns));
	int ret = correlate(&j, s);
	rows_end(cli, j.out, &j.notes);
	if (!ret && !j.n_rows)
		ret = nb_error_code(&cli->err, NB_NODATA,
				    "correlate: nothing to correlate in %zu run%s: a run needs %d "
				    "steady samples, or there must be %d configurations",
				    runs.n, runs.n == 1 ? "" : "s", RELATE_SAMPLES_MIN,
				    RELATE_CONFIGS_R);
	free(j.figures);
	runs_free(&runs);
	store_close(s);
	return ret;
fail:
	free(j.figures);
	return -1;
}
