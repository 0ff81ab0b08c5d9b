/* SPDX-License-Identifier: Apache-2.0 */
/* The protocol's messages, as the collector takes them. */
#include "collector/feed.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/agent/protocol.h"
#include "common/text.h"

void feed_init(struct feed *f, struct run_record *record)
{
	*f = (struct feed){.record = record};
	feed_grow(f, 0);
}

void feed_grow(struct feed *f, size_t n)
{
	f->agents = nb_realloc(f->agents, f->record->n_endpoints, sizeof(*f->agents));
	for (size_t i = n; i < f->record->n_endpoints; i++)
		f->agents[i] = (struct feed_agent){.first_packet_ns = RECORD_NONE,
						   .last_packet_ns = RECORD_NONE,
						   .peak_10ms_ratio = NAN,
						   .empty_10ms_share = NAN,
						   .unpaused_second = RECORD_NONE,
						   .idle_packets = RECORD_NONE};
}

void feed_free(struct feed *f)
{
	free(f->agents);
	f->agents = NULL;
}

typedef int take_message(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
			 struct nb_err *err);

static int take_hello(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
		      struct nb_err *err)
{
	const char *host, *boot_id;
	int64_t proto;
	if (message_int(&proto, m, "proto", err))
		return -1;
	if (proto != PROTOCOL_VERSION)
		return nb_error(err,
				"agent: it speaks protocol %" PRId64 ", this is %d: use the "
				"same netbound at both ends",
				proto, PROTOCOL_VERSION);
	if (message_text(&host, m, "host", err) || message_text(&boot_id, m, "boot_id", err) ||
	    message_int(&e->netns_ino, m, "netns_ino", err))
		return -1;
	free(e->host);
	free(e->boot_id);
	e->host = nb_strdup(host);
	e->boot_id = nb_strdup(boot_id);
	a->hello = true;
	return 0;
}

static int take_ready(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
		      struct nb_err *err)
{
	json_t *facts = json_object_get(m, "facts");
	json_t *missing = json_object_get(m, "missing");
	if (!json_is_object(facts))
		return nb_error(err, "protocol: ready has no facts");
	if (json_array_size(missing))
		json_object_set(facts, "missing_sources", missing);
	const json_t *ifindex = json_object_get(facts, "ifindex");
	if (json_is_integer(ifindex))
		e->ifindex = json_integer_value(ifindex);
	free(e->facts);
	e->facts = json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS);
	a->ready = true;
	return 0;
}

static int check_cells(const char *source, const json_t *cells, struct nb_err *err)
{
	for (size_t i = 0; i < json_array_size(cells); i++) {
		const json_t *cell = json_array_get(cells, i);
		const char *metric = json_string_value(json_array_get(cell, 0));
		if (!metric || !metric_find(metric) || !json_is_string(json_array_get(cell, 1)))
			return nb_error(err, "protocol: source %s has a cell that is not known: %s",
					source, metric ? metric : "?");
	}
	return 0;
}

static int take_source(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
		       struct nb_err *err)
{
	const char *name;
	const json_t *cells = json_object_get(m, "cells");
	(void)a;
	if (message_text(&name, m, "source", err))
		return -1;
	if (!json_is_array(cells) || strlen(name) >= sizeof(((struct record_source *)0)->name))
		return nb_error(err, "protocol: a source has no cells");
	if (check_cells(name, cells, err))
		return -1;
	struct record_source *s = record_find_source(e, name);
	if (!s)
		s = record_add_source(e, name);
	struct record_epoch *ep = record_add_epoch(s, json_array_size(cells));
	for (size_t i = 0; i < ep->n_cells; i++) {
		const json_t *cell = json_array_get(cells, i);
		ep->cells[i].metric = metric_find(json_string_value(json_array_get(cell, 0)));
		snprintf(ep->cells[i].instance, sizeof(ep->cells[i].instance), "%s",
			 json_string_value(json_array_get(cell, 1)));
	}
	return 0;
}

