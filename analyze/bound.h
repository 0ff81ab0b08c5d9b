/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a curve (runs that are equal in all but the rate) carries, and what binds it. A level is one
 * rate of it, all repeats together. It binds when more than 0.5 % of what was offered was lost, or
 * less than 97 % of what was asked was offered; what binds a curve are its levels from the lowest
 * on above which all bind: one that binds below others that do not was disturbed.
 */
#ifndef NB_BOUND_H
#define NB_BOUND_H

#include "analyze/cause.h"
#include "analyze/evidence.h"
#include "analyze/stats/knee.h"

struct bound_level {
	size_t config;			/* in struct runs */
	double asked, offered, carried; /* per second, means of runs; asked NaN: all that goes */
	double loss;			/* share of offered that was not delivered */
	double missing;			/* share of asked that was not delivered */
	bool short_of; /* the source: less than 97 % of what was asked was offered */
	bool binds;
};

struct bound_point { /* a run */
	double offered, carried, loss;
};

/* A figure with an interval; NaN where there is none. */
struct bound_figure {
	double value, lo, hi;
	const char *interval; /* how it was made: fit, t, bootstrap, bracket; NULL: none */
	const char *limit;    /* "lower": the truth is no less than this; "upper"; NULL */
	size_t n;	      /* runs in it */
};

/* What a cause costs at a level. */
struct bound_cause {
	const struct cause *cause;
	size_t level; /* the lowest that it binds */
	bool path;    /* the path lost so much there that more from the source would be lost too */
	double share; /* of what was asked there */
	double value, below; /* of its counter there, and at the level below */
	/* How often its counter stood higher in a run there than in one of a lower rate at which
	 * all arrived: 0 to 1, 0.5 where it stayed as it was; p is Mann and Whitney's. NaN without
	 * such a run. */
	double moved, moved_p;
	size_t runs_here, runs_below;
	double claim; /* share, less where the counter did not move: by it causes are ranked */
	size_t order; /* of cause_at() */
	const struct evidence *at; /* for its words: where it shows most clearly */
};

struct bound {
	struct bound_level *level;	/* by rising rate, as fast as possible last */
	size_t n_levels, first_binding; /* == n_levels: none binds */
	struct bound_point *point;	/* in the order of the curve's runs */
	size_t n_points;
	bool source_limited; /* the highest level is short of its source */
	int knee_status;     /* of stats_knee(); STATS_TOO_FEW also for fewer than 4 rates */
	size_t n_rates;	     /* of levels, that differ by 2 % at least in what was offered */
	struct stats_knee knee;
	struct bound_figure mrr, ndr, pdr;
	struct bound_cause *cause; /* what binds first, first */
	size_t n_causes;
};

/* `y`: of each of `runs` the figure that is drawn over what was offered; NULL: what was delivered
 * per second. What the causes say points into `evidence`. */
void bound_of_curve(struct bound *out, const struct runs *runs, const struct curve *curve,
		    const struct evidence_of_runs *evidence, const double *y);
void bound_free(struct bound *b);

#endif
