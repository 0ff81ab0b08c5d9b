/* SPDX-License-Identifier: Apache-2.0 */
/* From runs to the rows of a regression. */
#include "analyze/fit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/sample_pool.h"
#include "analyze/stats/status.h"

enum { BATCH = 16 }; /* runs that are read side by side */

/* Where the rows that are not kept come from. */
struct fit_source {
	const struct runs *runs;
	const struct model *model;
	struct sample_pool *pool;
	size_t *figures;
	size_t *slot; /* as in struct values */
	size_t n_figures;
};

static void source_free(struct fit_source *s)
{
	if (!s)
		return;
	sample_pool_close(s->pool);
	free(s->figures);
	free(s->slot);
	free(s);
}

void fit_list_free(struct fit_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].label);
		free(l->v[i].x);
		free(l->v[i].y);
		free(l->v[i].length);
		free(l->v[i].again);
		stats_ols_free(l->v[i].ols);
	}
	free(l->v);
	source_free(l->source);
	*l = (struct fit_list){0};
}

/* Is the property accounted for by an x? The ids of cores change with their number. */
static bool explained(const char *key, const struct model *m)
{
	static const struct {
		const char *figure, *key;
	} by[] = {
		{"run.frame_size", "frame_size"},
		  {"run.n_cores",	  "n_cores"   },
		{"run.n_cores",	"cores"     },
		  {"run.pairs",	"pairs"     },
		{"run.pairs",      "cores"     },
	};
	if (!strcmp(key, "target_pps") || model_has_key(m, key))
		return true;
	for (size_t k = 0; k < sizeof(by) / sizeof(*by); k++)
		if (!strcmp(by[k].key, key) && model_has_figure(m, figure_index(by[k].figure)))
			return true;
	return false;
}

static void add_property(struct nb_text *t, const struct runs *runs, const struct run *run,
			 const char *key)
{
	char buf[32];
	const char *v = run_property(buf, runs, run, key);
	text_addf(t, "%s%s=%s", t->len ? ", " : "", key, v ? v : "none");
}

static char *label_of(const struct runs *runs, const struct run *run, const struct model *m,
		      struct fit_by by)
{
	const struct curve *c = &runs->curve[run->curve];
	struct nb_text t = {0};
	for (size_t i = 0; i < by.n; i++)
		add_property(&t, runs, run, by.key[i]);
	for (size_t i = 0; i < c->n_properties; i++) {
		const char *key = c->properties[i].key;
		bool asked = false;
		for (size_t k = 0; k < by.n; k++)
			asked |= !strcmp(by.key[k], key);
		if (!asked && runs_differ(runs, key) && !explained(key, m))
			add_property(&t, runs, run, key);
	}
	if (!t.len)
		text_add(&t, "all");
	return t.s;
}

/* The fit that a run belongs to; a new one when it is the first of its kind. */
static struct fit_data *fit_of(struct fit_list *l, const struct runs *runs, const struct run *run,
			       const struct model *m, struct fit_by by)
{
	char *label = label_of(runs, run, m, by);
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].label, label)) {
			free(label);
			return &l->v[i];
		}
	l->v = nb_realloc(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n] = (struct fit_data){.label = label, .n_x = m->n_columns};
	return &l->v[l->n++];
}

/* The complete rows of one run. */
struct run_rows {
	wide *x;
	double *y;
	size_t n, n_missing;
};

static void run_rows_free(struct run_rows *r)
{
	free(r->x);
	free(r->y);
	*r = (struct run_rows){0};
}

static struct run_rows complete(const struct model *m, const struct runs *runs, size_t run,
				const struct values *v, struct run_group g)
{
	struct run_rows r = {.x = nb_alloc(g.n * m->n_columns + 1, sizeof(*r.x)),
			     .y = nb_alloc(g.n + 1, sizeof(*r.y))};
	for (size_t i = g.first; i < g.first + g.n; i++) {
		r.y[r.n] = value_at(v, i, m->y);
		if (model_row(r.x + r.n * m->n_columns, m, runs, run, v, i) && isfinite(r.y[r.n]))
			r.n++;
		else
			r.n_missing++;
	}
	return r;
}

