/* SPDX-License-Identifier: Apache-2.0 */
/* Protocol lines into a record, whatever they say; the verdict's rules; the spool's header. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/feed.h"
#include "collector/finish.h"
#include "collector/header.h"
#include "collector/verdict.h"
#include "common/reason.h"
#include "common/text.h"

static struct run_record r;
static struct feed f;

static int setup(void **state)
{
	static const char *const roles[] = {"sender", "receiver", "node"};
	(void)state;
	record_init(&r);
	snprintf(r.uuid, sizeof(r.uuid), "00000000-0000-4000-8000-000000000001");
	for (int i = 0; i < 3; i++) {
		struct record_endpoint *e = record_add_endpoint(&r);
		e->role = nb_strdup(roles[i]);
		e->pair = i < 2 ? 0 : -1;
		e->node = i < 2 ? 2 : -1;
	}
	r.generator = nb_strdup("trafgen");
	r.time_quality = nb_strdup("measured");
	r.status = nb_strdup("ok");
	r.started_utc = nb_strdup("2026-11-22T00:00:00.000000Z");
	r.testbed = nb_strdup("netns");
	r.path = nb_strdup("same-node");
	r.source_port_mode = nb_strdup("fixed");
	r.labels = nb_strdup("{\"k\":\"v\"}");
	r.config = nb_strdup("{}");
	r.duration_ns = 5000000000;
	r.interval_ns = 1000000000;
	r.pairs = 1;
	feed_init(&f, &r);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	feed_free(&f);
	record_free(&r);
	return 0;
}

static int say(size_t endpoint, const char *line)
{
	struct nb_err err = {0};
	return feed_line(&f, endpoint, line, &err);
}

static void say_well(size_t endpoint, const char *line)
{
	struct nb_err err = {0};
	if (feed_line(&f, endpoint, line, &err))
		fail_msg("%s: %s", line, err.text);
}

#define CELLS                                                                                      \
	"{\"type\":\"source\",\"source\":\"link\",\"epoch\":0,\"cells\":[[\"tx_packets\",\"\"]]}"

static void ticks_become_readings(void **state)
{
	(void)state;
	say_well(
		0,
		"{\"type\":\"hello\",\"proto\":1,\"host\":\"h\",\"boot_id\":\"b\",\"netns_ino\":7}");
	say_well(0, "{\"type\":\"ready\",\"facts\":{\"ifindex\":3},\"missing\":[]}");
	say_well(0, CELLS);
	say_well(
		0,
		"{\"type\":\"tick\",\"seq\":-1,\"late_ns\":0,\"reads\":{\"link\":[-1000,2500,0,[5]]}}");
	say_well(
		0,
		"{\"type\":\"tick\",\"seq\":0,\"late_ns\":0,\"reads\":{\"link\":[10,2500,0,[5]]}}");
	say_well(0, "{\"type\":\"tick\",\"seq\":1,\"late_ns\":0,\"reads\":{\"link\":[20,2500,0,"
		    "[\"18446744073709551000\"]]}}");
	say_well(
		0,
		"{\"type\":\"tick\",\"seq\":2,\"late_ns\":0,\"reads\":{\"link\":[30,2500,0,[null]]}}");
	const struct record_source *s = record_find_source(&r.endpoints[0], "link");
	assert_non_null(s);
	assert_int_equal(s->n_reads, 4);
	assert_true(s->reads[2].values[0] == UINT64_C(18446744073709551000));
	assert_true(s->reads[3].values[0] == METRIC_MISSING);
	assert_int_equal(f.agents[0].idle_packets, 0);
	assert_int_equal(r.endpoints[0].ifindex, 3);
	assert_string_equal(r.endpoints[0].host, "h");
}

static void broken_lines_are_refused_and_blamed(void **state)
{
	static const char *const bad[] = {
		"",
		"garbage",
		"[]",
		"{}",
		"{\"type\":5}",
		"{\"type\":\"hello\",\"proto\":2,\"host\":\"h\",\"boot_id\":\"b\",\"netns_ino\":7}",
		"{\"type\":\"tick\",\"seq\":1,\"reads\":{\"link\":[0,0,0,[1]]}}",
		"{\"type\":\"source\",\"source\":\"link\",\"epoch\":0,\"cells\":[[\"no_such\",\"\"]]}",
		"{\"type\":\"source\",\"source\":\"link\",\"epoch\":0,\"cells\":[[]]}",
		"{\"type\":\"error\",\"text\":\"it is broken\"}",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		f.agents[0].failed = false;
		assert_int_equal(say(0, bad[i]), -1);
		assert_true(f.agents[0].failed);
	}
	say_well(1, CELLS);
	say_well(1, "{\"type\":\"tick\",\"seq\":0,\"reads\":{\"link\":[0,0,0,[1]]}}");
	assert_int_equal(say(1, "{\"type\":\"tick\",\"seq\":1,\"reads\":{\"link\":[0,0,0,[1,2]]}}"),
			 -1);
	assert_int_equal(say(1, "{\"type\":\"tick\",\"seq\":0,\"reads\":{\"link\":[0,0,0,[1]]}}"),
			 -1);
	assert_int_equal(say(1, "{\"type\":\"of a newer agent\"}"), 0);
}

static void an_interface_that_vanishes_is_noticed(void **state)
{
	(void)state;
	say_well(1, "{\"type\":\"tick\",\"seq\":3,\"reads\":{}}");
	assert_true(f.agents[1].gone);
	say_well(2, "{\"type\":\"tick\",\"seq\":3,\"reads\":{}}");
	assert_false(f.agents[2].gone); /* a node has none */
}

