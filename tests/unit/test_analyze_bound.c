/* SPDX-License-Identifier: Apache-2.0 */
/* Which cause claims what is missing, and from which rate on a curve is bound. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/bound.h"

enum { CELLS = 32, LEVELS = 6 };

/* One rate: what was asked, offered and delivered, and counters beside. */
struct rate {
	struct evidence_cell cell[CELLS];
	size_t n;
};

static struct rate rates[LEVELS];
static struct evidence evidence[LEVELS];
static struct run run[LEVELS];
static struct run_group config[LEVELS];
static double offered[LEVELS], delivered[LEVELS];
static int sender_core[] = {1}, receiver_core[] = {0};
static size_t n_levels;

static void set(size_t level, const char *what, int instance, double value)
{
	struct rate *r = &rates[level];
	assert_true(r->n < CELLS);
	r->cell[r->n++] = (struct evidence_cell){(char *)(uintptr_t)what, instance, value, 1};
}

/* A rate of ten seconds; `lost` packets stand in `stage`. asked 0: as fast as possible. */
static void add_rate(double asked, double offers, const char *stage, double lost)
{
	size_t i = n_levels++;
	rates[i].n = 0;
	offered[i] = offers * 10;
	delivered[i] = offered[i] - lost * 10;
	run[i] = (struct run){.id = (int64_t)i + 1,
			      .target_pps = asked > 0 ? (int64_t)asked : RUN_NONE,
			      .pairs = 1,
			      .effective_s = 10,
			      .config = i};
	config[i] = (struct run_group){i, 1};
	set(i, "offered", 0, offered[i]);
	if (asked > 0) {
		set(i, "intended", 0, asked * 10);
		set(i, "not_offered", 0, fmax(0, asked * 10 - offered[i]));
	}
	if (stage)
		set(i, stage, 0, lost * 10);
}

/* A CPU of the one host: percent busy, of that in softirqs, taken by the hypervisor. */
static void set_cpu(size_t level, int cpu, double busy, double softirq, double steal)
{
	set(level, cpu ? "sender.cpu_whole" : "receiver.cpu_whole", cpu, 100);
	set(level, cpu ? "sender.cpu_busy" : "receiver.cpu_busy", cpu, busy);
	set(level, cpu ? "sender.cpu_softirq" : "receiver.cpu_softirq", cpu, softirq);
	set(level, cpu ? "sender.cpu_steal" : "receiver.cpu_steal", cpu, steal);
}

static struct bound solve(void)
{
	struct bound b;
	struct curve curve = {
		.runs = {0, n_levels},
		       .configs = {0, n_levels}
	       };
	struct runs runs = {.run = run,
			    .n = n_levels,
			    .config = config,
			    .n_configs = n_levels,
			    .curve = &curve,
			    .n_curves = 1};
	struct evidence_of_runs all = {.config = evidence,
				       .n_configs = n_levels,
				       .run = evidence,
				       .n_runs = n_levels,
				       .offered = offered,
				       .delivered = delivered};
	for (size_t i = 0; i < n_levels; i++)
		evidence[i] = (struct evidence){
			.cell = rates[i].cell,
			.n = rates[i].n,
			.cores = {sender_core, receiver_core},
			.n_cores = {1,	       1		},
			.seconds = 10
		     };
	bound_of_curve(&b, &runs, &curve, &all, NULL);
	n_levels = 0;
	return b;
}

static void first_is(const char *code)
{
	struct bound b = solve();
	struct nb_text words = {0};
	assert_true(b.n_causes > 0);
	assert_string_equal(b.cause[0].cause->code, code);
	for (size_t i = 0; i < b.n_causes; i++)
		b.cause[i].cause->say(&words, b.cause[i].at);
	assert_null(strstr(words.s, "nan"));
	text_free(&words);
	bound_free(&b);
}

static void nothing_is_named_while_all_arrives(void **state)
{
	(void)state;
	add_rate(1000, 1000, NULL, 0);
	set_cpu(0, 1, 100, 0, 50); /* a paced source may well spin */
	add_rate(2000, 1999, "udp_rcvbuf", 3);
	struct bound b = solve();
	assert_int_equal(b.first_binding, 2);
	assert_int_equal(b.n_causes, 0);
	assert_true(b.ndr.value > 999 && b.ndr.value < 1001);
	assert_string_equal(b.pdr.limit, "lower");
	bound_free(&b);
}

static void a_disturbed_low_rate_names_nothing(void **state)
{
	(void)state;
	add_rate(1000, 900, NULL, 0);
	set_cpu(0, 1, 30, 0, 0);
	add_rate(2000, 2000, NULL, 0);
	add_rate(4000, 4000, "rx_missed", 400);
	struct bound b = solve();
	assert_int_equal(b.first_binding, 2);
	assert_int_equal(b.n_causes, 1);
	assert_string_equal(b.cause[0].cause->code, "rx_ring");
	assert_true(b.cause[0].share > 0.09 && b.cause[0].share < 0.11);
	bound_free(&b);
}

