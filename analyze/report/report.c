/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of the page, in the order in which a reader asks: may I trust it, what came of it,
 * why, and how do I get the same. */
#include "analyze/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/bound.h"
#include "analyze/bounded_by.h"
#include "analyze/plot/level.h"
#include "analyze/plot/query.h"
#include "analyze/plot/related.h"
#include "analyze/report/figures.h"
#include "analyze/report/html.h"
#include "analyze/select.h"
#include "common/version.h"
#include "schema/embedded.h"

extern const struct embedded_text embedded_report[];

struct page {
	struct nb_text *out;
	struct cli *cli;
	struct plot_data data;
	struct bound *bound; /* of each curve */
};

static const char *part(const char *name)
{
	const struct embedded_text *t = embedded_report;
	while (strcmp(t->name, name) != 0)
		t++;
	return t->text;
}

static void put_head(struct page *p)
{
	text_add(p->out, "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
			 "<meta name=viewport content='width=device-width, initial-scale=1'>\n"
			 "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
			 "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
			 "<link rel=icon href='data:,'><title>netbound report: ");
	html_text(p->out, p->cli->db);
	text_addf(p->out, "</title>\n<style>\n%s</style></head><body>\n", part("page.css"));
}

static void take_place(void *to, sqlite3_stmt *st)
{
	struct nb_text *out = to;
	text_add(out, "<br>on ");
	html_text(out, (const char *)sqlite3_column_text(st, 0));
}

static int put_title(struct page *p)
{
	const struct runs *r = p->data.runs;
	struct run_group all = {0, r->n};
	struct nb_text t = {0};
	const char *from = NULL, *to = NULL;
	for (size_t i = 0; i < r->n; i++) {
		const char *at = r->run[i].started_utc;
		from = !from || strcmp(at, from) < 0 ? at : from;
		to = !to || strcmp(at, to) > 0 ? at : to;
	}
	select_text(&t, &selection);
	text_add(p->out, "<h1>What the network path carried</h1>\n<p class=soft>");
	text_addf(p->out, "%zu run%s of %zu configuration%s, %.16s to %.16s UTC; database ", r->n,
		  r->n == 1 ? "" : "s", r->n_configs, r->n_configs == 1 ? "" : "s", from, to);
	html_text(p->out, p->cli->db);
	text_add(p->out, "; selection: ");
	html_text(p->out, t.len ? t.s : "all runs");
	text_free(&t);
	text_add(p->out, "; nbanalyze " NB_VERSION);
	if (plot_query(&p->data, "report_places.sql", all, NULL, take_place, p->out))
		return -1;
	text_add(p->out, "</p>\n<nav aria-label=Sections><a href='#validity'>Validity</a> "
			 "<a href='#bound'>What binds</a> <a href='#table'>Configurations</a> "
			 "<a href='#pictures'>Pictures</a> <a href='#ledger'>Ledger</a> "
			 "<a href='#together'>What moves together</a> <a href='#where'>Where</a> "
			 "<a href='#again'>Reproduce</a></nav>\n");
	return 0;
}

static void take_reason(void *to, sqlite3_stmt *st)
{
	struct nb_text *out = to;
	text_add(out, "<tr>");
	html_cell(out, (const char *)sqlite3_column_text(st, 0));
	html_number(out, plot_column(st, 1));
	html_number(out, plot_column(st, 2));
	html_number(out, plot_column(st, 3));
	html_number(out, plot_column(st, 4));
	text_add(out, "</tr>\n");
}

