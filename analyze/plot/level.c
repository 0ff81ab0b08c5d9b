/* SPDX-License-Identifier: Apache-2.0 */
/* Levels, and what pictures over rates have in common. */
#include "analyze/plot/level.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/script.h"
#include "analyze/stats/describe.h"
#include "common/utf8.h"
#include "common/version.h"

enum { CROWDED = 12, LABELS_MAX = 10, IDS_MAX = 44 };

struct level level_of(const double *x, size_t n)
{
	struct stats_summary s;
	struct level l = {n, (double)NAN, (double)NAN, (double)NAN};
	if (stats_describe(&s, x, n, 0.95))
		return l;
	l.mean = s.mean;
	if (n > 1) {
		l.lo = n < LEVEL_INTERVAL_MIN ? s.min : s.ci_lo;
		l.hi = n < LEVEL_INTERVAL_MIN ? s.max : s.ci_hi;
	}
	return l;
}

struct level level_of_config(const struct plot_data *d, size_t config, run_figure *f,
			     const void *which)
{
	struct run_group g = d->runs->config[config];
	double *x = nb_alloc(g.n + 1, sizeof(*x));
	size_t n = 0;
	for (size_t i = 0; i < g.n; i++) {
		double v = f(d, g.first + i, which);
		if (!isnan(v))
			x[n++] = v;
	}
	struct level l = level_of(x, n);
	free(x);
	return l;
}

double run_value(const struct plot_data *d, size_t run, const void *name)
{
	return value_at(d->values, run, figure_index(name));
}

double run_offered(const struct plot_data *d, size_t run, const void *unused)
{
	/* over lo what is not taken in is counted at reception alone */
	bool loopback = !strcmp(d->runs->run[run].path, "loopback");
	double dropped =
		run_value(d, run, loopback ? "receiver.rx_drop_pps" : "sender.tx_drop_pps");
	(void)unused;
	return run_value(d, run, "sender.tx_pps") + dropped;
}

double run_received(const struct plot_data *d, size_t run, const void *unused)
{
	double v = run_value(d, run, "receiver.forwarded_pps");
	(void)unused;
	return isnan(v) ? run_value(d, run, "receiver.rx_pps") : v;
}

const char *seen_title(const struct plot_data *d, const struct curve *c)
{
	const char *from = d->runs->run[c->runs.first].forwarded_from;
	if (from && !strcmp(from, "listener"))
		return "read by the listener (InDatagrams)";
	if (!from || strcmp(from, "rx_packets") != 0)
		return "received (UDP: InDatagrams + NoPorts + InErrors)";
	return d->veth ? "rx_packets (of veth: what the peer sent)" : "received (rx_packets)";
}

double config_target(const struct plot_data *d, size_t config)
{
	const struct run *run = &d->runs->run[d->runs->config[config].first];
	return run->target_pps == RUN_NONE ? (double)NAN
					   : (double)run->target_pps * (double)run->pairs;
}

size_t config_marked(const struct plot_data *d, size_t config)
{
	struct run_group g = d->runs->config[config];
	size_t mark = 0;
	for (size_t i = g.first; i < g.first + g.n; i++)
		mark |= (size_t)run_noted(&d->runs->run[i]) | (size_t)run_void(&d->runs->run[i])
								      << 1;
	return mark;
}

const char *config_mark(const struct plot_data *d, size_t config)
{
	static const char *const marks[] = {"", "*", "†", "*†"};
	return marks[config_marked(d, config)];
}

bool crowded(const struct curve *c)
{
	return c->configs.n > CROWDED;
}

/* What is said of how runs were taken together. */
struct method {
	size_t n_runs, least, most; /* of a rate */
	double shortest, longest;
	bool range, interval;
	struct nb_text noted, voids; /* codes */
};

