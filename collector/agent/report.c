/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's messages (docs/protocol.md). Ticks are formatted by hand: there are many. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/agent/state.h"
#include "collector/counters/facts.h"
#include "common/boot_id.h"
#include "common/clock.h"
#include "common/version.h"

void agent_say(struct agent *a, json_t *m)
{
	char *s = json_dumps(m, JSON_COMPACT);
	if (s) {
		text_add(&a->out, s);
		text_add(&a->out, "\n");
	}
	free(s);
	json_decref(m);
}

void agent_say_hello(struct agent *a)
{
	char host[256] = "", boot[BOOT_ID_ROOM];
	struct stat ns = {0};
	gethostname(host, sizeof(host) - 1);
	boot_id(boot);
	if (stat("/proc/thread-self/ns/net", &ns))
		stat("/proc/self/ns/net", &ns);
	agent_say(a, json_pack("{s:s, s:i, s:s, s:s, s:s, s:i, s:I, s:I, s:I}", "type", "hello",
			       "proto", PROTOCOL_VERSION, "version", NB_VERSION, "host", host,
			       "boot_id", boot, "pid", (int)getpid(), "netns_ino",
			       (json_int_t)ns.st_ino, "monotonic_ns", (json_int_t)clock_monotonic(),
			       "realtime_ns", (json_int_t)clock_realtime()));
}

void agent_say_ready(struct agent *a)
{
	json_t *missing = json_array(), *facts = NULL, *m;
	bool node = !strcmp(a->plan.role, "node");
	struct counter_env env = {.root_fd = a->root_fd, .ifname = node ? NULL : a->plan.ifname};
	for (size_t i = 0; sampler_missing(a->sampler, i); i++)
		json_array_append_new(missing, json_string(sampler_missing(a->sampler, i)));
	if (facts_read(&facts, &env, node))
		facts = json_object();
	m = json_pack("{s:s, s:o, s:o}", "type", "ready", "facts", facts, "missing", missing);
	agent_say(a, m);
}

void agent_say_error(struct agent *a, const char *text)
{
	agent_say(a, json_pack("{s:s, s:s}", "type", "error", "text", text));
}

/* The question's number comes back: the collector tells by it what the answer's way took. */
void agent_say_clock(struct agent *a, const json_t *question)
{
	json_int_t n = json_integer_value(json_object_get(question, "n"));
	agent_say(a, json_pack("{s:s, s:I, s:I, s:I}", "type", "clock", "n", n, "monotonic_ns",
			       (json_int_t)clock_monotonic(), "realtime_ns",
			       (json_int_t)clock_realtime()));
}

static json_t *since_origin(const struct agent *a, int64_t t_ns)
{
	return t_ns ? json_integer(t_ns - a->origin_ns) : json_null();
}

void agent_say_generator(struct agent *a, enum generator_state state)
{
	static const char *const names[] = {"starting", "running", "done", "failed"};
	struct generator_report r;
	a->ops->report(a->generator, &r);
	a->first_packet_ns = r.first_packet_ns;
	a->last_packet_ns = r.last_packet_ns;
	a->windows_known = r.windows_known;
	a->windows =
		(struct probe_result){.peak_ratio = r.peak_ratio, .empty_share = r.empty_share};
	json_t *m =
		json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "type", "generator", "state",
			  names[state], "first_ns", since_origin(a, r.first_packet_ns), "last_ns",
			  since_origin(a, r.last_packet_ns), "packets",
			  r.packets_known ? json_u64(r.packets) : json_null(), "error", r.error);
	json_t *counts = r.offers_known || r.load_known ? json_object() : NULL;
	if (r.offers_known) {
		json_object_set_new(counts, "generator_refused", json_u64(r.refused));
		json_object_set_new(counts, "generator_not_offered", json_u64(r.not_offered));
	}
	if (r.load_known) {
		json_object_set_new(counts, "generator_run_ns", json_u64(r.run_ns));
		json_object_set_new(counts, "generator_wait_ns", json_u64(r.wait_ns));
	}
	if (counts)
		json_object_set_new(m, "counts", counts);
	agent_say(a, m);
}

static void say_without_packets(struct agent *a, const char *state, const char *error)
{
	agent_say(a, json_pack("{s:s, s:s, s:n, s:n, s:n, s:s}", "type", "generator", "state",
			       state, "first_ns", "last_ns", "packets", "error", error));
}