static int put_validity(struct page *p)
{
	const struct runs *r = p->data.runs;
	size_t noted = 0, voids = 0;
	for (size_t i = 0; i < r->n; i++) {
		noted += run_noted(&r->run[i]);
		voids += run_void(&r->run[i]);
	}
	text_addf(p->out,
		  "<h2 id=validity>Validity</h2>\n<div class=tally><div class=good><b>%zu</b>valid"
		  "</div><div><b>%zu</b>noted: something bounded or coloured them</div>"
		  "<div%s><b>%zu</b>void: the measurement failed</div></div>\n",
		  r->n - noted - voids, noted, voids ? " class=bad" : "", voids);
	if (!noted && !voids)
		return 0;
	html_table(p->out, "Why runs are marked", "code|runs|lowest value|highest value|limit");
	if (plot_query(&p->data, "report_reasons.sql", (struct run_group){0, r->n}, NULL,
		       take_reason, p->out))
		return -1;
	html_table_end(p->out);
	return 0;
}

static void put_figure(struct nb_text *out, const struct bound_figure *f)
{
	char buf[32];
	if (isnan(f->value)) {
		text_add(out, "<td class=n data-v=''>–</td>");
		return;
	}
	text_addf(out, "<td class=n data-v='%.10g'>%s%s", f->value,
		  f->limit && !strcmp(f->limit, "lower")   ? "≥ "
		  : f->limit && !strcmp(f->limit, "upper") ? "≤ "
							   : "",
		  format_si(buf, f->value));
	if (!isnan(f->lo) && !isnan(f->hi)) {
		text_addf(out, " <span class=soft>(%s", format_si(buf, f->lo));
		text_addf(out, " to %s)</span>", format_si(buf, f->hi));
	}
	text_add(out, "</td>");
}

static void put_knee(struct nb_text *out, const struct bound *b)
{
	struct bound_figure f = {.value = NAN, .lo = NAN, .hi = NAN};
	if (!b->knee_status && b->knee.p_exists < 0.05)
		f = (struct bound_figure){
			.value = b->knee.psi, .lo = b->knee.psi_lo, .hi = b->knee.psi_hi};
	put_figure(out, &f);
}

static bool all_void(const struct runs *r, struct run_group g)
{
	size_t n = 0;
	for (size_t i = g.first; i < g.first + g.n; i++)
		n += run_void(&r->run[i]);
	return n == g.n;
}

static int put_bound(struct page *p, struct store *s)
{
	const struct runs *r = p->data.runs;
	int ret = 0;
	text_add(p->out, "<h2 id=bound>What binds</h2>\n<ul>\n");
	for (size_t i = 0; i < r->n_curves && !ret; i++) {
		struct nb_text t = {0};
		ret = bounded_by(&t, s, r, &r->curve[i], p->data.values, &p->cli->err);
		if (t.len) {
			text_add(p->out, "<li>");
			html_text(p->out, t.s);
			if (all_void(r, r->curve[i].runs))
				text_add(p->out,
					 " <span class=bad>(void runs only: rely on none of "
					 "it)</span>");
			for (size_t k = 0; k < p->bound[i].n_causes && k < 1; k++) {
				struct nb_text say = {0};
				const struct bound_cause *c = &p->bound[i].cause[k];
				c->cause->say(&say, c->at);
				text_add(p->out, "<br><span class=soft>");
				html_text(p->out, say.len ? say.s : c->cause->code);
				text_add(p->out, "</span>");
				text_free(&say);
			}
			text_add(p->out, "</li>\n");
		}
		text_free(&t);
	}
	text_add(p->out, "</ul>\n");
	html_table(
		p->out,
		"Packets a second: NDR and PDR are the highest rates with no loss and with at "
		"most 0.5 %, MRR what arrived at the highest rate, the knee where delivered over "
		"offered bends (95 % interval); ≥: nothing above was measured",
		"configuration|runs|NDR|PDR|MRR|knee");
	for (size_t i = 0; i < r->n_curves; i++) {
		struct nb_text t = {0};
		curve_words(&t, r, &r->curve[i]);
		text_add(p->out, "<tr>");
		html_cell(p->out, t.s);
		html_number(p->out, (double)r->curve[i].runs.n);
		put_figure(p->out, &p->bound[i].ndr);
		put_figure(p->out, &p->bound[i].pdr);
		put_figure(p->out, &p->bound[i].mrr);
		put_knee(p->out, &p->bound[i]);
		text_add(p->out, "</tr>\n");
		text_free(&t);
	}
	html_table_end(p->out);
	return ret;
}

