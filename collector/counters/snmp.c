/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sources `snmp` and `netstat`: IP, ICMP and UDP counters of the network namespace, from
 * /proc/net/snmp, and those few of /proc/net/netstat that name a loss; over IPv6 all of them from
 * /proc/net/snmp6 (snmp6.c). The first two files are pairs of lines, names and then values; kernels
 * add columns in the middle (OutTransmits, MemErrors, InCsumErrors), so each is found by its name.
 * netstat costs three times as much, since the kernel adds up 150 counters over all CPUs for it: it
 * is read seldom. So is `other_ip`: what came of the IP version that is not the run's, and is no
 * loss.
 */
#include <stdlib.h>

#include "collector/counters/cells.h"
#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "collector/counters/scan.h"
#include "collector/counters/sources.h"
#include "common/text.h"

const struct snmp_column snmp_columns[SNMP_METRICS] = {
	{"ip_in_receives",	   "Ip:",	  "InReceives"     },
	{"ip_in_hdr_errors",     "Ip:",   "InHdrErrors"	 },
	{"ip_in_addr_errors",    "Ip:",   "InAddrErrors"   },
	{"ip_forw_datagrams",    "Ip:",   "ForwDatagrams"  },
	{"ip_in_unknown_protos", "Ip:",	"InUnknownProtos"},
	{"ip_in_discards",	   "Ip:",	  "InDiscards"     },
	{"ip_in_delivers",	   "Ip:",	  "InDelivers"     },
	{"ip_out_requests",	    "Ip:",   "OutRequests"	},
	{"ip_out_discards",	    "Ip:",   "OutDiscards"	},
	{"ip_out_no_routes",     "Ip:",   "OutNoRoutes"	 },
	{"icmp_in_msgs",	 "Icmp:", "InMsgs"	  },
	{"icmp_out_msgs",	  "Icmp:", "OutMsgs"	    },
	{"udp_in_datagrams",     "Udp:",  "InDatagrams"	  },
	{"udp_no_ports",	 "Udp:",	 "NoPorts"	  },
	{"udp_in_errors",	  "Udp:",  "InErrors"	    },
	{"udp_out_datagrams",    "Udp:",  "OutDatagrams"   },
	{"udp_rcvbuf_errors",    "Udp:",  "RcvbufErrors"   },
	{"udp_sndbuf_errors",    "Udp:",  "SndbufErrors"   },
	{"udp_in_csum_errors",   "Udp:",  "InCsumErrors"   },
	{"udp_mem_errors",	   "Udp:",  "MemErrors"      },
};

enum { NETSTAT_METRICS = 3 };
static const struct snmp_column netstat_columns[NETSTAT_METRICS] = {
	{"ip_rp_filter",	 "TcpExt:", "IPReversePathFilter"},
	{"ip_in_no_routes", "IpExt:",  "InNoRoutes"	  },
	{"ip_in_truncated", "IpExt:",  "InTruncatedPkts"    },
};

static bool word_is(struct scan word, const char *s)
{
	return *word.at == *s && scan_is(word, s, strlen(s)); /* words are not empty */
}

/* The first row of a protocol, whose rows stand together; n: not one of ours. */
static size_t find_protocol(const struct snmp_column *columns, size_t n, struct scan word)
{
	size_t k = 0;
	while (k < n && !word_is(word, columns[k].protocol))
		k++;
	return k;
}

/* Both lines stand behind their protocol, whose first row is `first`. */
static int take_values(uint64_t *values, const struct snmp_column *columns, size_t first, size_t n,
		       struct scan names, struct scan numbers)
{
	size_t end = first;
	while (end < n && !strcmp(columns[end].protocol, columns[first].protocol))
		end++;
	struct scan name;
	uint64_t number;
	int found = 0;
	while (scan_word(&names, &name) && scan_number(&numbers, &number)) {
		size_t k = first;
		while (k < end && !word_is(name, columns[k].column))
			k++;
		if (k == end || number == METRIC_MISSING)
			continue;
		values[k] = number;
		found++;
	}
	return found;
}

