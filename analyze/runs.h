/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs in memory, and which of them may be taken together. Repeats have equal config_hash: a
 * `config` of runs, whose mean may be taken. Runs that are equal in all but the rate form a
 * `curve`, which may be drawn as a line. Nothing else is ever joined.
 */
#ifndef NB_RUNS_H
#define NB_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/text.h"
#include "schema/store.h"

#define RUN_NONE INT64_MIN /* a number that the store does not have */

struct run {
	int64_t id, target_pps, frame_size, n_cores, pairs, n_nodes, interval_ns;
	char *uuid, *started_utc, *cores, *testbed, *path, *generator;
	char *status, *verdict, *error, *forwarded_from;
	char *reasons; /* their codes: "source_limited, steal"; NULL: none */
	char *config_hash, *curve_key;
	char *campaign; /* its name */
	double duration_s, effective_s;
	size_t config, curve; /* indices into struct runs */
};

/* Neighbours in runs->run. */
struct run_group {
	size_t first, n;
};

/* A property of a curve's configuration: a key of run.config and its value as text. */
struct property {
	char *key, *value;
	bool label; /* a label of the user, not a key of run.config */
};

struct curve {
	struct run_group runs, configs; /* its runs; its configs, by rising rate, NULL rate last */
	struct property *properties;
	size_t n_properties;
};

struct run_place {
	int64_t id;
	size_t index;
};

struct runs {
	struct run_place *by_id; /* rising ids */
	struct run *run; /* by size, cores, pairs, testbed, generator, path, …, rate, id */
	size_t n;
	size_t n_left_out; /* that match, but are void or did not end in order */
	struct run_group *config;
	size_t n_configs;
	struct curve *curve;
	size_t n_curves;
};

/* The share of loss, or of gain, that may be the clocks' alone: two files of foreign data that
 * began and ended up to a second apart (nominal_time). 0 where one clock stamped both ends. */
double run_loss_doubt(const struct run *run);
/* A loss ratio, and 0 where it is within the doubt. */
double run_loss(const struct run *run, double loss);

void runs_free(struct runs *r);
void run_clear(struct run *run); /* frees its texts */

/* Fills config and curve of runs that are in order. Asks the store for the properties. */
int runs_group(struct runs *r, struct store *s, struct nb_err *err);

/* Is the property's value different between curves of `r`? */
bool runs_differ(const struct runs *r, const char *key);

const char *curve_property(const struct curve *c, const char *key); /* NULL: has none */

/* The same for a run, its rate among them (target_pps, "max" without one), whose digits stand in
 * `buf`. */
const char *run_property(char buf[static 32], const struct runs *r, const struct run *run,
			 const char *key);
/* What a configuration calls what options call size and pps; other keys as they are. */
const char *run_property_key(const char *name);
/* Does any run have it? */
bool runs_have(const struct runs *r, const char *key);

/* The ids as a JSON array, rising, to be bound where a query wants runs. Such a query says BETWEEN
 * the first and the last, too: a view that must add up first (v_pair_total) then reads no other
 * runs. */
void runs_ids(struct nb_text *out, const struct runs *r);
void runs_ids_of(struct nb_text *out, const struct runs *r, struct run_group g);
/* The ids for people: "1–10, 14". */
void runs_ids_text(struct nb_text *out, const struct runs *r, struct run_group g);

/* The index of a run in `r` by its id; r->n when it is not there. */
size_t runs_find(const struct runs *r, int64_t id);

/* "200 k", "max" for as fast as possible; of several pairs "2×200 k". */
const char *run_rate_text(char buf[static 32], const struct run *run);

bool run_noted(const struct run *run); /* verdict noted */
bool run_void(const struct run *run);

/* What tells the runs of a curve from the others of `r` and is in no column of its own: "ip_version
 * 6, listener none"; "": nothing. */
void curve_differs(struct nb_text *out, const struct runs *r, const struct curve *c);
/* What all runs of a curve have in common, in words: "64-byte frames, 1 core (4), 1 pair,
 * trafgen, netns". */
void curve_words(struct nb_text *out, const struct runs *r, const struct curve *c);
/* The same without "cores" or "frame_size", for curves that differ in it; NULL: with all. */
void curve_words_without(struct nb_text *out, const struct runs *r, const struct curve *c,
			 const char *left_out);

#endif