static void keep_rows(struct fit_data *d, const struct run_rows *r)
{
	d->y = nb_realloc(d->y, d->n + r->n, sizeof(*d->y));
	d->x = nb_realloc(d->x, (d->n + r->n) * d->n_x, sizeof(*d->x));
	memcpy(d->y + d->n, r->y, r->n * sizeof(*d->y));
	memcpy(d->x + d->n * d->n_x, r->x, r->n * d->n_x * sizeof(*d->x));
}

/* Takes a run's values from their means. */
static void centre_rows(struct run_rows *r, size_t n_x)
{
	wide n = wide_of((long double)r->n);
	for (size_t k = 0; k < n_x; k++) {
		wide sum = wide_of(0);
		for (size_t i = 0; i < r->n; i++)
			sum = wide_add(sum, r->x[i * n_x + k]);
		sum = wide_div(sum, n);
		for (size_t i = 0; i < r->n; i++)
			r->x[i * n_x + k] = wide_sub(r->x[i * n_x + k], sum);
	}
	long double sum = 0;
	for (size_t i = 0; i < r->n; i++)
		sum += r->y[i];
	for (size_t i = 0; i < r->n; i++)
		r->y[i] = (double)(r->y[i] - sum / (long double)r->n);
}

int fit_add_to_sums(void *ols, const wide *x, const double *y, size_t n)
{
	return stats_ols_add_wide_rows(ols, x, y, n);
}

/* The runs so far go into the sums, all later ones on arrival. */
static int begin_sums(struct fit_data *d)
{
	int rc = stats_ols_new(&d->ols, d->n_x, false);
	return rc ? rc : fit_pass(d, true, fit_add_to_sums, d->ols, NULL);
}

/* Takes the rows of a run, which it may spoil: as they are while there is room, then into the sums.
 * From two runs on it is settled that they are centred. `kept`: bytes of all fits. */
static int take_run(struct fit_data *d, size_t run, struct run_rows *r, size_t *kept, size_t most)
{
	size_t bytes = r->n * (d->n_x * sizeof(*r->x) + sizeof(*r->y));
	int rc = 0;
	d->n_missing += r->n_missing;
	if (!r->n)
		return 0;
	if (!d->ols && *kept + bytes > most && d->n_runs > 1)
		rc = begin_sums(d);
	if (rc)
		return rc;
	if (d->ols) {
		d->again = nb_realloc(d->again, d->n_again + 1, sizeof(*d->again));
		d->again[d->n_again++] = run;
		centre_rows(r, d->n_x);
		rc = fit_add_to_sums(d->ols, r->x, r->y, r->n);
	} else {
		keep_rows(d, r);
		*kept += bytes;
	}
	d->length = nb_realloc(d->length, d->n_runs + 1, sizeof(*d->length));
	d->length[d->n_runs++] = r->n;
	d->n += r->n;
	return rc;
}

void fit_between(struct fit_list *out, const struct runs *runs, const struct values *of_runs,
		 const struct model *m, struct fit_by by)
{
	size_t kept = 0;
	*out = (struct fit_list){0};
	for (size_t i = 0; i < runs->n; i++) {
		struct run_rows r = complete(m, runs, i, of_runs, (struct run_group){i, 1});
		take_run(fit_of(out, runs, &runs->run[i], m, by), i, &r, &kept, FIT_KEEP_ALL);
		run_rows_free(&r);
	}
}

/* --- samples -----------------------------------------------------------------------------------
 */

static struct fit_source *source_open(struct store *s, const struct runs *runs,
				      const struct model *m, struct nb_err *err)
{
	struct fit_source *source = nb_alloc(1, sizeof(*source));
	*source = (struct fit_source){.runs = runs, .model = m};
	source->figures = nb_alloc(figure_count(), sizeof(*source->figures));
	source->slot = nb_alloc(figure_count(), sizeof(*source->slot));
	for (size_t f = 0; f < figure_count(); f++)
		if (f == m->y || model_has_figure(m, f)) {
			source->figures[source->n_figures++] = f;
			source->slot[f] = source->n_figures;
		}
	if (!sample_pool_open(&source->pool, s, source->figures, source->n_figures, 0, err))
		return source;
	source_free(source);
	return NULL;
}

struct batch {
	const struct fit_source *source;
	const size_t *run;
	size_t n;
	struct run_rows rows[BATCH];
};

