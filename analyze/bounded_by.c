/* SPDX-License-Identifier: Apache-2.0 */
/* The sentence that says what bounded a curve. A config of it carries all when at least 99 % of
 * what was asked was offered and nothing of that was lost. */
#include "analyze/bounded_by.h"

#include <math.h>
#include <string.h>

#include "analyze/stats/describe.h"

static const double offered_share = 0.99;

/* The means of one config. */
struct carried {
	double target, offered, loss, sender_cpu, receiver_cpu;
};

static double mean_of(const struct values *v, struct run_group g, const char *figure)
{
	double sum = 0;
	size_t n = 0, column = figure_index(figure);
	for (size_t i = g.first; i < g.first + g.n; i++)
		if (!isnan(value_at(v, i, column))) {
			sum += value_at(v, i, column);
			n++;
		}
	return n ? sum / (double)n : NAN;
}

static struct carried carried_by(const struct runs *runs, struct run_group g,
				 const struct values *v)
{
	const struct run *run = &runs->run[g.first];
	double drops = mean_of(v, g, "sender.tx_drop_pps");
	return (struct carried){
		.target = (double)run->target_pps * (double)run->pairs,
		.offered = mean_of(v, g, "sender.tx_pps") + (isnan(drops) ? 0 : drops),
		.loss = run_loss(run, mean_of(v, g, "receiver.loss_ratio")),
		.sender_cpu = mean_of(v, g, "sender.cpu_percent"),
		.receiver_cpu = mean_of(v, g, "receiver.cpu_percent"),
	};
}

static void say_source(struct nb_text *out, const struct run *run, const struct carried *c)
{
	char sent[32];
	text_addf(out, "%s sent %s from core%s %s", run->generator, format_si(sent, c->offered),
		  strchr(run->cores, ',') ? "s" : "", run->cores);
	if (!isnan(c->sender_cpu))
		text_addf(out, " (%.0f %% busy)", c->sender_cpu);
}

static int say_loss(struct nb_text *out, struct store *s, const struct runs *runs,
		    struct run_group g, const struct carried *c, struct nb_err *err)
{
	struct nb_text ids = {0};
	sqlite3_stmt *st;
	int rc = store_prepare(s, &st, store_query("worst_place.sql"), "look for losses", err);
	runs_ids_of(&ids, runs, g);
	if (!rc) {
		sqlite3_bind_text(st, 1, ids.s, -1, SQLITE_STATIC);
		rc = store_step(s, st, "look for losses", err);
	}
	if (rc == 1)
		text_addf(out, ", %.3g %% of it lost %s", 100 * c->loss,
			  (const char *)sqlite3_column_text(st, 0));
	else if (rc == 0)
		text_addf(out, ", %.3g %% of it lost, where is not known", 100 * c->loss);
	if (rc >= 0 && !isnan(c->receiver_cpu))
		text_addf(out, " (receiver core %.0f %% busy)", c->receiver_cpu);
	sqlite3_finalize(st);
	text_free(&ids);
	return rc < 0 ? -1 : 0;
}

int bounded_by(struct nb_text *out, struct store *s, const struct runs *runs,
	       const struct curve *curve, const struct values *of_runs, struct nb_err *err)
{
	struct carried c = {0}, whole = {0};
	struct run_group worst = {0};
	char rate[32];
	for (size_t i = 0; i < curve->configs.n; i++) {
		struct run_group g = runs->config[curve->configs.first + i];
		if (runs->run[g.first].target_pps == RUN_NONE)
			continue;
		struct carried here = carried_by(runs, g, of_runs);
		if (isnan(here.offered) || isnan(here.loss))
			continue;
		if (here.offered >= offered_share * here.target && here.loss <= 0) {
			whole = worst.n ? whole : here;
			continue;
		}
		worst = g; /* the highest rate tells the cause most clearly */
		c = here;
	}
	if (!worst.n && whole.target <= 0)
		return 0;
	curve_words(out, runs, curve);
	if (!worst.n) {
		text_addf(out,
			  ": all that was asked arrived, up to %s: nothing bound it; ask for more",
			  format_si(rate, whole.target));
		return 0;
	}
	text_addf(out, ": bound by %s; ", c.loss > 0 ? "loss" : "the source");
	if (whole.target > 0)
		text_addf(out, "up to %s all that was asked arrived; ",
			  format_si(rate, whole.target));
	text_addf(out, "asked %s, ", format_si(rate, c.target));
	say_source(out, &runs->run[worst.first], &c);
	if (c.loss > 0)
		return say_loss(out, s, runs, worst, &c, err);
	text_add(out, run_loss_doubt(&runs->run[worst.first]) > 0
			      ? ", none of it lost beyond what two clocks explain"
			      : ", none of it lost");
	return 0;
}
