/* SPDX-License-Identifier: Apache-2.0 */
/* Which runs are on which side, and what they may be held against. */
#include "analyze/sides.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct term {
	char *key, *value;
};

/* One side as it was written. */
struct side {
	const char *text;
	char *copy;
	struct term *term; /* without any: `text` is a word */
	size_t n;
};

static bool run_is(const struct runs *r, const struct run *run, const char *value)
{
	uint64_t from, to;
	const char *dots = strstr(value, "..");
	if (!strcmp(value, "last"))
		return run->id == r->by_id[r->n - 1].id;
	if (!parse_u64(&from, value))
		return (uint64_t)run->id == from;
	if (!dots)
		return strlen(value) >= 8 && !strncmp(run->uuid, value, strlen(value));
	char *first = nb_strdup(value);
	first[dots - value] = '\0';
	bool in = !parse_u64(&from, first) && !parse_u64(&to, dots + 2) &&
		  (uint64_t)run->id >= from && (uint64_t)run->id <= to;
	free(first);
	return in;
}

static bool campaign_is(const struct runs *r, const struct run *run, const char *value)
{
	(void)r;
	return run->campaign && !strcmp(run->campaign, value);
}

static bool rate_is(const struct runs *r, const struct run *run, const char *value)
{
	uint64_t rate;
	(void)r;
	if (parse_rate(&rate, value))
		return false;
	return run->target_pps == RUN_NONE ? !rate : rate && (uint64_t)run->target_pps == rate;
}

/* Keys that are not looked up in the configuration as they stand. */
static const struct {
	const char *key;
	bool (*is)(const struct runs *r, const struct run *run, const char *value);
	const char *property; /* or: the configuration's name for it */
} keys[] = {
	{"run",	run_is,	NULL	    },
	      {"campaign", campaign_is, NULL	    },
	       {"pps",      rate_is,	NULL	    },
	{"size",	 NULL,	       "frame_size"},
	      {"cores",	NULL,	      "n_cores"   },
};

static bool number_is(int64_t have, const char *value)
{
	char text[32];
	snprintf(text, sizeof(text), "%" PRId64, have);
	return !strcmp(text, value);
}

static bool term_holds(const struct runs *r, const struct run *run, const struct term *t)
{
	const char *key = t->key;
	char buf[32];
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(keys[i].key, t->key) != 0)
			continue;
		if (keys[i].is)
			return keys[i].is(r, run, t->value);
		key = keys[i].property;
	}
	if (!strcmp(key, "n_cores"))
		return number_is(run->n_cores, t->value);
	const char *have = run_property(buf, r, run, key);
	return have && !strcmp(have, t->value);
}

static bool key_known(const struct runs *r, const char *key)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(keys[i].key, key))
			return true;
	return runs_have(r, key);
}

/* Of each key at least one term must hold. */
static bool side_holds(const struct runs *r, const struct run *run, const struct side *s)
{
	for (size_t i = 0; i < s->n; i++) {
		bool any = false;
		for (size_t k = 0; k < s->n; k++)
			any |= !strcmp(s->term[k].key, s->term[i].key) &&
			       term_holds(r, run, &s->term[k]);
		if (!any)
			return false;
	}
	if (s->n)
		return true;
	if (campaign_is(r, run, s->text))
		return true;
	const struct curve *c = &r->curve[run->curve];
	for (size_t i = 0; i < c->n_properties; i++)
		if (c->properties[i].label && !strcmp(c->properties[i].value, s->text))
			return true;
	return false;
}

static int side_parse(struct side *s, const char *text, const struct runs *r, struct nb_err *err)
{
	s->text = text;
	s->copy = nb_strdup(text);
	char *rest = s->copy, *part;
	if (!*text)
		return nb_error_code(err, NB_USAGE,
				     "compare: '': a side is key=value[,key=value], or a label");
	while (strchr(text, '=') && (part = strsep(&rest, ","))) {
		char *equals = strchr(part, '=');
		if (!equals || equals == part || !equals[1])
			return nb_error_code(err, NB_USAGE, "compare: '%s': '%s' is not key=value",
					     text, part);
		*equals = '\0';
		if (!key_known(r, part))
			return nb_error_code(err, NB_USAGE,
					     "compare: '%s': no run has a '%s': keys are run, "
					     "campaign, size, pps, cores, labels, and those of "
					     "nbanalyze show RUN",
					     text, part);
		s->term = nb_realloc(s->term, s->n + 1, sizeof(*s->term));
		s->term[s->n++] = (struct term){part, equals + 1};
	}
	return 0;
}

static void side_free(struct side *s)
{
	free(s->copy);
	free(s->term);
}

/* The one value of a property on a side: false when there are several. NULL is a value, too. */
static bool one_value(char **out, const struct runs *r, const char *which, char side,
		      const char *key)
{
	bool first = true, one = true;
	*out = NULL;
	for (size_t i = 0; i < r->n && one; i++) {
		char buf[32];
		if (which[i] != side)
			continue;
		const char *v = run_property(buf, r, &r->run[i], key);
		if (first)
			*out = v ? nb_strdup(v) : NULL;
		else
			one = !v == !*out && (!v || !strcmp(v, *out));
		first = false;
	}
	return one;
}

static bool same(const char *a, const char *b)
{
	return !a == !b && (!a || !strcmp(a, b));
}

