/* SPDX-License-Identifier: Apache-2.0 */
/* What was not offered: the generator's end. */
#include "analyze/cause_private.h"

#include <math.h>

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
	return cause_per_second(e, "sender.cgroup_throttled_ns") / 1e9;
}

/* Of the generator's workers that run, or wait: how many there are to a core of theirs. */
static double of_workers(const struct evidence *e, const char *what)
{
	size_t n = e->n_cores[END_SENDER];
	return n ? cause_per_second(e, what) / 1e9 / (double)n : (double)NAN;
}

static double workers_a_core(const struct evidence *e)
{
	return of_workers(e, "sender.generator_run_ns") + of_workers(e, "sender.generator_wait_ns");
}

/* Those above one wait for each other; not where cores of several hosts have one number. */
static double waited_for_own(const struct evidence *e)
{
	bool shared = evidence_mean(e, "sender.cores_shared") > 0;
	return shared ? fmax(0, cause_known(workers_a_core(e)) - 1) : 0;
}

/* The share of time in which the generator was ready to run and others had its cores. */
static double waited(const struct evidence *e)
{
	double wait = of_workers(e, "sender.generator_wait_ns") - waited_for_own(e);
	return wait > 1 ? 1 : wait; /* it may wait to end, too */
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
	return cause_known(evidence_own(e, END_SENDER, "cpu_busy")) >= CORE_FULL;
}

static double right_quota(const struct evidence *e)
{
	return cause_known(throttled(e)) >= 0.02 ? 1 : 0;
}

static double right_qdisc_holds(const struct evidence *e)
{
	return cause_known(held_by_qdisc(e)) >= 0.1 && !sender_full(e) ? 0.99 : 0;
}

static double right_softirq_here(const struct evidence *e)
{
	return cause_known(received_there(e)) >= 0.5 && sender_full(e) ? 0.98 : 0;
}

/* How much of what was not offered a share of the cores' time can account for, `most` at most. */
static double right_of_time(const struct evidence *e, double share, double most)
{
	double asked = evidence_sum(e, "intended"), missing = evidence_sum(e, "not_offered");
	if (!(share >= 0.05))
		return 0;
	return !(missing > 0) ? 0.5 : fmin(most, share * asked / missing);
}

static double right_steal(const struct evidence *e)
{
	return right_of_time(e, evidence_own(e, END_SENDER, "cpu_steal"), 0.97);
}

static double right_sender_taken(const struct evidence *e)
{
	return right_of_time(e, waited(e), 0.97);
}

/* Before softirqs on the same cores: two that never rest leave them as little as those leave them.
 */
static double right_shared(const struct evidence *e)
{
	double share = waited_for_own(e);
	return share >= 0.1 ? right_of_time(e, share, 0.99) : 0;
}

static double right_core(const struct evidence *e)
{
	double busy = evidence_own(e, END_SENDER, "cpu_busy");
	return isnan(busy) ? 0.5 : busy >= CORE_FULL ? 0.95 : 0;
}

static double right_held_up(const struct evidence *e)
{
	double busy = evidence_own(e, END_SENDER, "cpu_busy");
	return !isnan(busy) && busy < CORE_FULL ? 0.5 : 0;
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
	cause_say_cores(out, e, END_SENDER);
	text_addf(out, ", %.0f %% busy; move them to another (rps_cpus, IRQ affinity)",
		  sender_busy(e));
}

static void say_steal(struct nb_text *out, const struct evidence *e)
{
	text_addf(out, "the hypervisor took %.0f %% of the generator's ", sender_steal(e));
	cause_say_cores(out, e, END_SENDER);
	text_add(out, "; measure on a quieter or a dedicated host");
}

static void say_sender_taken(struct nb_text *out, const struct evidence *e)
{
	text_addf(out,
		  "for %.0f %% of the time the generator was ready to run and other work had its ",
		  waited_percent(e));
	cause_say_cores(out, e, END_SENDER);
	text_add(out, "; move that work, or give the generator a core of its own (--core-list)");
}

static void say_shared(struct nb_text *out, const struct evidence *e)
{
	text_add(out, "the senders' workers shared ");
	cause_say_cores(out, e, END_SENDER);
	text_addf(out,
		  ", %.1f of them to a core, and waited for each other; fewer cores a sender (-c), "
		  "fewer pairs (-n), or more CPUs",
		  workers_a_core(e));
}

static void say_core(struct nb_text *out, const struct evidence *e)
{
	if (isnan(sender_busy(e))) {
		text_add(out, "the generator gave no more from ");
		cause_say_cores(out, e, END_SENDER);
		text_add(out, " (how busy is not known)");
	} else {
		text_add(out, "the generator's own ");
		cause_say_cores(out, e, END_SENDER);
		text_addf(out, " had no time left (%.0f %% busy)", sender_busy(e));
	}
	text_add(out, ": this bounds the source, not the path; give it more cores (-c)");
}

static void say_held_up(struct nb_text *out, const struct evidence *e)
{
	text_add(out, "the generator came too late although its ");
	cause_say_cores(out, e, END_SENDER);
	text_addf(
		out,
		" had time (%.0f %% busy): other work or interrupts held it up; give it a core of "
		"its own (--core-list)",
		sender_busy(e));
}

/* clang-format off */
static const struct cause table[] = {
	{"quota", "not_offered", "sender.cgroup_throttled_ns", "s/s", right_quota, throttled, say_quota},
	{"qdisc", "not_offered", "sender.qdisc_overlimits", "1/packet", right_qdisc_holds, held_by_qdisc,
	 say_qdisc_holds},
	{"softirq_core", "not_offered", "sender.softnet_processed", "1", right_softirq_here,
	 received_there, say_softirq_here},
	{"steal", "not_offered", "sender.cpu_steal", "%", right_steal, sender_steal, say_steal},
	{"cores_shared", "not_offered", "sender.generator_wait_ns", "1", right_shared, workers_a_core,
	 say_shared},
	{"core_taken", "not_offered", "sender.generator_wait_ns", "%", right_sender_taken,
	 waited_percent, say_sender_taken},
	{"generator_core", "not_offered", "sender.cpu_percent", "%", right_core, sender_busy, say_core},
	{"generator_late", "not_offered", "sender.cpu_percent", "%", right_held_up, sender_busy,
	 say_held_up},
};
/* clang-format on */

const struct cause_list causes_of_source = {table, sizeof(table) / sizeof(*table)};
