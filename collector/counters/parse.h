/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pure parsers of the counter sources: bytes of the kernel in, figures out. They trust nothing:
 * rows that make no sense are left out, cells that are no number are METRIC_MISSING, and CPU ids
 * rise from row to row, each once, because the store keys its rows by them. Parsers that fill an
 * array return how many entries there are, which may be more than `cap` (only cap are filled); -1
 * when the text is not what its name says.
 */
#ifndef NB_PARSE_H
#define NB_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* /proc/stat (fs/proc/stat.c): user nice system idle iowait irq softirq steal, in USER_HZ ticks. */
enum {
	STAT_USER,
	STAT_NICE,
	STAT_SYSTEM,
	STAT_IDLE,
	STAT_IOWAIT,
	STAT_IRQ,
	STAT_SOFTIRQ,
	STAT_STEAL,
	STAT_STATES
};
struct stat_cpu {
	int cpu;
	uint64_t ticks[STAT_STATES]; /* guest time is in user and nice already */
};
struct stat_totals {
	uint64_t irqs, softirqs, context_switches;
};
int stat_parse(struct stat_totals *totals, struct stat_cpu *cpus, size_t cap, const char *buf,
	       size_t len);

/* /proc/softirqs (fs/proc/softirqs.c): a column a possible CPU. */
enum { SOFTIRQ_VECTORS = 10 };
extern const char *const softirq_names[SOFTIRQ_VECTORS]; /* as the kernel spells them */
struct softirqs_cpu {
	int cpu;
	uint64_t count[SOFTIRQ_VECTORS];
};
int softirqs_parse(struct softirqs_cpu *out, size_t cap, const char *buf, size_t len);

/* /proc/net/softnet_stat (net/core/net-procfs.c): a row an online CPU, hexadecimal. */
enum {
	SOFTNET_PROCESSED,
	SOFTNET_DROPPED,
	SOFTNET_TIME_SQUEEZE,
	SOFTNET_RECEIVED_RPS,
	SOFTNET_FLOW_LIMIT,
	SOFTNET_FIELDS
};
struct softnet_row {
	int cpu; /* -1: the row does not say (kernels before 5.10, or a broken row) */
	uint64_t field[SOFTNET_FIELDS];
};
int softnet_parse(struct softnet_row *out, size_t cap, const char *buf, size_t len);

/* A kernel CPU list ("0-3,8"), for ticks: allocates nothing. */
int cpus_parse(int *out, size_t cap, const char *buf, size_t len);

/* /proc/net/snmp (net/ipv4/proc.c): value K is that of snmp_columns[K]. Returns how many there are.
 */
enum { SNMP_METRICS = 20 };
struct snmp_column {
	const char *metric, *protocol, *column; /* protocol: NULL where the file has none */
};
extern const struct snmp_column snmp_columns[SNMP_METRICS];
int snmp_parse(uint64_t values[static SNMP_METRICS], const char *buf, size_t len);
/* /proc/net/snmp6, by a table of no more rows than snmp6_columns[] has, in the kernel's order best.
 * The same return. */
enum { SNMP6_METRICS = 23 };
extern const struct snmp_column snmp6_columns[SNMP6_METRICS];
int snmp6_parse(uint64_t *values, const struct snmp_column *columns, size_t n, const char *buf,
		size_t len);
/* Any file of the form of /proc/net/snmp, by a table in which a protocol's columns stand together.
 */
int columns_parse(uint64_t *values, const struct snmp_column *columns, size_t n, const char *buf,
		  size_t len);

/* /proc/net/stat/rt_cache, nf_conntrack: a line of names, then a line of hexadecimal numbers for
 * each CPU. values[K]: the sum over CPUs of column names[K], modulo 2^32. Returns how many of the
 * columns there are. */
int cpu_columns_parse(uint64_t *values, const char *const *names, size_t n, const char *buf,
		      size_t len);

/* /proc/net/udp, /proc/net/udp6: sums over the sockets in it. Returns how many there are (0 is
 * none), -1. */
struct udp_sockets {
	uint64_t drops, rx_queue_bytes;
};
int udp_sockets_parse(struct udp_sockets *out, const char *buf, size_t len);

/* /proc/self/cgroup: the path of the group that has the CPU controller, and whether it is of
 * version 2. 0; -1 when there is none, or no room. */
int cgroup_path_parse(char *out, size_t cap, bool *unified, const char *buf, size_t len);

/* cpu.stat of a control group, version 1 or 2: 0; -1 when it does not say. */
struct cgroup_stat {
	uint64_t throttled, throttled_ns;
};
int cgroup_stat_parse(struct cgroup_stat *out, const char *buf, size_t len);

/* The payload of IFLA_STATS_LINK_64, and a row of /proc/net/dev: metric K is link_metrics[K]. The
 * latter returns 0, or -1 when there is no such interface. */
enum { LINK_METRICS = 25 };
extern const char *const link_metrics[LINK_METRICS];
int link_parse(uint64_t values[static LINK_METRICS], const void *data, size_t len);
int net_dev_parse(uint64_t values[static LINK_METRICS], const char *ifname, const char *buf,
		  size_t len);

/* A message of an RTM_GETQDISC dump (net/sched/sch_api.c, tc_fill_qdisc). */
enum {
	QDISC_PACKETS,
	QDISC_BYTES,
	QDISC_DROPS,
	QDISC_OVERLIMITS,
	QDISC_REQUEUES,
	QDISC_BACKLOG_PACKETS,
	QDISC_BACKLOG_BYTES,
	QDISC_FIELDS
};
struct qdisc_row {
	uint32_t parent, handle; /* TC_H_ROOT, TC_H_INGRESS, or the class that it is the leaf of */
	char kind[16];
	uint64_t field[QDISC_FIELDS];
};
struct nlmsghdr;
/* 1: a qdisc of the interface; 0: not one; a negative errno: no message of such a dump. */
int qdisc_parse(struct qdisc_row *out, const struct nlmsghdr *message, int ifindex);

#endif
