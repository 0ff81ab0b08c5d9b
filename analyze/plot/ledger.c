/* SPDX-License-Identifier: Apache-2.0 */
/* Reads v_ledger into a matrix. */
#include "analyze/plot/ledger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In path order. tx_errors is not among them: v_ledger has those in tx_dropped or tx_packets. */
const struct loss_stage loss_stages[] = {
	{"not_offered",	"never offered",		 false},
	{"tx_qdisc_drop", "qdisc",			   true },
	{"tx_dropped",    "driver (tx_dropped)",	      true },
	{"wire",		 "between the ends",	     true },
	{"rx_missed",     "ring (rx_missed_errors)",	 true },
	{"rx_errors",     "interface (rx_errors)",	       true },
	{"rx_dropped",    "softnet backlog (rx_dropped)", true },
	{"rx_qdisc_drop", "tc ingress",			true },
	{"rx_nohandler",	 "interface (rx_nohandler)",     true },
	{"otherhost",     "interface (other host's MAC)", true },
	{"ip_dropped",    "IP",			     true },
	{"martian",	    "IP (martian source)",	   true },
	{"udp_csum",	     "UDP (checksum)",	       true },
	{"udp_rcvbuf",    "socket buffer (RcvbufErrors)", true },
	{"udp_other",     "UDP (other)",		     true },
	{"udp_unread",    "waits unread in a socket",	   true },
	{"background",    "not of the test",		  false},
	{"residual",	     "unexplained",		    true },
};
const size_t n_loss_stages = sizeof(loss_stages) / sizeof(*loss_stages);

void ledger_free(struct ledger *l)
{
	free(l->run);
	free(l->cells);
	*l = (struct ledger){0};
}

static void put(struct run_ledger *r, double *intended, double *forwarded, const char *stage,
		double packets)
{
	const struct {
		const char *name;
		double *to;
	} wholes[] = {
		{"intended",  intended     },
		{"offered",   &r->offered  },
		{"forwarded", forwarded    },
		{"delivered", &r->delivered},
	};
	for (size_t i = 0; i < sizeof(wholes) / sizeof(*wholes); i++)
		if (!strcmp(wholes[i].name, stage))
			*wholes[i].to = packets;
	for (size_t i = 0; i < n_loss_stages; i++)
		if (!strcmp(loss_stages[i].name, stage))
			r->lost[i] = packets;
}

int ledger_load(struct ledger *out, struct store *s, const struct runs *runs, struct nb_err *err)
{
	struct nb_text ids = {0};
	sqlite3_stmt *st = NULL;
	int rc = store_prepare(s, &st, store_query("run_ledger.sql"), "read the ledger", err);
	*out = (struct ledger){0};
	if (rc)
		return -1;
	runs_ids(&ids, runs);
	sqlite3_bind_text(st, 1, ids.s, -1, SQLITE_STATIC);
	out->run = nb_alloc(runs->n + 1, sizeof(*out->run));
	out->cells = nb_alloc((runs->n + 1) * n_loss_stages, sizeof(*out->cells));
	double *whole = nb_alloc(2 * runs->n + 2, sizeof(*whole));
	for (size_t i = 0; i < runs->n * n_loss_stages; i++)
		out->cells[i] = (double)NAN;
	for (size_t i = 0; i < runs->n; i++) {
		out->run[i] = (struct run_ledger){(double)NAN, (double)NAN, (double)NAN,
						  out->cells + i * n_loss_stages};
		whole[2 * i] = whole[2 * i + 1] = (double)NAN;
	}
	while ((rc = store_step(s, st, "read the ledger", err)) == 1) {
		size_t i = runs_find(runs, sqlite3_column_int64(st, 0));
		if (i < runs->n && sqlite3_column_type(st, 2) != SQLITE_NULL)
			put(&out->run[i], &whole[2 * i], &whole[2 * i + 1],
			    (const char *)sqlite3_column_text(st, 1), sqlite3_column_double(st, 2));
	}
	for (size_t i = 0; i < runs->n; i++) {
		/* fmax and isnan: whichever is known */
		out->run[i].asked = fmax(whole[2 * i], out->run[i].offered);
		if (isnan(out->run[i].delivered))
			out->run[i].delivered = whole[2 * i + 1];
	}
	sqlite3_finalize(st);
	text_free(&ids);
	free(whole);
	if (rc)
		ledger_free(out);
	return rc;
}
