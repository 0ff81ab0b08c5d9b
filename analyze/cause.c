/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of causes. Each right is a rule that was held against limits set on purpose
 * (docs/methodology.md, "What binds"); the figures in them are shares of time or of packets.
 */
#include "analyze/cause.h"

#include <math.h>
#include <string.h>

#include "analyze/ledger_words.h"

static const double full = 0.9;	 /* a core with so much to do has no room left */
static const double tight = 0.5; /* the mean fill of a buffer whose reader is behind */

static double known(double v)
{
	return isnan(v) ? 0 : v;
}

static double per_second(const struct evidence *e, const char *what)
{
	return e->seconds > 0 ? evidence_sum(e, what) / e->seconds : (double)NAN;
}

static void say_cores(struct nb_text *out, const struct evidence *e, enum evidence_end end)
{
	if (!e->n_cores[end]) { /* imported: nobody said which */
		text_add(out, "its cores");
		return;
	}
	text_add(out, e->n_cores[end] == 1 ? "core " : "cores ");
	format_cpus(out, e->cores[end], e->n_cores[end], ",");
}

static double whole(const struct evidence *e)
{
	(void)e;
	return 1;
}

/* --- not offered: the generator's end --------------------------------------------------------- */

static double sender_busy(const struct evidence *e)
{
	return 100 * evidence_own(e, END_SENDER, "cpu_busy");
}

static double sender_steal(const struct evidence *e)
{
	return 100 * evidence_own(e, END_SENDER, "cpu_steal");
}

/* Seconds of a second that the group of the generator was held, on all its CPUs together. */
static double throttled(const struct evidence *e)
{
	return per_second(e, "sender.cgroup_throttled_ns") / 1e9;
}

/* The share of time in which the generator was ready to run and others had its cores. */
static double waited(const struct evidence *e)
{
	size_t n = e->n_cores[END_SENDER];
	return n ? per_second(e, "sender.generator_wait_ns") / 1e9 / (double)n : (double)NAN;
}

static double waited_percent(const struct evidence *e)
{
	return 100 * waited(e);
}

/* The share of the packets that were received on the generator's own cores. */
static double received_there(const struct evidence *e)
{
	double offered = evidence_sum(e, "offered");
	return offered > 0 ? evidence_own_sum(e, END_SENDER, "softnet_processed") / offered
			   : (double)NAN;
}

static double held_by_qdisc(const struct evidence *e)
{
	double offered = evidence_sum(e, "offered");
	return offered > 0 ? evidence_sum(e, "sender.qdisc_overlimits") / offered : (double)NAN;
}

static bool sender_full(const struct evidence *e)
{
	return known(evidence_own(e, END_SENDER, "cpu_busy")) >= full;
}

static double right_quota(const struct evidence *e)
{
	return known(throttled(e)) >= 0.02 ? 1 : 0;
}

static double right_qdisc_holds(const struct evidence *e)
{
	return known(held_by_qdisc(e)) >= 0.1 && !sender_full(e) ? 0.99 : 0;
}

static double right_softirq_here(const struct evidence *e)
{
	return known(received_there(e)) >= 0.5 && sender_full(e) ? 0.98 : 0;
}

/* How much of what was not offered a share of the cores' time can account for. */
static double right_of_time(const struct evidence *e, double share)
{
	double asked = evidence_sum(e, "intended"), missing = evidence_sum(e, "not_offered");
	if (!(share >= 0.05))
		return 0;
	return !(missing > 0) ? 0.5 : fmin(0.97, share * asked / missing);
}

static double right_steal(const struct evidence *e)
{
	return right_of_time(e, evidence_own(e, END_SENDER, "cpu_steal"));
}

static double right_sender_taken(const struct evidence *e)
{
	return right_of_time(e, waited(e));
}

static double right_core(const struct evidence *e)
{
	double busy = evidence_own(e, END_SENDER, "cpu_busy");
	return isnan(busy) ? 0.5 : busy >= full ? 0.95 : 0;
}

static double right_held_up(const struct evidence *e)
{
	double busy = evidence_own(e, END_SENDER, "cpu_busy");
	return !isnan(busy) && busy < full ? 0.5 : 0;
}

static void say_quota(struct nb_text *out, const struct evidence *e)
{
	text_addf(out,
		  "the generator's CPU quota was used up: held for %.2g s in each second; raise "
		  "the quota of its control group (cpu.max, or the CPU limit of its container)",
		  throttled(e));
}