static void put_table(struct page *p)
{
	const struct runs *r = p->data.runs;
	static const char *const figures[] = {"receiver.cpu_percent", "sender.cpu_percent",
					      "receiver.cpu_ns_per_packet",
					      "receiver.softirq_per_packet"};
	text_add(p->out, "<h2 id=table>Configurations</h2>\n");
	html_table(p->out, "Means over repeats; press a head to sort",
		   "configuration|asked|runs|noted|offered|received|of what was asked|loss|"
		   "receiver’s cores %|sender’s cores %|CPU ns / packet|softirqs / packet");
	for (size_t i = 0; i < r->n_configs; i++) {
		struct run_group g = r->config[i];
		struct nb_text t = {0};
		double target = config_target(&p->data, i), noted = 0;
		struct level got = level_of_config(&p->data, i, run_received, NULL);
		for (size_t k = g.first; k < g.first + g.n; k++)
			noted += run_noted(&r->run[k]);
		curve_words(&t, r, &r->curve[r->run[g.first].curve]);
		text_add(p->out, "<tr>");
		html_cell(p->out, t.s);
		html_number(p->out, target);
		html_number(p->out, (double)g.n);
		html_number(p->out, noted);
		html_number(p->out, level_of_config(&p->data, i, run_offered, NULL).mean);
		html_number(p->out, got.mean);
		html_percent(p->out, got.mean / target);
		html_percent(p->out,
			     level_of_config(&p->data, i, run_value, "receiver.loss_ratio").mean);
		for (size_t k = 0; k < sizeof(figures) / sizeof(*figures); k++)
			html_number(p->out,
				    level_of_config(&p->data, i, run_value, figures[k]).mean);
		text_add(p->out, "</tr>\n");
		text_free(&t);
	}
	html_table_end(p->out);
}

static int put_pictures(struct page *p, struct nb_text *note)
{
	struct figures f;
	char prefix[32];
	text_add(p->out, "<h2 id=pictures>Pictures</h2>\n");
	if (figures_draw(&f, note, &p->data)) {
		figures_free(&f);
		return -1;
	}
	if (note->len) {
		text_add(p->out, "<p class=bad>");
		html_text(p->out, note->s);
		text_add(p->out, "</p>\n");
	}
	text_add(p->out, "<div class=figures>\n");
	for (size_t i = 0; i < f.n; i++) {
		if (!f.v[i].svg)
			continue;
		snprintf(prefix, sizeof(prefix), "p%zu-", i);
		text_addf(p->out, "<figure id=picture-%zu>", i);
		html_svg(p->out, f.v[i].svg, prefix, f.v[i].kind->title);
		text_add(p->out, "</figure>\n");
	}
	text_add(p->out, "</div>\n");
	if (f.n_left_out)
		text_addf(p->out,
			  "<p class=soft>%zu more are left out here; nbanalyze plot draws "
			  "them.</p>\n",
			  f.n_left_out);
	figures_free(&f);
	return 0;
}

static double share_lost(const struct plot_data *d, size_t run, const void *which)
{
	const struct run_ledger *l = &d->ledger->run[run];
	size_t stage = *(const size_t *)which;
	return l->lost[stage] / (loss_stages[stage].loss ? l->offered : l->asked);
}

static double share_delivered(const struct plot_data *d, size_t run, const void *unused)
{
	(void)unused;
	return d->ledger->run[run].delivered / d->ledger->run[run].offered;
}

static double packets_offered(const struct plot_data *d, size_t run, const void *unused)
{
	(void)unused;
	return d->ledger->run[run].offered;
}

