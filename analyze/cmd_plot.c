/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze plot: a picture of each kind for each curve, and the gnuplot script beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/folder.h"
#include "analyze/plot/gnuplot.h"
#include "analyze/plot/picture.h"
#include "analyze/plot/script.h"
#include "analyze/rows.h"
#include "analyze/select.h"

static struct {
	const char *dir, *image;
} opts = {.dir = "nbplots", .image = "png"};

/* clang-format off */
const struct option plot_options[] = {
	{'o', "output", OPT_TEXT, &opts.dir, "DIR", "where pictures go (default nbplots)", NULL},
	{0, "image", OPT_CHOICE, &opts.image, "png|svg", "(default png)", NULL},
	SELECT_OPTIONS,
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const char plot_help[] =
	"KIND is tx_bounded, rx_bounded, drop_bounded, sw_irq_bounded, delivered or all; without one\n"
	"these five are drawn. Runs that differ in more than the rate get pictures of their own, named\n"
	"KIND_SIZE_cores_CORES[_PROPERTY_VALUE]…; the .gp beside each draws it again with gnuplot\n"
	"alone. Needs gnuplot (gnuplot-nox) and fonts-dejavu-core.\n";

static const struct column columns[] = {
	{"kind",	 COL_TEXT},
	{"file",	 COL_TEXT},
	{"script", COL_TEXT},
	{"runs",	 COL_TEXT},
};

struct job {
	struct cli *cli;
	struct output *out;
	struct notes notes;
	struct plot_data data;
	struct nb_text provenance;
	char **names; /* given so far: two curves never share a file */
	size_t n_names, n_failed;
	bool missing; /* gnuplot is */
};

static const struct plot_kind *kind_named(const char *name)
{
	for (size_t i = 0; i < n_plot_kinds; i++)
		if (!strcmp(plot_kinds[i].name, name))
			return &plot_kinds[i];
	return NULL;
}

static int check_kinds(struct cli *cli)
{
	struct nb_text known = {0};
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
	for (int i = 0; i < cli->argc; i++)
		if (!strcmp(cli->argv[i], kind->name) || !strcmp(cli->argv[i], "all"))
			return true;
	return !cli->argc;
}

/* The picture's name; a number behind it should another curve have the same. */
static const char *unique_name(struct job *j, const char *kind, const struct curve *c)
{
	struct nb_text t = {0};
	picture_name(&t, kind, j->data.runs, c);
	size_t base = t.len;
	for (size_t i = 0, k = 2; i < j->n_names; i++)
		if (!strcmp(j->names[i], t.s)) {
			text_cut(&t, base);
			text_addf(&t, "_%zu", k++);
			i = (size_t)-1; /* look again from the start */
		}
	j->names = nb_realloc(j->names, j->n_names + 1, sizeof(*j->names));
	return j->names[j->n_names++] = t.s;
}

static int draw(struct job *j, const struct plot_kind *kind, const struct curve *c)
{
	const char *name = unique_name(j, kind->name, c);
	struct nb_text text = {0}, script = {0}, image = {0}, ids = {0}, where = {0}, how = {0};
	struct nb_err err = {0};
	picture_script(&text, kind, &j->data, c, name, j->provenance.s);
	text_addf(&script, "%s.gp", name);
	text_addf(&image, "%s.%s", name, j->data.image);
	text_addf(&where, "%s/%s", opts.dir, image.s);
	text_addf(&how, "%s/%s", opts.dir, script.s);
	runs_ids_text(&ids, j->data.runs, c->runs);
	int ret = folder_write(opts.dir, script.s, text.s, &j->cli->err);
	if (!ret) {
		enum gnuplot_result r = j->missing
						? GNUPLOT_MISSING
						: gnuplot_draw(opts.dir, script.s, image.s, &err);
		if (r)
			j->n_failed++;
		if (r && !j->missing)
			notes_add(&j->notes, "not_drawn", "%s", err.text);
		j->missing |= r == GNUPLOT_MISSING;
		const struct cell cells[] = {
			cell_text(kind->name),
			cell_text(r ? NULL : where.s),
			cell_text(how.s),
			cell_text(ids.s),
		};
		output_row(j->out, cells);
	}
	struct nb_text *const texts[] = {&text, &script, &image, &ids, &where, &how};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		text_free(texts[i]);
	return ret;
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

static int draw_all(struct job *j)
{
	const struct runs *runs = j->data.runs;
	size_t done = 0, all = 0;
	for (size_t k = 0; k < n_plot_kinds; k++)
		all += wanted(j->cli, &plot_kinds[k]) ? runs->n_curves : 0;
	for (size_t i = 0; i < runs->n_curves; i++)
		for (size_t k = 0; k < n_plot_kinds; k++) {
			if (!wanted(j->cli, &plot_kinds[k]))
				continue;
			if (cli_progress(j->cli) && all > 5)
				fprintf(stderr, "\rdrawing %zu of %zu", ++done, all);
			if (draw(j, &plot_kinds[k], &runs->curve[i]))
				return -1;
		}
	if (done)
		fputs("\r\033[K", stderr);
	return 0;
}

static int plot(struct job *j, struct store *s)
{
	struct values values = {0};
	struct ledger ledger = {0};
	int ret = -1;
	if (values_of_runs(&values, s, j->data.runs, &j->cli->err) ||
	    ledger_load(&ledger, s, j->data.runs, &j->cli->err) ||
	    folder_make(opts.dir, &j->cli->err))
		goto cleanup;
	struct figure_context context = runs_context(j->data.runs);
	j->data.values = &values;
	j->data.ledger = &ledger;
	j->data.one_node = context.one_node;
	j->data.veth = context.joined;
	j->data.image = opts.image;
	provenance(j);
	j->out = output_begin(stdout, j->cli->format, "plot", columns,
			      sizeof(columns) / sizeof(*columns));
	ret = draw_all(j);
	if (!ret && j->n_failed)
		ret = nb_error(&j->cli->err, "%s", j->notes.v[0].text);
	rows_end(j->cli, j->out, &j->notes, NULL);
cleanup:
	values_free(&values);
	ledger_free(&ledger);
	return ret;
}

int cmd_plot(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	struct job j = {.cli = cli, .data = {.runs = &runs}};
	if (check_kinds(cli) || select_open(&s, &runs, cli, SELECT_ANALYSE))
		return -1;
	int ret = plot(&j, s);
	for (size_t i = 0; i < j.n_names; i++)
		free(j.names[i]);
	free(j.names);
	text_free(&j.provenance);
	runs_free(&runs);
	store_close(s);
	return ret;
}