static void say_qdisc_holds(struct nb_text *out, const struct evidence *e)
{
	text_addf(out,
		  "the sender's qdisc held the generator back (%.2g overlimits a packet); raise "
		  "the rate of its shaper (tc -s qdisc), or send past it",
		  held_by_qdisc(e));
}

static void say_softirq_here(struct nb_text *out, const struct evidence *e)
{
	text_addf(out, "softirqs received %.0f %% of the packets on the generator's own ",
		  100 * fmin(1, received_there(e)));
	say_cores(out, e, END_SENDER);
	text_addf(out, ", %.0f %% busy; move them to another (rps_cpus, IRQ affinity)",
		  sender_busy(e));
}

static void say_steal(struct nb_text *out, const struct evidence *e)
{
	text_addf(out, "the hypervisor took %.0f %% of the generator's ", sender_steal(e));
	say_cores(out, e, END_SENDER);
	text_add(out, "; measure on a quieter or a dedicated host");
}

static void say_sender_taken(struct nb_text *out, const struct evidence *e)
{
	text_addf(out,
		  "for %.0f %% of the time the generator was ready to run and other work had its ",
		  waited_percent(e));
	say_cores(out, e, END_SENDER);
	text_add(out, "; move that work, or give the generator a core of its own (--core-list)");
}

static void say_core(struct nb_text *out, const struct evidence *e)
{
	if (isnan(sender_busy(e))) {
		text_add(out, "the generator gave no more from ");
		say_cores(out, e, END_SENDER);
		text_add(out, " (how busy is not known)");
	} else {
		text_add(out, "the generator's own ");
		say_cores(out, e, END_SENDER);
		text_addf(out, " had no time left (%.0f %% busy)", sender_busy(e));
	}
	text_add(out, ": this bounds the source, not the path; give it more cores (-c)");
}

static void say_held_up(struct nb_text *out, const struct evidence *e)
{
	text_add(out, "the generator came too late although its ");
	say_cores(out, e, END_SENDER);
	text_addf(
		out,
		" had time (%.0f %% busy): other work or interrupts held it up; give it a core of "
		"its own (--core-list)",
		sender_busy(e));
}

/* --- the receiver's interface and backlog ------------------------------------------------------
 */

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
	return per_second(e, "receiver.softnet_time_squeeze");
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
	bool idle = known(hot_busy(e)) < 100 * full;
	return by_backlog(e) * (backlog_short(e) ? 1 : idle ? 0.95 : 0.3);
}

static double right_softirq(const struct evidence *e)
{
	double busy = hot_busy(e), mine = hot_softirq(e);
	if (isnan(busy)) /* which core, and how busy: not known */
		return 0;
	if (busy < 100 * full)
		return by_backlog(e) * 0.3;
	return by_backlog(e) * (mine >= busy / 2 ? 0.95 : 0.5);
}

