/* SPDX-License-Identifier: Apache-2.0 */
/* What can be done about each stage's loss: a table. */
#include "analyze/ledger_words.h"

#include <string.h>

#include "common/output.h"

static const struct {
	const char *stage, *look_at;
} advice[] = {
	{"tx_qdisc_drop", "the sender's qdisc, its limit and rate (tc -s qdisc)"			},
	{"tx_dropped",
	 "whether the interface at the other end is up, and the sender's ring (ethtool -G tx)"	      },
	{"wire",		 "what lies between the ends: switch, bridge, hypervisor, rate limits"	      },
	{"rx_missed",
	 "the receiver's ring (ethtool -G rx), its queues (-L) and where they interrupt"		},
	{"rx_errors",     "cable, MTU and the NIC's own counters (ethtool -S)"			  },
	{"rx_dropped",
	 "net.core.netdev_max_backlog, the cores of RPS (rps_cpus), and how fast those cores are"	 },
	{"rx_qdisc_drop", "the filters at the receiver's ingress (tc filter show dev IF ingress)"	 },
	{"rx_nohandler",	 "which member of the bond is active"					     },
	{"otherhost",     "the destination MAC address that the sender uses"				},
	{"ip_dropped",    "the receiver's addresses and routes, and net.ipv4.ip_forward"		     },
	{"martian",	    "the source address, and net.ipv4.conf.*.rp_filter (log_martians shows them)"},
	{"udp_csum",	     "the sender's checksums (ethtool -K tx-checksumming), and the path's memory" },
	{"udp_rcvbuf",
	 "the socket's buffer (SO_RCVBUF, net.core.rmem_max), and how fast it is read"		      },
	{"udp_other",     "net.ipv4.udp_mem, and filters at the socket"				   },
	{"udp_unread",    "who reads that socket: datagrams wait in it"				    },
	{"residual",	     "a drop that no counter here names: a firewall, XDP, a bridge's port"	  },
};

const char *ledger_advice(const char *stage)
{
	for (size_t i = 0; i < sizeof(advice) / sizeof(*advice); i++)
		if (!strcmp(advice[i].stage, stage))
			return advice[i].look_at;
	return NULL;
}

static void say_lost(struct nb_text *out, sqlite3_stmt *st)
{
	const char *stage = (const char *)sqlite3_column_text(st, 0);
	double lost = sqlite3_column_double(st, 2), offered = sqlite3_column_double(st, 3);
	const char *look_at = ledger_advice(stage);
	char a[32], b[32];
	const char *most = (const char *)sqlite3_column_text(st, 4);
	const char *place = (const char *)sqlite3_column_text(st, 1);
	if (!strcmp(stage, "residual"))
		text_add(out, "most of what was lost is unexplained");
	else
		text_addf(out, "most was lost %s%s", strcmp(stage, "wire") ? "at " : "", place);
	text_addf(out, " (%s%s%s): %s of %s offered", stage, most ? ", " : "", most ? most : "",
		  format_si(a, lost), format_si(b, offered));
	if (offered > 0)
		text_addf(out, " (%.3g %%)", 100 * lost / offered);
	if (look_at)
		text_addf(out, "; look at %s", look_at);
}

static int offered_of(double *out, struct store *s, const char *ids, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(s, &st,
			  "SELECT sum(offered) FROM run "
			  "WHERE id IN (SELECT value FROM json_each(?1))",
			  "read what was offered", err))
		return -1;
	sqlite3_bind_text(st, 1, ids, -1, SQLITE_STATIC);
	int rc = store_step(s, st, "read what was offered", err);
	*out = rc == 1 ? sqlite3_column_double(st, 0) : 0;
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

int ledger_sentence(struct nb_text *out, struct store *s, const char *ids, struct nb_err *err)
{
	sqlite3_stmt *st;
	double offered;
	char si[32];
	if (offered_of(&offered, s, ids, err) ||
	    store_prepare(s, &st, store_query("loss_stages.sql"), "read the ledger", err))
		return -1;
	sqlite3_bind_text(st, 1, ids, -1, SQLITE_STATIC);
	int rc = store_step(s, st, "read the ledger", err);
	if (rc == 1)
		say_lost(out, st);
	else if (!rc && offered > 0)
		text_addf(out, "nothing was lost: %s offered, and all of it is accounted for",
			  format_si(si, offered));
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}
