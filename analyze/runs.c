/* SPDX-License-Identifier: Apache-2.0 */
/* Runs in memory: grouping, names, words. Selecting them is select.c's. */
#include "analyze/runs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void free_curve(struct curve *c)
{
	for (size_t i = 0; i < c->n_properties; i++) {
		free(c->properties[i].key);
		free(c->properties[i].value);
	}
	free(c->properties);
}

void run_clear(struct run *run)
{
	char *const texts[] = {
		run->uuid,	     run->started_utc, run->cores,     run->testbed,  run->path,
		run->generator,	     run->status,      run->verdict,   run->reasons,  run->error,
		run->forwarded_from, run->config_hash, run->curve_key, run->campaign,
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
}

double run_loss_doubt(const struct run *run)
{
	bool nominal = run->reasons && strstr(run->reasons, "nominal_time");
	return nominal && run->effective_s > 0 ? 2 / run->effective_s : 0;
}

double run_loss(const struct run *run, double loss)
{
	return fabs(loss) <= run_loss_doubt(run) ? 0 : loss;
}

void runs_free(struct runs *r)
{
	for (size_t i = 0; i < r->n; i++)
		run_clear(&r->run[i]);
	for (size_t i = 0; i < r->n_curves; i++)
		free_curve(&r->curve[i]);
	free(r->run);
	free(r->by_id);
	free(r->config);
	free(r->curve);
	*r = (struct runs){0};
}

static int load_properties(struct curve *c, struct store *s, int64_t run_id, struct nb_err *err)
{
	sqlite3_stmt *st;
	int rc;
	if (store_prepare(s, &st, store_query("config_properties.sql"), "read configurations", err))
		return -1;
	sqlite3_bind_int64(st, 1, run_id);
	while ((rc = store_step(s, st, "read configurations", err)) == 1) {
		c->properties =
			nb_realloc(c->properties, c->n_properties + 1, sizeof(*c->properties));
		c->properties[c->n_properties++] = (struct property){
			nb_strdup((const char *)sqlite3_column_text(st, 0)),
			nb_strdup(sqlite3_column_type(st, 1) == SQLITE_NULL
					  ? ""
					  : (const char *)sqlite3_column_text(st, 1)),
			.label = sqlite3_column_int(st, 2),
		};
	}
	sqlite3_finalize(st);
	return rc;
}

static int compare_place(const void *a, const void *b)
{
	const struct run_place *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static void index_ids(struct runs *r)
{
	r->by_id = nb_alloc(r->n + 1, sizeof(*r->by_id));
	for (size_t i = 0; i < r->n; i++)
		r->by_id[i] = (struct run_place){r->run[i].id, i};
	qsort(r->by_id, r->n, sizeof(*r->by_id), compare_place);
}

size_t runs_find(const struct runs *r, int64_t id)
{
	struct run_place key = {id, 0};
	const struct run_place *found =
		bsearch(&key, r->by_id, r->n, sizeof(*r->by_id), compare_place);
	return found ? found->index : r->n;
}

int runs_group(struct runs *r, struct store *s, struct nb_err *err)
{
	index_ids(r);
	r->config = nb_alloc(r->n + 1, sizeof(*r->config));
	r->curve = nb_alloc(r->n + 1, sizeof(*r->curve));
	for (size_t i = 0; i < r->n; i++) {
		struct run *run = &r->run[i], *before = i ? run - 1 : NULL;
		bool new_curve = !before || strcmp(run->curve_key, before->curve_key);
		if (new_curve || strcmp(run->config_hash, before->config_hash)) {
			r->config[r->n_configs++].first = i;
			if (new_curve) {
				struct curve *c = &r->curve[r->n_curves++];
				c->runs.first = i;
				c->configs.first = r->n_configs - 1;
			}
			r->curve[r->n_curves - 1].configs.n++;
		}
		r->config[r->n_configs - 1].n++;
		r->curve[r->n_curves - 1].runs.n++;
		run->config = r->n_configs - 1;
		run->curve = r->n_curves - 1;
	}
	for (size_t i = 0; i < r->n_curves; i++)
		if (load_properties(&r->curve[i], s, r->run[r->curve[i].runs.first].id, err))
			return -1;
	return 0;
}

const char *curve_property(const struct curve *c, const char *key)
{
	for (size_t i = 0; i < c->n_properties; i++)
		if (!strcmp(c->properties[i].key, key))
			return c->properties[i].value;
	return NULL;
}

bool runs_differ(const struct runs *r, const char *key)
{
	for (size_t i = 1; i < r->n_curves; i++) {
		const char *a = curve_property(&r->curve[0], key);
		const char *b = curve_property(&r->curve[i], key);
		if (!a != !b || (a && strcmp(a, b)))
			return true;
	}
	return false;
}

const char *run_property(char buf[static 32], const struct runs *r, const struct run *run,
			 const char *key)
{
	if (strcmp(key, "target_pps") != 0)
		return curve_property(&r->curve[run->curve], key);
	if (run->target_pps == RUN_NONE)
		return "max";
	snprintf(buf, 32, "%" PRId64, run->target_pps);
	return buf;
}

const char *run_property_key(const char *name)
{
	return !strcmp(name, "size") ? "frame_size" : !strcmp(name, "pps") ? "target_pps" : name;
}

bool runs_have(const struct runs *r, const char *key)
{
	bool any = !strcmp(key, "target_pps");
	for (size_t i = 0; i < r->n_curves; i++)
		any |= curve_property(&r->curve[i], key) != NULL;
	return any;
}

static int compare_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Rising; the caller frees. */
static int64_t *sorted_ids(const struct runs *r, struct run_group g)
{
	int64_t *id = nb_alloc(g.n + 1, sizeof(*id));
	for (size_t i = 0; i < g.n; i++)
		id[i] = r->run[g.first + i].id;
	qsort(id, g.n, sizeof(*id), compare_id);
	return id;
}

void runs_ids_of(struct nb_text *out, const struct runs *r, struct run_group g)
{
	int64_t *id = sorted_ids(r, g);
	text_add(out, "[");
	for (size_t i = 0; i < g.n; i++)
		text_addf(out, "%s%" PRId64, i ? "," : "", id[i]);
	text_add(out, "]");
	free(id);
}

void runs_ids(struct nb_text *out, const struct runs *r)
{
	runs_ids_of(out, r, (struct run_group){0, r->n});
}

void runs_ids_text(struct nb_text *out, const struct runs *r, struct run_group g)
{
	int64_t *id = sorted_ids(r, g);
	for (size_t i = 0, last; i < g.n; i = last + 1) {
		for (last = i; last + 1 < g.n && id[last + 1] == id[last] + 1;)
			last++;
		text_addf(out, "%s%" PRId64, i ? ", " : "", id[i]);
		if (last > i)
			text_addf(out, "%s%" PRId64, last > i + 1 ? "–" : ", ", id[last]);
	}
	free(id);
}

const char *run_rate_text(char buf[static 32], const struct run *run)
{
	char rate[32];
	int n = run->pairs > 1 ? snprintf(buf, 32, "%" PRId64 "×", run->pairs) : 0;
	if (run->target_pps == RUN_NONE)
		snprintf(rate, sizeof(rate), "max");
	else
		format_si(rate, (double)run->target_pps);
	snprintf(buf + n, 32 - (size_t)n, "%.12s", rate);
	return buf;
}

bool run_noted(const struct run *run)
{
	return run->verdict && !strcmp(run->verdict, "noted");
}

bool run_void(const struct run *run)
{
	return run->verdict && !strcmp(run->verdict, "void");
}

/* What the words say anyway. */
static bool in_words(const char *key)
{
	static const char *const said[] = {"target_pps", "frame_size", "cores", "n_cores", "pairs",
					   "testbed",	 "generator",  "path",	NULL};
	for (size_t i = 0; said[i]; i++)
		if (!strcmp(said[i], key))
			return true;
	return false;
}

static void add_differs(struct nb_text *out, const struct runs *r, const struct curve *c,
			const char *left_out)
{
	for (size_t i = 0; i < c->n_properties; i++) {
		const struct property *p = &c->properties[i];
		if (!in_words(p->key) && strcmp(p->key, left_out) != 0 && runs_differ(r, p->key))
			text_addf(out, "%s%s %s", out->len ? ", " : "", p->key, p->value);
	}
}

void curve_differs(struct nb_text *out, const struct runs *r, const struct curve *c)
{
	add_differs(out, r, c, "");
}

void curve_words(struct nb_text *out, const struct runs *r, const struct curve *c)
{
	curve_words_without(out, r, c, NULL);
}

void curve_words_without(struct nb_text *out, const struct runs *r, const struct curve *c,
			 const char *left_out)
{
	const struct run *run = &r->run[c->runs.first];
	bool size = !left_out || strcmp(left_out, "frame_size") != 0;
	bool cores = !left_out || strcmp(left_out, "cores") != 0;
	if (size && run->frame_size != RUN_NONE)
		text_addf(out, "%" PRId64 "-byte frames, ", run->frame_size);
	else if (size)
		text_add(out, "frames of any size, ");
	if (cores && run->n_cores != RUN_NONE)
		text_addf(out, "%" PRId64 " %s%s", run->n_cores,
			  run->n_cores == 1 ? "core" : "cores", run->pairs > 1 ? " each" : "");
	if (cores && run->cores)
		text_addf(out, "%s(%s)", run->n_cores == RUN_NONE ? "" : " ", run->cores);
	if (cores && (run->n_cores != RUN_NONE || run->cores))
		text_add(out, ", ");
	text_addf(out, "%" PRId64 " %s, %s, %s", run->pairs, run->pairs == 1 ? "pair" : "pairs",
		  run->generator, run->testbed);
	if (!strcmp(run->path, "loopback"))
		text_add(out, ", loopback");
	else if (!strcmp(run->path, "same-node") && strcmp(run->testbed, "netns") != 0)
		text_add(out, ", same node");
	const char *ip = curve_property(c, "ip_version");
	if (ip && (!strcmp(ip, "6") || runs_differ(r, "ip_version")))
		text_addf(out, ", IPv%s", ip);
	struct nb_text more = {0};
	add_differs(&more, r, c, "ip_version");
	text_addf(out, "%s%s", more.len ? ", " : "", more.len ? more.s : "");
	text_free(&more);
}
