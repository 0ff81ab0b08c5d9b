/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of a run when it is stored: its rows, and one line that a person can act on. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/cores.h"
#include "collector/run.h"
#include "common/reason.h"
#include "schema/cell.h"

enum { CORE_FULL_PERCENT = 90 };
static const double shortfall_told = 0.005;

static const struct column columns[] = {
	{"run_id",		   COL_INT	  },
	{"uuid",		 COL_TEXT	 },
	{"pair",		 COL_INT	},
	{"target_pps",	       COL_SI    },
	{"frame_size",	       COL_INT   },
	{"n_cores",	    COL_INT   },
	{"cores",		  COL_TEXT  },
	{"pairs",		  COL_INT	 },
	{"testbed",	    COL_TEXT  },
	{"generator",	      COL_TEXT  },
	{"duration_s",	       COL_SIG4  },
	{"intended_packets",  COL_INT   },
	{"offered_packets",   COL_INT   },
	{"forwarded_packets", COL_INT   },
	{"loss_ratio",	       COL_SIG4  },
	{"tx_pps",		   COL_SI	 },
	{"rx_pps",		   COL_SI	 },
	{"peak_ratio",	       COL_SIG4  },
	{"empty_share",	COL_FIXED3},
	{"verdict",	    COL_TEXT  },
	{"reasons",	    COL_JSON  },
	{"delivered_packets", COL_INT   },
	{"fairness",	     COL_SIG4  },
	{"start_spread_s",	   COL_SIG4  },
};

enum { N_COLUMNS = sizeof(columns) / sizeof(*columns) };

int run_print(struct store *store, const struct cli *cli, const int64_t *run_ids, size_t n,
	      const char *command, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(store, &st, store_query("run_rows.sql"), "read the run back", err))
		return -1;
	struct output *out = output_begin(stdout, cli->format, command, columns, N_COLUMNS);
	int rc = 0;
	for (size_t i = 0; !rc && i < n; i++) {
		sqlite3_reset(st);
		sqlite3_bind_int64(st, 1, run_ids[i]);
		while ((rc = store_step(store, st, "read the run back", err)) == 1) {
			struct cell cells[N_COLUMNS];
			for (int c = 0; c < N_COLUMNS; c++)
				cells[c] = store_cell(st, c);
			output_row(out, cells);
		}
	}
	output_end(out);
	sqlite3_finalize(st);
	return rc;
}

/* Are there cores for `n_cores` a sender, and one for each receiver? */
static bool cores_left(size_t n_cores, size_t pairs)
{
	struct nb_err ignored = {0};
	int *usable;
	size_t n;
	if (cores_usable(&usable, &n, &ignored))
		return false;
	free(usable);
	return (n_cores + 1) * pairs <= n;
}

/* The source gave less than was asked: its cores were full, or it did not get to them in time. */
static void say_source(struct nb_text *out, sqlite3_stmt *st)
{
	double busy = sqlite3_column_double(st, 8);
	const char *cores = (const char *)sqlite3_column_text(st, 6);
	const char *s = strchr(cores, ',') ? "s" : "";
	int more = sqlite3_column_int(st, 5) + 1;
	int throttled = sqlite3_column_int(st, 17);
	if (throttled && busy <= CORE_FULL_PERCENT) {
		text_addf(out,
			  ": the source came late: its CPU limit was used up %d time%s: give each "
			  "sender whole cores",
			  throttled, throttled > 1 ? "s" : "");
		return;
	}
	if (busy <= CORE_FULL_PERCENT) {
		text_addf(out,
			  ": the source came late: sender core%s %s at %.0f %%, something else "
			  "held it up",
			  s, cores, busy);
		return;
	}
	text_addf(out, ": bound by the source: sender core%s %s at %.0f %%", s, cores, busy);
	/* how many a pod has is for its cluster to say */
	bool here = !strcmp((const char *)sqlite3_column_text(st, 16), "netns");
	if (here && cores_left((size_t)more, (size_t)sqlite3_column_int(st, 15)))
		text_addf(out, "; try -c %d", more);
}

