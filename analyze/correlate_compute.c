/* SPDX-License-Identifier: Apache-2.0 */
/* Every pair of figures of each scope, related and put in order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/correlate.h"
#include "analyze/stats/adjust.h"
#include "analyze/stats/status.h"
#include "analyze/within.h"

/* The scopes differ in where the numbers come from. */
struct scope {
	const char *name;
	const struct within *sums;	 /* within, Pearson: all pairs are related already */
	const struct samples *samples;	 /* within, else */
	const struct grid *grid;	 /* with --lag */
	const struct values *of_configs; /* between */
};

static bool varies(const struct correlate_job *j, const struct scope *s, size_t i, bool *missing)
{
	size_t figure = j->figures[i];
	if (s->sums) {
		*missing = s->sums->missing[i];
		return s->sums->varies[i];
	}
	return s->samples ? varies_within(s->samples, j->runs->n, figure, missing)
			  : varies_between(s->of_configs, figure, missing);
}

static bool of_samples(const struct scope *s)
{
	return s->samples || s->sums;
}

static int relate_shifted(struct relation *r, const struct correlate_job *j, const struct scope *s)
{
	struct stats_lag lag;
	double asked = (double)j->asked->max_lag_ns / 1e9 / s->grid->interval_s + 1e-6;
	double most = (double)s->samples->values.n_rows; /* beyond it there is no pair */
	size_t max_lag = (size_t)(asked < most ? asked : most);
	int rc = relate_lag(&lag, s->grid, s->samples, j->runs->n, r->x, r->y, max_lag);
	r->lag_s = lag.lag ? -(double)lag.lag * s->grid->interval_s : 0;
	r->r_raw = lag.r_raw;
	r->c = (struct stats_correlation){
		.n = lag.n,
		.n_eff = (double)lag.n,
		.r = lag.r,
		.p = lag.p,
		.ci_lo = lag.ci_lo,
		.ci_hi = lag.ci_hi,
	};
	return rc;
}

/* a, b: indices into the job's figures. */
static int relate(struct relation *r, const struct correlate_job *j, const struct scope *s,
		  size_t a, size_t b)
{
	if (s->grid)
		return relate_shifted(r, j, s);
	r->lag_s = 0;
	r->r_raw = STATS_NAN;
	if (s->sums) {
		r->c = s->sums->pair[a * j->n_figures + b];
		return s->sums->status[a * j->n_figures + b];
	}
	return s->samples ? relate_within(&r->c, &j->how, s->samples, j->runs->n, r->x, r->y)
			  : relate_between(&r->c, &j->how, s->of_configs, r->x, r->y);
}

