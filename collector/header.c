/* SPDX-License-Identifier: Apache-2.0 */
/* The header's fields stand in two tables, so that writing and reading cannot disagree. */
#include "collector/header.h"

#include <stddef.h>
#include <string.h>

#include "collector/agent/protocol.h"

struct field {
	const char *name;
	size_t offset;
};

#define RUN(f)                                                                                     \
	{                                                                                          \
#f, offsetof(struct run_record, f)                                                 \
	}
#define ENDPOINT(f)                                                                                \
	{                                                                                          \
#f, offsetof(struct record_endpoint, f)                                            \
	}

static const struct field run_texts[] = {
	RUN(started_utc),      RUN(cores),	  RUN(testbed), RUN(path), RUN(generator),
	RUN(source_port_mode), RUN(time_quality), RUN(labels),	RUN(note), RUN(argv),
	RUN(config),
};

static const struct field run_ints[] = {
	RUN(campaign_id), RUN(duration_ns), RUN(target_pps),  RUN(frame_size),
	RUN(n_cores),	  RUN(pairs),	    RUN(interval_ns), RUN(intended),
};

static const struct field endpoint_texts[] = {
	ENDPOINT(role),	  ENDPOINT(host),  ENDPOINT(boot_id), ENDPOINT(pod),
	ENDPOINT(ifname), ENDPOINT(cores), ENDPOINT(facts),
};

static const struct field endpoint_ints[] = {
	ENDPOINT(netns_ino),
	ENDPOINT(ifindex),
	ENDPOINT(clock_offset_ns),
	ENDPOINT(clock_error_ns),
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void put_texts(json_t *j, const void *base, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *s = *(char *const *)((const char *)base + fields[i].offset);
		json_object_set_new(j, fields[i].name, s ? json_string(s) : json_null());
	}
}

static void get_texts(void *base, const json_t *j, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *s = json_string_value(json_object_get(j, fields[i].name));
		*(char **)((char *)base + fields[i].offset) = s ? nb_strdup(s) : NULL;
	}
}

static void put_ints(json_t *j, const void *base, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t v = *(const int64_t *)(const void *)((const char *)base + fields[i].offset);
		json_object_set_new(j, fields[i].name,
				    v == RECORD_NONE ? json_null() : json_integer(v));
	}
}

static void get_ints(void *base, const json_t *j, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *v = json_object_get(j, fields[i].name);
		*(int64_t *)(void *)((char *)base + fields[i].offset) =
			json_is_integer(v) ? json_integer_value(v) : RECORD_NONE;
	}
}

json_t *header_to_json(const struct run_record *r)
{
	json_t *j = json_object(), *endpoints = json_array();
	json_object_set_new(j, "nbrun", json_integer(1));
	json_object_set_new(j, "uuid", json_string(r->uuid));
	put_texts(j, r, run_texts, COUNT(run_texts));
	put_ints(j, r, run_ints, COUNT(run_ints));
	for (size_t i = 0; i < r->n_endpoints; i++) {
		const struct record_endpoint *e = &r->endpoints[i];
		json_t *o = json_pack("{s:i, s:i}", "pair", e->pair, "node", e->node);
		put_texts(o, e, endpoint_texts, COUNT(endpoint_texts));
		put_ints(o, e, endpoint_ints, COUNT(endpoint_ints));
		json_array_append_new(endpoints, o);
	}
	json_object_set_new(j, "endpoints", endpoints);
	return j;
}

static int check(const struct run_record *r, struct nb_err *err)
{
	if (!r->started_utc || !r->testbed || !r->path || !r->generator || !r->source_port_mode ||
	    !r->time_quality || !r->labels || !r->config || strlen(r->uuid) != 36)
		return nb_error(err, "its header lacks fields");
	for (size_t i = 0; i < r->n_endpoints; i++)
		if (!r->endpoints[i].role || r->endpoints[i].node >= (int)r->n_endpoints)
			return nb_error(err, "its header has a broken endpoint");
	return 0;
}

int header_from_json(struct run_record *r, const json_t *j, struct nb_err *err)
{
	const char *uuid = json_string_value(json_object_get(j, "uuid"));
	const json_t *endpoints = json_object_get(j, "endpoints");
	if (json_integer_value(json_object_get(j, "nbrun")) != 1 || !uuid)
		return nb_error(err, "it is no nbrun file of a version that is known here");
	strncpy(r->uuid, uuid, sizeof(r->uuid) - 1);
	get_texts(r, j, run_texts, COUNT(run_texts));
	get_ints(r, j, run_ints, COUNT(run_ints));
	for (size_t i = 0; i < json_array_size(endpoints); i++) {
		const json_t *o = json_array_get(endpoints, i);
		struct record_endpoint *e = record_add_endpoint(r);
		get_texts(e, o, endpoint_texts, COUNT(endpoint_texts));
		get_ints(e, o, endpoint_ints, COUNT(endpoint_ints));
		e->pair = (int)json_integer_value(json_object_get(o, "pair"));
		e->node = (int)json_integer_value(json_object_get(o, "node"));
	}
	return check(r, err);
}