/* "link": [t_ns, read_ns, epoch, [values]] */
static int take_read(struct record_endpoint *e, int64_t seq, const char *name, const json_t *read,
		     struct nb_err *err)
{
	struct record_source *s = record_find_source(e, name);
	const json_t *values = json_array_get(read, 3);
	if (!s || json_array_size(read) != 4 ||
	    json_array_size(values) != s->epochs[s->n_epochs - 1].n_cells)
		return nb_error(err, "protocol: a reading of %s does not fit its cells", name);
	if (s->n_reads && s->reads[s->n_reads - 1].seq >= seq)
		return nb_error(err, "protocol: tick %" PRId64 " came out of order", seq);
	struct record_read *r = record_add_read(s);
	r->seq = seq;
	r->t_ns = json_integer_value(json_array_get(read, 0));
	r->read_ns = json_integer_value(json_array_get(read, 1));
	for (size_t i = 0; i < json_array_size(values); i++)
		r->values[i] = json_u64_value(json_array_get(values, i));
	return 0;
}

void feed_last_rises(const struct record_endpoint *e, feed_rise *call, void *payload)
{
	int64_t newest = INT64_MIN;
	for (size_t i = 0; i < e->n_sources; i++)
		if (e->sources[i].n_reads &&
		    e->sources[i].reads[e->sources[i].n_reads - 1].seq > newest)
			newest = e->sources[i].reads[e->sources[i].n_reads - 1].seq;
	for (size_t i = 0; i < e->n_sources; i++) {
		const struct record_source *s = &e->sources[i];
		if (s->n_reads < 2 || s->reads[s->n_reads - 1].seq != newest)
			continue; /* it was not read at this tick */
		const struct record_read *b = &s->reads[s->n_reads - 1], *a = b - 1;
		const struct record_epoch *ep = &s->epochs[b->epoch];
		for (size_t c = 0; a->epoch == b->epoch && c < ep->n_cells; c++) {
			const struct metric *m = ep->cells[c].metric;
			uint64_t delta;
			if (metric_delta(&delta, a->values[c], b->values[c], m->width))
				call(payload, s->name, m->name, delta, b->t_ns - a->t_ns);
		}
	}
}

static void add_packets(void *payload, const char *source, const char *metric, uint64_t delta,
			int64_t dt_ns)
{
	int64_t *sum = payload;
	(void)dt_ns;
	if (!strcmp(source, "link") &&
	    (!strcmp(metric, "tx_packets") || !strcmp(metric, "rx_packets")))
		*sum = (*sum == RECORD_NONE ? 0 : *sum) + (int64_t)delta;
}

static int take_tick(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
		     struct nb_err *err)
{
	int64_t seq;
	const char *name;
	json_t *reads = json_object_get(m, "reads"), *read;
	if (message_int(&seq, m, "seq", err))
		return -1;
	json_object_foreach(reads, name, read) if (take_read(e, seq, name, read, err)) return -1;
	if (e->pair >= 0 && !json_object_get(reads, "link")) {
		a->gone = true;
		if (!a->error[0])
			snprintf(a->error, sizeof(a->error), "the interface %s of %s vanished",
				 e->ifname ? e->ifname : "", e->role);
	}
	/* between the reading at once (-1) and this one nothing should have moved; unless it came
	 * so late that the test has begun */
	const struct record_source *link = record_find_source(e, "link");
	if (seq == 0 && link && link->n_reads &&
	    link->reads[link->n_reads - 1].t_ns <= FEED_LEAD_NS)
		feed_last_rises(e, add_packets, &a->idle_packets);
	return 0;
}

/* {"generator_refused": 3, …}: totals of metrics that are known here; a newer agent may say more.
 */
static void take_counts(struct record_endpoint *e, json_t *counts)
{
	const char *name;
	json_t *count;
	json_object_foreach(counts, name, count)
	{
		const struct metric *m = metric_find(name);
		uint64_t n = json_u64_value(count);
		if (m && n != METRIC_MISSING)
			record_say(e, m, (int64_t)n);
	}
}

