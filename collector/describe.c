/* SPDX-License-Identifier: Apache-2.0 */
/* The run's description, its configuration and the agents' plans. */
#include "collector/describe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>

#include "collector/agent/protocol.h"
#include "collector/generator/generator.h"
#include "common/clock.h"

int make_uuid(char out[static 37], struct nb_err *err)
{
	unsigned char b[16];
	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		return nb_error(err, "run: random bytes for its uuid: %s", strerror(errno));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
		 b[13], b[14], b[15]);
	return 0;
}

static bool generates(const struct run_plan *plan)
{
	return strcmp(plan->generator, "none") != 0;
}

/* As the generators count: each core its share, rounded. */
static int64_t intended(const struct run_plan *plan)
{
	int64_t sum = 0;
	if (!plan->pps || !generates(plan))
		return RECORD_NONE;
	for (size_t i = 0; i < plan->n_cores; i++) {
		uint64_t share = generator_share(plan->pps, plan->n_cores, i);
		sum += (int64_t)(((__int128)share * plan->duration_ns + NB_SEC / 2) / NB_SEC);
	}
	return sum * (int64_t)plan->pairs;
}

static char *cores_text(const int *cores, size_t n)
{
	struct nb_text t = {0};
	text_add(&t, "");
	format_cpus(&t, cores, n, ",");
	return t.s;
}

static char *sender_cores(const struct testbed *t)
{
	struct nb_text all = {0};
	text_add(&all, "");
	for (size_t i = 0; i < t->n; i++) {
		if (strcmp(t->endpoints[i].role, "sender"))
			continue;
		if (all.len)
			text_add(&all, ",");
		format_cpus(&all, t->endpoints[i].cores, t->endpoints[i].n_cores, ",");
	}
	return all.s;
}

int describe_run(struct run_record *r, const struct run_plan *plan, const struct testbed *t,
		 const char *argv, struct nb_err *err)
{
	char now[32];
	if (make_uuid(r->uuid, err) || plan_labels(&r->labels, plan->labels, err))
		return -1;
	r->campaign_id = plan->campaign_id ? plan->campaign_id : RECORD_NONE;
	r->started_utc = nb_strdup(clock_utc_text(now, clock_realtime()));
	r->duration_ns = plan->duration_ns;
	r->interval_ns = plan->interval_ns;
	r->target_pps = plan->pps && generates(plan) ? (int64_t)plan->pps : RECORD_NONE;
	r->frame_size = (int64_t)plan->frame_size;
	r->n_cores = (int64_t)plan->n_cores;
	r->pairs = (int64_t)plan->pairs;
	r->cores = sender_cores(t);
	r->testbed = nb_strdup(plan->testbed);
	r->path = nb_strdup(t->path);
	r->generator = nb_strdup(plan->generator);
	r->source_port_mode = nb_strdup(plan->random_src_port ? "random"
					: plan->flows > 1     ? "rotating"
							      : "fixed");
	r->intended = intended(plan);
	r->time_quality = nb_strdup("measured");
	r->status = nb_strdup("running");
	r->note = plan->note ? nb_strdup(plan->note) : NULL;
	r->argv = nb_strdup(argv);
	r->config = nb_strdup("{}");
	for (size_t i = 0; i < t->n; i++) {
		struct record_endpoint *e = record_add_endpoint(r);
		e->role = nb_strdup(t->endpoints[i].role);
		e->pair = t->endpoints[i].pair;
		e->node = t->endpoints[i].node;
		e->pod = t->endpoints[i].pod ? nb_strdup(t->endpoints[i].pod) : NULL;
		e->clock_offset_ns =
			t->endpoints[i].clock_known ? t->endpoints[i].clock_offset_ns : RECORD_NONE;
		e->clock_error_ns =
			t->endpoints[i].clock_known ? t->endpoints[i].clock_error_ns : RECORD_NONE;
		e->ifname = *t->endpoints[i].ifname ? nb_strdup(t->endpoints[i].ifname) : NULL;
		if (t->endpoints[i].n_cores)
			e->cores = cores_text(t->endpoints[i].cores, t->endpoints[i].n_cores);
	}
	return 0;
}

static void add_once(json_t *list, const char *s)
{
	for (size_t i = 0; s && i < json_array_size(list); i++)
		if (!strcmp(json_string_value(json_array_get(list, i)), s))
			return;
	if (s)
		json_array_append_new(list, json_string(s));
}

