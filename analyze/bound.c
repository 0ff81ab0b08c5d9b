/* SPDX-License-Identifier: Apache-2.0 */
/* Levels, then the figures over what was offered, then what claims the packets that are missing. */
#include "analyze/bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/bootstrap.h"
#include "analyze/stats/describe.h"
#include "analyze/stats/loss.h"
#include "analyze/stats/mann_whitney.h"
#include "analyze/stats/status.h"

static const double loss_goal = 0.005;	  /* PDR's: a loss above it binds */
static const double offered_share = 0.97; /* below it the source binds: a stall is no bound */
static const double distinct = 1.02;	  /* rates nearer to each other are one */
static const double confidence = 0.95;
static const double least_share = 0.003; /* of what was asked: less claims nothing */
static const double least_part = 0.2;	 /* of what is missing at a level */
static const double least_right = 0.25;
static const double heavy_loss = 0.1; /* of what was offered: more would not have arrived either */
static const double as_before = 0.02; /* of the larger: counters nearer to each other are equal */
enum { KNEE_RATES = 4, BOOTSTRAP_RUNS = 3, REPLICATES = 2000, SEED = 1 };

void bound_free(struct bound *b)
{
	free(b->level);
	free(b->point);
	free(b->cause);
	*b = (struct bound){0};
}

/* --- levels ------------------------------------------------------------------------------------
 */

static double mean(const double *x, size_t n)
{
	return stats_mean(x, n);
}

static double column_mean(const struct bound_point *p, size_t n, size_t offset)
{
	double *x = nb_alloc(n + 1, sizeof(*x));
	for (size_t i = 0; i < n; i++)
		memcpy(&x[i], (const char *)&p[i] + offset, sizeof(x[i]));
	double m = mean(x, n);
	free(x);
	return m;
}

static struct bound_level level_of(const struct runs *runs, size_t config,
				   const struct bound_point *p)
{
	struct run_group g = runs->config[config];
	const struct run *run = &runs->run[g.first];
	struct bound_level l = {
		.config = config,
		.asked = run->target_pps == RUN_NONE ? (double)NAN
						     : (double)run->target_pps * (double)run->pairs,
		.offered = column_mean(p, g.n, offsetof(struct bound_point, offered)),
		.carried = column_mean(p, g.n, offsetof(struct bound_point, carried)),
		.loss = column_mean(p, g.n, offsetof(struct bound_point, loss)),
	};
	double asked = isnan(l.asked) ? l.offered : l.asked;
	double share = fmin(1, l.offered / asked);
	l.short_of = isnan(l.asked) || share < offered_share;
	l.missing = 1 - share * (1 - fmax(0, l.loss));
	l.binds = l.short_of || l.loss > loss_goal;
	return l;
}

static void make_levels(struct bound *b, const struct runs *runs, const struct curve *curve)
{
	size_t done = 0;
	b->level = nb_alloc(curve->configs.n + 1, sizeof(*b->level));
	for (size_t i = 0; i < curve->configs.n; i++) {
		size_t config = curve->configs.first + i;
		struct bound_level l = level_of(runs, config, b->point + done);
		done += runs->config[config].n;
		if (!isnan(l.offered) && !isnan(l.loss))
			b->level[b->n_levels++] = l;
	}
	b->first_binding = b->n_levels;
	while (b->first_binding > 0 && b->level[b->first_binding - 1].binds)
		b->first_binding--;
	for (size_t i = 0; i < b->n_levels; i++) {
		size_t k = 0;
		while (k < i && fmax(b->level[k].offered / b->level[i].offered,
				     b->level[i].offered / b->level[k].offered) >= distinct)
			k++;
		b->n_rates += k == i;
	}
	b->source_limited = b->n_levels && b->level[b->n_levels - 1].short_of;
}

/* --- figures over what was offered -------------------------------------------------------------
 */

static void find_knee(struct bound *b)
{
	double *x = nb_alloc(b->n_points + 1, sizeof(*x)),
	       *y = nb_alloc(b->n_points + 1, sizeof(*y));
	size_t n = 0;
	for (size_t i = 0; i < b->n_points; i++) {
		x[n] = b->point[i].offered;
		y[n] = b->point[i].carried;
		n += !isnan(x[n]) && !isnan(y[n]);
	}
	b->knee_status =
		b->n_rates < KNEE_RATES ? STATS_TOO_FEW : stats_knee(&b->knee, x, y, n, confidence);
	free(x);
	free(y);
}

/* Received at the highest rate that was asked, whatever was lost. */
static void find_mrr(struct bound *b, const struct runs *runs)
{
	const struct bound_level *top = &b->level[b->n_levels - 1];
	size_t n = runs->config[top->config].n;
	double *x = nb_alloc(n + 1, sizeof(*x));
	struct stats_summary d;
	for (size_t i = 0; i < n; i++) /* the highest level's runs stand last */
		x[i] = b->point[b->n_points - n + i].carried;
	if (!stats_describe(&d, x, n, confidence)) {
		b->mrr = (struct bound_figure){
			d.mean,	 d.ci_lo < 0 ? 0 : d.ci_lo, /* it is a rate */
			d.ci_hi, d.n > 1 ? "t" : NULL,	    top->short_of ? "lower" : NULL, d.n};
		if (top->loss > loss_goal)
			b->mrr.limit = NULL; /* the path was more than full */
	}
	free(x);
}

