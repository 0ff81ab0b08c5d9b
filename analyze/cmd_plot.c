/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze plot: a picture of each kind for each curve, and the gnuplot script beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "analyze/commands.h"
#include "analyze/folder.h"
#include "analyze/plot/forest.h"
#include "analyze/plot/gnuplot.h"
#include "analyze/plot/picture.h"
#include "analyze/plot/script.h"
#include "analyze/plot/terminal.h"
#include "analyze/rows.h"
#include "analyze/select.h"

static struct {
	const char *dir, *image, *style, *size, *y, *x, *metrics;
	bool list, term;
} opts = {.dir = "nbplots", .image = "png", .style = "screen", .size = "1000x720"};

/* clang-format off */
const struct option plot_options[] = {
	{'o', "output", OPT_TEXT, &opts.dir, "DIR", "where pictures go (default nbplots)", NULL},
	{0, "image", OPT_CHOICE, &opts.image, "png|svg", "(default png)", NULL},
	{0, "style", OPT_CHOICE, &opts.style, "screen|print|dark", "(default screen)", NULL},
	{0, "picture-size", OPT_TEXT, &opts.size, "WxH", "in pixels (default 1000x720)", NULL},
	{'y', "y", OPT_TEXT, &opts.y, "METRIC", "what a regression explains (default softirqs)", NULL},
	{'x', "x", OPT_TEXT, &opts.x, "METRIC", "by what (default receiver.rx_pps)", NULL},
	{0, "metrics", OPT_TEXT, &opts.metrics, "LIST", "what compare shows: receiver.rx_pps,node.irq_rate", NULL},
	{0, "term", OPT_FLAG, &opts.term, NULL,
	 "into this terminal: tx_bounded, rx_bounded, delivered, timeseries", NULL},
	{0, "list", OPT_FLAG, &opts.list, NULL, "the kinds and the question each answers", NULL},
	SELECT_OPTIONS,
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const char plot_help[] =
	"--list tells the kinds. Without one, tx_bounded, rx_bounded, drop_bounded, sw_irq_bounded and\n"
	"delivered are drawn; all draws every kind. Runs that differ in more than the rate get pictures\n"
	"of their own, named KIND_SIZE_cores_CORES[_PROPERTY_VALUE]…; the .gp beside each draws it again\n"
	"with gnuplot alone. Kinds of one rate or one run are drawn for each that is selected if they\n"
	"are named, by all for the highest rate of a curve and its last run. compare A B is of two sides,\n"
	"written as for nbanalyze compare. Needs gnuplot (gnuplot-nox) and fonts-dejavu-core.\n";

static const struct column list_columns[] = {
	{"kind",	 COL_TEXT},
	{"about",	  COL_TEXT},
	{"default",  COL_TEXT},
	{"question", COL_TEXT},
};

static int list_kinds(struct cli *cli)
{
	static const char *const about[] = {"runs that differ in the rate alone",
					    "one rate",
					    "one rate and host",
					    "one rate and end",
					    "one run",
					    "two sides, A and B",
					    "runs that differ in the rate, and in cores or size"};
	struct notes none = {0};
	struct output *out = output_begin(stdout, cli->format, "plot_list", list_columns,
					  sizeof(list_columns) / sizeof(*list_columns));
	for (size_t i = 0; i < n_plot_kinds; i++) {
		const struct plot_kind *k = &plot_kinds[i];
		const struct cell cells[] = {cell_text(k->name), cell_text(about[k->about]),
					     cell_text(k->basic ? "yes" : "no"),
					     cell_text(k->question)};
		output_row(out, cells);
	}
	rows_end(cli, out, &none, NULL);
	return 0;
}

static const struct column columns[] = {
	{"kind",	 COL_TEXT},
	{"file",	 COL_TEXT},
	{"script", COL_TEXT},
	{"runs",	 COL_TEXT},
};

/* A picture whose script is written. */
struct written {
	const struct plot_kind *kind;
	char *name, *script, *image, *ids;
};

struct job {
	struct cli *cli;
	struct notes notes;
	struct plot_data data;
	struct nb_text provenance;
	struct written *written;
	size_t n_written, n_shown;
	struct families families;
	bool empty[64]; /* kinds that had nothing to draw of some runs */
};

static const struct plot_kind *kind_named(const char *name)
{
	for (size_t i = 0; i < n_plot_kinds; i++)
		if (!strcmp(plot_kinds[i].name, name))
			return &plot_kinds[i];
	return NULL;
}

/* Is it two sides that are drawn? Their words are no kinds. */
static bool of_sides(const struct cli *cli)
{
	return cli->argc && !strcmp(cli->argv[0], "compare");
}

static int check_kinds(struct cli *cli)
{
	struct nb_text known = {0};
	bool sides = false;
	for (int i = 0; i < cli->argc; i++)
		sides |= !strcmp(cli->argv[i], "compare");
	if (of_sides(cli) && cli->argc == 3)
		return 0;
	if (sides)
		return nb_error_code(&cli->err, NB_USAGE,
				     "plot: compare is drawn alone, of two sides: nbanalyze plot "
				     "compare campaign=before campaign=after");
	for (int i = 0; i < cli->argc; i++) {
		if (kind_named(cli->argv[i]) || !strcmp(cli->argv[i], "all"))
			continue;
		for (size_t k = 0; k < n_plot_kinds; k++)
			text_addf(&known, "%s%s", k ? ", " : "", plot_kinds[k].name);
		nb_error_code(&cli->err, NB_USAGE, "plot: unknown kind '%s': there are %s and all",
			      cli->argv[i], known.s);
		text_free(&known);
		return -1;
	}
	return 0;
}

static bool wanted(const struct cli *cli, const struct plot_kind *kind)
{
	if (of_sides(cli) || kind->about == ABOUT_SIDES)
		return of_sides(cli) && kind->about == ABOUT_SIDES;
	for (int i = 0; i < cli->argc; i++)
		if (!strcmp(cli->argv[i], kind->name) || !strcmp(cli->argv[i], "all"))
			return true;
	return !cli->argc && (opts.term ? !strcmp(kind->name, "rx_bounded") : kind->basic);
}

/* By its name, not by `all`. */
static bool named(const struct cli *cli, const struct plot_kind *kind)
{
	for (int i = 0; i < cli->argc; i++)
		if (!strcmp(cli->argv[i], kind->name))
			return true;
	return false;
}

/* The picture's name; a number behind it should another have the same. */
static char *unique_name(struct job *j, const struct plot_kind *kind, const struct curve *c)
{
	struct nb_text t = {0};
	picture_name_of(&t, kind, &j->data, c);
	size_t base = t.len;
	for (size_t i = 0, k = 2; i < j->n_written; i++)
		if (!strcmp(j->written[i].name, t.s)) {
			text_cut(&t, base);
			text_addf(&t, "_%zu", k++);
			i = (size_t)-1; /* look again from the start */
		}
	return t.s;
}

/* As wide as the terminal, within reason; 80 where there is none. */
static size_t columns_of(FILE *f)
{
	enum { USUAL = 80, LEAST = 40, MOST = 140 };
	struct winsize size;
	if (ioctl(fileno(f), TIOCGWINSZ, &size) || size.ws_col < LEAST)
		return USUAL;
	return size.ws_col < MOST ? size.ws_col : MOST;
}

static int show(struct job *j, const struct plot_kind *kind, const struct curve *c)
{
	struct nb_text text = {0};
	enum plot_defined r =
		term_picture(&text, kind, &j->data, c, j->cli->color, columns_of(stdout));
	if (!r) {
		printf("%s%s", j->n_shown ? "\n" : "", text.s);
		j->n_shown++;
	}
	j->empty[kind - plot_kinds] |= r == PLOT_NOTHING;
	text_free(&text);
	return r == PLOT_ERROR ? -1 : 0;
}

static int write_script(struct job *j, const struct plot_kind *kind, const struct curve *c,
			struct run_group runs)
{
	struct nb_text text = {0}, script = {0}, image = {0}, ids = {0};
	if (opts.term)
		return show(j, kind, c);
	char *name = unique_name(j, kind, c);
	int ret = -1;
	enum plot_defined defined = picture_script(&text, kind, &j->data, c, name, j->provenance.s);
	if (defined == PLOT_ERROR)
		goto cleanup;
	if (defined == PLOT_NOTHING) {
		j->empty[kind - plot_kinds] = true;
		ret = 0;
		goto cleanup;
	}
	text_addf(&script, "%s.gp", name);
	text_addf(&image, "%s.%s", name, j->data.look.image);
	for (int side = 0; !c && side < 2; side++) {
		text_add(&ids, side ? " and " : "");
		compare_run_ids(&ids, j->data.forest->job, side);
	}
	if (c && kind->about == ABOUT_FAMILY)
		family_ids_text(&ids, j->data.runs, j->data.family);
	else if (c)
		runs_ids_text(&ids, j->data.runs, runs);
	if (folder_write(opts.dir, script.s, text.s, &j->cli->err))
		goto cleanup;
	j->written = nb_realloc(j->written, j->n_written + 1, sizeof(*j->written));
	j->written[j->n_written++] = (struct written){kind, name, script.s, image.s, ids.s};
	name = NULL;
	script = image = ids = (struct nb_text){0};
	ret = 0;
cleanup:
	free(name);
	text_free(&text);
	text_free(&script);
	text_free(&image);
	text_free(&ids);
	return ret;
}

/* Runs gnuplot over what was written; how many failed. */
static size_t draw_written(struct job *j, struct output *out)
{
	struct gnuplot_picture *p = nb_alloc(j->n_written + 1, sizeof(*p));
	size_t failed = 0;
	for (size_t i = 0; i < j->n_written; i++)
		p[i] = (struct gnuplot_picture){.script = j->written[i].script,
						.image = j->written[i].image};
	if (cli_progress(j->cli) && j->n_written > 5)
		fprintf(stderr, "drawing %zu pictures", j->n_written);
	gnuplot_draw(opts.dir, p, j->n_written);
	if (cli_progress(j->cli) && j->n_written > 5)
		fputs("\r\033[K", stderr);
	for (size_t i = 0; i < j->n_written; i++) {
		struct written *w = &j->written[i];
		struct nb_text where = {0}, how = {0};
		text_addf(&where, "%s/%s", opts.dir, w->image);
		text_addf(&how, "%s/%s", opts.dir, w->script);
		const struct cell cells[] = {
			cell_text(w->kind->name),
			cell_text(p[i].result ? NULL : where.s),
			cell_text(how.s),
			cell_text(w->ids),
		};
		output_row(out, cells);
		/* that gnuplot is missing is one piece of news */
		if (p[i].result && (!failed || p[i].result != GNUPLOT_MISSING))
			notes_add(&j->notes, "not_drawn", "%s", p[i].err.text);
		failed += p[i].result != GNUPLOT_DONE;
		text_free(&where);
		text_free(&how);
	}
	free(p);
	return failed;
}

static void provenance(struct job *j)
{
	struct nb_text t = {0};
	select_text(&t, &selection);
	gp_comment(&j->provenance, "command", j->cli->command_line);
	gp_comment(&j->provenance, "database", j->cli->db);
	gp_comment(&j->provenance, "selection", t.len ? t.s : "all runs");
	text_free(&t);
}

/* A kind of one configuration: for each side that it looks at. */
static int write_sides(struct job *j, const struct plot_kind *kind, const struct curve *c,
		       size_t config)
{
	static const char *const ends[] = {"sender", "receiver"}, *const joined[] = {"node"};
	bool one = kind->about == ABOUT_HOST && j->data.one_node;
	const char *const *side = one ? joined : ends;
	size_t n = kind->about == ABOUT_CONFIG || one ? 1 : 2;
	j->data.config = config;
	for (size_t i = 0; i < n; i++) {
		j->data.side = kind->about == ABOUT_CONFIG ? NULL : side[i];
		if (write_script(j, kind, c, j->data.runs->config[config]))
			return -1;
	}
	j->data.side = NULL;
	return 0;
}

static int write_kind(struct job *j, const struct plot_kind *kind, const struct curve *c)
{
	bool each = named(j->cli, kind);
	j->data.family = families_at(&j->families, c);
	if (kind->about == ABOUT_FAMILY && !opts.term && !j->data.family)
		return 0; /* drawn with its family's first */
	if (kind->about == ABOUT_CURVE || kind->about == ABOUT_FAMILY)
		return write_script(j, kind, c, c->runs);
	struct run_group g = kind->about == ABOUT_RUN ? c->runs : c->configs;
	for (size_t i = each ? g.first : g.first + g.n - 1; i < g.first + g.n; i++) {
		j->data.run = i;
		if (kind->about != ABOUT_RUN ? write_sides(j, kind, c, i)
					     : write_script(j, kind, c, (struct run_group){i, 1}))
			return -1;
	}
	return 0;
}

/* Two sides: as many pictures as their rows take. What compare has to say stays to be said. */
static int write_sides_of(struct job *j)
{
	struct cli *cli = j->cli;
	const struct compare_asked asked = {
		.metrics = opts.metrics, .interval = "hodges-lehmann", .adjust = "holm"};
	struct compare_job c = {
		.cli = cli,
		.asked = &asked,
		.name = {cli->argv[1], cli->argv[2]},
		.runs = j->data.runs
	    };
	struct forest forest = {0};
	int ret = opts.term ? 0 : compare_make(&c, j->data.store);
	if (!ret && !opts.term) {
		forest_begin(&forest, &c);
		j->data.forest = &forest;
		while (!ret && forest_next(&forest))
			ret = write_script(j, kind_named("compare"), NULL, (struct run_group){0});
		for (size_t i = 0; i < c.notes.n; i++)
			notes_add(&j->notes, c.notes.v[i].code, "%s", c.notes.v[i].text);
	}
	j->data.forest = NULL;
	forest_free(&forest);
	compare_free(&c);
	return ret;
}

static int write_all(struct job *j)
{
	const struct runs *runs = j->data.runs;
	if (of_sides(j->cli))
		return write_sides_of(j);
	for (size_t i = 0; i < runs->n_curves; i++)
		for (size_t k = 0; k < n_plot_kinds; k++)
			if (wanted(j->cli, &plot_kinds[k]) &&
			    (!opts.term || term_can(&plot_kinds[k])) &&
			    write_kind(j, &plot_kinds[k], &runs->curve[i]))
				return -1;
	for (size_t k = 0; k < n_plot_kinds; k++)
		if (j->empty[k])
			notes_add(&j->notes, "nothing_to_draw",
				  "%s: of some runs nothing was counted that it could show",
				  plot_kinds[k].name);
	return 0;
}

/* Loads what the kinds that are wanted need; the rest of `data` stays NULL. */
static int load(struct job *j, struct values *values, struct ledger *ledger,
		struct evidence_of_runs *evidence)
{
	struct plot_data *d = &j->data;
	bool need_ledger = false, need_evidence = false;
	for (size_t k = 0; k < n_plot_kinds && !opts.term; k++) {
		need_ledger |= plot_kinds[k].needs_ledger && wanted(j->cli, &plot_kinds[k]);
		need_evidence |= plot_kinds[k].needs_evidence && wanted(j->cli, &plot_kinds[k]);
	}
	if (values_of_runs(values, d->store, d->runs, d->err) ||
	    (need_ledger && ledger_load(ledger, d->store, d->runs, d->err)) ||
	    (need_evidence && evidence_load(evidence, d->store, d->runs, d->err)))
		return -1;
	d->values = values;
	d->ledger = need_ledger ? ledger : NULL;
	d->evidence = need_evidence ? evidence : NULL;
	return 0;
}

static int plot(struct job *j, struct store *s)
{
	struct values values = {0};
	struct ledger ledger = {0};
	struct evidence_of_runs evidence = {0};
	int ret = -1;
	j->data.store = s;
	j->data.err = &j->cli->err;
	if (load(j, &values, &ledger, &evidence) ||
	    (!opts.term && folder_make(opts.dir, &j->cli->err)))
		goto cleanup;
	struct figure_context context = runs_context(j->data.runs);
	j->data.one_node = context.one_node;
	j->data.veth = context.joined;
	families_make(&j->families, j->data.runs);
	provenance(j);
	if (opts.term) {
		ret = write_all(j);
		if (!ret && !j->n_shown)
			ret = nb_error_code(&j->cli->err, NB_NODATA,
					    "plot: nothing that a terminal can show: --term draws "
					    "tx_bounded, rx_bounded, delivered and timeseries");
		notes_free(&j->notes);
		goto cleanup;
	}
	struct output *out = output_begin(stdout, j->cli->format, "plot", columns,
					  sizeof(columns) / sizeof(*columns));
	ret = write_all(j);
	if (!ret && !j->n_written)
		ret = nb_error_code(&j->cli->err, NB_NODATA, "plot: %s",
				    j->notes.n ? j->notes.v[0].text : "nothing to draw");
	size_t before = j->notes.n;
	if (!ret && draw_written(j, out))
		ret = nb_error(&j->cli->err, "%s", j->notes.v[before].text);
	rows_end(j->cli, out, &j->notes, NULL);
cleanup:
	j->data.values = NULL;
	j->data.ledger = NULL;
	j->data.evidence = NULL;
	families_free(&j->families);
	values_free(&values);
	ledger_free(&ledger);
	evidence_of_runs_free(&evidence);
	return ret;
}

/* "1000x720"; what is smaller holds no picture, what is larger no memory. */
static int parse_size(struct plot_look *look, struct nb_err *err)
{
	enum { LEAST = 320, MOST = 8000 };
	char *copy = nb_strdup(opts.size), *x = strchr(copy, 'x');
	if (x)
		*x++ = '\0';
	bool bad = !x || parse_u64(&look->width, copy) || parse_u64(&look->height, x) ||
		   look->width < LEAST || look->height < LEAST || look->width > MOST ||
		   look->height > MOST;
	free(copy);
	return bad ? nb_error_code(err, NB_USAGE,
				   "--picture-size: '%s': WIDTHxHEIGHT in pixels, each %d to %d, "
				   "as 1600x900",
				   opts.size, LEAST, MOST)
		   : 0;
}

int cmd_plot(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	struct job j = {.cli = cli, .data = {.runs = &runs}};
	j.data.look = (struct plot_look){.image = opts.image, .theme = opts.style};
	j.data.y = j.data.x = figure_count();
	if (opts.list)
		return list_kinds(cli);
	if (!*opts.dir)
		return nb_error_code(&cli->err, NB_USAGE, "-o: no folder is named: -o pictures");
	if (check_kinds(cli) || parse_size(&j.data.look, &cli->err) ||
	    (opts.y && figure_find(&j.data.y, "-y", opts.y, &cli->err)) ||
	    (opts.x && figure_find(&j.data.x, "-x", opts.x, &cli->err)) ||
	    select_open(&s, &runs, cli, SELECT_ANALYSE))
		return -1;
	int ret = plot(&j, s);
	for (size_t i = 0; i < j.n_written; i++) {
		free(j.written[i].name);
		free(j.written[i].script);
		free(j.written[i].image);
		free(j.written[i].ids);
	}
	free(j.written);
	text_free(&j.provenance);
	runs_free(&runs);
	store_close(s);
	return ret;
}