/* Every name of a property, each once; NULL ends. */
static const char **all_keys(const struct runs *r)
{
	size_t n = 0, most = 1;
	for (size_t i = 0; i < r->n_curves; i++)
		most += r->curve[i].n_properties;
	const char **v = nb_alloc(most + 1, sizeof(*v));
	v[n++] = "target_pps";
	for (size_t i = 0; i < r->n_curves; i++)
		for (size_t k = 0; k < r->curve[i].n_properties; k++) {
			const char *key = r->curve[i].properties[k].key;
			size_t at = 0;
			while (at < n && strcmp(v[at], key) != 0)
				at++;
			if (at == n)
				v[n++] = key;
		}
	return v;
}

/* Splits the properties: those that tell the sides apart go to `out`, the names of those that vary
 * inside a side stay in `keys`. */
static void split(struct sides *out, const char **names, const struct runs *r, const char *which)
{
	size_t kept = 0;
	for (size_t i = 0; names[i]; i++) {
		char *a, *b;
		bool one_a = one_value(&a, r, which, 'a', names[i]);
		bool one_b = one_value(&b, r, which, 'b', names[i]);
		if (!one_a || !one_b)
			names[kept++] = names[i];
		else if (!same(a, b)) {
			out->difference = nb_realloc(out->difference, out->n_differences + 1,
						     sizeof(*out->difference));
			out->difference[out->n_differences++] =
				(struct difference){nb_strdup(names[i]), a, b};
			continue;
		}
		free(a);
		free(b);
	}
	names[kept] = NULL;
}

static char *label_of(const struct runs *r, const struct run *run, const char *const *names)
{
	struct nb_text t = {0};
	for (; *names; names++) {
		char buf[32];
		const char *v = run_property(buf, r, run, *names);
		text_addf(&t, "%s%s=%s", t.len ? ", " : "", *names, v ? v : "none");
	}
	if (!t.len)
		text_add(&t, "all");
	return t.s;
}

static void put(struct sides *out, const struct runs *r, size_t run, bool b,
		const char *const *names)
{
	char *label = label_of(r, &r->run[run], names);
	size_t i = 0;
	while (i < out->n_cells && strcmp(out->cell[i].label, label) != 0)
		i++;
	if (i == out->n_cells) {
		out->cell = nb_realloc(out->cell, i + 1, sizeof(*out->cell));
		out->cell[out->n_cells++] = (struct cell_runs){.label = label};
	} else {
		free(label);
	}
	struct cell_runs *c = &out->cell[i];
	c->run[b] = nb_realloc(c->run[b], c->n[b] + 1, sizeof(*c->run[b]));
	c->run[b][c->n[b]++] = run;
}

/* A word that would name a run, were it the value of the key run. */
static bool like_a_run(const char *text)
{
	return !strcmp(text, "last") || (*text && !text[strspn(text, "0123456789.")]);
}

/* 'a', 'b' or 0 for each run. */
static int divide(char *which, const struct runs *r, const struct side side[2], struct nb_err *err)
{
	size_t n[2] = {0, 0};
	for (size_t i = 0; i < r->n; i++) {
		bool a = side_holds(r, &r->run[i], &side[0]);
		bool b = side_holds(r, &r->run[i], &side[1]);
		if (a && b)
			return nb_error_code(err, NB_USAGE,
					     "compare: run %" PRId64 " is in both '%s' and '%s'",
					     r->run[i].id, side[0].text, side[1].text);
		which[i] = a ? 'a' : b ? 'b' : 0;
		n[0] += a;
		n[1] += b;
	}
	for (int k = 0; k < 2; k++)
		if (!n[k])
			return nb_error_code(
				err, NB_NODATA,
				"compare: no run is '%s', of the %zu selected: %s%s%s",
				side[k].text, r->n,
				like_a_run(side[k].text) ? "a run by its number is run=" : "",
				like_a_run(side[k].text) ? side[k].text : "see nbanalyze runs",
				like_a_run(side[k].text) ? ", as nbanalyze runs lists them" : "");
	return 0;
}

int sides_make(struct sides *out, const struct runs *r, const char *a, const char *b,
	       struct nb_err *err)
{
	struct side side[2] = {0};
	char *which = nb_alloc(r->n + 1, 1);
	const char **names = NULL;
	int ret = -1;
	*out = (struct sides){0};
	if (side_parse(&side[0], a, r, err) || side_parse(&side[1], b, r, err) ||
	    divide(which, r, side, err))
		goto cleanup;
	names = all_keys(r);
	split(out, names, r, which);
	for (size_t i = 0; i < r->n; i++)
		if (which[i])
			put(out, r, i, which[i] == 'b', names);
	ret = 0;
cleanup:
	side_free(&side[0]);
	side_free(&side[1]);
	free(names);
	free(which);
	return ret;
}

void sides_free(struct sides *s)
{
	for (size_t i = 0; i < s->n_cells; i++) {
		free(s->cell[i].label);
		free(s->cell[i].run[0]);
		free(s->cell[i].run[1]);
	}
	for (size_t i = 0; i < s->n_differences; i++) {
		free(s->difference[i].item);
		free(s->difference[i].a);
		free(s->difference[i].b);
	}
	free(s->cell);
	free(s->difference);
	*s = (struct sides){0};
}