char *describe_config(const struct run_record *r, const struct run_plan *plan,
		      const struct testbed *t)
{
	json_t *hosts = json_array(), *labels = json_loads(r->labels, 0, NULL);
	struct utsname u;
	uname(&u);
	for (size_t i = 0; i < r->n_endpoints; i++)
		add_once(hosts, r->endpoints[i].host);
	json_t *j = json_pack(
		"{s:s, s:o, s:I, s:s, s:s, s:o, s:o, s:s, s:s, s:I, s:s, s:s, s:I, s:I, s:s}",
		"generator", r->generator, "target_pps",
		r->target_pps == RECORD_NONE ? json_null() : json_integer(r->target_pps),
		"frame_size", (json_int_t)r->frame_size, "cores", r->cores, "testbed", r->testbed,
		"hosts", hosts, "labels", labels, "path", r->path, "source_port_mode",
		r->source_port_mode, "pairs", (json_int_t)r->pairs, "receiver_stack",
		t->receiver_stack, "kernel", u.release, "src_port", (json_int_t)plan->src_port,
		"dst_port", (json_int_t)plan->dst_port, "listener", "none");
	if (plan->listen)
		json_object_set_new(j, "listener",
				    json_pack("{s:I, s:I}", "work_ns",
					      (json_int_t)plan->listen_work_ns, "buffer_bytes",
					      (json_int_t)plan->listen_buffer));
	if (plan->ipv6)
		json_object_set_new(j, "ip_version", json_integer(6));
	if (plan->flows > 1)
		json_object_set_new(j, "flows", json_integer((json_int_t)plan->flows));
	if (plan->qdisc)
		json_object_set_new(j, "qdisc", json_true());
	char *s = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(j);
	return s;
}

/* The run's mark in each packet: of its uuid's random digits. */
static json_int_t run_mark(const struct run_record *r)
{
	return (json_int_t)strtoul(r->uuid, NULL, 16);
}

static json_t *generator_plan(const struct run_record *r, const struct run_plan *plan,
			      const struct testbed_endpoint *e)
{
	json_int_t k = e->pair;
	json_int_t src_port = (json_int_t)plan->src_port + k;
	json_int_t dst_port = (json_int_t)plan->dst_port + k;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:I, s:I, s:o, s:I, s:b, s:I}",
			 "name", plan->generator, "src_mac", e->src_mac, "dst_mac", e->dst_mac,
			 "src_ip", e->src_ip, "dst_ip", e->dst_ip, "src_port", src_port, "dst_port",
			 dst_port, "random_src_port", (int)plan->random_src_port, "frame_size",
			 (json_int_t)plan->frame_size, "pps", (json_int_t)plan->pps, "cores",
			 json_cpus(e->cores, e->n_cores), "flows", (json_int_t)plan->flows, "qdisc",
			 (int)plan->qdisc, "run", run_mark(r));
}

/* Only our own generator numbers its packets. */
static json_t *listener_plan(const struct run_record *r, const struct run_plan *plan,
			     const struct testbed_endpoint *e)
{
	bool numbered = !strcmp(plan->generator, "paced");
	uint64_t flows = (plan->flows ? plan->flows : 1) * plan->n_cores;
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "port", (json_int_t)plan->dst_port + e->pair,
			 "run", run_mark(r), "flows", (json_int_t)(numbered ? flows : 0), "work_ns",
			 (json_int_t)plan->listen_work_ns, "buffer_bytes",
			 (json_int_t)plan->listen_buffer);
}

json_t *describe_agent_plan(const struct run_record *r, const struct run_plan *plan,
			    const struct testbed *t, size_t endpoint)
{
	const struct testbed_endpoint *e = &t->endpoints[endpoint];
	json_t *m =
		json_pack("{s:s, s:s, s:i, s:s, s:I, s:I, s:o, s:o, s:i}", "type", "plan", "role",
			  e->role, "pair", e->pair, "ifname", e->ifname, "interval_ns",
			  (json_int_t)plan->interval_ns, "duration_ns",
			  (json_int_t)plan->duration_ns, "cores", json_cpus(e->cores, e->n_cores),
			  "pin", e->pin ? json_cpus(e->pin, e->n_pin) : json_cpus(t->pin, t->n_pin),
			  "ip_version", plan->ipv6 ? 6 : 4);
	if (e->links)
		json_object_set(m, "links", e->links);
	if (!strcmp(e->role, "sender") && generates(plan))
		json_object_set_new(m, "generator", generator_plan(r, plan, e));
	if (!strcmp(e->role, "receiver") && plan->listen)
		json_object_set_new(m, "listener", listener_plan(r, plan, e));
	return m;
}