/* The verdict and its reasons for given totals. */
static void expect_verdict(struct write_verdict totals, const char *verdict, const char *code)
{
	const struct verdict_input in = {.feed = &f};
	struct nb_err err = {0};
	totals.reasons = NULL;
	assert_int_equal(verdict_judge(&totals, NULL, 1, &r, (void *)(uintptr_t)&in, &err), 0);
	assert_string_equal(totals.verdict, verdict);
	if (!strstr(totals.reasons, code))
		fail_msg("%s does not say %s", totals.reasons, code);
	if (!*code)
		assert_string_equal(totals.reasons, "[]");
	free(totals.reasons);
}

/* Two readings of the node's CPU times, `stolen` of 1000 ns by the hypervisor. */
static void give_node_cpu_times(uint64_t stolen)
{
	struct record_source *s = record_add_source(&r.endpoints[2], "stat");
	struct record_epoch *ep = record_add_epoch(s, 2);
	ep->cells[0] = (struct record_cell){metric_find("cpu_idle"), "0"};
	ep->cells[1] = (struct record_cell){metric_find("cpu_steal"), "0"};
	for (int i = 0; i < 2; i++) {
		struct record_read *read = record_add_read(s);
		read->seq = i;
		read->values[0] = i ? 1000 - stolen : 0;
		read->values[1] = i ? stolen : 0;
	}
}

static void steal_is_noted_above_a_twentieth(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		f.agents[i].done = true;
	r.steady_from_ns = 0;
	give_node_cpu_times(50);
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "valid", "");
	r.endpoints[2].sources[0].reads[1].values[1] = 60;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "noted", "steal");
}

static void a_single_packet_in_a_window_is_no_burst(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		f.agents[i].done = true;
	r.steady_from_ns = 0;
	/* ten a second: each is ten times the mean of 10 ms */
	r.effective_ns = 10 * INT64_C(1000000000);
	r.peak_10ms_ratio = 10;
	expect_verdict((struct write_verdict){100, 100, 0, NULL, NULL}, "valid", "");
	r.peak_10ms_ratio = 20; /* two at once are */
	expect_verdict((struct write_verdict){100, 100, 0, NULL, NULL}, "noted", "burst_limited");
}

static void missed_ticks_are_noted_above_a_hundredth(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		f.agents[i].done = true;
	r.steady_from_ns = 0;
	struct record_source *s = record_add_source(&r.endpoints[0], "link");
	record_add_epoch(s, 1);
	for (int i = 0; i < 99; i++)
		record_add_read(s)->seq = i;
	f.agents[0].missed = 1;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "valid", "");
	f.agents[0].missed = 2;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "noted", "missed_ticks");
}

