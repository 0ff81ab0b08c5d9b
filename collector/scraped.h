/* SPDX-License-Identifier: Apache-2.0 */
/* `run --scrape ROLE=URL`: nodes whose counters come from Prometheus endpoints, in a run that has
 * agents. */
#ifndef NB_SCRAPED_H
#define NB_SCRAPED_H

#include "collector/feed.h"
#include "collector/ingest/scrape.h"
#include "common/cli.h"

/* Are all of them ROLE=URL? */
int scraped_check(const struct opt_texts *targets, struct nb_err *err);

/* Asks each once; NULL in *out where there are none. */
int scraped_open(struct scraper **out, const struct opt_texts *targets, struct nb_err *err);

/* Begins: one reading at once, then on those instants of the run's grid (in CLOCK_MONOTONIC ns)
 * that lie a second or more apart. */
int scraped_start(struct scraper *s, int64_t origin_ns, int64_t interval_ns, struct nb_err *err);

/* Adds what was read to a finished record: a node endpoint for each target, which the ends of its
 * role are on from now on (`node=`: those that had none). Needs scrape_stop(). */
void scraped_add(struct scraper *s, struct feed *f);

#endif
