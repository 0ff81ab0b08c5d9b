/* SPDX-License-Identifier: Apache-2.0 */
/* The receiver's interface: its ring, what it refuses, and the backlog behind it. */
#include "analyze/cause_private.h"

#include <math.h>

#include "analyze/ledger_words.h"

/* The CPU whose backlog overflowed; else the one that received most. */
static int hot(const struct evidence *e)
{
	int cpu = evidence_most(e, "receiver.softnet_dropped");
	return cpu >= 0 ? cpu : evidence_most(e, "receiver.softnet_processed");
}

/* How much of rx_dropped the backlogs have; without their counter all of it. */
static double by_backlog(const struct evidence *e)
{
	double there = evidence_sum(e, "receiver.softnet_dropped");
	double lost = evidence_sum(e, "rx_dropped");
	return isnan(there) || !(lost > 0) ? 1 : fmin(1, there / lost);
}

static double hot_busy(const struct evidence *e)
{
	return 100 * evidence_cpu(e, END_RECEIVER, "cpu_busy", hot(e));
}

static double hot_softirq(const struct evidence *e)
{
	return 100 * evidence_cpu(e, END_RECEIVER, "cpu_softirq", hot(e));
}

static double hot_share(const struct evidence *e)
{
	double all = evidence_sum(e, "receiver.softnet_processed");
	return all > 0 ? evidence_at(e, "receiver.softnet_processed", hot(e)) / all : (double)NAN;
}

static double backlog_limit(const struct evidence *e)
{
	return evidence_mean(e, "receiver.netdev_max_backlog");
}

static double squeezes(const struct evidence *e)
{
	return cause_per_second(e, "receiver.softnet_time_squeeze");
}

/* Shorter than what one round of the softirq takes (netdev_budget, 300): it cannot but overflow. */
static bool backlog_short(const struct evidence *e)
{
	return backlog_limit(e) < 300;
}

static double right_refused(const struct evidence *e)
{
	return 1 - by_backlog(e);
}

static double right_backlog(const struct evidence *e)
{
	bool idle = cause_known(hot_busy(e)) < 100 * CORE_FULL;
	return by_backlog(e) * (backlog_short(e) ? 1 : idle ? 0.95 : 0.3);
}

static double right_softirq(const struct evidence *e)
{
	double busy = hot_busy(e), mine = hot_softirq(e);
	if (isnan(busy)) /* which core, and how busy: not known */
		return 0;
	if (busy < 100 * CORE_FULL)
		return by_backlog(e) * 0.3;
	return by_backlog(e) * (mine >= busy / 2 ? 0.95 : 0.5);
}

static double right_taken(const struct evidence *e)
{
	double busy = hot_busy(e), mine = hot_softirq(e);
	return busy >= 100 * CORE_FULL && mine < busy / 2 ? by_backlog(e) * 0.9 : 0;
}

static double right_squeeze(const struct evidence *e)
{
	return squeezes(e) >= 10 ? by_backlog(e) * 0.4 : 0;
}

static double right_ring(const struct evidence *e)
{
	(void)e;
	return 0.95; /* it is a fact; an uneven spread over queues is its reason */
}

static double right_queues(const struct evidence *e)
{
	return evidence_imbalance(e, "receiver.queue_rx") >= 1.5 ? 0.97 : 0;
}

static double queue_imbalance(const struct evidence *e)
{
	return evidence_imbalance(e, "receiver.queue_rx");
}

static void say_refused(struct nb_text *out, const struct evidence *e)
{
	text_add(out, "the receiver's interface refused packets before any queue; look at its MTU");
	if (!isnan(evidence_mean(e, "receiver.mtu")))
		text_addf(out, " (%.0f at the start)", evidence_mean(e, "receiver.mtu"));
	text_add(out, " against the frame size, and whether it is up");
}

static void say_backlog(struct nb_text *out, const struct evidence *e)
{
	if (hot(e) >= 0)
		text_addf(out, "the backlog of core %d was full", hot(e));
	else
		text_add(out, "the receiver's backlog was full");
	if (!isnan(hot_busy(e)))
		text_addf(out, " while the core was %.0f %% busy", hot_busy(e));
	text_add(out, ": packets come in bursts that it is too short for; raise "
		      "net.core.netdev_max_backlog");
	if (!isnan(backlog_limit(e)))
		text_addf(out, " (%.0f)", backlog_limit(e));
}

static void say_softirq(struct nb_text *out, const struct evidence *e)
{
	if (hot(e) >= 0)
		text_addf(out, "core %d did %.0f %% of the receiving", hot(e), 100 * hot_share(e));
	else
		text_add(out, "the receiving core had no time left");
	if (!isnan(hot_busy(e)))
		text_addf(out, " (%.0f %% busy, %.0f %% in softirqs)", hot_busy(e), hot_softirq(e));
	text_add(out, "; spread it over more cores: queues (ethtool -L, -X), RPS (rps_cpus), more "
		      "flows (--flows, -r)");
}

static void say_taken(struct nb_text *out, const struct evidence *e)
{
	text_addf(out,
		  "core %d receives, and other work takes its time (%.0f %% busy, only %.0f %% in "
		  "softirqs); move that work, or the receiving, to another core",
		  hot(e), hot_busy(e), hot_softirq(e));
}

static void say_squeeze(struct nb_text *out, const struct evidence *e)
{
	text_addf(
		out,
		"softirqs ended with work left, %.3g times a second; raise net.core.netdev_budget "
		"and netdev_budget_usecs",
		squeezes(e));
}

static void say_queues(struct nb_text *out, const struct evidence *e)
{
	text_addf(
		out,
		"the receiver's busiest queue had %.1f times its share; spread the flows over the "
		"queues (ethtool -X, -N rx-flow-hash udp4 sdfn, more flows)",
		queue_imbalance(e));
}

CAUSE_RATE(rate_missed, "rx_missed")
CAUSE_RATE(rate_rx_dropped, "rx_dropped")
CAUSE_RATE(rate_backlog, "receiver.softnet_dropped")
CAUSE_SAY_STAGE(say_ring, "the receiver's ring had no free descriptor", "rx_missed")

/* clang-format off */
static const struct cause table[] = {
	{"queue_imbalance", "rx_missed", "receiver.queue_packets", "1", right_queues, queue_imbalance,
	 say_queues},
	{"rx_ring", "rx_missed", "receiver.rx_missed_errors", "1/s", right_ring, rate_missed, say_ring},
	{"mtu", "rx_dropped", "receiver.rx_dropped", "1/s", right_refused, rate_rx_dropped, say_refused},
	{"queue_imbalance", "rx_dropped", "receiver.queue_packets", "1", right_queues, queue_imbalance,
	 say_queues},
	{"backlog", "rx_dropped", "receiver.softnet_dropped", "1/s", right_backlog, rate_backlog,
	 say_backlog},
	{"softirq_core", "rx_dropped", "receiver.cpu_softirq", "%", right_softirq, hot_softirq,
	 say_softirq},
	{"core_taken", "rx_dropped", "receiver.cpu_percent", "%", right_taken, hot_busy, say_taken},
	{"time_squeeze", "rx_dropped", "receiver.softnet_time_squeeze", "1/s", right_squeeze, squeezes,
	 say_squeeze},
};
/* clang-format on */

const struct cause_list causes_of_interface = {table, sizeof(table) / sizeof(*table)};