/* Takes in the runs of `runs`, which are of the curve c. */
static void method_take(struct method *m, const struct plot_data *d, const struct curve *c,
			struct run_group runs)
{
	for (size_t i = c->configs.first; i < c->configs.first + c->configs.n; i++) {
		struct run_group g = d->runs->config[i];
		size_t n = runs.n < g.n ? runs.n : g.n;
		if (g.first + g.n <= runs.first || g.first >= runs.first + runs.n)
			continue;
		m->least = !m->most || n < m->least ? n : m->least;
		m->most = n > m->most ? n : m->most;
		m->range |= n > 1 && n < LEVEL_INTERVAL_MIN;
		m->interval |= n >= LEVEL_INTERVAL_MIN;
	}
	for (size_t i = runs.first; i < runs.first + runs.n; i++) {
		const struct run *run = &d->runs->run[i];
		m->shortest = m->n_runs ? fmin(m->shortest, run->duration_s) : run->duration_s;
		m->longest = fmax(m->longest, run->duration_s);
		m->n_runs++;
		if (run_noted(run))
			frame_add_codes(&m->noted, run->reasons);
		if (run_void(run))
			frame_add_codes(&m->voids, run->reasons);
	}
}

/* Where the last of a list begins: "1–3, 7" → "7". */
static const char *last_id(const char *ids)
{
	const char *s = ids + strlen(ids);
	while (s > ids && s[-1] >= '0' && s[-1] <= '9')
		s--;
	return s;
}

/* "runs 1–16 · mean of 2 runs of 10 s at each rate · whiskers: lowest and highest"; without
 * whiskers where a single rate is shown. */
static void method_text(struct nb_text *t, const struct method *m, const char *ids, bool means,
			bool whiskers)
{
	if (strlen(ids) > IDS_MAX) /* the script has them all */
		text_addf(t, "%zu runs, %.*s to %s · ", m->n_runs, (int)strcspn(ids, ",–"), ids,
			  last_id(ids));
	else
		text_addf(t, "run%s %s · ", m->n_runs == 1 ? "" : "s", ids);
	if (m->most == 1)
		text_add(t, "one run");
	else if (m->least == m->most)
		text_addf(t, "%s%zu runs", means ? "mean of " : "", m->most);
	else
		text_addf(t, "%s%zu to %zu runs", means ? "means of " : "", m->least, m->most);
	if (m->longest > m->shortest)
		text_addf(t, " of %g to %g s", m->shortest, m->longest);
	else
		text_addf(t, " of %g s", m->longest);
	text_add(t, m->n_runs == 1 || (means && !whiskers) ? "" : " at each rate");
	if (whiskers && (m->range || m->interval))
		text_addf(t, " · whiskers: %s%s%s", m->range ? "lowest and highest" : "",
			  m->range && m->interval ? ", or " : "",
			  m->interval ? "95 % interval" : "");
	if (whiskers && m->range && m->interval)
		text_add(t, " from 5 runs");
}

void frame_add_codes(struct nb_text *t, const char *codes)
{
	char *copy = nb_strdup(codes ? codes : ""), *save = NULL;
	for (char *code = strtok_r(copy, ", ", &save); code; code = strtok_r(NULL, ", ", &save))
		if (!t->s || !strstr(t->s, code))
			text_addf(t, "%s%s", t->len ? ", " : "", code);
	free(copy);
}

static void notes_text(struct nb_text *t, const struct method *m)
{
	if (m->noted.len)
		text_addf(t, "* noted: %s", m->noted.s);
	if (m->voids.len)
		text_addf(t, "%s† measurement failed: %s", t->len ? " · " : "", m->voids.s);
}

void frame_cut(struct nb_text *t, size_t characters)
{
	size_t at = 0, n = 0;
	for (; t->s && t->s[at] && n < characters; n++) {
		size_t len = utf8_length(t->s + at);
		at += len ? len : 1;
	}
	if (t->s && t->s[at]) {
		text_cut(t, at);
		text_add(t, "…");
	}
}