static int64_t int_or_none(const json_t *j)
{
	return json_is_integer(j) ? json_integer_value(j) : RECORD_NONE;
}

static int take_generator(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
			  struct nb_err *err)
{
	static const struct {
		const char *name;
		enum feed_generator state;
	} states[] = {
		{"starting", FEED_NOT_STARTED},
		{"running",  FEED_RUNNING	},
		{"done",	 FEED_DONE	  },
		{"failed",   FEED_FAILED     }
	       };
	const char *state, *error;
	if (message_text(&state, m, "state", err) || message_text(&error, m, "error", err))
		return -1;
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (!strcmp(states[i].name, state))
			a->generator = states[i].state;
	a->first_packet_ns = int_or_none(json_object_get(m, "first_ns"));
	a->last_packet_ns = int_or_none(json_object_get(m, "last_ns"));
	uint64_t packets = json_u64_value(json_object_get(m, "packets"));
	e->generator_packets = packets == METRIC_MISSING ? RECORD_NONE : (int64_t)packets;
	take_counts(e, json_object_get(m, "counts"));
	if (*error)
		snprintf(a->error, sizeof(a->error), "%s", error);
	return 0;
}

static int take_listener(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
			 struct nb_err *err)
{
	(void)a;
	(void)err;
	take_counts(e, json_object_get(m, "counts"));
	return 0;
}

static int take_done(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
		     struct nb_err *err)
{
	const json_t *peak = json_object_get(m, "peak_10ms_ratio");
	const json_t *empty = json_object_get(m, "empty_10ms_share");
	const json_t *unpaused = json_object_get(m, "unpaused_second");
	(void)e;
	(void)err;
	a->missed = json_u64_value(json_object_get(m, "missed"));
	if (json_is_number(peak) && json_is_number(empty)) {
		a->peak_10ms_ratio = json_number_value(peak);
		a->empty_10ms_share = json_number_value(empty);
	}
	if (json_is_integer(unpaused))
		a->unpaused_second = json_integer_value(unpaused);
	a->done = true;
	return 0;
}

static int take_error(struct feed_agent *a, struct record_endpoint *e, const json_t *m,
		      struct nb_err *err)
{
	const char *text;
	(void)a;
	if (message_text(&text, m, "text", err))
		return -1;
	return nb_error(err, "%s%s%s: %s", e->pod ? e->pod : e->role, e->host ? " on " : "",
			e->host ? e->host : "", text);
}

static const struct {
	const char *type;
	take_message *take;
} handlers[] = {
	{"tick",	 take_tick	  },
	       {"source",	  take_source   },
	{"listener",  take_listener },
	{"generator", take_generator},
	       {"hello",	 take_hello	   },
	{"ready",	  take_ready    },
	{"done",	 take_done	  },
	       {"error",	 take_error	   },
};

int feed_line(struct feed *f, size_t endpoint, const char *line, struct nb_err *err)
{
	struct feed_agent *a = &f->agents[endpoint];
	const char *type = NULL;
	json_error_t where;
	json_t *m = json_loads(line, 0, &where);
	int ret = -1;
	if (!m) {
		nb_error(err, "protocol: an agent's line is not JSON: %s", where.text);
	} else if (!message_text(&type, m, "type", err)) {
		size_t i = 0, n = sizeof(handlers) / sizeof(*handlers);
		while (i < n && strcmp(handlers[i].type, type))
			i++;
		ret = i == n ? 0 /* a newer agent may say more */
			     : handlers[i].take(a, &f->record->endpoints[endpoint], m, err);
	}
	if (ret) {
		a->failed = true;
		if (!a->error[0])
			snprintf(a->error, sizeof(a->error), "%s", err->text);
	}
	json_decref(m);
	return ret;
}
