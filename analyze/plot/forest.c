/* SPDX-License-Identifier: Apache-2.0 */
/* compare: the change of each figure from A to B, with its interval, a row each. */
#include "analyze/plot/forest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"
#include "common/version.h"

enum { LINES_MAX = 42, LABEL_MAX = 40, CURVED_FROM = 40 };
/* Percent; what changed less need not be told apart. */
static const double UNIT_LEAST = 0.1;

static size_t figure_place(const struct compare_job *j, size_t row)
{
	size_t i = 0;
	while (j->figures[i] != j->v[row].figure)
		i++;
	return i;
}

void forest_begin(struct forest *f, const struct compare_job *job)
{
	size_t n = 0;
	*f = (struct forest){.job = job, .order = nb_alloc(job->n + 1, sizeof(size_t))};
	for (size_t k = 0; k < job->n_figures; k++)
		for (size_t i = 0; i < job->n; i++)
			if (figure_place(job, i) == k)
				f->order[n++] = i;
}

static const struct comparison *row_at(const struct forest *f, size_t i)
{
	return &f->job->v[f->order[i]];
}

/* With several cells a figure's rows stand under its name. */
static bool has_head(const struct forest *f, size_t i)
{
	return f->job->sides.n_cells > 1 &&
	       (i == f->first || row_at(f, i)->figure != row_at(f, i - 1)->figure);
}

bool forest_next(struct forest *f)
{
	size_t lines = 0;
	f->first += f->n;
	f->n = 0;
	for (size_t i = f->first; i < f->job->n; i++) {
		bool last = i + 1 == f->job->n || row_at(f, i + 1)->figure != row_at(f, i)->figure;
		lines += 1 + has_head(f, i);
		if (lines > LINES_MAX && f->n)
			break; /* the figure goes to the next one as a whole */
		if (last || (lines >= LINES_MAX && !f->n))
			f->n = i + 1 - f->first;
	}
	return f->n > 0;
}

void forest_free(struct forest *f)
{
	free(f->order);
	*f = (struct forest){0};
}

/* How a row is drawn: the template's four. */
static int manner(const struct comparison *c)
{
	static const char *const words[] = {"~", "better", "worse"};
	const char *word = comparison_word(c);
	for (int i = 0; i < 3; i++)
		if (!strcmp(word, words[i]))
			return i;
	return 3;
}

static const char *cell_mark(const struct forest *f, size_t cell)
{
	const struct cell_runs *c = &f->job->sides.cell[cell];
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < c->n[side]; i++)
			if (run_noted(&f->job->runs->run[c->run[side][i]]))
				return " *";
	return "";
}

/* The lines of a picture, heads among them. */
struct lines {
	size_t n;
	char *label[2 * LINES_MAX + 2], *medians[2 * LINES_MAX + 2], *change[2 * LINES_MAX + 2],
		*p[2 * LINES_MAX + 2], *n_runs[2 * LINES_MAX + 2];
	double at[2 * LINES_MAX + 2][6];
};

static char *figure_label(const struct comparison *c, const char *mark)
{
	const struct figure *f = figure_at(c->figure);
	struct nb_text t = {0};
	bool plain = !strcmp(f->metric->unit, "1");
	text_addf(&t, "%s%s%s%s%s", f->name, plain ? "" : " (", plain ? "" : f->metric->unit,
		  plain ? "" : ")", mark);
	return t.s;
}

static char *change_text(const struct comparison *c)
{
	struct nb_text t = {0};
	if (fabs(c->delta) < 0.00005)
		text_add(&t, "0.00 %");
	else if (!isnan(c->delta))
		text_addf(&t, "%s%.2f %%", c->delta < 0 ? "−" : "+", 100 * fabs(c->delta));
	else if (c->median_b > c->median_a)
		text_add(&t, "from 0");
	else
		text_add(&t, isnan(c->median_b) ? "–" : "both 0");
	return t.s;
}

static void add_row(struct lines *l, const struct forest *f, const struct comparison *c)
{
	struct nb_text t = {0};
	char a[32] = "–", b[32] = "–";
	const char *mark = cell_mark(f, c->cell);
	double place = (double)l->n;
	if (f->job->sides.n_cells > 1) {
		text_add(&t, f->job->sides.cell[c->cell].label);
		frame_cut(&t, LABEL_MAX);
		text_add(&t, mark);
		l->label[l->n] = t.s;
	} else {
		l->label[l->n] = figure_label(c, mark);
	}
	t = (struct nb_text){0};
	if (c->n_a)
		format_si(a, c->median_a);
	if (c->n_b)
		format_si(b, c->median_b);
	text_addf(&t, "%s → %s", a, b);
	l->medians[l->n] = t.s;
	l->change[l->n] = change_text(c);
	t = (struct nb_text){0};
	if (c->p_adj < 0.001)
		text_add(&t, "< 0.001");
	else if (!isnan(c->p_adj))
		text_addf(&t, "%.2g", c->p_adj);
	l->p[l->n] = t.s;
	t = (struct nb_text){0};
	text_addf(&t, "%zu+%zu", c->n_a, c->n_b);
	l->n_runs[l->n] = t.s;
	const double at[] = {place,	     100 * c->delta, 100 * c->ci_lo,
			     100 * c->ci_hi, manner(c),	     *mark ? 1 : 0};
	memcpy(l->at[l->n++], at, sizeof(at));
}