void agent_say_generator_unused(struct agent *a)
{
	say_without_packets(a, "done", "");
}

void agent_say_generator_failed(struct agent *a, const char *text)
{
	say_without_packets(a, "failed", text);
}

void agent_say_listener(struct agent *a)
{
	struct listener_counts c;
	if (!a->listener)
		return;
	listener_counts(a->listener, &c);
	json_t *counts = json_pack("{s:o, s:o}", "listener_packets", json_u64(c.packets),
				   "listener_foreign", json_u64(c.foreign));
	if (c.sequenced) {
		json_object_set_new(counts, "listener_lost", json_u64(c.lost));
		json_object_set_new(counts, "listener_duplicated", json_u64(c.duplicated));
		json_object_set_new(counts, "listener_reordered", json_u64(c.reordered));
	}
	agent_say(a, json_pack("{s:s, s:o}", "type", "listener", "counts", counts));
}

void agent_say_done(struct agent *a)
{
	struct probe_result probe = a->windows;
	json_t *m = json_pack("{s:s, s:o}", "type", "done", "missed",
			      json_u64(sampler_missed(a->sampler)));
	/* one window in from both ends: they are cut by the start and the stop */
	if (a->windows_known ||
	    (a->first_packet_ns && a->last_packet_ns &&
	     sampler_probe(a->sampler, a->first_packet_ns, a->last_packet_ns, &probe))) {
		json_object_set_new(m, "peak_10ms_ratio", json_real(probe.peak_ratio));
		json_object_set_new(m, "empty_10ms_share", json_real(probe.empty_share));
		if (!a->windows_known)
			json_object_set_new(m, "unpaused_second", json_u64(probe.unpaused_second));
	}
	agent_say(a, m);
}

/* {"type":"source","source":"link","epoch":0,"cells":[["rx_packets",""],…]}: what the values of
 * this source's readings are, from here on. */
static void say_cells(struct agent *a, size_t source, uint32_t epoch)
{
	const struct counter_cell *cells;
	size_t n = sampler_cells(a->sampler, source, epoch, &cells);
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("[s, s]", cells[i].metric->name,
						      cells[i].instance));
	agent_say(a, json_pack("{s:s, s:s, s:i, s:o}", "type", "source", "source",
			       sampler_source_name(a->sampler, source), "epoch", (int)epoch,
			       "cells", list));
}

/* {"type":"tick","seq":3,"late_ns":1200,"reads":{"link":[t_ns,read_ns,epoch,[values]],…}} */
static void say_tick(struct agent *a, int64_t seq, int64_t late_ns)
{
	size_t n = sampler_sources(a->sampler);
	struct sampler_read r;
	for (size_t i = 0; i < n && i < 16; i++)
		if (sampler_read_at(a->sampler, i, &r) && a->said_epoch[i] != r.epoch + 1) {
			say_cells(a, i, r.epoch);
			a->said_epoch[i] = r.epoch + 1;
		}
	text_addf(&a->out,
		  "{\"type\":\"tick\",\"seq\":%" PRId64 ",\"late_ns\":%" PRId64 ",\"reads\":{", seq,
		  late_ns);
	bool any = false;
	for (size_t i = 0; i < n && i < 16; i++) {
		const struct counter_cell *cells;
		if (!sampler_read_at(a->sampler, i, &r))
			continue;
		text_addf(&a->out, "%s\"%s\":[%" PRId64 ",%" PRId64 ",%u,[", any ? "," : "",
			  sampler_source_name(a->sampler, i), r.t_ns - a->origin_ns, r.read_ns,
			  r.epoch);
		size_t cell_count = sampler_cells(a->sampler, i, r.epoch, &cells);
		for (size_t c = 0; c < cell_count; c++) {
			if (c)
				text_add_n(&a->out, ",", 1);
			text_add_u64(&a->out, r.values[c]);
		}
		text_add(&a->out, "]]");
		any = true;
	}
	text_add(&a->out, "}}\n");
}

void agent_drain(struct agent *a, size_t max)
{
	int64_t seq, late;
	for (size_t i = 0; i < max && sampler_next(a->sampler, &seq, &late); i++) {
		say_tick(a, seq, late);
		sampler_taken(a->sampler);
	}
}
