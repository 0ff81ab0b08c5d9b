/* SPDX-License-Identifier: Apache-2.0 */
/* The table of advice, and the line that is made of it. */
#include "common/reason.h"

#include <math.h>
#include <string.h>

static const struct {
	const char *code, *advice;
} reasons[] = {
	{"interrupted",		"it was ended early: make it again"					   },
	{"agent_lost",
	 "an agent ended or fell silent before it delivered: is the host overloaded, or out of "
	 "memory?"											 },
	{"generator_failed",	     "the generator did not start, died, or sent nothing"			 },
	{"generator_unthrottled",
	 "the generator offered more than was asked: it ran without its throttle for a while, or "
	 "sent again and again what the driver refused; nbanalyze ledger shows drops, a quieter "
	 "core or --generator paced helps"								 },
	{"interface_gone",	   "an interface could not be read: it was removed or renamed on the way"	 },
	{"counters_lost",
	 "what was offered or forwarded is not known: a counter was reset, or was never there"	      },
	{"nothing_sent",		 "no frame was handed to the driver: is the interface up?"		  },
	{"residual",
	 "no counter explains this share of the packets: nbanalyze ledger shows the lines"		  },
	{"traffic_before",
	 "something else sent at an endpoint in the idle second (packets): end it, and make the "
	 "run again"										       },
	{"source_limited",
	 "the generator could not send what was asked: the rates are its bound, not the path's; "
	 "more cores (-c), or ask for less"								},
	{"burst_limited",
	 "the busiest 10 ms over the mean: a loss shows how deep a buffer is, not what the path "
	 "carries; an even source (--generator paced), or ask for less"				       },
	{"cores_shared",
	 "senders and receivers share cores and measure each other: fewer pairs or cores"			 },
	{"receiver_in_sender",
	 "reception ran inside the sender's calls, where nothing can be lost: run as root"		  },
	{"missed_ticks",
	 "this share of the readings came too late: a longer -i, or a core left free for the "
	 "agents"											  },
	{"steal",
	 "the hypervisor took this share of the CPUs: the rates are those of what it left"		  },
	{"short_window",
	 "too few steady samples, so rates are totals over the time of sending: a longer -s, or a "
	 "shorter -i"										      },
	{"one_end",		    "imported, and the other end's file was not there: no loss is known"	},
	{"nominal_time",		 "its samples have no stamps of their own: rates are as good as its clock"},
};

const char *reason_advice(const char *code)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (!strcmp(reasons[i].code, code))
			return reasons[i].advice;
	return NULL;
}

void reason_text(struct nb_text *out, const char *code, double value, double limit)
{
	const char *advice = reason_advice(code);
	text_add(out, code);
	if (isfinite(value))
		text_addf(out, " %.4g", value);
	if (isfinite(limit))
		text_addf(out, " (limit %.4g)", limit);
	if (advice)
		text_addf(out, ": %s", advice);
}
