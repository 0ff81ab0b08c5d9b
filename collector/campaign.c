/* SPDX-License-Identifier: Apache-2.0 */
/* Points, their order, and the campaign's row. */
#include "collector/campaign.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/describe.h"
#include "collector/testbed/testbed.h"
#include "common/clock.h"
#include "common/text.h"
#include "schema/write.h"

/* SplitMix64 (Steele, Lea and Flood 2014): enough to shuffle, the same on every machine. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static void shuffle(struct point *p, size_t n, uint64_t *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = next_random(state) % i;
		struct point swap = p[i - 1];
		p[i - 1] = p[k];
		p[k] = swap;
	}
}

void campaign_points(struct campaign *c, struct axis pps, struct axis size, struct axis cores,
		     struct axis pairs, uint64_t repeat, uint64_t seed)
{
	size_t round = pps.n * size.n * cores.n * pairs.n;
	uint64_t state = seed;
	c->seed = seed;
	c->points = nb_alloc(round * repeat, sizeof(*c->points));
	for (uint64_t r = 0; r < repeat; r++) {
		size_t start = c->n;
		for (size_t n = 0; n < pairs.n; n++)
			for (size_t k = 0; k < cores.n; k++)
				for (size_t z = 0; z < size.n; z++)
					for (size_t p = 0; p < pps.n; p++)
						c->points[c->n++] = (struct point){
							pps.v[p],   size.v[z], cores.v[k],
							pairs.v[n], r,
						};
		if (seed)
			shuffle(c->points + start, round, &state);
	}
}

static json_t *text_or_null(const char *s)
{
	return s ? json_string(s) : json_null();
}

/* Which pods, and how: all but the cluster's credentials, which are the caller's. */
static json_t *kube_json(const struct kube_options *k)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:b}", "namespace", text_or_null(k->namespace),
			 "selector", text_or_null(k->selector), "ifname", text_or_null(k->ifname),
			 "node_access", text_or_null(k->node_access), "same_node",
			 (int)k->same_node);
}

static json_t *texts_json(const struct opt_texts *t)
{
	json_t *list = json_array();
	for (size_t i = 0; t && i < t->n; i++)
		json_array_append_new(list, json_string(t->v[i]));
	return list;
}

static json_t *settings_json(const struct run_plan *p)
{
	json_t *cores = json_array();
	for (size_t i = 0; i < p->n_core_list; i++)
		json_array_append_new(cores, json_integer(p->core_list[i]));
	return json_pack(
		"{s:I, s:I, s:I, s:o, s:o, s:b, s:I, s:I, s:s, s:s, s:o, s:I, s:b, s:b, s:I, s:I, "
		"s:b, s:o, s:o}",
		"duration_ns", (json_int_t)p->duration_ns, "interval_ns",
		(json_int_t)p->interval_ns, "warmup_ns", (json_int_t)p->warmup_ns, "core_list",
		cores, "labels", texts_json(p->labels), "random_src_port", (int)p->random_src_port,
		"src_port", (json_int_t)p->src_port, "dst_port", (json_int_t)p->dst_port, "testbed",
		p->testbed, "generator", p->generator, "note", text_or_null(p->note), "flows",
		(json_int_t)p->flows, "qdisc", (int)p->qdisc, "listen", (int)p->listen,
		"listen_work_ns", (json_int_t)p->listen_work_ns, "listen_buffer",
		(json_int_t)p->listen_buffer, "ipv6", (int)p->ipv6, "scrapes",
		texts_json(p->scrapes), "kube", kube_json(&p->kube));
}

static char *plan_json(const struct campaign *c, const struct run_plan *common)
{
	json_t *points = json_array();
	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(points,
				      json_pack("[I, I, I, I, I]", (json_int_t)c->points[i].pps,
						(json_int_t)c->points[i].frame_size,
						(json_int_t)c->points[i].n_cores,
						(json_int_t)c->points[i].pairs,
						(json_int_t)c->points[i].repeat));
	json_t *j = json_pack("{s:I, s:[s,s,s,s,s], s:o, s:o}", "seed", (json_int_t)c->seed,
			      "columns", "pps", "frame_size", "n_cores", "pairs", "repeat",
			      "points", points, "settings", settings_json(common));
	char *s = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	return s;
}

int campaign_store(struct campaign *c, struct store *store, const struct run_plan *common,
		   struct nb_err *err)
{
	char now[32], *plan = NULL;
	sqlite3_stmt *st = NULL;
	int ret = -1;
	clock_utc_text(now, clock_realtime());
	if (make_uuid(c->uuid, err))
		return -1;
	if (!c->name) {
		struct nb_text name = {0};
		text_addf(&name, "sweep-%.10s-%.8s", now, c->uuid);
		c->name = name.s;
	}
	plan = plan_json(c, common);
	if (store_prepare(store, &st,
			  "INSERT INTO campaign (uuid, name, kind, plan, started_utc) "
			  "VALUES (?1, ?2, 'sweep', ?3, ?4)",
			  "write the campaign", err))
		goto cleanup;
	sqlite3_bind_text(st, 1, c->uuid, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, c->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, plan, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 4, now, -1, SQLITE_STATIC);
	ret = store_step(store, st, "write the campaign", err) < 0 ? -1 : 0;
	c->id = sqlite3_last_insert_rowid(store_db(store));
cleanup:
	sqlite3_finalize(st);
	free(plan);
	return ret;
}

static int64_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static void load_texts(struct opt_texts *out, const json_t *list)
{
	out->v = nb_alloc(json_array_size(list), sizeof(*out->v));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));
		out->v[out->n++] = text ? text : "";
	}
}