int columns_parse(uint64_t *values, const struct snmp_column *columns, size_t n, const char *buf,
		  size_t len)
{
	struct scan text = {buf, buf + len}, names, numbers, protocol, again;
	int found = 0;
	for (size_t k = 0; k < n; k++)
		values[k] = METRIC_MISSING;
	bool more = scan_line(&text, &names);
	while (more) {
		more = scan_line(&text, &numbers);
		struct scan next = numbers;
		if (more && scan_word(&names, &protocol) && scan_word(&numbers, &again) &&
		    scan_is(again, protocol.at, (size_t)(protocol.end - protocol.at))) {
			size_t first = find_protocol(columns, n, protocol);
			if (first < n)
				found += take_values(values, columns, first, n, names, numbers);
			more = scan_line(&text, &next);
		}
		names = next;
	}
	return found ? found : -1;
}

int snmp_parse(uint64_t values[static SNMP_METRICS], const char *buf, size_t len)
{
	return columns_parse(values, snmp_columns, SNMP_METRICS, buf, len);
}

struct counter_reader {
	const struct snmp_column *columns;
	size_t n;
	int (*parse)(uint64_t *values, const struct snmp_column *columns, size_t n, const char *buf,
		     size_t len);
	struct procfile file;
	struct cells cells;
};

static void snmp_close(struct counter_reader *r)
{
	procfile_close(&r->file);
	cells_free(&r->cells);
	free(r);
}

static int parse(uint64_t *values, const struct counter_reader *r)
{
	return r->parse(values, r->columns, r->n, r->file.buf, r->file.len);
}

static enum counter_state snmp_read(struct counter_reader *r, uint64_t *values)
{
	return procfile_read(&r->file) || parse(values, r) < 0 ? COUNTER_GONE : COUNTER_OK;
}

static int open_file(struct counter_reader **out, const struct counter_env *env, const char *name,
		     const struct snmp_column *columns, size_t n, struct nb_err *err)
{
	uint64_t values[SNMP6_METRICS]; /* of the longest table */
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	r->columns = columns;
	r->n = n;
	r->parse = columns->protocol ? columns_parse : snmp6_parse;
	if (procfile_open_net(&r->file, env->root_fd, name, err))
		goto fail;
	r->file.row_most = PROCFILE_SINGLE;
	if (parse(values, r) < 0) {
		nb_error(err, "/proc/net/%s has no column that this program knows", name);
		goto fail;
	}
	for (size_t k = 0; k < n; k++)
		cells_add(&r->cells, columns[k].metric, -1);
	*out = r;
	return 0;
fail:
	snmp_close(r);
	return -1;
}

static int snmp_open(struct counter_reader **out, const struct counter_env *env, struct nb_err *err)
{
	return env->ipv6 ? open_file(out, env, "snmp6", snmp6_columns, SNMP6_METRICS, err)
			 : open_file(out, env, "snmp", snmp_columns, SNMP_METRICS, err);
}

static int netstat_open(struct counter_reader **out, const struct counter_env *env,
			struct nb_err *err)
{
	return open_file(out, env, "netstat", netstat_columns, NETSTAT_METRICS, err);
}

static int other_ip_open(struct counter_reader **out, const struct counter_env *env,
			 struct nb_err *err)
{
	static const struct snmp_column four = {"ip_other_receives", "Ip:", "InReceives"};
	static const struct snmp_column six = {"ip_other_receives", NULL, "Ip6InReceives"};
	return env->ipv6 ? open_file(out, env, "snmp", &four, 1, err)
			 : open_file(out, env, "snmp6", &six, 1, err);
}

static size_t snmp_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

const struct counter_source source_snmp = {
	.name = "snmp",
	.help = "/proc/net/snmp, snmp6: IP, ICMP and UDP counters of the network namespace",
	.open = snmp_open,
	.cells = snmp_cells,
	.read = snmp_read,
	.close = snmp_close,
};

const struct counter_source source_other_ip = {
	.name = "other_ip",
	.every_ns = COUNTER_SELDOM_NS,
	.help = "/proc/net/snmp6, snmp: what came of the IP version that is not the run's",
	.open = other_ip_open,
	.cells = snmp_cells,
	.read = snmp_read,
	.close = snmp_close,
};

const struct counter_source source_netstat = {
	.name = "netstat",
	.ipv4 = true,
	.every_ns = COUNTER_SELDOM_NS,
	.help = "/proc/net/netstat: what IPv4 dropped for reasons that snmp does not have",
	.open = netstat_open,
	.cells = snmp_cells,
	.read = snmp_read,
	.close = snmp_close,
};