/* What the bootstrap asks for: the loss of each level, and where its rates stand. */
struct loss_curve {
	const double *offered;
	double goal;
};

static double rate_within(const struct stats_sample *samples, size_t n, void *payload)
{
	const struct loss_curve *c = payload;
	struct stats_loss_bound found;
	double *loss = nb_alloc(n + 1, sizeof(*loss));
	for (size_t i = 0; i < n; i++)
		loss[i] = mean(samples[i].x, samples[i].n);
	int rc = stats_loss_bound(&found, c->offered, loss, n, c->goal);
	free(loss);
	return rc ? (double)NAN : found.rate;
}

/* With three repeats of every level: by resampling runs. */
static void resample(struct bound_figure *f, const struct bound *b, const struct runs *runs,
		     double *offered, double goal)
{
	struct stats_sample *samples = nb_alloc(b->n_levels + 1, sizeof(*samples));
	double *loss = nb_alloc(b->n_points + 1, sizeof(*loss));
	size_t *ones = nb_alloc(b->n_points + 1, sizeof(*ones)), done = 0, least = SIZE_MAX;
	struct loss_curve curve = {offered, goal};
	struct stats_bootstrap result;
	const struct stats_bootstrap_options options = {REPLICATES, 1, SEED, confidence};
	for (size_t i = 0; i < b->n_points; i++) {
		loss[i] = fmax(0, b->point[i].loss);
		ones[i] = 1;
	}
	for (size_t i = 0; i < b->n_levels; i++) {
		size_t n = runs->config[b->level[i].config].n;
		samples[i] = (struct stats_sample){
			loss + done, n, {ones + done, n}
		};
		done += n;
		least = n < least ? n : least;
	}
	if (done == b->n_points && least >= BOOTSTRAP_RUNS &&
	    !stats_bootstrap(&result, rate_within, &curve, samples, b->n_levels, &options)) {
		f->lo = result.lo;
		f->hi = result.hi;
		f->interval = "bootstrap";
	}
	free(samples);
	free(loss);
	free(ones);
}

static struct bound_figure find_loss_bound(const struct bound *b, const struct runs *runs,
					   double goal)
{
	struct bound_figure f = {(double)NAN, (double)NAN, (double)NAN, NULL, NULL, b->n_points};
	double *offered = nb_alloc(b->n_levels + 1, sizeof(*offered));
	double *loss = nb_alloc(b->n_levels + 1, sizeof(*loss));
	struct stats_loss_bound found;
	for (size_t i = 0; i < b->n_levels; i++) {
		offered[i] = b->level[i].offered;
		loss[i] = fmax(0, b->level[i].loss);
	}
	if (!stats_loss_bound(&found, offered, loss, b->n_levels, goal)) {
		f.value = found.rate;
		if (isnan(found.failed)) {
			f.limit = "lower";
		} else if (isnan(found.passed)) {
			f.value = found.failed;
			f.limit = "upper";
		} else {
			f.lo = found.passed;
			f.hi = found.failed;
			f.interval = "bracket";
			resample(&f, b, runs, offered, goal);
		}
	}
	free(offered);
	free(loss);
	return f;
}

/* --- what binds --------------------------------------------------------------------------------
 */

/* The share of what was asked at a level that is missing at a stage; 0 where nothing is. */
static double missing_at(const struct bound_level *l, const struct evidence *e, const char *stage)
{
	double offered = evidence_sum(e, "offered"), asked = evidence_sum(e, "intended");
	double packets = evidence_sum(e, stage);
	if (!strcmp(stage, "not_offered")) {
		/* as fast as possible: what was not offered is not known; the source was the bound
		 * if nothing was lost */
		if (isnan(l->asked))
			return l->loss > loss_goal ? 0 : 1;
		return l->short_of ? fmax(0, 1 - l->offered / l->asked) : 0;
	}
	if (!strcmp(stage, "residual"))
		packets = fabs(packets);
	return packets > 0 ? packets / fmax(offered, isnan(asked) ? 0 : asked) : 0;
}

static double claims(const struct bound_level *l, const struct evidence *e, const struct cause *c)
{
	double missing = missing_at(l, e, c->stage);
	if (missing <= 0)
		return 0;
	double right = c->right(e);
	return right >= least_right ? missing * right : 0;
}

static bool binding(const struct bound_level *l, double share)
{
	return share >= least_share && share >= least_part * l->missing;
}

/* A cause's counter in the runs of some levels; returns how many there are. */
static size_t counter_of(double *out, const struct bound *b, const struct runs *runs,
			 const struct evidence *of_run, const struct cause *c, size_t from,
			 size_t to, bool binds)
{
	size_t n = 0;
	for (size_t i = from; i < to; i++) {
		struct run_group g = runs->config[b->level[i].config];
		for (size_t k = g.first; k < g.first + g.n && b->level[i].binds == binds; k++) {
			out[n] = c->value(&of_run[k]);
			n += isfinite(out[n]) != 0;
		}
	}
	return n;
}

