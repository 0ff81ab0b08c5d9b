/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze summary: a row a configuration, the mean of its repeats and how far they scatter. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/bounded_by.h"
#include "analyze/commands.h"
#include "analyze/rows.h"
#include "analyze/select.h"
#include "analyze/stats/describe.h"
#include "analyze/values.h"

const struct option summary_options[] = {
	SELECT_OPTIONS, {0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL}
};

const char summary_help[] =
	"Runs are repeats when their configurations are equal in all; only repeats share a mean. n\n"
	"counts them, noted those that something bounded or coloured. A table shows mean ± relative\n"
	"standard deviation (from two runs on); the other formats have mean, _sd, _min and _max of each\n"
	"figure. Figures are of the steady window; loss and offered are of the whole run.\n";

/* What is summed up: the figure, and its heading in a table. */
static const struct item {
	const char *figure, *heading;
	bool of_host; /* one column will do when both ends share a node */
} items[] = {
	{"sender.tx_pps",	  "tx_pps",	    false},
	{"receiver.rx_pps",	    "rx_pps",     false},
	{"receiver.forwarded_pps", "forwarded",	false},
	{"receiver.loss_ratio",	"loss",	false},
	{"sender.tx_drop_pps",     "tx_drop",	  false},
	{"receiver.rx_drop_pps",	 "rx_drop",    false},
	{"sender.tx_error_pps",	"tx_err",	  false},
	{"receiver.rx_error_pps",  "rx_err",	    false},
	{"sender.irq_rate",	    "irq_tx",     true },
	{"receiver.irq_rate",      "irq_rx",	false},
	{"sender.softirq_rate",	"softirq_tx", true },
	{"receiver.softirq_rate",  "softirq_rx", false},
	{"sender.cpu_percent",     "cpu_tx%",	  false},
	{"receiver.cpu_percent",	 "cpu_rx%",    false},
	{"run.fairness",		 "fairness",   false},
};

enum {
	VOID = 12, /* in fixed[] */
	DIFFERS,
	N_ITEMS = sizeof(items) / sizeof(*items),
	N_FIXED = DIFFERS + 1,
	COLUMNS_MAX = N_FIXED + 4 * N_ITEMS
};

static const struct column fixed[N_FIXED] = {
	{"target_pps",  COL_SI  },
	{"frame_size",  COL_INT },
	 {"n_cores",     COL_INT },
	{"cores",	  COL_TEXT},
	{"pairs",	  COL_INT },
	 {"testbed",     COL_TEXT},
	{"path",	 COL_TEXT},
	{"generator",   COL_TEXT},
	 {"config_hash", COL_TEXT},
	{"runs",	 COL_TEXT},
	{"n",	      COL_INT },
	 {"noted",	   COL_INT },
	{"void",	 COL_INT },
	{"differs",	    COL_TEXT},
};

static struct cell int_cell(int64_t v)
{
	return v == RUN_NONE ? cell_null() : cell_int(v);
}

/* What cells point to. */
struct words {
	struct nb_text ids, differs;
};

static void free_words(struct words *w)
{
	text_free(&w->ids);
	text_free(&w->differs);
}

static void fixed_cells(struct cell *cells, const struct runs *runs, size_t config, struct words *w)
{
	struct run_group g = runs->config[config];
	const struct run *run = &runs->run[g.first];
	int64_t noted = 0, voids = 0;
	for (size_t i = 0; i < g.n; i++) {
		noted += run_noted(run + i);
		voids += run_void(run + i);
	}
	text_cut(&w->ids, 0);
	text_cut(&w->differs, 0);
	runs_ids_text(&w->ids, runs, g);
	curve_differs(&w->differs, runs, &runs->curve[run->curve]);
	const struct cell row[N_FIXED] = {
		int_cell(run->target_pps),
		int_cell(run->frame_size),
		int_cell(run->n_cores),
		cell_text(run->cores),
		int_cell(run->pairs),
		cell_text(run->testbed),
		cell_text(run->path),
		cell_text(run->generator),
		cell_text(run->config_hash),
		cell_text(w->ids.s),
		cell_int((int64_t)g.n),
		cell_int(noted),
		cell_int(voids),
		w->differs.len ? cell_text(w->differs.s) : cell_null(),
	};
	memcpy(cells, row, sizeof(row));
}

