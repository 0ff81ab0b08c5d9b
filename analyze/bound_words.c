/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds in words. */
#include "analyze/bound_words.h"

#include <math.h>
#include <string.h>

#include "analyze/explain.h"
#include "analyze/stats/mann_whitney.h"

static const double much_more = 4; /* a later cause that costs so many times what the first does */

static void say_rate(struct nb_text *out, double asked)
{
	char si[32];
	text_add(out, isnan(asked) ? "as fast as possible" : format_si(si, asked));
}

/* What binds later, if it costs so much more that the first alone would mislead: its index. */
static size_t later(const struct bound *b)
{
	size_t most = 0;
	for (size_t i = 1; i < b->n_causes; i++)
		if (b->cause[i].level > b->cause[0].level &&
		    b->cause[i].share > much_more * b->cause[0].share &&
		    (!most || b->cause[i].level < b->cause[most].level))
			most = i;
	return most;
}

void bound_say(struct nb_text *out, const struct bound *b)
{
	char carried[32], asked[32];
	if (!b->n_causes && b->first_binding == b->n_levels) {
		text_addf(out,
			  ": all that was asked arrived, up to %s: nothing bound it; ask for more",
			  format_si(asked, b->level[b->n_levels - 1].asked));
		return;
	}
	const struct bound_level *l = &b->level[b->first_binding];
	if (isnan(l->asked))
		text_addf(out, ": bound as fast as possible, where %s arrived",
			  format_si(carried, l->carried));
	else
		text_addf(out, ": bound from %s on, where %s arrived", format_si(asked, l->asked),
			  format_si(carried, l->carried));
	if (!b->n_causes) {
		text_add(out, "; no counter says why");
		return;
	}
	text_add(out, ": ");
	b->cause[0].cause->say(out, b->cause[0].at);
	size_t i = later(b);
	if (!i)
		return;
	l = &b->level[b->cause[i].level];
	text_add(out, "; and from ");
	say_rate(out, l->asked);
	text_addf(out, " on, where %s arrived: ", format_si(carried, l->carried));
	b->cause[i].cause->say(out, b->cause[i].at);
}

static void say_runs(struct nb_text *out, size_t n)
{
	text_addf(out, "%zu run%s", n, n == 1 ? "" : "s");
}

void bound_say_level(struct nb_text *out, const struct bound_level *l, size_t n_runs)
{
	char offered[32], carried[32];
	text_add(out, "asked ");
	say_rate(out, l->asked);
	text_addf(out, ", the source offered %s and %s were carried, ",
		  format_si(offered, l->offered), format_si(carried, l->carried));
	if (l->loss > 0)
		text_addf(out, "%.3g %% lost", 100 * l->loss);
	else
		text_add(out, "none lost");
	text_add(out, n_runs == 1 ? ": " : ": means of ");
	say_runs(out, n_runs);
	text_add(out, ".");
}

static void say_interval(struct nb_text *out, double lo, double hi)
{
	char a[32], b[32];
	text_addf(out, "95 %% interval %s to %s", format_si(a, lo), format_si(b, hi));
}

void bound_say_knee(struct nb_text *out, const struct stats_knee *k, double value)
{
	char si[32], p[24];
	bool bends = k->p_exists < 0.05;
	text_addf(out,
		  bends ? "carried bends away from offered at %s (" : "no bend is shown up to %s (",
		  format_si(si, value));
	if (bends && !isnan(k->psi_lo)) {
		say_interval(out, k->psi_lo, k->psi_hi);
		text_add(out, "; ");
	}
	text_add(out, "two lines that meet, ");
	say_runs(out, k->n);
	if (!isnan(k->p_exists))
		text_addf(out, ", %s of one straight line", explain_p(p, k->p_exists));
	text_add(out, ")");
	if (bends)
		text_addf(out, ": each packet more carries %.3g below it and %.3g above",
			  k->before.estimate, k->after.estimate);
	if (bends && k->livelock)
		text_add(out, ", less in all: livelock");
	text_add(out, ".");
}

void bound_say_figure(struct nb_text *out, const struct bound_figure *f, const char *what)
{
	static const struct {
		const char *interval, *words;
	} how[] = {
		{"fit",	"of the fit"					     },
		{"t",	      "by Student's t"					 },
		{"bootstrap", "by drawing runs again"				     },
		{"bracket",   "the highest rate that passed and the lowest that failed"},
	};
	char si[32];
	bool bracket = f->interval && !strcmp(f->interval, "bracket");
	if (isnan(f->value))
		return;
	text_addf(out, "%s %s%s (", what,
		  !f->limit		       ? ""
		  : !strcmp(f->limit, "lower") ? "at least "
					       : "less than ",
		  format_si(si, f->value));
	if (!isnan(f->lo) && !bracket) {
		say_interval(out, f->lo, f->hi);
		text_add(out, " ");
	} else if (!isnan(f->lo)) {
		char lo[32], hi[32];
		text_addf(out, "between %s and %s, ", format_si(lo, f->lo), format_si(hi, f->hi));
	}
	for (size_t i = 0; i < sizeof(how) / sizeof(*how) && f->interval; i++)
		if (!strcmp(how[i].interval, f->interval))
			text_addf(out, "%s, ", how[i].words);
	say_runs(out, f->n);
	text_add(out, ").");
}

/* p only where so many runs could show anything. */
static void say_movement(struct nb_text *out, const struct bound_cause *c)
{
	char p[24];
	text_addf(out, "; higher than where all arrived in %.3g of %zu pairs of runs",
		  c->moved * (double)c->runs_here * (double)c->runs_below,
		  c->runs_here * c->runs_below);
	if (stats_mann_whitney_least_p(c->runs_here, c->runs_below) < 0.05)
		text_addf(out, ", %s", explain_p(p, c->moved_p));
}

void bound_say_cause(struct nb_text *out, const struct bound *b, size_t i)
{
	const struct bound_cause *c = &b->cause[i];
	text_addf(out, i ? "cause %zu, from " : "what binds first, from ", i + 1);
	say_rate(out, b->level[c->level].asked);
	text_add(out, isnan(b->level[c->level].asked) ? ": " : " on: ");
	c->cause->say(out, c->at);
	text_addf(out, " (it cost %.3g %% of what was asked there", 100 * c->share);
	if (*c->cause->counter && !isnan(c->value)) {
		text_addf(out, "; %s %.3g %s", c->cause->counter, c->value,
			  strcmp(c->cause->unit, "1") ? c->cause->unit : "");
		if (out->s[out->len - 1] == ' ')
			text_cut(out, out->len - 1);
		if (!isnan(c->below))
			text_addf(out, ", one rate below %.3g", c->below);
		if (!isnan(c->moved))
			say_movement(out, c);
	}
	text_add(out, ").");
}