/* In some thread: a run's rows to its place in the batch. */
static void gather(void *payload, size_t run, const struct sample_reader *reader, size_t n_rows)
{
	struct batch *b = payload;
	const struct fit_source *s = b->source;
	size_t place = 0;
	struct values v = {.n_rows = n_rows, .slot = s->slot, .n_columns = s->n_figures};
	while (b->run[place] != run)
		place++;
	v.v = nb_alloc(n_rows * s->n_figures + 1, sizeof(*v.v));
	for (size_t k = 0; k < s->n_figures; k++) {
		const double *column = sample_reader_column(reader, k);
		for (size_t i = 0; i < n_rows; i++)
			v.v[i * s->n_figures + k] = column[i];
	}
	b->rows[place] = complete(s->model, s->runs, run, &v, (struct run_group){0, n_rows});
	free(v.v);
}

/* Called for each run in order; it may spoil the rows. A status of stats/status.h. */
typedef int take_rows(void *payload, size_t run, struct run_rows *rows);

/* The runs of a list, a batch at a time. FIT_UNREAD, with err set: they cannot be read. */
static int read_runs(const struct fit_source *s, const size_t *run, size_t n, take_rows *take,
		     void *payload, struct nb_err *err)
{
	int rc = 0;
	for (size_t first = 0; first < n && !rc; first += BATCH) {
		struct batch b = {s, run + first, n - first < BATCH ? n - first : BATCH, {{0}}};
		if (sample_pool_read_list(s->pool, s->runs, b.run, b.n, gather, &b, err))
			rc = FIT_UNREAD;
		for (size_t i = 0; i < b.n; i++) {
			if (!rc)
				rc = take(payload, b.run[i], &b.rows[i]);
			run_rows_free(&b.rows[i]);
		}
	}
	return rc;
}

struct loading {
	struct fit_list *list;
	const struct runs *runs;
	const struct model *model;
	struct fit_by by;
	size_t kept, most;
};

static int load_run(void *payload, size_t run, struct run_rows *rows)
{
	struct loading *l = payload;
	struct fit_data *d = fit_of(l->list, l->runs, &l->runs->run[run], l->model, l->by);
	d->source = l->list->source;
	return take_run(d, run, rows, &l->kept, l->most);
}

int fit_within(struct fit_list *out, struct store *s, const struct runs *runs,
	       const struct model *m, struct fit_by by, size_t keep, struct nb_err *err)
{
	struct loading l = {out, runs, m, by, 0, keep};
	size_t *run = nb_alloc(runs->n + 1, sizeof(*run));
	*out = (struct fit_list){.source = source_open(s, runs, m, err)};
	for (size_t i = 0; i < runs->n; i++)
		run[i] = i;
	int rc = out->source ? read_runs(out->source, run, runs->n, load_run, &l, err) : FIT_UNREAD;
	if (rc && rc != FIT_UNREAD)
		nb_error(err, "regress: read the samples: %s", stats_status_text(rc));
	if (rc)
		fit_list_free(out);
	free(run);
	return rc ? -1 : 0;
}

struct passing {
	const struct fit_data *data;
	bool centred;
	fit_take *take;
	void *payload;
};

static int pass_run(void *payload, size_t run, struct run_rows *rows)
{
	struct passing *p = payload;
	(void)run;
	if (p->centred)
		centre_rows(rows, p->data->n_x);
	return p->take(p->payload, rows->x, rows->y, rows->n);
}

int fit_pass(const struct fit_data *d, bool centred, fit_take *take, void *payload,
	     struct nb_err *err)
{
	struct passing p = {d, centred, take, payload};
	size_t kept = d->n_runs - d->n_again;
	int rc = 0;
	for (size_t r = 0, at = 0; r < kept && !rc; at += d->length[r++]) {
		size_t n = d->length[r];
		struct run_rows rows = {.x = nb_alloc(n * d->n_x + 1, sizeof(wide)),
					.y = nb_alloc(n + 1, sizeof(double)),
					.n = n};
		memcpy(rows.x, d->x + at * d->n_x, n * d->n_x * sizeof(*rows.x));
		memcpy(rows.y, d->y + at, n * sizeof(*rows.y));
		rc = pass_run(&p, 0, &rows);
		run_rows_free(&rows);
	}
	if (!rc && d->n_again)
		rc = read_runs(d->source, d->again, d->n_again, pass_run, &p, err);
	return rc;
}