/* Values that differ by less than counters resolve become one, or noise would be a movement. */
static void level_out(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (fabs(v[i] - v[k]) <= as_before * fmax(fabs(v[i]), fabs(v[k]))) {
				v[i] = v[k];
				break;
			}
}

/* How the counter of a cause moved from the rates below, at which all arrived, to the one at which
 * it begins to bind. */
static void find_movement(struct bound_cause *c, const struct bound *b, const struct runs *runs,
			  const struct evidence *of_run)
{
	double *v = nb_alloc(runs->n + 1, sizeof(*v));
	struct stats_mann_whitney test;
	size_t here = counter_of(v, b, runs, of_run, c->cause, c->level, c->level + 1, true);
	size_t below = counter_of(v + here, b, runs, of_run, c->cause, 0, b->first_binding, false);
	c->moved = c->moved_p = (double)NAN;
	level_out(v, here + below);
	int rc = stats_mann_whitney(&test, v, here, v + here, below, STATS_MANN_WHITNEY_EXACT);
	free(v);
	if (rc && rc != STATS_CONSTANT)
		return;
	c->moved = rc ? 0.5 : test.share;
	c->moved_p = rc ? 1 : test.p;
	c->runs_here = here;
	c->runs_below = below;
}

/* What a claim is worth once it is known how the counter moved: all of it where it always stood
 * higher than below, half where it never did. Few runs say little: one more pair of each outcome is
 * added (Laplace). */
static double weight(const struct bound_cause *c)
{
	double pairs = (double)c->runs_here * (double)c->runs_below;
	if (isnan(c->moved))
		return 1;
	return 0.5 + 0.5 * (c->moved * pairs + 1) / (pairs + 2);
}

static int compare_causes(const void *a, const void *b)
{
	const struct bound_cause *x = a, *y = b;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	if (x->path != y->path)
		return x->path ? -1 : 1;
	if (x->claim != y->claim)
		return x->claim > y->claim ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* From which level a cause binds and how much it costs there; false: from none. */
static bool find_cause(struct bound_cause *found, const struct bound *b,
		       const struct evidence *of_config)
{
	const struct cause *c = found->cause;
	double most = 0;
	found->level = b->n_levels;
	for (size_t i = b->first_binding; i < b->n_levels; i++) {
		const struct evidence *e = &of_config[b->level[i].config];
		double share = claims(&b->level[i], e, c);
		if (!binding(&b->level[i], share))
			continue;
		if (found->level == b->n_levels) {
			found->level = i;
			found->share = share;
			found->path = b->level[i].loss >= heavy_loss &&
				      strcmp(c->stage, "not_offered") != 0;
		}
		if (share > most) {
			most = share;
			found->at = e;
		}
	}
	return found->level < b->n_levels;
}

static void find_causes(struct bound *b, const struct runs *runs,
			const struct evidence_of_runs *evidence)
{
	const struct cause *c;
	for (size_t i = 0; (c = cause_at(i)); i++) {
		struct bound_cause found = {.cause = c, .order = i};
		if (!find_cause(&found, b, evidence->config))
			continue;
		found.value = c->value(&evidence->config[b->level[found.level].config]);
		found.below =
			found.level ? c->value(&evidence->config[b->level[found.level - 1].config])
				    : (double)NAN;
		find_movement(&found, b, runs, evidence->run);
		found.claim = found.share * weight(&found);
		b->cause = nb_realloc(b->cause, b->n_causes + 1, sizeof(*b->cause));
		b->cause[b->n_causes++] = found;
	}
	if (b->n_causes)
		qsort(b->cause, b->n_causes, sizeof(*b->cause), compare_causes);
}

void bound_of_curve(struct bound *out, const struct runs *runs, const struct curve *curve,
		    const struct evidence_of_runs *evidence, const double *y)
{
	*out = (struct bound){.n_points = curve->runs.n, .knee_status = STATS_TOO_FEW};
	out->point = nb_alloc(curve->runs.n + 1, sizeof(*out->point));
	for (size_t i = 0; i < curve->runs.n; i++) {
		size_t at = curve->runs.first + i;
		double seconds = runs->run[at].effective_s, offered = evidence->offered[at];
		out->point[i] = (struct bound_point){
			.offered = seconds > 0 ? offered / seconds : (double)NAN,
			.carried = y		 ? y[at]
				   : seconds > 0 ? evidence->delivered[at] / seconds
						 : (double)NAN,
			.loss = offered > 0 ? run_loss(&runs->run[at],
						       1 - evidence->delivered[at] / offered)
					    : (double)NAN,
		};
	}
	make_levels(out, runs, curve);
	if (!out->n_levels)
		return;
	find_knee(out);
	find_mrr(out, runs);
	out->ndr = find_loss_bound(out, runs, 0);
	out->pdr = find_loss_bound(out, runs, loss_goal);
	find_causes(out, runs, evidence);
}