static void the_earlier_cause_stands_first(void **state)
{
	(void)state;
	add_rate(1000, 1000, NULL, 0);
	add_rate(2000, 2000, "rx_errors", 100);
	add_rate(9000, 3000, "rx_errors", 800);
	set_cpu(2, 1, 100, 0, 0);
	struct bound b = solve();
	assert_int_equal(b.n_causes, 2);
	assert_string_equal(b.cause[0].cause->code, "rx_errors");
	assert_string_equal(b.cause[1].cause->code, "generator_core");
	assert_true(b.cause[1].share > b.cause[0].share);
	assert_true(b.source_limited);
	bound_free(&b);
}

static void a_source_that_falls_short_is_explained(void **state)
{
	(void)state;
	add_rate(1000, 600, NULL, 0);
	set_cpu(0, 1, 99, 5, 0);
	first_is("generator_core");
	add_rate(1000, 600, NULL, 0);
	set_cpu(0, 1, 40, 5, 0);
	first_is("generator_late");
	add_rate(1000, 600, NULL, 0);
	set_cpu(0, 1, 60, 5, 0);
	set(0, "sender.cgroup_throttled_ns", 0, 4e9);
	first_is("quota");
	add_rate(1000, 600, NULL, 0);
	set_cpu(0, 1, 100, 5, 45);
	first_is("steal");
	add_rate(1000, 600, NULL, 0);
	set_cpu(0, 1, 100, 5, 0);
	set(0, "sender.generator_wait_ns", 0, 4.5e9);
	first_is("core_taken");
	add_rate(1000, 600, NULL, 0); /* two workers to the core: one waits for the other */
	set_cpu(0, 1, 100, 50, 0);
	set(0, "sender.softnet_processed", 1, 5900);
	set(0, "sender.generator_run_ns", 0, 9.9e9);
	set(0, "sender.generator_wait_ns", 0, 10e9);
	set(0, "sender.cores_shared", 0, 1);
	first_is("cores_shared");
	add_rate(1000, 600, NULL, 0); /* the same of two cores of one number, on two hosts */
	set_cpu(0, 1, 100, 5, 0);
	set(0, "sender.generator_run_ns", 0, 9.9e9);
	set(0, "sender.generator_wait_ns", 0, 10e9);
	first_is("core_taken");
	add_rate(1000, 600, NULL, 0); /* one, which others let run for half the time */
	set_cpu(0, 1, 100, 5, 0);
	set(0, "sender.generator_run_ns", 0, 5.1e9);
	set(0, "sender.generator_wait_ns", 0, 5e9);
	first_is("core_taken");
	add_rate(1000, 600, NULL, 0); /* so little does not account for what is missing */
	set_cpu(0, 1, 100, 5, 0);
	set(0, "sender.generator_wait_ns", 0, 0.6e9);
	first_is("generator_core");
	add_rate(1000, 600, NULL, 0);
	set_cpu(0, 1, 100, 50, 0);
	set(0, "sender.softnet_processed", 1, 5900);
	first_is("softirq_core");
	add_rate(1000, 600, NULL, 0);
	set_cpu(0, 1, 30, 0, 0);
	set(0, "sender.qdisc_overlimits", 0, 9000);
	first_is("qdisc");
	add_rate(0, 600, NULL, 0);
	set_cpu(0, 1, 100, 0, 0);
	first_is("generator_core");
	add_rate(1000, 600, NULL, 0); /* no CPU times at all */
	first_is("generator_core");
}

/* The core of a source at a rate that it carries and at one that it does not: what the hypervisor
 * takes of it accounts for what is missing, whether or not it took as much below. */
static void steal_at_two_rates(double below, double here)
{
	add_rate(1000, 1000, NULL, 0);
	set_cpu(0, 1, 60, 5, below);
	add_rate(2000, 1800, NULL, 0);
	set_cpu(1, 1, 100, 5, here);
}

static void a_counter_that_moved_stands_before_one_that_did_not(void **state)
{
	(void)state;
	steal_at_two_rates(1, 15);
	first_is("steal");
	steal_at_two_rates(20, 15);
	first_is("generator_core");
	steal_at_two_rates(15.1, 15); /* as it was */
	first_is("generator_core");
	steal_at_two_rates(15, 20);
	struct bound b = solve();
	assert_int_equal(b.n_causes, 2);
	assert_true(b.cause[0].moved == 1 && b.cause[0].runs_below == 1);
	assert_true(b.cause[0].moved_p == 1); /* two runs show nothing */
	bound_free(&b);
	add_rate(2000, 1800, NULL, 0); /* nothing to compare with: as it is */
	set_cpu(0, 1, 100, 5, 15);
	b = solve();
	assert_string_equal(b.cause[0].cause->code, "steal");
	assert_true(isnan(b.cause[0].moved));
	bound_free(&b);
}

