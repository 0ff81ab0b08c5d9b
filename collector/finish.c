/* SPDX-License-Identifier: Apache-2.0 */
/* From the agents' words to the run's figures. */
#include "collector/finish.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/generator/generator.h"
#include "collector/window.h"
#include "common/text.h"

/* The first packet of the last sender to start, and the stop of the first to end: between them all
 * senders sent. */
static bool sending_time(const struct run_record *r, const struct feed *f, int64_t *first,
			 int64_t *stop)
{
	bool any = false;
	for (size_t i = 0; i < r->n_endpoints; i++) {
		const struct feed_agent *a = &f->agents[i];
		if (a->first_packet_ns == RECORD_NONE || a->last_packet_ns == RECORD_NONE)
			continue;
		if (!any || a->first_packet_ns > *first)
			*first = a->first_packet_ns;
		if (!any || a->last_packet_ns < *stop)
			*stop = a->last_packet_ns;
		any = true;
	}
	return any && *stop > *first;
}

/* When the endpoint's main source was read. */
static const struct record_source *main_source(const struct record_endpoint *e)
{
	const struct record_source *s = record_find_source(e, e->pair < 0 ? "stat" : "link");
	return s ? s : e->n_sources ? &e->sources[0] : NULL;
}

/* The window's edges in ns: all endpoints' reads of those two ticks lie between them. */
static void set_window(struct run_record *r, int64_t from_seq, int64_t to_seq)
{
	for (size_t i = 0; i < r->n_endpoints; i++)
		for (size_t k = 0; k < r->endpoints[i].n_sources; k++) {
			const struct record_source *s = &r->endpoints[i].sources[k];
			for (size_t n = 0; n < s->n_reads; n++) {
				int64_t seq = s->reads[n].seq, t = s->reads[n].t_ns;
				if (seq == from_seq &&
				    (r->steady_from_ns == RECORD_NONE || t < r->steady_from_ns))
					r->steady_from_ns = t;
				if (seq == to_seq &&
				    (r->steady_to_ns == RECORD_NONE || t > r->steady_to_ns))
					r->steady_to_ns = t;
			}
		}
}

/* What the source counted of `metric` up to each of its reads; allocated. */
static uint64_t *rises(const struct record_source *s, const char *metric)
{
	uint64_t *counts = nb_alloc(s->n_reads, sizeof(*counts));
	for (size_t i = 1; i < s->n_reads; i++) {
		const struct record_epoch *ep = &s->epochs[s->reads[i].epoch];
		for (size_t c = 0; s->reads[i - 1].epoch == s->reads[i].epoch && c < ep->n_cells;
		     c++)
			if (!strcmp(ep->cells[c].metric->name, metric))
				metric_delta(&counts[i], s->reads[i - 1].values[c],
					     s->reads[i].values[c], ep->cells[c].metric->width);
	}
	return counts;
}

static void find_window(struct run_record *r, int64_t first, int64_t stop, int64_t warmup_ns)
{
	const struct generator_ops *ops = generator_find(r->generator);
	const struct record_source *s = NULL;
	struct window w;
	for (size_t i = 0; i < r->n_endpoints && !s; i++)
		s = main_source(&r->endpoints[i]);
	if (!s || !s->n_reads)
		return;
	int64_t *stamps = nb_alloc(s->n_reads, sizeof(*stamps));
	for (size_t i = 0; i < s->n_reads; i++)
		stamps[i] = s->reads[i].t_ns;
	uint64_t *counts = rises(s, "tx_packets");
	const struct window_plan plan = {
		.first_packet_ns = first,
		.stop_ns = stop,
		.interval_ns = r->interval_ns,
		.warmup_ns = warmup_ns,
		/* without a target rate even trafgen sends evenly */
		.period_ns = ops && r->target_pps != RECORD_NONE ? ops->period_ns : 0,
		.counts = counts,
	};
	if (window_find(&w, stamps, s->n_reads, &plan))
		set_window(r, s->reads[w.from].seq, s->reads[w.to].seq);
	free(counts);
	free(stamps);
}

/* Of several senders, the worst. */
static void set_burstiness(struct run_record *r, const struct feed *f)
{
	for (size_t i = 0; i < r->n_endpoints; i++) {
		const struct feed_agent *a = &f->agents[i];
		/* fmax() takes the other when one is NaN */
		r->peak_10ms_ratio = fmax(r->peak_10ms_ratio, a->peak_10ms_ratio);
		r->empty_10ms_share = fmax(r->empty_10ms_share, a->empty_10ms_share);
	}
}

/* When each sender began: how far apart they did is a property of the run. */
static void say_first_packets(struct run_record *r, const struct feed *f)
{
	for (size_t i = 0; i < r->n_endpoints; i++)
		if (f->agents[i].first_packet_ns != RECORD_NONE)
			record_say(&r->endpoints[i], metric_find("generator_first_ns"),
				   f->agents[i].first_packet_ns);
}

/* The deepest stage of the receivers that has a counter. */
static void set_forwarded_from(struct run_record *r)
{
	bool udp = false, listener = false;
	for (size_t i = 0; i < r->n_endpoints; i++) {
		if (strcmp(r->endpoints[i].role, "receiver"))
			continue;
		udp |= record_find_source(&r->endpoints[i], "snmp") != NULL;
		listener |= record_said(&r->endpoints[i], metric_find("listener_packets")) >= 0;
	}
	free(r->forwarded_from);
	r->forwarded_from = nb_strdup(listener ? "listener" : udp ? "udp" : "rx_packets");
}

/* The last reading before anything is sent. Tick 0 is meant to be that; where it came late, as on
 * a host that has other things to do, what was sent before it would be missing at one end: then it
 * is the reading of the idle second. */
static void cut_to_first_snapshot(struct record_source *s)
{
	size_t first = 0;
	for (size_t i = 0; i < s->n_reads && s->reads[i].seq <= 0; i++)
		if (s->reads[i].t_ns <= FEED_LEAD_NS)
			first = i;
	record_cut_head(s, first);
}

/* How long traffic that is not ours took to settle, at the receiver. */
static int64_t settling_ns(const struct run_record *r)
{
	const struct record_source *s = NULL;
	for (size_t i = 0; i < r->n_endpoints && !s; i++)
		if (!strcmp(r->endpoints[i].role, "receiver"))
			s = main_source(&r->endpoints[i]);
	if (!s || !s->n_reads)
		return 0;
	int64_t *stamps = nb_alloc(s->n_reads, sizeof(*stamps));
	for (size_t i = 0; i < s->n_reads; i++)
		stamps[i] = s->reads[i].t_ns;
	uint64_t *counts = rises(s, "rx_packets");
	int64_t settled = window_settled(stamps, counts, s->n_reads);
	free(counts);
	free(stamps);
	return settled > 0 ? settled : 0;
}

void finish_record(struct run_record *r, const struct feed *f, int64_t warmup_ns)
{
	int64_t first = 0, stop = 0;
	for (size_t i = 0; i < r->n_endpoints; i++)
		for (size_t k = 0; k < r->endpoints[i].n_sources; k++)
			cut_to_first_snapshot(&r->endpoints[i].sources[k]);
	set_burstiness(r, f);
	set_forwarded_from(r);
	say_first_packets(r, f);
	if (!strcmp(r->generator, "none")) {
		stop = r->duration_ns;
		warmup_ns = warmup_ns < 0 ? settling_ns(r) : warmup_ns;
	} else if (!sending_time(r, f, &first, &stop)) {
		return;
	}
	r->effective_ns = stop - first;
	find_window(r, first, stop, warmup_ns);
}