static void verdicts_follow_the_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		f.agents[i].done = true;
		f.agents[i].idle_packets = 0;
	}
	r.intended = 1000;
	r.effective_ns = r.duration_ns;
	r.steady_from_ns = 0;
	r.steady_to_ns = 1;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "valid", "");
	expect_verdict((struct write_verdict){995, 995, 0, NULL, NULL}, "valid", "");
	expect_verdict((struct write_verdict){994, 994, 0, NULL, NULL}, "noted", "source_limited");
	expect_verdict((struct write_verdict){1000, 990, 2, NULL, NULL}, "void", "residual");
	expect_verdict((struct write_verdict){RECORD_NONE, 990, 0, NULL, NULL}, "void",
		       "counters_lost");
	expect_verdict((struct write_verdict){0, 0, 0, NULL, NULL}, "void", "nothing_sent");
	r.peak_10ms_ratio = 2;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "valid", "");
	r.peak_10ms_ratio = 50; /* noted with and without loss */
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "noted", "burst_limited");
	expect_verdict((struct write_verdict){1000, 900, 0, NULL, NULL}, "noted", "burst_limited");
	r.peak_10ms_ratio = 1;
	r.effective_ns = r.duration_ns / 2;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "void",
		       "generator_unthrottled");
	r.effective_ns = r.duration_ns;
	f.agents[0].missed = 1;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "noted", "missed_ticks");
	f.agents[1].idle_packets = 11;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "void", "traffic_before");
	f.agents[1].idle_packets = 0;
	f.agents[0].generator = FEED_FAILED;
	expect_verdict((struct write_verdict){1000, 1000, 0, NULL, NULL}, "void",
		       "generator_failed");
}

/* Rules that look at one thing each; everything else about the run is well. */
static void one_thing_at_a_time(void **state)
{
	const struct write_verdict well = {1000, 1000, 0, NULL, NULL};
	struct nb_err err = {0};
	(void)state;
	for (size_t i = 0; i < 3; i++)
		f.agents[i].done = true;
	r.steady_from_ns = 0;
	expect_verdict(well, "valid", "");
	f.agents[1].gone = true;
	expect_verdict(well, "void", "interface_gone");
	f.agents[1].gone = false;
	f.agents[2].done = false;
	expect_verdict(well, "void", "agent_lost");
	f.agents[2].done = true;
	r.steady_from_ns = RECORD_NONE;
	expect_verdict(well, "noted", "short_window");
	r.steady_from_ns = 0;
	free(r.time_quality);
	r.time_quality = nb_strdup("nominal");
	expect_verdict(well, "noted", "nominal_time");
	free(r.time_quality);
	r.time_quality = nb_strdup("measured");
	free(r.status);
	r.status = nb_strdup("aborted");
	expect_verdict(well, "void", "interrupted");
	free(r.status);
	r.status = nb_strdup("ok");
	const struct verdict_input shared = {&f, true, true};
	struct write_verdict v = well;
	assert_int_equal(verdict_judge(&v, NULL, 1, &r, (void *)(uintptr_t)&shared, &err), 0);
	assert_string_equal(v.verdict, "noted");
	assert_non_null(strstr(v.reasons, "cores_shared"));
	assert_non_null(strstr(v.reasons, "receiver_in_sender"));
	free(v.reasons);
}

static void more_than_a_second_s_packets_without_a_pause_are_unthrottled(void **state)
{
	const struct write_verdict well = {5000, 5000, 0, NULL, NULL};
	(void)state;
	for (size_t i = 0; i < 3; i++)
		f.agents[i].done = true;
	r.steady_from_ns = 0;
	r.intended = 5000;
	r.target_pps = 1000;
	r.n_cores = 1;
	r.effective_ns = r.duration_ns;
	f.agents[0].unpaused_second = 1050;
	expect_verdict(well, "valid", "");
	f.agents[0].unpaused_second = 1051;
	expect_verdict(well, "void", "generator_unthrottled");
	r.n_cores = 2; /* two sources: their bursts meet */
	expect_verdict(well, "valid", "");
	r.n_cores = 1;
	free(r.generator);
	r.generator = nb_strdup("paced");
	expect_verdict(well, "valid", "");
}