/* What a person should look at first: of what was not offered and what was lost, the larger. */
static void say_bound(struct nb_text *out, sqlite3_stmt *st, double loss)
{
	double target = sqlite3_column_double(st, 0), offered = sqlite3_column_double(st, 1);
	double receiver = sqlite3_column_double(st, 9), peak = sqlite3_column_double(st, 7);
	double missing = target > 0 ? 1 - offered / target : 0;
	if (missing > shortfall_told && missing >= loss) {
		say_source(out, st);
	} else if (loss > 0) {
		int throttled = sqlite3_column_int(st, 18);
		text_addf(out, ": receiver core at %.0f %%", receiver);
		if (throttled)
			text_addf(out,
				  "; the receiver's CPU limit was used up %d time%s: give it whole "
				  "cores",
				  throttled, throttled > 1 ? "s" : "");
		else if (peak > 2)
			text_addf(out,
				  "; the source sent %.0f times its mean rate for 10 ms: the "
				  "loss shows a buffer's depth",
				  peak);
	}
}

static void say_traffic(struct nb_text *out, sqlite3_stmt *st)
{
	char si[32];
	if (sqlite3_column_type(st, 0) == SQLITE_NULL)
		text_add(out, "as fast as possible");
	else
		text_addf(out, "asked %s", format_si(si, sqlite3_column_double(st, 0)));
	if (sqlite3_column_type(st, 2) == SQLITE_NULL) {
		text_add(out, ", what was sent is not known");
		return;
	}
	text_addf(out, ", sent %s", format_si(si, sqlite3_column_double(st, 1)));
	if (sqlite3_column_type(st, 3) == SQLITE_NULL) {
		text_add(out, ", what arrived is not known");
		return;
	}
	const char *place = (const char *)sqlite3_column_text(st, 10);
	double sent = sqlite3_column_double(st, 2), lost = sent - sqlite3_column_double(st, 3);
	text_addf(out, ", lost %s", format_si(si, lost));
	if (lost > 0)
		text_addf(out, " packets (%.3g %%) at %s", 100 * lost / sent,
			  place ? place : "a place that is not known");
	if (strcmp((const char *)sqlite3_column_text(st, 11), "aborted") != 0)
		say_bound(out, st, lost > 0 ? lost / sent : 0);
}

/* A column that may be NULL. */
static double figure(sqlite3_stmt *st, int i)
{
	return sqlite3_column_type(st, i) == SQLITE_NULL ? (double)NAN
							 : sqlite3_column_double(st, i);
}

int run_say_reasons(struct store *store, const struct cli *cli, int64_t run_id, struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc;
	if (store_prepare(store, &st, store_query("reasons.sql"), "read the run back", err))
		return -1;
	sqlite3_bind_int64(st, 1, run_id);
	while ((rc = store_step(store, st, "read the run back", err)) == 1) {
		struct nb_text line = {0};
		reason_text(&line, (const char *)sqlite3_column_text(st, 0), figure(st, 1),
			    figure(st, 2));
		cli_say(cli, "  %s", line.s);
		text_free(&line);
	}
	sqlite3_finalize(st);
	return rc;
}

int run_closing_line(struct store *store, int64_t run_id, struct nb_text *out, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(store, &st, store_query("closing_line.sql"), "read the run back", err))
		return -1;
	sqlite3_bind_int64(st, 1, run_id);
	int rc = store_step(store, st, "read the run back", err);
	if (rc == 1) {
		const char *verdict = (const char *)sqlite3_column_text(st, 12);
		const char *error = (const char *)sqlite3_column_text(st, 13);
		const char *reasons = (const char *)sqlite3_column_text(st, 14);
		if (strcmp((const char *)sqlite3_column_text(st, 4), "none"))
			say_traffic(out, st);
		else
			text_add(out, "recorded");
		if (strcmp(verdict, "valid"))
			text_addf(out, " [%s: %s]", verdict, reasons ? reasons : "");
		if (error)
			text_addf(out, " (%s)", error);
	}
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}