static void put_ledger(struct page *p)
{
	const struct runs *r = p->data.runs;
	struct nb_text names = {0};
	size_t drawn[64], n = 0;
	text_add(&names, "configuration|asked|packets offered|delivered");
	for (size_t k = 0; k < n_loss_stages && n < 64; k++) {
		bool any = false;
		for (size_t i = 0; i < r->n; i++)
			any |= fabs(p->data.ledger->run[i].lost[k]) > 0;
		if (!any)
			continue;
		text_addf(&names, "|%s%s", loss_stages[k].title,
			  loss_stages[k].loss ? "" : ", of what was asked");
		drawn[n++] = k;
	}
	text_add(p->out, "<h2 id=ledger>Where the packets went</h2>\n");
	html_table(
		p->out,
		"Shares of what was offered, means over repeats; stages without any are left out",
		names.s);
	for (size_t i = 0; i < r->n_configs; i++) {
		struct nb_text t = {0};
		curve_words(&t, r, &r->curve[r->run[r->config[i].first].curve]);
		text_add(p->out, "<tr>");
		html_cell(p->out, t.s);
		html_number(p->out, config_target(&p->data, i));
		html_number(p->out, level_of_config(&p->data, i, packets_offered, NULL).mean);
		html_percent(p->out, level_of_config(&p->data, i, share_delivered, NULL).mean);
		for (size_t k = 0; k < n; k++)
			html_percent(p->out,
				     level_of_config(&p->data, i, share_lost, &drawn[k]).mean);
		text_add(p->out, "</tr>\n");
		text_free(&t);
	}
	html_table_end(p->out);
	text_free(&names);
}

static int put_together(struct page *p)
{
	enum { MOST = 6 };
	const struct runs *r = p->data.runs;
	text_add(p->out, "<h2 id=together>What moves together</h2>\n");
	for (size_t i = 0; i < r->n_curves; i++) {
		struct plot_related v[MOST];
		struct nb_text t = {0};
		size_t n = MOST, of = 0;
		bool within = false;
		if (plot_related(v, &n, &of, &within, &p->data, &r->curve[i])) {
			text_free(&t);
			return -1;
		}
		curve_words(&t, r, &r->curve[i]);
		text_add(p->out, "<h3>");
		html_text(p->out, t.s);
		text_addf(p->out,
			  "</h3>\n<p class=soft>%s of %zu %s, p adjusted for all pairs "
			  "(Holm)</p>\n",
			  within ? "Samples" : "Means", of,
			  !within   ? "configurations"
			  : of == 1 ? "run"
				    : "runs");
		text_add(p->out,
			 n ? "<ul>\n" : "<p>Nothing that the data show (p &lt; 0.05).</p>\n");
		for (size_t k = 0; k < n; k++) {
			const struct plot_related *x = &v[k];
			text_addf(p->out, "<li>%s %s as %s rises (r = %.2f, %s%.2g)</li>\n",
				  figure_at(x->y)->name, x->r > 0 ? "rises" : "falls",
				  figure_at(x->x)->name, x->r,
				  x->p < 0.001 ? "p < " : "p = ", x->p < 0.001 ? 0.001 : x->p);
		}
		text_add(p->out, n ? "</ul>\n" : "");
		text_free(&t);
	}
	return 0;
}

static void take_fact(void *to, sqlite3_stmt *st)
{
	struct nb_text *out = to;
	text_add(out, "<tr>");
	for (int i = 0; i < 3; i++)
		html_cell(out, (const char *)sqlite3_column_text(st, i));
	html_number(out, plot_column(st, 3));
	text_add(out, "</tr>\n");
}