static void add_head(struct lines *l, const struct comparison *c)
{
	const double at[] = {(double)l->n, NAN, NAN, NAN, -1, 0};
	l->label[l->n] = figure_label(c, "");
	memcpy(l->at[l->n++], at, sizeof(at));
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* How far the rows reach, and whether some reach so much farther than most that a straight scale
 * would flatten the others against 0. */
static void define_scale(struct nb_text *script, const struct lines *l)
{
	double low = 0, high = 0, reach[2 * LINES_MAX + 2] = {0};
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++) {
		double most = 0;
		for (size_t k = 1; k < 4; k++) {
			double v = l->at[i][k];
			if (isnan(v))
				continue;
			low = fmin(low, v);
			high = fmax(high, v);
			most = fmax(most, fabs(v));
		}
		if (most > 0)
			reach[n++] = most;
	}
	qsort(reach, n, sizeof(*reach), by_value);
	double typical = n ? reach[n / 2] : 1;
	bool any = high > low;
	gp_set_number(script, "x_low", any ? low : -1);
	gp_set_number(script, "x_high", any ? high : 1);
	double unit = fmax(UNIT_LEAST, pow(10, floor(log10(typical))));
	gp_set_number(script, "curved", fmax(high, -low) > CURVED_FROM * fmax(typical, unit));
	gp_set_number(script, "unit", unit);
}

/* "A: before (runs 1–10)", or how many where a list would be long. */
static void side_text(struct nb_text *t, const struct compare_job *j, int side)
{
	enum { SPELLED_MAX = 24 };
	struct nb_text ids = {0};
	size_t n = 0;
	for (size_t c = 0; c < j->sides.n_cells; c++)
		n += j->sides.cell[c].n[side];
	compare_run_ids(&ids, j, side);
	text_addf(t, "%c: %s (", 'A' + side, j->name[side]);
	if (ids.len > SPELLED_MAX)
		text_addf(t, "%zu runs)", n);
	else
		text_addf(t, "run%s %s)", n == 1 ? "" : "s", ids.s);
	text_free(&ids);
}

static void define_words(struct nb_text *script, const struct forest *f)
{
	const struct compare_job *j = f->job;
	struct nb_text t = {0};
	side_text(&t, j, 0);
	text_add(&t, " · ");
	side_text(&t, j, 1);
	frame_cut(&t, WORDS_MAX);
	gp_set_text(script, "words", t.s);
	text_cut(&t, 0);
	for (size_t i = 0; i < j->sides.n_differences; i++) {
		const struct difference *d = &j->sides.difference[i];
		text_addf(&t, "%s%s %s → %s", i ? ", " : "differs: ", d->item, d->a ? d->a : "none",
			  d->b ? d->b : "none");
	}
	frame_cut(&t, WORDS_MAX);
	gp_set_text(script, "differs", t.len ? t.s : "");
	text_cut(&t, 0);
	text_addf(&t,
		  "change of the medians of runs, B against A · interval: 95 %%, Hodges and "
		  "Lehmann · p: Mann and Whitney, among %zu (%s)",
		  j->n, j->asked->adjust);
	frame_cut(&t, CORNER_MAX);
	gp_set_text(script, "corner", t.s);
	text_cut(&t, 0);
	for (size_t i = 0; i < f->n; i++) {
		const struct cell_runs *c = &j->sides.cell[row_at(f, f->first + i)->cell];
		for (int side = 0; side < 2; side++)
			for (size_t k = 0; k < c->n[side]; k++)
				if (run_noted(&j->runs->run[c->run[side][k]]))
					frame_add_codes(&t, j->runs->run[c->run[side][k]].reasons);
	}
	struct nb_text noted = {0};
	if (t.len)
		text_addf(&noted, "* noted: %s", t.s);
	frame_cut(&noted, CORNER_MAX - 10);
	gp_set_text(script, "corner2", noted.len ? noted.s : "");
	gp_set_text(script, "origin", "nbanalyze " NB_VERSION);
	text_free(&noted);
	text_free(&t);
}

static void free_texts(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i]);
}

enum plot_defined define_compare(struct nb_text *script, const struct plot_data *d,
				 const struct curve *c)
{
	const struct forest *f = d->forest;
	struct lines l = {0};
	double n_of[4] = {0}, intervals = 0;
	bool few = true;
	(void)c;
	for (size_t i = f->first; i < f->first + f->n; i++) {
		if (has_head(f, i))
			add_head(&l, row_at(f, i));
		add_row(&l, f, row_at(f, i));
		few &= !comparison_can_show(f->job, row_at(f, i));
	}
	define_words(script, f);
	gp_data_begin(script, "rows");
	for (size_t i = 0; i < l.n; i++) {
		gp_data_row(script, l.at[i], 6);
		if (l.at[i][4] >= 0 && !isnan(l.at[i][1]))
			n_of[(int)l.at[i][4]]++;
		intervals += !isnan(l.at[i][2]);
	}
	gp_data_end(script);
	gp_data_begin(script, "manners"); /* how many rows there are of each */
	for (size_t k = 0; k < 4; k++)
		gp_data_row(script, &n_of[k], 1);
	gp_data_end(script);
	gp_set_number(script, "lines", (double)l.n);
	gp_set_number(script, "intervals", intervals);
	gp_set_number(script, "few", few); /* nothing could be shown of any row */
	gp_set_number(script, "grouped", f->job->sides.n_cells > 1);
	gp_set_texts(script, "ROW", l.label, l.n);
	gp_set_texts(script, "MEDIANS", l.medians, l.n);
	gp_set_texts(script, "CHANGE", l.change, l.n);
	gp_set_texts(script, "P", l.p, l.n);
	gp_set_texts(script, "RUNS", l.n_runs, l.n);
	define_scale(script, &l);
	gp_set_number(script, "top", 1);
	free_texts(l.label, l.n);
	free_texts(l.medians, l.n);
	free_texts(l.change, l.n);
	free_texts(l.p, l.n);
	free_texts(l.n_runs, l.n);
	return PLOT_DEFINED;
}