/* More from the source would not have arrived either. */
static void a_heavy_loss_stands_before_a_short_source(void **state)
{
	(void)state;
	add_rate(2000, 900, "udp_rcvbuf", 300);
	set_cpu(0, 1, 100, 0, 0);
	set(0, "receiver.udp_in_datagrams", 0, 6000);
	set(0, "receiver.udp_rcvbuf_errors", 0, 3000);
	first_is("rcvbuf");
	add_rate(2000, 900, "udp_rcvbuf", 50);
	set_cpu(0, 1, 100, 0, 0);
	first_is("generator_core");
}

static void backlog(double busy, double softirq, double limit)
{
	add_rate(1000, 1000, "rx_dropped", 300);
	set(0, "receiver.softnet_dropped", 0, 3000);
	set(0, "receiver.softnet_processed", 0, 7000);
	set(0, "receiver.netdev_max_backlog", 0, limit);
	set_cpu(0, 0, busy, softirq, 0);
}

static void a_full_backlog_is_explained(void **state)
{
	(void)state;
	backlog(40, 40, 1000);
	first_is("backlog");
	backlog(100, 95, 1000);
	first_is("softirq_core");
	backlog(100, 20, 1000);
	first_is("core_taken");
	backlog(100, 95, 2);
	first_is("backlog");
	add_rate(1000, 1000, "rx_dropped", 1000);
	set(0, "receiver.softnet_dropped", 0, 0);
	set(0, "receiver.mtu", 0, 1000);
	first_is("mtu");
	add_rate(1000, 1000, "rx_dropped", 300); /* nothing beside it is known */
	first_is("backlog");
}

static void a_socket_is_explained(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		add_rate(1000, 1000, "udp_rcvbuf", 300);
		set(0, "receiver.udp_rcvbuf_errors", 0, 3000);
		set(0, "receiver.udp_in_datagrams", 0, i < 2 ? 7000 : 0);
		set(0, "receiver.udp_rx_queue_bytes_mean", 0, i ? 190000 : 9000);
		set(0, "receiver.udp_rx_queue_bytes_most", 0, 212992);
		first_is(i == 0 ? "rcvbuf" : i == 1 ? "slow_reader" : "never_read");
	}
	add_rate(1000, 1000, "udp_rcvbuf", 300); /* always found empty */
	set(0, "receiver.udp_in_datagrams", 0, 7000);
	set(0, "receiver.udp_rcvbuf_errors", 0, 3000);
	set(0, "receiver.udp_rx_queue_bytes_mean", 0, 0);
	set(0, "receiver.udp_rx_queue_bytes_most", 0, 0);
	first_is("rcvbuf");
}

static void refusals_of_ip_and_drivers_are_told_apart(void **state)
{
	(void)state;
	add_rate(1000, 1000, "ip_dropped", 1000);
	set(0, "receiver.ip_in_addr_errors", 0, 10000);
	first_is("not_local");
	add_rate(1000, 1000, "ip_dropped", 1000);
	set(0, "receiver.ip_in_no_routes", 0, 9990);
	first_is("no_route");
	add_rate(1000, 1000, "ip_dropped", 1000);
	first_is("ip");
	add_rate(1000, 1000, "tx_dropped", 1000);
	set(0, "sender.veth", 0, 1);
	first_is("link_down");
	add_rate(1000, 1000, "tx_dropped", 1000);
	first_is("tx_ring");
	add_rate(1000, 1000, "rx_missed", 1000);
	set(0, "receiver.queue_rx", 0, 9000);
	set(0, "receiver.queue_rx", 1, 1000);
	set_cpu(0, 0, 10, 5, 0);
	/* the ring is a fact, the queues are why: both are named */
	struct bound b = solve();
	assert_int_equal(b.n_causes, 2);
	assert_string_equal(b.cause[0].cause->code, "queue_imbalance");
	bound_free(&b);
}

/* Two files of foreign data end up to a second apart at either end: 0.2 of ten seconds. */
static void a_loss_that_two_clocks_explain_is_none(void **state)
{
	struct run own = {.effective_s = 10};
	struct run foreign = {.effective_s = 10, .reasons = (char *)"source_limited, nominal_time"};
	(void)state;
	assert_true(run_loss(&own, 0.001) == 0.001);
	assert_true(run_loss(&foreign, 0.19) == 0);
	assert_true(run_loss(&foreign, -0.19) == 0);
	assert_true(run_loss(&foreign, 0.21) == 0.21);
	assert_true(isnan(run_loss(&foreign, NAN)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_named_while_all_arrives),
		cmocka_unit_test(a_disturbed_low_rate_names_nothing),
		cmocka_unit_test(the_earlier_cause_stands_first),
		cmocka_unit_test(a_source_that_falls_short_is_explained),
		cmocka_unit_test(a_counter_that_moved_stands_before_one_that_did_not),
		cmocka_unit_test(a_heavy_loss_stands_before_a_short_source),
		cmocka_unit_test(a_full_backlog_is_explained),
		cmocka_unit_test(a_socket_is_explained),
		cmocka_unit_test(refusals_of_ip_and_drivers_are_told_apart),
		cmocka_unit_test(a_loss_that_two_clocks_explain_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