/* With a p value first, then by |r|; names break ties so that the order is defined. */
static int compare(const void *a, const void *b)
{
	const struct relation *x = a, *y = b;
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

static void adjust(struct relations *r, const char *how)
{
	double *p = nb_alloc(r->n + 1, sizeof(*p));
	for (size_t i = 0; i < r->n; i++)
		p[i] = r->v[i].c.p;
	stats_adjust(p, p, r->n, stats_adjustment_of(how));
	for (size_t i = 0; i < r->n; i++)
		r->v[i].p_adj = p[i];
	free(p);
}

static void add_name(struct nb_text *t, size_t figure)
{
	text_addf(t, "%s%s", t->len ? ", " : "", figure_at(figure)->name);
}

/* Which figures vary, and a word on those that do not. The caller frees. */
static bool *find_moving(struct correlate_job *j, const struct scope *s)
{
	bool *moves = nb_alloc(j->n_figures + 1, sizeof(*moves));
	bool name_them = j->named || j->cli->verbose || j->cli->format == FMT_JSON;
	struct nb_text still = {0}, absent = {0};
	size_t n_still = 0;
	for (size_t i = 0; i < j->n_figures; i++) {
		size_t f = j->figures[i];
		bool missing;
		if (of_samples(s) && !j->named && !j->asked->all && figure_per_packet(figure_at(f)))
			continue;
		moves[i] = varies(j, s, i, &missing);
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

/* Is it made of the same counter as the other, or as one that is held still? */
static bool identity(const struct correlate_job *j, struct figure_context context, size_t x,
		     size_t y)
{
	const struct relate_how *how = &j->how;
	if (!j->asked->all && figures_identical(figure_at(x), figure_at(y), context))
		return true;
	for (size_t k = 0; k < how->n_given; k++)
		if (figures_identical(figure_at(how->given[k]), figure_at(x), context) ||
		    figures_identical(figure_at(how->given[k]), figure_at(y), context))
			return true;
	return false;
}

/* A given that does not vary leaves no pair. */
static void say_given(struct correlate_job *j, const struct scope *s, size_t n_pairs)
{
	struct nb_text names = {0};
	if (!n_pairs)
		return;
	for (size_t k = 0; k < j->how.n_given; k++)
		add_name(&names, j->how.given[k]);
	notes_add(
		&j->notes, "given",
		"%s: nothing can be held still for %zu pair%s: %s does not vary there, or explains "
		"the pair wholly",
		s->name, n_pairs, n_pairs == 1 ? "" : "s", names.s);
	text_free(&names);
}

static void run_scope(struct correlate_job *j, const struct scope *s)
{
	size_t m = j->n_figures, identities = 0, explained = 0;
	struct relations *out = &j->scopes[j->n_scopes++];
	struct figure_context context = j->context;
	bool *moves = find_moving(j, s);
	*out = (struct relations){s->name, nb_alloc(m * m / 2 + 1, sizeof(*out->v)), 0};
	context.one_size |= of_samples(s); /* within a run there is one */
	for (size_t a = 0; a < m; a++)
		for (size_t b = a + 1; b < m && moves[a]; b++) {
			struct relation *r = &out->v[out->n];
			*r = (struct relation){.x = j->figures[a], .y = j->figures[b]};
			if (!moves[b])
				continue;
			if (identity(j, context, r->x, r->y)) {
				identities++;
				continue;
			}
			int rc = relate(r, j, s, a, b);
			out->n += !rc;
			explained += j->how.n_given && (rc == STATS_RANK || rc == STATS_CONSTANT);
		}
	adjust(out, j->asked->adjust);
	qsort(out->v, out->n, sizeof(*out->v), compare);
	if (identities)
		notes_add(&j->notes, "identities", "%s: %zu %s a counter and %s left out (--all)",
			  s->name, identities, identities == 1 ? "pair shares" : "pairs share",
			  identities == 1 ? "is" : "are");
	say_given(j, s, explained);
	free(moves);
}

static void say_between(struct correlate_job *j)
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

static void say_within(struct correlate_job *j, const struct scope *s)
{
	size_t none = 0;
	for (size_t i = 0; i < j->runs->n; i++)
		none += (s->sums ? s->sums->rows[i] : s->samples->of_run[i].n) < RELATE_SAMPLES_MIN;
	if (none)
		notes_add(
			&j->notes, "few_samples",
			"within: %zu of %zu runs have fewer than %d samples in their steady window; "
			"longer runs (-s) or shorter intervals (-i) have more",
			none, j->runs->n, RELATE_SAMPLES_MIN);
}

/* A source that sends a second's packets at once, and samples that hold no, one or two of its
 * bursts. */
static void say_bursts(struct correlate_job *j)
{
	size_t n = 0;
	for (size_t i = 0; i < j->runs->n; i++) {
		const struct run *run = &j->runs->run[i];
		n += !strcmp(run->generator, "trafgen") && run->target_pps != RUN_NONE &&
		     run->interval_ns >= 500000000;
	}
	if (n)
		notes_add(&j->notes, "bursts_alias",
			  "within: %zu of %zu runs: trafgen sends a burst a second and the samples "
			  "are as long: they hold none, one or two, and what follows packets shows "
			  "that pattern; -i 100ms shows the bursts themselves, --generator paced "
			  "sends none",
			  n, j->runs->n);
}

static void say_grid(struct correlate_job *j, const struct grid *g)
{
	if (g->n_left_out)
		notes_add(
			&j->notes, "intervals",
			"within: --lag takes the runs with samples every %.3g s; %zu with another "
			"interval %s left out",
			g->interval_s, g->n_left_out, g->n_left_out == 1 ? "is" : "are");
	if (g->n_gaps)
		notes_add(
			&j->notes, "gaps",
			"within: samples are missing at %zu place%s; no lag is sought across them",
			g->n_gaps, g->n_gaps == 1 ? "" : "s");
}

/* The lags that there are: none when samples are further apart than the longest. */
static int load_grid(struct correlate_job *j, struct grid *g, struct store *s,
		     const struct samples *samples)
{
	if (grid_load(g, s, j->runs, samples, &j->cli->err))
		return -1;
	if ((double)j->asked->max_lag_ns / 1e9 < g->interval_s * (1 - 1e-6)) {
		nb_error_code(&j->cli->err, NB_USAGE,
			      "correlate: --lag %.3g s is shorter than the sampling interval of "
			      "these runs, %.3g s",
			      (double)j->asked->max_lag_ns / 1e9, g->interval_s);
		grid_free(g);
		return -1;
	}
	say_grid(j, g);
	return 0;
}

/* Pearson's sums are made while the samples come by; the other methods need all of them at once. */
static bool by_sums(const struct correlate_job *j)
{
	return j->how.method == stats_pearson && !j->how.n_given && !j->asked->lag &&
	       j->how.neff != STATS_NEFF_BARTLETT;
}

static int within_by_sums(struct correlate_job *j, struct store *s)
{
	struct within sums;
	struct scope scope = {.name = "within", .sums = &sums};
	if (within_pearson(&sums, s, j->runs, j->figures, j->n_figures, j->how.neff, 0,
			   &j->cli->err))
		return -1;
	run_scope(j, &scope);
	say_within(j, &scope);
	say_bursts(j);
	within_free(&sums);
	return 0;
}

/* The figures and those that are held still. */
static int load_samples(struct samples *out, struct correlate_job *j, struct store *s)
{
	size_t n = j->n_figures + j->how.n_given, *wanted = nb_alloc(n + 1, sizeof(*wanted));
	for (size_t i = 0; i < n; i++)
		wanted[i] = i < j->n_figures ? j->figures[i] : j->how.given[i - j->n_figures];
	int rc = samples_load(out, s, j->runs, wanted, n, &j->cli->err);
	free(wanted);
	return rc;
}

static int within(struct correlate_job *j, struct store *s)
{
	struct samples samples = {0};
	struct grid grid = {0};
	struct scope scope = {.name = "within", .samples = &samples};
	int ret = -1;
	if (by_sums(j))
		return within_by_sums(j, s);
	if (load_samples(&samples, j, s))
		return -1;
	if (j->asked->lag && load_grid(j, &grid, s, &samples))
		goto cleanup;
	scope.grid = j->asked->lag ? &grid : NULL;
	run_scope(j, &scope);
	say_within(j, &scope);
	say_bursts(j);
	ret = 0;
cleanup:
	grid_free(&grid);
	samples_free(&samples);
	return ret;
}

static int between(struct correlate_job *j, struct store *s)
{
	struct values of_runs = {0}, of_configs = {0};
	if (values_of_runs(&of_runs, s, j->runs, &j->cli->err))
		return -1;
	values_of_configs(&of_configs, &of_runs, j->runs);
	run_scope(j, &(struct scope){.name = "between", .of_configs = &of_configs});
	say_between(j);
	values_free(&of_runs);
	values_free(&of_configs);
	return 0;
}

int correlate_compute(struct correlate_job *j, struct store *s)
{
	if (strcmp(j->asked->scope, "between") != 0 && within(j, s))
		return -1;
	if (strcmp(j->asked->scope, "within") != 0 && !j->asked->lag && between(j, s))
		return -1;
	return 0;
}
