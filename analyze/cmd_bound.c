/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze bound: what a path carries, and what binds it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/bound_words.h"
#include "analyze/commands.h"
#include "analyze/explain.h"
#include "analyze/rows.h"
#include "analyze/select.h"
#include "analyze/stats/status.h"
#include "analyze/values.h"

static struct {
	const char *metric;
	bool explain;
} opts;

/* clang-format off */
const struct option bound_options[] = {
	{0, "metric", OPT_TEXT, &opts.metric, "METRIC",
	 "what is carried: receiver.forwarded_pps, … (default: what was delivered)", NULL},
	EXPLAIN_OPTION(&opts.explain),
	SELECT_OPTIONS,
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const char bound_help[] =
	"Rows of each curve (runs that are equal in all but the rate). rate: asked, offered, carried and\n"
	"lost at each rate. knee: where carried over offered bends, and the slopes on either side.\n"
	"livelock: beyond it more is offered and less carried. mrr: carried at the highest rate asked.\n"
	"ndr, pdr: highest rate offered without loss, with 0.5 % at most. cause: what binds, first\n"
	"what binds first: its counter where it begins to bind and one rate below, and what of the\n"
	"asked it costs there. limit `lower`: the source gave no more, or nothing higher was asked.\n";

/* One table of columns; a table for people leaves out those that would say nothing. */
enum {
	C_CURVE,
	C_RUNS,
	C_SIZE,
	C_N_CORES,
	C_CORES,
	C_PAIRS,
	C_TESTBED,
	C_PATH,
	C_GENERATOR,
	C_ITEM,
	C_RANK,
	C_ASKED,
	C_OFFERED,
	C_CARRIED,
	C_LOSS,
	C_VALUE,
	C_LO,
	C_HI,
	C_INTERVAL,
	C_P,
	C_N,
	C_LIMIT,
	C_CAUSE,
	C_COUNTER,
	C_UNIT,
	C_BELOW,
	C_MOVED,
	C_SHARE,
	C_WORDS,
	N_COLUMNS
};

static const struct {
	struct column column;
	bool machine; /* shown in machine formats only */
	bool config;  /* shown to people where curves differ in it */
} table[N_COLUMNS] = {
	[C_CURVE] = {{"curve", COL_INT},	 false, false},
	[C_RUNS] = {{"runs", COL_TEXT},	true,  false},
	[C_SIZE] = {{"frame_size", COL_INT},  false, true },
	[C_N_CORES] = {{"n_cores", COL_INT},     false, true },
	[C_CORES] = {{"cores", COL_TEXT},	  false, true },
	[C_PAIRS] = {{"pairs", COL_INT},	 false, true },
	[C_TESTBED] = {{"testbed", COL_TEXT},    false, true },
	[C_PATH] = {{"path", COL_TEXT},	false, true },
	[C_GENERATOR] = {{"generator", COL_TEXT},  false, true },
	[C_ITEM] = {{"item", COL_TEXT},	false, false},
	[C_RANK] = {{"rank", COL_INT},	       false, false},
	[C_ASKED] = {{"asked_pps", COL_SI},    false, false},
	[C_OFFERED] = {{"offered_pps", COL_SI},	false, false},
	[C_CARRIED] = {{"carried", COL_SI},	    false, false},
	[C_LOSS] = {{"loss_ratio", COL_SIG4}, false, false},
	[C_VALUE] = {{"value", COL_SI},	false, false},
	[C_LO] = {{"ci_lo", COL_SI},	     false, false},
	[C_HI] = {{"ci_hi", COL_SI},	     false, false},
	[C_INTERVAL] = {{"interval", COL_TEXT},	true,  false},
	[C_P] = {{"p", COL_P},	       true,  false},
	[C_N] = {{"n", COL_INT},		 false, false},
	[C_LIMIT] = {{"limit", COL_TEXT},	  false, false},
	[C_CAUSE] = {{"cause", COL_TEXT},	  false, false},
	[C_COUNTER] = {{"counter", COL_TEXT},    true,  false},
	[C_UNIT] = {{"unit", COL_TEXT},	true,  false},
	[C_BELOW] = {{"below", COL_SI},	false, false},
	[C_MOVED] = {{"moved", COL_SIG4},	  true,	false},
	[C_SHARE] = {{"share", COL_FIXED3},    false, false},
	[C_WORDS] = {{"words", COL_TEXT},	  false, false},
};

struct job {
	struct cli *cli;
	const struct runs *runs;
	struct output *out;
	struct notes notes;
	struct column columns[N_COLUMNS];
	size_t shown[N_COLUMNS], n; /* the columns of this table */
	struct column *all;	    /* and that of --explain behind them */
	struct cell cells[N_COLUMNS];
	struct nb_text ids, finding;
	struct explain explain;
};

static void make_shape(struct job *j)
{
	bool people = j->cli->format == FMT_TABLE || j->cli->format == FMT_MARKDOWN;
	for (size_t i = 0; i < N_COLUMNS; i++) {
		const char *name = table[i].column.name;
		bool drop = table[i].machine || (i == C_CURVE && j->runs->n_curves == 1) ||
			    (table[i].config && !runs_differ(j->runs, name));
		if (people && drop)
			continue;
		j->columns[j->n] = table[i].column;
		j->shown[j->n++] = i;
	}
}

static struct cell int_cell(int64_t v)
{
	return v == RUN_NONE ? cell_null() : cell_int(v);
}

/* The cells that all rows of a curve begin with. */
static void begin_curve(struct job *j, size_t k)
{
	const struct curve *c = &j->runs->curve[k];
	const struct run *run = &j->runs->run[c->runs.first];
	text_cut(&j->ids, 0);
	runs_ids_text(&j->ids, j->runs, c->runs);
	for (size_t i = 0; i < N_COLUMNS; i++)
		j->cells[i] = cell_null();
	j->cells[C_CURVE] = cell_int((int64_t)k + 1);
	j->cells[C_RUNS] = cell_text(j->ids.s);
	j->cells[C_SIZE] = int_cell(run->frame_size);
	j->cells[C_N_CORES] = int_cell(run->n_cores);
	j->cells[C_CORES] = cell_text(run->cores);
	j->cells[C_PAIRS] = int_cell(run->pairs);
	j->cells[C_TESTBED] = cell_text(run->testbed);
	j->cells[C_PATH] = cell_text(run->path);
	j->cells[C_GENERATOR] = cell_text(run->generator);
}

/* Writes a row and empties what is not of the curve. */
static void put(struct job *j, const char *item)
{
	struct cell cells[N_COLUMNS + 1];
	j->cells[C_ITEM] = cell_text(item);
	for (size_t i = 0; i < j->n; i++)
		cells[i] = j->cells[j->shown[i]];
	cells[j->n] = explain_cell(&j->explain, j->finding.len ? j->finding.s : NULL);
	output_row(j->out, cells);
	text_cut(&j->finding, 0);
	for (size_t i = C_ITEM; i < N_COLUMNS; i++)
		j->cells[i] = cell_null();
}

static void fill_level(struct job *j, const struct bound_level *l)
{
	j->cells[C_ASKED] = cell_real(l->asked);
	j->cells[C_OFFERED] = cell_real(l->offered);
	j->cells[C_CARRIED] = cell_real(l->carried);
	j->cells[C_LOSS] = cell_real(l->loss);
}

static void put_levels(struct job *j, const struct bound *b)
{
	for (size_t i = 0; i < b->n_levels; i++) {
		const struct bound_level *l = &b->level[i];
		fill_level(j, l);
		j->cells[C_N] = cell_int((int64_t)j->runs->config[l->config].n);
		j->cells[C_WORDS] =
			cell_text(!l->binds		 ? NULL
				  : i < b->first_binding ? "disturbed: higher rates did better"
				  : isnan(l->asked)	 ? "as fast as possible"
				  : l->short_of		 ? "the source gave less than asked"
							 : "more than 0.5 % lost");
		bound_say_level(&j->finding, l, j->runs->config[l->config].n);
		put(j, "rate");
	}
}

static void put_figure(struct job *j, const char *item, const struct bound_figure *f,
		       const char *words)
{
	if (isnan(f->value))
		return;
	j->cells[C_VALUE] = cell_real(f->value);
	j->cells[C_LO] = cell_real(f->lo);
	j->cells[C_HI] = cell_real(f->hi);
	j->cells[C_INTERVAL] = cell_text(f->interval);
	j->cells[C_LIMIT] = cell_text(f->limit);
	j->cells[C_N] = cell_int((int64_t)f->n);
	j->cells[C_WORDS] = cell_text(words);
	put(j, item);
}

static void put_slope(struct job *j, const char *item, const struct stats_term *t, size_t n,
		      const char *words)
{
	struct bound_figure f = {t->estimate, t->ci_lo, t->ci_hi, "fit", NULL, n};
	put_figure(j, item, &f, words);
}

/* Is there a bend at all? If not, the highest rate offered is what is known. */
static void put_knee(struct job *j, const struct bound *b)
{
	const struct stats_knee *k = &b->knee;
	if (b->knee_status)
		return;
	if (!(k->p_exists < 0.05)) {
		struct bound_figure none = {b->level[b->n_levels - 1].offered,
					    (double)NAN,
					    (double)NAN,
					    NULL,
					    "lower",
					    k->n};
		j->cells[C_P] = cell_real(k->p_exists);
		bound_say_knee(&j->finding, k, none.value);
		put_figure(j, "knee", &none, "no bend in what was offered");
		return;
	}
	struct bound_figure f = {k->psi, k->psi_lo, k->psi_hi, "fit", NULL, k->n};
	j->cells[C_P] = cell_real(k->p_exists);
	bound_say_knee(&j->finding, k, f.value);
	put_figure(j, "knee", &f, "carried over offered bends here");
	put_slope(j, "slope_before", &k->before, k->n,
		  "carried for each one offered, below the knee");
	put_slope(j, "slope_after", &k->after, k->n, "and above it");
	j->cells[C_VALUE] = cell_int(k->livelock);
	j->cells[C_N] = cell_int((int64_t)k->n);
	j->cells[C_WORDS] =
		cell_text(k->livelock ? "beyond the knee more is offered and less carried" : NULL);
	put(j, "livelock");
}

static void put_causes(struct job *j, const struct bound *b)
{
	for (size_t i = 0; i < b->n_causes; i++) {
		const struct bound_cause *c = &b->cause[i];
		struct nb_text words = {0};
		c->cause->say(&words, c->at);
		fill_level(j, &b->level[c->level]);
		j->cells[C_RANK] = cell_int((int64_t)i + 1);
		j->cells[C_VALUE] = cell_real(c->value);
		j->cells[C_BELOW] = cell_real(c->below);
		j->cells[C_MOVED] = cell_real(c->moved);
		j->cells[C_P] = cell_real(c->moved_p);
		j->cells[C_CAUSE] = cell_text(c->cause->code);
		j->cells[C_COUNTER] = cell_text(c->cause->counter);
		j->cells[C_UNIT] = cell_text(c->cause->unit);
		j->cells[C_SHARE] = cell_real(c->share);
		j->cells[C_WORDS] = cell_text(words.s);
		bound_say_cause(&j->finding, b, i);
		put(j, "cause");
		text_free(&words);
	}
}

static void note_missing(struct job *j, const struct curve *c, const struct bound *b)
{
	struct nb_text words = {0};
	curve_words(&words, j->runs, c);
	const char *curve = words.s;
	if (b->knee_status == STATS_TOO_FEW)
		notes_add(
			&j->notes, "too_few_rates",
			"%s: a knee needs 5 runs at 4 rates that differ in what was offered; there "
			"are %zu at %zu",
			curve, b->n_points, b->n_rates);
	else if (b->knee_status)
		notes_add(&j->notes, "no_knee", "%s: no knee: %s", curve,
			  stats_status_text(b->knee_status));
	if (b->source_limited)
		notes_add(
			&j->notes, "source_limited",
			"%s: at its highest rate the source gave less than was asked: rates above it are "
			"not known",
			curve);
	text_free(&words);
}

static void say_curve(struct job *j, const struct curve *curve, const struct bound *b)
{
	struct nb_text t = {0};
	curve_words(&t, j->runs, curve);
	bound_say(&t, b);
	cli_say(j->cli, "%s", t.s);
	text_free(&t);
}

static void put_curve(struct job *j, size_t i, const struct bound *b)
{
	begin_curve(j, i);
	put_levels(j, b);
	put_knee(j, b);
	bound_say_figure(&j->finding, &b->mrr, "at the highest rate asked, carried is");
	put_figure(j, "mrr", &b->mrr, "carried at the highest rate asked");
	bound_say_figure(&j->finding, &b->ndr, "the highest rate offered without loss is");
	put_figure(j, "ndr", &b->ndr, "highest rate offered without loss");
	bound_say_figure(&j->finding, &b->pdr,
			 "the highest rate offered with 0.5 % loss at most is");
	put_figure(j, "pdr", &b->pdr, "highest rate offered with 0.5 % loss at most");
	put_causes(j, b);
	note_missing(j, &j->runs->curve[i], b);
}

/* Rows and notes first, then a sentence for each curve. */
static int put_all(struct job *j, const struct evidence_of_runs *evidence, const double *y)
{
	struct bound *b = nb_alloc(j->runs->n_curves + 1, sizeof(*b));
	make_shape(j);
	size_t n_columns = j->n;
	j->explain = explain_begin(opts.explain, j->cli->format);
	j->all = explain_columns(&j->explain, j->columns, &n_columns);
	j->out = output_begin(stdout, j->cli->format, "bound", j->all, n_columns);
	for (size_t i = 0; i < j->runs->n_curves; i++) {
		bound_of_curve(&b[i], j->runs, &j->runs->curve[i], evidence, y);
		if (b[i].n_levels)
			put_curve(j, i, &b[i]);
	}
	bool none = !output_rows(j->out);
	rows_end(j->cli, j->out, &j->notes, &j->explain);
	for (size_t i = 0; i < j->runs->n_curves; i++) {
		if (b[i].n_levels)
			say_curve(j, &j->runs->curve[i], &b[i]);
		bound_free(&b[i]);
	}
	free(b);
	return !none ? 0
		     : nb_error_code(&j->cli->err, NB_NODATA,
				     "none of these runs says what was offered and what arrived");
}

/* The chosen figure of each run, or NULL for what was delivered. */
static int carried_of_runs(double **y, struct store *s, const struct runs *runs, struct nb_err *err)
{
	struct values values;
	size_t figure;
	*y = NULL;
	if (!opts.metric)
		return 0;
	if (figure_find(&figure, "--metric", opts.metric, err) ||
	    values_of_runs(&values, s, runs, err))
		return -1;
	*y = nb_alloc(runs->n + 1, sizeof(**y));
	for (size_t i = 0; i < runs->n; i++)
		(*y)[i] = value_at(&values, i, figure);
	values_free(&values);
	return 0;
}

int cmd_bound(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	struct evidence_of_runs evidence = {0};
	struct job j = {.cli = cli, .runs = &runs};
	double *y = NULL;
	int ret = -1;
	if (select_open(&s, &runs, cli, SELECT_ANALYSE))
		return -1;
	if (!carried_of_runs(&y, s, &runs, &cli->err) &&
	    !evidence_load(&evidence, s, &runs, &cli->err))
		ret = put_all(&j, &evidence, y);
	text_free(&j.ids);
	text_free(&j.finding);
	free(j.all);
	free(y);
	evidence_of_runs_free(&evidence);
	runs_free(&runs);
	store_close(s);
	return ret;
}