static double right_taken(const struct evidence *e)
{
	double busy = hot_busy(e), mine = hot_softirq(e);
	return busy >= 100 * full && mine < busy / 2 ? by_backlog(e) * 0.9 : 0;
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

/* --- the socket --------------------------------------------------------------------------------
 */

/* How full the receive queues were found, against the fullest. */
static double fill(const struct evidence *e)
{
	double most = evidence_mean(e, "receiver.udp_rx_queue_bytes_most");
	double mean = evidence_mean(e, "receiver.udp_rx_queue_bytes_mean");
	return most > 0 ? mean / most : isnan(most) ? (double)NAN : 0;
}

static double reader_behind(const struct evidence *e)
{
	double f = fill(e);
	if (!isnan(f))
		return f >= tight;
	return evidence_own(e, END_RECEIVER, "cpu_busy") >= full;
}

static double socket_drops(const struct evidence *e)
{
	return per_second(e, "receiver.udp_rcvbuf_errors");
}

static bool never_read(const struct evidence *e)
{
	double in = evidence_sum(e, "receiver.udp_in_datagrams");
	return in < 0.001 * evidence_sum(e, "receiver.udp_rcvbuf_errors");
}

static double right_never_read(const struct evidence *e)
{
	return never_read(e) ? 1 : 0;
}

static double right_slow_reader(const struct evidence *e)
{
	return never_read(e) ? 0 : reader_behind(e) > 0 ? 0.95 : 0.3;
}

static double right_rcvbuf(const struct evidence *e)
{
	return never_read(e) ? 0 : reader_behind(e) > 0 ? 0.4 : 0.95;
}

static double in_datagrams(const struct evidence *e)
{
	return per_second(e, "receiver.udp_in_datagrams");
}

static double fill_percent(const struct evidence *e)
{
	return 100 * fill(e);
}

static void say_never_read(struct nb_text *out, const struct evidence *e)
{
	(void)e;
	text_add(out, "a socket is bound to the port and nobody reads it; look at the application "
		      "that owns it (ss -ulnp)");
}

static void say_slow_reader(struct nb_text *out, const struct evidence *e)
{
	char si[32];
	text_addf(out, "the application reads %s datagrams a second and no more",
		  format_si(si, in_datagrams(e)));
	if (!isnan(fill(e)))
		text_addf(out, ": its socket was %.0f %% full on average", fill_percent(e));
	text_add(out, "; make it read faster, or by more threads (SO_REUSEPORT)");
}

static void say_rcvbuf(struct nb_text *out, const struct evidence *e)
{
	text_add(out, "the socket's receive buffer is too small for the bursts");
	if (!isnan(fill(e)))
		text_addf(out, ", its reader keeps up (it was found %.0f %% full)",
			  fill_percent(e));
	text_add(out, "; raise SO_RCVBUF (and net.core.rmem_max)");
}

/* --- stages that are causes already ------------------------------------------------------------
 */

static double at_veth(const struct evidence *e)
{
	return evidence_mean(e, "sender.veth") > 0;
}

static double at_device(const struct evidence *e)
{
	return at_veth(e) > 0 ? 0 : 1;
}

static double share_of_ip(const struct evidence *e, const char *counter)
{
	double lost = evidence_sum(e, "ip_dropped");
	return lost > 0 ? fmin(1, known(evidence_sum(e, counter)) / lost) : 0;
}

static double right_not_local(const struct evidence *e)
{
	return share_of_ip(e, "receiver.ip_in_addr_errors");
}

static double right_no_route(const struct evidence *e)
{
	return share_of_ip(e, "receiver.ip_in_no_routes");
}

static double right_ip(const struct evidence *e)
{
	return 1 - fmin(1, right_not_local(e) + right_no_route(e));
}

#define RATE_OF(name, what)                                                                        \
	static double name(const struct evidence *e)                                               \
	{                                                                                          \
		return per_second(e, what);                                                        \
	}
RATE_OF(rate_qdisc, "tx_qdisc_drop")
RATE_OF(rate_tx_dropped, "tx_dropped")
RATE_OF(rate_wire, "wire")
RATE_OF(rate_missed, "rx_missed")
RATE_OF(rate_rx_errors, "rx_errors")
RATE_OF(rate_rx_dropped, "rx_dropped")
RATE_OF(rate_backlog, "receiver.softnet_dropped")
RATE_OF(rate_nohandler, "rx_nohandler")
RATE_OF(rate_otherhost, "otherhost")
RATE_OF(rate_addr, "receiver.ip_in_addr_errors")
RATE_OF(rate_no_route, "receiver.ip_in_no_routes")
RATE_OF(rate_ip, "ip_dropped")
RATE_OF(rate_martian, "martian")
RATE_OF(rate_csum, "udp_csum")
RATE_OF(rate_other, "udp_other")
RATE_OF(rate_residual, "residual")

#define SAY(name, text)                                                                            \
	static void name(struct nb_text *out, const struct evidence *e)                            \
	{                                                                                          \
		(void)e;                                                                           \
		text_add(out, text);                                                               \
	}
#define SAY_STAGE(name, text, stage)                                                               \
	static void name(struct nb_text *out, const struct evidence *e)                            \
	{                                                                                          \
		(void)e;                                                                           \
		text_addf(out, "%s; look at %s", text, ledger_advice(stage));                      \
	}
SAY_STAGE(say_qdisc, "the sender's qdisc dropped packets", "tx_qdisc_drop")
SAY(say_link,
    "the sender's interface had nowhere to hand packets to: the other end is down or gone; "
    "set it up (ip link set up)")
SAY_STAGE(say_tx_ring, "the sender's driver refused packets", "tx_dropped")
SAY_STAGE(say_wire, "packets vanished between the ends", "wire")
SAY_STAGE(say_ring, "the receiver's ring had no free descriptor", "rx_missed")
SAY_STAGE(say_rx_errors, "packets arrived broken", "rx_errors")
SAY_STAGE(say_nohandler, "packets arrived at an inactive member of a bond", "rx_nohandler")
SAY_STAGE(say_otherhost, "packets were addressed to another MAC address", "otherhost")
SAY(say_not_local,
    "the destination address is not the receiver's; look at its addresses (ip addr), or "
    "net.ipv4.ip_forward if it is to pass them on")
SAY(say_no_route, "the receiver has no route to the destination; look at ip route")
SAY_STAGE(say_ip, "IP refused packets", "ip_dropped")
SAY_STAGE(say_martian, "the receiver holds the source address to be impossible", "martian")
SAY_STAGE(say_csum, "UDP checksums were wrong", "udp_csum")
SAY_STAGE(say_other, "UDP lost packets for want of memory, or a filter took them", "udp_other")
SAY_STAGE(say_residual, "packets vanished where no counter looks", "residual")

/* clang-format off */
const struct cause causes[] = {
	{"quota", "not_offered", "sender.cgroup_throttled_ns", "s/s", right_quota, throttled, say_quota},
	{"qdisc", "not_offered", "sender.qdisc_overlimits", "1/packet", right_qdisc_holds, held_by_qdisc,
	 say_qdisc_holds},
	{"softirq_core", "not_offered", "sender.softnet_processed", "1", right_softirq_here,
	 received_there, say_softirq_here},
	{"steal", "not_offered", "sender.cpu_steal", "%", right_steal, sender_steal, say_steal},
	{"core_taken", "not_offered", "sender.generator_wait_ns", "%", right_sender_taken,
	 waited_percent, say_sender_taken},
	{"generator_core", "not_offered", "sender.cpu_percent", "%", right_core, sender_busy, say_core},
	{"generator_late", "not_offered", "sender.cpu_percent", "%", right_held_up, sender_busy,
	 say_held_up},
	{"qdisc", "tx_qdisc_drop", "sender.qdisc_drops", "1/s", whole, rate_qdisc, say_qdisc},
	{"link_down", "tx_dropped", "sender.tx_dropped", "1/s", at_veth, rate_tx_dropped, say_link},
	{"tx_ring", "tx_dropped", "sender.tx_dropped", "1/s", at_device, rate_tx_dropped, say_tx_ring},
	{"wire", "wire", "receiver.rx_packets", "1/s", whole, rate_wire, say_wire},
	{"queue_imbalance", "rx_missed", "receiver.queue_packets", "1", right_queues, queue_imbalance,
	 say_queues},
	{"rx_ring", "rx_missed", "receiver.rx_missed_errors", "1/s", right_ring, rate_missed, say_ring},
	{"rx_errors", "rx_errors", "receiver.rx_errors", "1/s", whole, rate_rx_errors, say_rx_errors},
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
	{"bond", "rx_nohandler", "receiver.rx_nohandler", "1/s", whole, rate_nohandler, say_nohandler},
	{"wrong_mac", "otherhost", "receiver.rx_otherhost_dropped", "1/s", whole, rate_otherhost,
	 say_otherhost},
	{"not_local", "ip_dropped", "receiver.ip_in_addr_errors", "1/s", right_not_local, rate_addr,
	 say_not_local},
	{"no_route", "ip_dropped", "receiver.ip_in_no_routes", "1/s", right_no_route, rate_no_route,
	 say_no_route},
	{"ip", "ip_dropped", "receiver.ip_in_discards", "1/s", right_ip, rate_ip, say_ip},
	{"martian", "martian", "receiver.rt_in_martian_src", "1/s", whole, rate_martian, say_martian},
	{"checksum", "udp_csum", "receiver.udp_in_csum_errors", "1/s", whole, rate_csum, say_csum},
	{"never_read", "udp_rcvbuf", "receiver.udp_rcvbuf_errors", "1/s", right_never_read, socket_drops,
	 say_never_read},
	{"slow_reader", "udp_rcvbuf", "receiver.udp_rx_queue_bytes", "%", right_slow_reader, fill_percent,
	 say_slow_reader},
	{"rcvbuf", "udp_rcvbuf", "receiver.udp_rcvbuf_errors", "1/s", right_rcvbuf, socket_drops,
	 say_rcvbuf},
	{"udp_memory", "udp_other", "receiver.udp_mem_errors", "1/s", whole, rate_other, say_other},
	{"uncounted", "residual", "", "1/s", whole, rate_residual, say_residual},
};
/* clang-format on */

const size_t n_causes = sizeof(causes) / sizeof(*causes);