static int put_where(struct page *p)
{
	struct run_group all = {0, p->data.runs->n};
	struct nb_text rows = {0};
	text_add(p->out, "<h2 id=where>Where it was measured</h2>\n<h3>What differs between runs"
			 "</h3>\n");
	if (plot_query(&p->data, "report_facts.sql", all, "differ", take_fact, &rows)) {
		text_free(&rows);
		return -1;
	}
	if (rows.len) {
		html_table(p->out, "Facts with more than one value", "end|fact|value|runs");
		text_add(p->out, rows.s);
		html_table_end(p->out);
	} else {
		text_add(p->out, "<p>No fact that was noted down.</p>\n");
	}
	text_free(&rows);
	text_add(p->out, "<h3>What all have in common</h3>\n<details><summary>Facts</summary>\n");
	html_table(p->out, "One value in all runs", "end|fact|value|runs");
	if (plot_query(&p->data, "report_facts.sql", all, "same", take_fact, p->out))
		return -1;
	html_table_end(p->out);
	text_add(p->out, "</details>\n");
	return 0;
}

static void take_command(void *to, sqlite3_stmt *st)
{
	struct nb_text *out = to;
	const char *s = (const char *)sqlite3_column_text(st, 0);
	html_text(out, s ? s : "");
	text_add(out, "\n");
}

static void take_json(void *to, sqlite3_stmt *st)
{
	const char *s = (const char *)sqlite3_column_text(st, 0);
	html_json(to, s ? s : "[]");
}

static int put_again(struct page *p)
{
	struct run_group all = {0, p->data.runs->n};
	text_add(p->out,
		 "<h2 id=again>How to get the same</h2>\n<p>The commands that measured:</p>\n"
		 "<pre>");
	if (plot_query(&p->data, "report_commands.sql", all, NULL, take_command, p->out))
		return -1;
	text_add(p->out, "</pre>\n<p>The command that made this page:</p>\n<pre>");
	html_text(p->out, p->cli->command_line);
	text_add(p->out, "</pre>\n<p class=soft>The figures of each run are in this page as JSON: "
			 "<code>JSON.parse(document.getElementById('data').textContent)</code>"
			 "</p>\n<script type='application/json' id=data>");
	if (plot_query(&p->data, "report_data.sql", all, NULL, take_json, p->out))
		return -1;
	text_addf(p->out, "</script>\n<script>\n%s</script>\n</body></html>\n", part("page.js"));
	return 0;
}

static int put_all(struct page *p, struct nb_text *note, struct store *s)
{
	put_head(p);
	if (put_title(p) || put_validity(p) || put_bound(p, s))
		return -1;
	put_table(p);
	if (put_pictures(p, note))
		return -1;
	put_ledger(p);
	return put_together(p) || put_where(p) || put_again(p) ? -1 : 0;
}

int report_page(struct nb_text *page, struct nb_text *note, struct cli *cli, struct store *s,
		const struct runs *runs)
{
	struct values values = {0};
	struct ledger ledger = {0};
	struct evidence_of_runs evidence = {0};
	struct figure_context context = runs_context(runs);
	struct page p = {.out = page, .cli = cli};
	int ret = -1;
	p.data = (struct plot_data){
		.store = s,
		.err = &cli->err,
		.runs = runs,
		.values = &values,
		.ledger = &ledger,
		.evidence = &evidence,
		.one_node = context.one_node,
		.veth = context.joined,
		.look = {"svg", "screen", 1000, 720},
		.y = figure_count(),
		.x = figure_count()
	   };
	p.bound = nb_alloc(runs->n_curves + 1, sizeof(*p.bound));
	if (!values_of_runs(&values, s, runs, &cli->err) &&
	    !ledger_load(&ledger, s, runs, &cli->err) &&
	    !evidence_load(&evidence, s, runs, &cli->err)) {
		for (size_t i = 0; i < runs->n_curves; i++)
			bound_of_curve(&p.bound[i], runs, &runs->curve[i], &evidence, NULL);
		ret = put_all(&p, note, s);
		for (size_t i = 0; i < runs->n_curves; i++)
			bound_free(&p.bound[i]);
	}
	free(p.bound);
	values_free(&values);
	ledger_free(&ledger);
	evidence_of_runs_free(&evidence);
	return ret;
}