static void reasons_say_what_to_do(void **state)
{
	struct nb_text t = {0};
	(void)state;
	for (size_t i = 0; verdict_code(i); i++)
		if (!reason_advice(verdict_code(i)))
			fail_msg("%s has no advice", verdict_code(i));
	reason_text(&t, "steal", 0.123456, 0.05);
	assert_ptr_equal(strstr(t.s, "steal 0.1235 (limit 0.05): the hypervisor"), t.s);
	text_cut(&t, 0);
	reason_text(&t, "of_a_newer_version", (double)NAN, (double)NAN);
	assert_string_equal(t.s, "of_a_newer_version");
	text_free(&t);
}

static void a_header_survives_the_way_through_json(void **state)
{
	struct run_record back;
	struct nb_err err = {0};
	(void)state;
	json_t *j = header_to_json(&r);
	record_init(&back);
	assert_int_equal(header_from_json(&back, j, &err), 0);
	assert_string_equal(back.uuid, r.uuid);
	assert_string_equal(back.labels, r.labels);
	assert_int_equal(back.duration_ns, r.duration_ns);
	assert_int_equal(back.target_pps, RECORD_NONE);
	assert_int_equal(back.n_endpoints, 3);
	assert_string_equal(back.endpoints[1].role, "receiver");
	assert_int_equal(back.endpoints[1].node, 2);
	record_free(&back);
	record_init(&back);
	json_object_set_new(j, "uuid", json_string("short"));
	assert_int_equal(header_from_json(&back, j, &err), -1);
	record_free(&back);
	json_decref(j);
}

static void what_came_before_the_first_snapshot_is_cut(void **state)
{
	(void)state;
	say_well(0, CELLS);
	for (int seq = -1; seq < 8; seq++) {
		char line[160];
		snprintf(line, sizeof(line),
			 "{\"type\":\"tick\",\"seq\":%d,\"reads\":{\"link\":[%lld,10,0,[%d]]}}",
			 seq, seq * 1000000000LL, seq * 100 + 100);
		say_well(0, line);
	}
	say_well(0, "{\"type\":\"generator\",\"state\":\"done\",\"first_ns\":10000000,\"last_ns\":"
		    "6010000000,\"packets\":600,\"error\":\"\"}");
	say_well(
		0,
		"{\"type\":\"done\",\"missed\":0,\"peak_10ms_ratio\":1.5,\"empty_10ms_share\":0.25}");
	finish_record(&r, &f, -1);
	const struct record_source *s = record_find_source(&r.endpoints[0], "link");
	assert_int_equal(s->reads[0].seq, 0);
	assert_int_equal(s->n_reads, 8);
	assert_int_equal(r.effective_ns, 6000000000);
	assert_int_equal(r.steady_from_ns, 2000000000);
	assert_int_equal(r.steady_to_ns, 6000000000);
	assert_true(r.peak_10ms_ratio == 1.5 && r.empty_10ms_share == 0.25);
	assert_int_equal(r.endpoints[0].generator_packets, 600);
}

#define TEST(f_) cmocka_unit_test_setup_teardown(f_, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ticks_become_readings),
		TEST(broken_lines_are_refused_and_blamed),
		TEST(an_interface_that_vanishes_is_noticed),
		TEST(verdicts_follow_the_rules),
		TEST(steal_is_noted_above_a_twentieth),
		TEST(a_single_packet_in_a_window_is_no_burst),
		TEST(missed_ticks_are_noted_above_a_hundredth),
		TEST(one_thing_at_a_time),
		TEST(more_than_a_second_s_packets_without_a_pause_are_unthrottled),
		TEST(reasons_say_what_to_do),
		TEST(a_header_survives_the_way_through_json),
		TEST(what_came_before_the_first_snapshot_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
