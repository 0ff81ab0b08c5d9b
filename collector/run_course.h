/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of a run share: run.c leads it through its course, run_listen.c hears its
 * agents. */
#ifndef NB_RUN_COURSE_H
#define NB_RUN_COURSE_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include "collector/agent/protocol.h"
#include "collector/feed.h"
#include "collector/live.h"
#include "collector/reach.h"
#include "collector/run.h"
#include "collector/scraped.h"
#include "collector/spool.h"
#include "collector/testbed/testbed.h"

enum { RUN_SPOOL_S = 10 }; /* from one writing of the spool to the next */

struct course {
	const struct cli *cli;
	const struct run_plan *plan;
	const struct run_options *options;
	struct testbed testbed;
	struct run_record record;
	struct feed feed;
	struct spool spool;
	struct line_reader *readers; /* one an endpoint */
	struct reach *reaches;	  /* one an endpoint; used where a broken transport can come back */
	struct live_counts *live; /* one an endpoint; used at receivers */
	struct scraper *scraper;  /* NULL: nothing is scraped */
	uint64_t unread;	  /* live lines that found standard output full */
	int64_t origin_ns, next_spool_ns, next_confirm_ns;
	cpu_set_t own_cpus;
	bool moved; /* this process was moved off the measured cores */
};

/* Reads what agents say until `until_ns` (CLOCK_MONOTONIC) or, if `done` is given, until it holds,
 * which is returned. Looks for agents that are out of reach, writes the spool, prints live lines. A
 * signal ends it. */
bool run_listen(struct course *c, int64_t until_ns, bool (*done)(const struct course *c));

#endif