/* Frees what m holds. */
static void put_frame(struct nb_text *script, struct method *m, struct nb_text *words,
		      const char *ids, bool means, bool whiskers)
{
	struct nb_text t = {0};
	frame_cut(words, WORDS_MAX);
	gp_set_text(script, "words", words->s);
	method_text(&t, m, ids, means, whiskers);
	frame_cut(&t, CORNER_MAX);
	gp_set_text(script, "corner", t.s);
	text_cut(&t, 0);
	notes_text(&t, m);
	frame_cut(&t, CORNER_MAX - 10);
	gp_set_text(script, "corner2", t.len ? t.s : "");
	gp_set_text(script, "origin", "nbanalyze " NB_VERSION);
	text_free(&t);
	text_free(&m->noted);
	text_free(&m->voids);
}

static bool repeated(const struct plot_data *d, const struct curve *c)
{
	for (size_t i = 0; i < c->configs.n; i++)
		if (d->runs->config[c->configs.first + i].n > 1)
			return true;
	return false;
}

static void frame_of(struct nb_text *script, const struct plot_data *d, const struct curve *c,
		     struct run_group runs, const char *more, bool apart)
{
	struct method m = {0};
	struct nb_text words = {0}, ids = {0};
	curve_words(&words, d->runs, c);
	text_add(&words, more);
	runs_ids_text(&ids, d->runs, runs);
	method_take(&m, d, c, runs);
	put_frame(script, &m, &words, ids.s, !apart, !apart && runs.n == c->runs.n);
	gp_set_number(script, "whiskers", repeated(d, c));
	text_free(&words);
	text_free(&ids);
}

void define_frame_of(struct nb_text *script, const struct plot_data *d, const struct curve *c,
		     struct run_group runs, const char *more)
{
	frame_of(script, d, c, runs, more, false);
}

void define_frame_apart(struct nb_text *script, const struct plot_data *d, const struct curve *c,
			const char *more)
{
	frame_of(script, d, c, c->runs, more, true);
}

void define_family(struct nb_text *script, const struct plot_data *d)
{
	const struct family *f = d->family;
	struct method m = {0};
	struct nb_text words = {0}, ids = {0};
	char *name[FAMILY_MAX];
	bool whiskers = false;
	family_words(&words, d->runs, f);
	family_ids_text(&ids, d->runs, f);
	for (size_t i = 0; i < f->n; i++) {
		struct nb_text t = {0};
		family_name(&t, d->runs, f, i);
		name[i] = t.s;
		method_take(&m, d, f->curve[i], f->curve[i]->runs);
		whiskers |= repeated(d, f->curve[i]);
	}
	put_frame(script, &m, &words, ids.s, true, true);
	gp_set_number(script, "whiskers", whiskers);
	gp_set_number(script, "curves", (double)f->n);
	gp_set_texts(script, "NAME", name, f->n);
	for (size_t i = 0; i < f->n; i++)
		free(name[i]);
	text_free(&words);
	text_free(&ids);
}

void define_frame(struct nb_text *script, const struct plot_data *d, const struct curve *c)
{
	define_frame_of(script, d, c, c->runs, "");
}

void define_rates(struct nb_text *script, const struct plot_data *d, const struct curve *c)
{
	size_t n = c->configs.n, step = crowded(c) ? (n + LABELS_MAX - 1) / LABELS_MAX : 1;
	char **label = nb_alloc(n + 1, sizeof(*label));
	int64_t pairs = d->runs->run[c->runs.first].pairs;
	for (size_t i = 0; i < n; i++) {
		size_t config = c->configs.first + i;
		const char *mark = config_mark(d, config);
		char buf[32];
		struct nb_text t = {0};
		if (i % step) { /* no room for the rate, but for its mark */
			label[i] = *mark ? nb_strdup(mark) : NULL;
			continue;
		}
		text_addf(&t, "%s%s%s",
			  run_rate_text(buf, &d->runs->run[d->runs->config[config].first]),
			  *mark ? " " : "", mark);
		label[i] = t.s;
	}
	define_frame(script, d, c);
	gp_set_number(script, "n", (double)n);
	gp_set_texts(script, "LABEL", label, n);
	gp_set_text(script, "rate_title",
		    pairs > 1 ? "target rate: pairs × packets/s" : "target rate (packets/s)");
	for (size_t i = 0; i < n; i++)
		free(label[i]);
	free(label);
}
