/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the verdict, a function each, in a table. */
#include "collector/verdict.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/agent/probe.h"
#include "collector/generator/generator.h"
#include "common/clock.h"

struct facts {
	const struct write_verdict *totals;
	const struct run_record *run;
	const struct verdict_input *in;
	double steady_share; /* of the rate that was asked: the senders' steady rate; NaN */
};

/* A rule says whether it holds and with what value. NaN: no figure belongs to it. */
typedef bool rule(const struct facts *f, double *value);

static bool any_agent(const struct facts *f, bool (*test)(const struct feed_agent *a))
{
	for (size_t i = 0; i < f->run->n_endpoints; i++)
		if (test(&f->in->feed->agents[i]))
			return true;
	return false;
}

static bool interrupted(const struct facts *f, double *value)
{
	(void)value;
	return !strcmp(f->run->status, "aborted");
}

static bool agent_failed(const struct feed_agent *a)
{
	return a->failed || !a->done;
}

static bool agent_lost(const struct facts *f, double *value)
{
	(void)value;
	return any_agent(f, agent_failed);
}

static bool generator_bad(const struct feed_agent *a)
{
	return a->generator == FEED_FAILED;
}

static bool generator_failed(const struct facts *f, double *value)
{
	(void)value;
	return any_agent(f, generator_bad);
}

/* Of a source that sends a second's packets at once and pauses: more than that without a pause.
 * With several cores there are as many such sources, and none pauses for the others. */
static double unpaused_ratio(const struct facts *f)
{
	const struct generator_ops *ops = generator_find(f->run->generator);
	double most = NAN;
	if (!ops || !ops->period_ns || f->run->n_cores != 1 || f->run->target_pps <= 0)
		return NAN;
	for (size_t i = 0; i < f->run->n_endpoints; i++)
		if (f->in->feed->agents[i].unpaused_second != RECORD_NONE)
			most = fmax(most, (double)f->in->feed->agents[i].unpaused_second /
						  (double)f->run->target_pps);
	return most;
}

/* What was asked was sent, but in less time: it ran faster than asked for a while. */
static bool in_less_time(const struct facts *f, double *value)
{
	const struct run_record *r = f->run;
	if (!strcmp(r->time_quality, "nominal")) /* its seconds are not seconds */
		return false;
	if (r->intended == RECORD_NONE || r->effective_ns == RECORD_NONE || r->effective_ns <= 0 ||
	    f->totals->offered == RECORD_NONE || f->totals->offered < r->intended * 95 / 100)
		return false;
	*value = (double)f->totals->offered / (double)r->intended * (double)r->duration_ns /
		 (double)r->effective_ns;
	return *value > 1.05 && r->duration_ns - r->effective_ns > 3 * NB_SEC / 10;
}

/* More than was asked in all: a source that sends again and again what the driver refuses. Some
 * packets are the interface's own (neighbour discovery). */
static double offered_ratio(const struct facts *f)
{
	const struct run_record *r = f->run;
	if (!strcmp(r->time_quality, "nominal") || r->intended == RECORD_NONE || r->intended <= 0 ||
	    f->totals->offered == RECORD_NONE || f->totals->offered - r->intended < 100)
		return NAN;
	return (double)f->totals->offered / (double)r->intended;
}

static bool unthrottled(const struct facts *f, double *value)
{
	double most = fmax(unpaused_ratio(f), offered_ratio(f)), hurried;
	if (in_less_time(f, &hurried))
		most = fmax(most, hurried);
	*value = most;
	return most > 1.05;
}

static bool is_gone(const struct feed_agent *a)
{
	return a->gone;
}

static bool interface_gone(const struct facts *f, double *value)
{
	(void)value;
	return any_agent(f, is_gone);
}

static bool generates(const struct facts *f)
{
	return strcmp(f->run->generator, "none") != 0;
}

