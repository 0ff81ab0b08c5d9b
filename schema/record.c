/* SPDX-License-Identifier: Apache-2.0 */
/* The record's memory. Arrays double; nothing here runs while packets flow but in the collector. */
#include "schema/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

void record_init(struct run_record *r)
{
	*r = (struct run_record){
		.campaign_id = RECORD_NONE,
		.effective_ns = RECORD_NONE,
		.target_pps = RECORD_NONE,
		.frame_size = RECORD_NONE,
		.n_cores = RECORD_NONE,
		.intended = RECORD_NONE,
		.peak_10ms_ratio = NAN,
		.empty_10ms_share = NAN,
		.steady_from_ns = RECORD_NONE,
		.steady_to_ns = RECORD_NONE,
	};
}

/* Room for one more of `size` bytes in an array of n: grows at powers of two. */
static void *more(void *array, size_t n, size_t size)
{
	if (n & (n - 1))
		return array;
	return nb_realloc(array, n ? n * 2 : 1, size);
}

struct record_endpoint *record_add_endpoint(struct run_record *r)
{
	r->endpoints = more(r->endpoints, r->n_endpoints, sizeof(*r->endpoints));
	struct record_endpoint *e = &r->endpoints[r->n_endpoints++];
	*e = (struct record_endpoint){
		.pair = -1,
		.node = -1,
		.netns_ino = RECORD_NONE,
		.ifindex = RECORD_NONE,
		.clock_offset_ns = RECORD_NONE,
		.clock_error_ns = RECORD_NONE,
		.generator_packets = RECORD_NONE,
	};
	return e;
}

struct record_source *record_add_source(struct record_endpoint *e, const char *name)
{
	e->sources = more(e->sources, e->n_sources, sizeof(*e->sources));
	struct record_source *s = &e->sources[e->n_sources++];
	*s = (struct record_source){0};
	strncpy(s->name, name, sizeof(s->name) - 1);
	return s;
}

struct record_epoch *record_add_epoch(struct record_source *s, size_t n_cells)
{
	s->epochs = more(s->epochs, s->n_epochs, sizeof(*s->epochs));
	struct record_epoch *e = &s->epochs[s->n_epochs++];
	e->cells = nb_alloc(n_cells, sizeof(*e->cells));
	e->n_cells = n_cells;
	return e;
}

struct record_read *record_add_read(struct record_source *s)
{
	s->reads = more(s->reads, s->n_reads, sizeof(*s->reads));
	struct record_read *read = &s->reads[s->n_reads++];
	*read = (struct record_read){.epoch = (uint32_t)(s->n_epochs - 1)};
	read->values = nb_alloc(s->epochs[s->n_epochs - 1].n_cells, sizeof(*read->values));
	return read;
}

void record_say(struct record_endpoint *e, const struct metric *metric, int64_t count)
{
	for (size_t i = 0; i < e->n_said; i++)
		if (e->said[i].metric == metric) {
			e->said[i].count = count;
			return;
		}
	e->said = more(e->said, e->n_said, sizeof(*e->said));
	e->said[e->n_said++] = (struct record_said){metric, count};
}

int64_t record_said(const struct record_endpoint *e, const struct metric *metric)
{
	for (size_t i = 0; i < e->n_said; i++)
		if (e->said[i].metric == metric)
			return e->said[i].count;
	return RECORD_NONE;
}

struct record_source *record_find_source(const struct record_endpoint *e, const char *name)
{
	for (size_t i = 0; i < e->n_sources; i++)
		if (!strcmp(e->sources[i].name, name))
			return &e->sources[i];
	return NULL;
}

void record_cut_head(struct record_source *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(s->reads[i].values);
	/* `more` counts on n alone, so the array keeps its start */
	for (size_t i = n; i < s->n_reads; i++)
		s->reads[i - n] = s->reads[i];
	s->n_reads -= n;
}

static void free_source(struct record_source *s)
{
	for (size_t i = 0; i < s->n_epochs; i++)
		free(s->epochs[i].cells);
	for (size_t i = 0; i < s->n_reads; i++)
		free(s->reads[i].values);
	free(s->epochs);
	free(s->reads);
}

static void free_endpoint(struct record_endpoint *e)
{
	char *const texts[] = {e->role, e->host, e->boot_id, e->pod, e->ifname, e->cores, e->facts};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
	for (size_t i = 0; i < e->n_sources; i++)
		free_source(&e->sources[i]);
	free(e->sources);
	free(e->said);
}

void record_free(struct run_record *r)
{
	char *const texts[] = {
		r->started_utc,	     r->cores,		r->testbed,	 r->path,   r->generator,
		r->source_port_mode, r->forwarded_from, r->time_quality, r->status, r->error,
		r->labels,	     r->note,		r->argv,	 r->config,
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
	for (size_t i = 0; i < r->n_endpoints; i++)
		free_endpoint(&r->endpoints[i]);
	free(r->endpoints);
	record_init(r);
}