/* Every column, at full precision: the same whatever is selected. */
static void print_machine(struct cli *cli, const struct runs *runs, const struct values *values)
{
	static const char *const parts[] = {"", "_sd", "_min", "_max"};
	static char names[N_ITEMS * 4][80];
	struct column columns[COLUMNS_MAX];
	struct cell cells[COLUMNS_MAX];
	struct words words = {0};
	double *pick = nb_alloc(runs->n + 1, sizeof(*pick));
	memcpy(columns, fixed, DIFFERS * sizeof(*fixed));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char base[64];
		figure_column(base, figure_at(figure_index(items[i / 4].figure)));
		snprintf(names[i], sizeof(names[i]), "%s%s", base, parts[i % 4]);
		columns[DIFFERS + i] = (struct column){names[i], COL_SIG4};
	}
	columns[COLUMNS_MAX - 1] = fixed[DIFFERS]; /* new ones come last */
	struct output *out = output_begin(stdout, cli->format, "summary", columns, COLUMNS_MAX);
	for (size_t c = 0; c < runs->n_configs; c++) {
		fixed_cells(cells, runs, c, &words);
		size_t k = DIFFERS;
		const struct cell differs = cells[DIFFERS];
		for (size_t i = 0; i < N_ITEMS; i++) {
			struct stats_summary d;
			size_t n = values_pick(pick, values, runs->config[c],
					       figure_index(items[i].figure));
			stats_describe(&d, pick, n, 0.95);
			cells[k++] = cell_real(d.mean);
			cells[k++] = cell_real(d.sd);
			cells[k++] = cell_real(d.min);
			cells[k++] = cell_real(d.max);
		}
		cells[k] = differs;
		output_row(out, cells);
	}
	output_end(out);
	free_words(&words);
	free(pick);
}

/* "150 k ±1.2%" */
static char *mean_text(const double *x, size_t n)
{
	struct stats_summary d;
	struct nb_text t = {0};
	char buf[32];
	if (!n || stats_describe(&d, x, n, 0.95))
		return NULL;
	if (d.mean != 0 && fabs(d.mean) < 0.01)
		text_addf(&t, "%.2g", d.mean);
	else
		text_add(&t, format_si(buf, d.mean));
	if (n > 1 && d.mean != 0)
		text_addf(&t, d.sd < 0.1 * fabs(d.mean) ? " ±%.1f%%" : " ±%.0f%%",
			  100 * d.sd / fabs(d.mean));
	return t.s;
}

/* Which columns a terminal gets: those that tell rows apart, and the figures. */
struct shape {
	struct column columns[COLUMNS_MAX];
	size_t fixed_of[COLUMNS_MAX]; /* index into fixed[], or N_FIXED: a figure */
	const struct item *item_of[COLUMNS_MAX];
	size_t n;
};

static void add_column(struct shape *s, const char *name, enum column_style style, size_t of,
		       const struct item *item)
{
	s->columns[s->n] = (struct column){name, style};
	s->fixed_of[s->n] = of;
	s->item_of[s->n++] = item;
}

static bool any_differs(const struct runs *runs)
{
	struct nb_text t = {0};
	for (size_t i = 0; i < runs->n_curves && !t.len; i++)
		curve_differs(&t, runs, &runs->curve[i]);
	bool any = t.len > 0;
	text_free(&t);
	return any;
}