/* Imported: one end's file is all there is. */
static bool one_end(const struct facts *f, double *value)
{
	bool sender = false, receiver = false;
	(void)value;
	for (size_t i = 0; i < f->run->n_endpoints; i++) {
		sender |= !strcmp(f->run->endpoints[i].role, "sender");
		receiver |= !strcmp(f->run->endpoints[i].role, "receiver");
	}
	return !strcmp(f->run->time_quality, "nominal") && sender != receiver;
}

static bool counters_lost(const struct facts *f, double *value)
{
	return generates(f) && !one_end(f, value) &&
	       (f->totals->offered == RECORD_NONE || f->totals->forwarded == RECORD_NONE);
}

static bool residual(const struct facts *f, double *value)
{
	if (!generates(f) || f->totals->residual == RECORD_NONE || f->totals->offered <= 0)
		return false;
	*value = fabs((double)f->totals->residual) / (double)f->totals->offered;
	return *value > 0.001;
}

static bool nothing_sent(const struct facts *f, double *value)
{
	(void)value;
	return generates(f) && f->totals->offered == 0;
}

static bool traffic_before(const struct facts *f, double *value)
{
	int64_t most = 0;
	for (size_t i = 0; generates(f) && i < f->run->n_endpoints; i++)
		if (f->in->feed->agents[i].idle_packets > most)
			most = f->in->feed->agents[i].idle_packets;
	*value = (double)most;
	return most > 10;
}

/* A slow start is no limit: then the steady rate tells. trafgen's steady rate is off by up to a
 * burst in the window's seconds, its total never is: it counts. So the better of the two. */
static bool source_limited(const struct facts *f, double *value)
{
	if (f->run->intended == RECORD_NONE || f->run->intended <= 0 ||
	    f->totals->offered == RECORD_NONE)
		return false;
	*value = fmax((double)f->totals->offered / (double)f->run->intended, f->steady_share);
	return *value < 0.995;
}

/* A loss under a bursty source shows a buffer's depth, not what the path carries; no loss says
 * little of a smooth one. At rates of less than a packet in 10 ms a single packet is many times the
 * mean: it takes one more than twice the mean to be a burst. */
static bool burst_limited(const struct facts *f, double *value)
{
	const struct run_record *r = f->run;
	double mean = (double)f->totals->offered / (double)r->pairs /
		      ((double)r->effective_ns / (double)PROBE_WINDOW_NS);
	*value = r->peak_10ms_ratio;
	return *value > 2 && f->totals->offered != RECORD_NONE && r->effective_ns > 0 &&
	       *value * mean > 2 * mean + 1;
}

static bool cores_shared(const struct facts *f, double *value)
{
	(void)value;
	return f->in->cores_shared;
}

static bool receiver_in_sender(const struct facts *f, double *value)
{
	(void)value;
	return f->in->receiver_in_sender;
}

/* Of the endpoint where most were missed: their share. */
static bool missed_ticks(const struct facts *f, double *value)
{
	*value = 0;
	for (size_t i = 0; i < f->run->n_endpoints; i++) {
		const struct record_endpoint *e = &f->run->endpoints[i];
		uint64_t missed = f->in->feed->agents[i].missed, taken = 0;
		for (size_t s = 0; s < e->n_sources; s++)
			taken = e->sources[s].n_reads > taken ? e->sources[s].n_reads : taken;
		if (missed)
			*value = fmax(*value, (double)missed / (double)(missed + taken));
	}
	return *value > 0.01;
}

