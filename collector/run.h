/* SPDX-License-Identifier: Apache-2.0 */
/* One run from plan to store: docs/methodology.md tells its course. */
#ifndef NB_RUN_H
#define NB_RUN_H

#include "collector/plan.h"
#include "common/text.h"
#include "schema/store.h"

struct run_options {
	bool live;	    /* -m: the live line on stdout */
	bool announce;	    /* say what will be used, and the closing line */
	int64_t progress;   /* 1: show seconds on a terminal */
	const char *prefix; /* before the progress: "run 3 of 16" */
};

struct run_result {
	int64_t run_id;
	char uuid[37];
	char status[16], verdict[16];
	bool interrupted;
};

/* Makes the run and stores it. 0: it is in the store, whatever its verdict. -1: it could not be
 * made or not be stored; the message says which. */
int run_execute(struct run_result *out, struct store *store, const struct cli *cli,
		const struct run_plan *plan, const struct run_options *options, struct nb_err *err);

/* SIGINT and SIGTERM set a flag that ends the run in order; a second one ends the wait for it. */
void run_catch_signals(void);
bool run_interrupted(void);

/* `asked 1 M, sent 150.9 k, lost 0: sender core 4 at 100 %; try -c 2`: from the store. */
int run_closing_line(struct store *store, int64_t run_id, struct nb_text *out, struct nb_err *err);

/* The reasons of its verdict on standard error, a line each: figure, limit, what to do. */
int run_say_reasons(struct store *store, const struct cli *cli, int64_t run_id, struct nb_err *err);

/* The rows of `run` (all pairs together, then each pair where there are several) on stdout. */
int run_print(struct store *store, const struct cli *cli, const int64_t *run_ids, size_t n,
	      const char *command, struct nb_err *err);

#endif