static void make_shape(struct shape *s, const struct runs *runs, bool one_node, bool voids)
{
	static const struct {
		const char *name, *heading;
		bool always;
	} shown[] = {
		{"target_pps", "target",	 true },
		{"frame_size", "size",      true },
		{"n_cores",    "cores",     true },
		{"cores",	  "ids",	 false},
		{"pairs",	  "pairs",	   false},
		{"testbed",    "testbed",   false},
		{"path",	 "path",	 false},
		{"generator",  "generator", false},
		{"n",	      "n",	   true },
		{"noted",	  "noted",	   true },
	};
	bool several = false;
	for (size_t i = 0; i < runs->n; i++)
		several |= runs->run[i].pairs > 1;
	s->n = 0;
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		for (size_t k = 0; k < N_FIXED; k++)
			if (!strcmp(shown[i].name, fixed[k].name) &&
			    (shown[i].always || runs_differ(runs, shown[i].name)))
				add_column(s, shown[i].heading, fixed[k].style, k, NULL);
	if (voids)
		add_column(s, "void", COL_INT, VOID, NULL);
	if (any_differs(runs))
		add_column(s, "differs", COL_TEXT, DIFFERS, NULL);
	for (size_t i = 0; i < N_ITEMS; i++) {
		const char *heading = items[i].heading;
		if (one_node && i && items[i - 1].of_host)
			continue;
		if (!strcmp(items[i].figure, "run.fairness") && !several)
			continue; /* a single pair shares with nobody */
		if (one_node && items[i].of_host)
			heading = strstr(heading, "softirq") ? "softirq" : "irq";
		/* right-aligned as numbers are */
		add_column(s, heading, COL_SIG4, N_FIXED, &items[i]);
	}
}

static void print_people(struct cli *cli, const struct runs *runs, const struct values *values)
{
	struct shape s;
	struct cell all[N_FIXED], cells[COLUMNS_MAX];
	struct words words = {0};
	double *pick = nb_alloc(runs->n + 1, sizeof(*pick));
	bool one_node = runs_context(runs).one_node;
	make_shape(&s, runs, one_node, selection.include_void);
	struct output *out = output_begin(stdout, cli->format, "summary", s.columns, s.n);
	for (size_t c = 0; c < runs->n_configs; c++) {
		char *texts[COLUMNS_MAX] = {0};
		fixed_cells(all, runs, c, &words);
		for (size_t i = 0; i < s.n; i++) {
			if (s.fixed_of[i] < N_FIXED) {
				cells[i] = all[s.fixed_of[i]];
				continue;
			}
			size_t n = values_pick(pick, values, runs->config[c],
					       figure_index(s.item_of[i]->figure));
			texts[i] = mean_text(pick, n);
			cells[i] = cell_text(texts[i]);
		}
		if (runs->run[runs->config[c].first].target_pps == RUN_NONE)
			cells[0] = cell_text("max");
		output_row(out, cells);
		for (size_t i = 0; i < s.n; i++)
			free(texts[i]);
	}
	struct notes notes = {0};
	if (one_node)
		notes_add(
			&notes, "one_host",
			"both ends are on one host: irq and softirq are the host's, counted once");
	rows_end(cli, out, &notes, NULL);
	free_words(&words);
	free(pick);
}

/* On standard error, a line for each curve: what bounded it. */
static int say_bounds(struct cli *cli, struct store *s, const struct runs *runs,
		      const struct values *values)
{
	for (size_t i = 0; !cli->quiet && i < runs->n_curves; i++) {
		struct nb_text line = {0};
		int rc = bounded_by(&line, s, runs, &runs->curve[i], values, &cli->err);
		if (!rc && line.s)
			cli_say(cli, "%s", line.s);
		text_free(&line);
		if (rc)
			return -1;
	}
	return 0;
}

int cmd_summary(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	struct values values;
	if (select_open(&s, &runs, cli, SELECT_ANALYSE))
		return -1;
	int ret = values_of_runs(&values, s, &runs, &cli->err);
	if (!ret && (cli->format == FMT_TABLE || cli->format == FMT_MARKDOWN))
		print_people(cli, &runs, &values);
	else if (!ret)
		print_machine(cli, &runs, &values);
	fflush(stdout);
	ret = ret ? ret : say_bounds(cli, s, &runs, &values);
	values_free(&values);
	runs_free(&runs);
	store_close(s);
	return ret;
}