/* Share of the nodes' CPU time that the hypervisor took, first to last reading. */
static bool steal(const struct facts *f, double *value)
{
	uint64_t stolen = 0, total = 0, d;
	for (size_t i = 0; i < f->run->n_endpoints; i++) {
		const struct record_source *s = record_find_source(&f->run->endpoints[i], "stat");
		if (!s || s->n_reads < 2 || s->reads[0].epoch != s->reads[s->n_reads - 1].epoch)
			continue;
		const struct record_epoch *ep = &s->epochs[s->reads[0].epoch];
		for (size_t c = 0; c < ep->n_cells; c++) {
			if (ep->cells[c].metric->table != TABLE_CPU ||
			    !metric_delta(&d, s->reads[0].values[c],
					  s->reads[s->n_reads - 1].values[c], 64))
				continue;
			total += d;
			if (!strcmp(ep->cells[c].metric->name, "cpu_steal"))
				stolen += d;
		}
	}
	*value = total ? (double)stolen / (double)total : 0;
	return *value > 0.05;
}

static bool short_run(const struct facts *f, double *value)
{
	(void)value;
	return generates(f) && f->run->steady_from_ns == RECORD_NONE;
}

static bool nominal_time(const struct facts *f, double *value)
{
	(void)value;
	return !strcmp(f->run->time_quality, "nominal");
}

static const struct {
	const char *code;
	rule *holds;
	bool is_void;
	double limit;
} rules[] = {
	{"interrupted",		interrupted,	     true,  NAN  },
	{"agent_lost",	       agent_lost,	   true,	 NAN  },
	{"generator_failed",	     generator_failed,   true,  NAN	},
	{"generator_unthrottled", unthrottled,	       true,  1.05 },
	{"interface_gone",	   interface_gone,	   true,	 NAN  },
	{"counters_lost",	  counters_lost,	 true,  NAN  },
	{"nothing_sent",		 nothing_sent,       true,  NAN	},
	{"residual",		     residual,	       true,  0.001},
	{"traffic_before",	   traffic_before,	   true,	 10   },
	{"source_limited",	   source_limited,	   false, 0.995},
	{"burst_limited",	  burst_limited,	 false, 2	 },
	{"cores_shared",		 cores_shared,       false, NAN	 },
	{"receiver_in_sender",    receiver_in_sender, false, NAN  },
	{"missed_ticks",		 missed_ticks,       false, 0.01 },
	{"steal",		  steal,		 false, 0.05 },
	{"short_window",		 short_run,	    false, NAN  },
	{"one_end",		    one_end,	     false, NAN  },
	{"nominal_time",		 nominal_time,       false, NAN	 },
};

const char *verdict_code(size_t i)
{
	return i < sizeof(rules) / sizeof(*rules) ? rules[i].code : NULL;
}

static json_t *figure(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static int steady_share(double *out, struct store *s, int64_t run_id, const struct run_record *r,
			struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_keep(s, &st, store_query("steady_offered.sql"), "judge the run", err))
		return -1;
	sqlite3_bind_int64(st, 1, run_id);
	int rc = store_step(s, st, "judge the run", err);
	if (rc == 1 && sqlite3_column_type(st, 0) != SQLITE_NULL && r->target_pps > 0)
		*out = sqlite3_column_double(st, 0) / ((double)r->target_pps * (double)r->pairs);
	store_rest(st);
	return rc < 0 ? -1 : 0;
}

int verdict_judge(struct write_verdict *v, struct store *s, int64_t run_id,
		  const struct run_record *r, void *payload, struct nb_err *err)
{
	struct facts f = {v, r, payload, NAN};
	json_t *reasons = json_array();
	if (s && steady_share(&f.steady_share, s, run_id, r, err)) {
		json_decref(reasons);
		return -1;
	}
	v->verdict = "valid";
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		double value = NAN;
		if (!rules[i].holds(&f, &value))
			continue;
		if (rules[i].is_void)
			v->verdict = "void";
		else if (strcmp(v->verdict, "void"))
			v->verdict = "noted";
		json_array_append_new(reasons,
				      json_pack("{s:s, s:o, s:o}", "code", rules[i].code, "value",
						figure(value), "limit", figure(rules[i].limit)));
	}
	v->reasons = json_dumps(reasons, JSON_COMPACT | JSON_REAL_PRECISION(6));
	json_decref(reasons);
	return 0;
}
