/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /proc/net/snmp6 (net/ipv6/proc.c): a name and a number on each line. Its counters are the metrics
 * that snmp.c takes from /proc/net/snmp and /proc/net/netstat: a run reads those of its IP version.
 */
#include "collector/counters/parse.h"
#include "collector/counters/scan.h"

/* As the kernel has them, so that each line's row is mostly the one after the last. */
const struct snmp_column snmp6_columns[SNMP6_METRICS] = {
	{"ip_in_receives",	   NULL, "Ip6InReceives"	},
	{"ip_in_hdr_errors",     NULL, "Ip6InHdrErrors"	   },
	{"ip_in_no_routes",	    NULL, "Ip6InNoRoutes"	 },
	{"ip_in_addr_errors",    NULL, "Ip6InAddrErrors"    },
	{"ip_in_unknown_protos", NULL, "Ip6InUnknownProtos" },
	{"ip_in_truncated",	    NULL, "Ip6InTruncatedPkts" },
	{"ip_in_discards",	   NULL, "Ip6InDiscards"	},
	{"ip_in_delivers",	   NULL, "Ip6InDelivers"	},
	{"ip_forw_datagrams",    NULL, "Ip6OutForwDatagrams"},
	{"ip_out_requests",	    NULL, "Ip6OutRequests"	  },
	{"ip_out_discards",	    NULL, "Ip6OutDiscards"	  },
	{"ip_out_no_routes",     NULL, "Ip6OutNoRoutes"	   },
	{"ip_in_multicast",	    NULL, "Ip6InMcastPkts"	  },
	{"icmp_in_msgs",	 NULL, "Icmp6InMsgs"	    },
	{"icmp_out_msgs",	  NULL, "Icmp6OutMsgs"	      },
	{"udp_in_datagrams",     NULL, "Udp6InDatagrams"    },
	{"udp_no_ports",	 NULL, "Udp6NoPorts"	    },
	{"udp_in_errors",	  NULL, "Udp6InErrors"	      },
	{"udp_out_datagrams",    NULL, "Udp6OutDatagrams"   },
	{"udp_rcvbuf_errors",    NULL, "Udp6RcvbufErrors"   },
	{"udp_sndbuf_errors",    NULL, "Udp6SndbufErrors"   },
	{"udp_in_csum_errors",   NULL, "Udp6InCsumErrors"   },
	{"udp_mem_errors",	   NULL, "Udp6MemErrors"	},
};

/* The row of a name, sought from `next` on; n: none. */
static size_t find(struct scan name, size_t next, const struct snmp_column *columns,
		   const size_t *lengths, size_t n)
{
	size_t len = (size_t)(name.end - name.at);
	for (size_t i = 0; i < n; i++) {
		size_t k = next + i < n ? next + i : next + i - n;
		if (lengths[k] == len && !memcmp(name.at, columns[k].column, len))
			return k;
	}
	return n;
}

int snmp6_parse(uint64_t *values, const struct snmp_column *columns, size_t n, const char *buf,
		size_t len)
{
	struct scan text = {buf, buf + len}, line, name;
	size_t next = 0, lengths[SNMP6_METRICS];
	uint64_t number;
	int found = 0;
	for (size_t k = 0; k < n; k++) {
		values[k] = METRIC_MISSING;
		lengths[k] = strlen(columns[k].column);
	}
	while (scan_line(&text, &line)) {
		if (!scan_word(&line, &name))
			continue;
		size_t k = find(name, next, columns, lengths, n);
		if (k == n || !scan_number(&line, &number) || number == METRIC_MISSING)
			continue;
		found += values[k] == METRIC_MISSING;
		values[k] = number;
		next = k + 1;
	}
	return found ? found : -1;
}