/* What is not there (of an older campaign) stays as the caller has it. */
static void load_kube(struct kube_options *k, const json_t *s)
{
	if (!json_is_object(s))
		return;
	k->namespace = json_string_value(json_object_get(s, "namespace"));
	k->selector = json_string_value(json_object_get(s, "selector"));
	k->ifname = json_string_value(json_object_get(s, "ifname"));
	k->node_access = json_string_value(json_object_get(s, "node_access"));
	k->same_node = json_is_true(json_object_get(s, "same_node"));
}

/* The run plan points into the campaign's settings. */
static int load_settings(struct campaign *c, struct run_plan *p)
{
	const json_t *s = c->settings;
	const json_t *cores = json_object_get(s, "core_list");
	const json_t *scrapes = json_object_get(s, "scrapes");
	p->duration_ns = number(s, "duration_ns");
	p->interval_ns = number(s, "interval_ns");
	p->warmup_ns = number(s, "warmup_ns");
	p->src_port = (uint64_t)number(s, "src_port");
	p->dst_port = (uint64_t)number(s, "dst_port");
	p->random_src_port = json_is_true(json_object_get(s, "random_src_port"));
	p->ipv6 = json_is_true(json_object_get(s, "ipv6"));
	p->flows = (uint64_t)number(s, "flows");
	p->qdisc = json_is_true(json_object_get(s, "qdisc"));
	p->listen = json_is_true(json_object_get(s, "listen"));
	p->listen_work_ns = number(s, "listen_work_ns");
	p->listen_buffer = (uint64_t)number(s, "listen_buffer");
	p->testbed = json_string_value(json_object_get(s, "testbed"));
	p->generator = json_string_value(json_object_get(s, "generator"));
	p->note = json_string_value(json_object_get(s, "note"));
	c->core_list = nb_alloc(json_array_size(cores), sizeof(*c->core_list));
	for (size_t i = 0; i < json_array_size(cores); i++)
		c->core_list[i] = (int)json_integer_value(json_array_get(cores, i));
	p->n_core_list = json_array_size(cores);
	p->core_list = p->n_core_list ? c->core_list : NULL;
	load_texts(&c->labels, json_object_get(s, "labels"));
	p->labels = &c->labels;
	if (scrapes) {
		load_texts(&c->scrapes, scrapes);
		p->scrapes = &c->scrapes;
	}
	load_kube(&p->kube, json_object_get(s, "kube"));
	return p->testbed && p->generator ? 0 : -1;
}

static int load_points(struct campaign *c, const json_t *points)
{
	c->points = nb_alloc(json_array_size(points), sizeof(*c->points));
	for (size_t i = 0; i < json_array_size(points); i++) {
		const json_t *row = json_array_get(points, i);
		uint64_t v[5];
		if (json_array_size(row) != 5)
			return -1;
		for (size_t k = 0; k < 5; k++)
			v[k] = (uint64_t)json_integer_value(json_array_get(row, k));
		c->points[c->n++] = (struct point){v[0], v[1], v[2], v[3], v[4]};
	}
	return c->n ? 0 : -1;
}

int campaign_load(struct campaign *c, struct store *store, const char *name,
		  struct run_plan *common, struct nb_err *err)
{
	sqlite3_stmt *st;
	json_t *plan = NULL;
	if (store_prepare(store, &st, store_query("find_campaign.sql"), "find the campaign", err))
		return -1;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	int rc = store_step(store, st, "find the campaign", err);
	if (rc == 1) {
		c->id = sqlite3_column_int64(st, 0);
		snprintf(c->uuid, sizeof(c->uuid), "%s", (const char *)sqlite3_column_text(st, 1));
		c->name = nb_strdup((const char *)sqlite3_column_text(st, 2));
		plan = json_loads((const char *)sqlite3_column_text(st, 3), 0, NULL);
		c->seed = (uint64_t)number(plan, "seed");
		c->settings = json_incref(json_object_get(plan, "settings"));
		if (load_points(c, json_object_get(plan, "points")) || load_settings(c, common))
			rc = nb_error(err, "campaign %s: its plan cannot be resumed", name);
		else if (!testbed_find(common->testbed))
			rc = nb_error(err,
				      "campaign %s: its testbed '%s' is not one of %s: update "
				      "netbound",
				      name, common->testbed, TESTBED_NAMES);
	} else if (rc == 0) {
		nb_error_code(err, NB_NODATA, "%s: no campaign '%s'", store_path(store), name);
	}
	json_decref(plan);
	sqlite3_finalize(st);
	return rc == 1 ? 0 : -1;
}

int campaign_done(const struct campaign *c, struct store *store, const struct point *p, bool *done,
		  struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(store, &st, store_query("count_point.sql"), "look for finished runs",
			  err))
		return -1;
	bind_int(st, 1, c->id);
	bind_int(st, 2, p->pps ? (int64_t)p->pps : RECORD_NONE);
	bind_int(st, 3, (int64_t)p->frame_size);
	bind_int(st, 4, (int64_t)p->n_cores);
	bind_int(st, 5, (int64_t)p->pairs);
	int rc = store_step(store, st, "look for finished runs", err);
	if (rc == 1)
		*done = (uint64_t)sqlite3_column_int64(st, 0) > p->repeat;
	sqlite3_finalize(st);
	return rc == 1 ? 0 : -1;
}

void campaign_free(struct campaign *c)
{
	free(c->name);
	free(c->points);
	free(c->core_list);
	free(c->labels.v);
	free(c->scrapes.v);
	json_decref(c->settings);
	*c = (struct campaign){0};
}
