/* SPDX-License-Identifier: Apache-2.0 */
/* Which curves share a picture. */
#include "analyze/plot/family.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const cores_keys[] = {"cores", "n_cores", NULL};
static const char *const size_keys[] = {"frame_size", NULL};

static bool among(const char *const *keys, const char *key)
{
	while (*keys && strcmp(*keys, key) != 0)
		keys++;
	return *keys != NULL;
}

/* Has b what a has, but for `keys` and the rate? */
static bool covers(const struct curve *a, const struct curve *b, const char *const *keys)
{
	for (size_t i = 0; i < a->n_properties; i++) {
		const struct property *p = &a->properties[i];
		if (!strcmp(p->key, "target_pps") || among(keys, p->key))
			continue;
		const char *other = curve_property(b, p->key);
		if (!other || strcmp(other, p->value) != 0)
			return false;
	}
	return true;
}

static bool akin(const struct curve *a, const struct curve *b, const char *const *keys)
{
	return covers(a, b, keys) && covers(b, a, keys);
}

/* Families of those that are not placed yet and have others like them; without keys each alone. */
static void gather(struct families *out, bool *placed, const struct runs *runs, enum family_by by,
		   const char *const *keys)
{
	for (size_t i = 0; i < runs->n_curves; i++) {
		struct family f = {.by = by};
		if (placed[i])
			continue;
		f.curve[f.n++] = &runs->curve[i];
		for (size_t k = i + 1; keys && k < runs->n_curves && f.n < FAMILY_MAX; k++)
			if (!placed[k] && akin(f.curve[0], &runs->curve[k], keys))
				f.curve[f.n++] = &runs->curve[k];
		if (keys && f.n == 1)
			continue;
		for (size_t k = 0; k < f.n; k++)
			placed[f.curve[k] - runs->curve] = true;
		out->v[out->n++] = f;
	}
}

void families_make(struct families *out, const struct runs *runs)
{
	bool *placed = nb_alloc(runs->n_curves + 1, sizeof(*placed));
	*out = (struct families){.v = nb_alloc(runs->n_curves + 1, sizeof(*out->v))};
	gather(out, placed, runs, BY_CORES, cores_keys);
	gather(out, placed, runs, BY_SIZE, size_keys);
	gather(out, placed, runs, BY_NOTHING, NULL);
	free(placed);
}

void families_free(struct families *f)
{
	free(f->v);
	*f = (struct families){0};
}

const struct family *families_at(const struct families *f, const struct curve *c)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].curve[0] == c)
			return &f->v[i];
	return NULL;
}

/* Do several have as many cores, so that only their ids tell them apart? */
static bool counts_repeat(const struct runs *runs, const struct family *f)
{
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < i; k++)
			if (runs->run[f->curve[i]->runs.first].n_cores ==
			    runs->run[f->curve[k]->runs.first].n_cores)
				return true;
	return false;
}

void family_name(struct nb_text *out, const struct runs *runs, const struct family *f, size_t i)
{
	const struct run *run = &runs->run[f->curve[i]->runs.first];
	if (f->by == BY_SIZE && run->frame_size != RUN_NONE)
		text_addf(out, "%" PRId64 "-byte frames", run->frame_size);
	else if (f->by == BY_SIZE)
		text_add(out, "frames of any size");
	if (f->by != BY_CORES)
		return;
	if (run->n_cores == RUN_NONE)
		text_add(out, "any cores");
	else
		text_addf(out, "%" PRId64 " core%s", run->n_cores, run->n_cores == 1 ? "" : "s");
	if (run->cores && counts_repeat(runs, f))
		text_addf(out, " (%s)", run->cores);
}

void family_words(struct nb_text *out, const struct runs *runs, const struct family *f)
{
	static const char *const left_out[] = {
		[BY_NOTHING] = NULL, [BY_CORES] = "cores", [BY_SIZE] = "frame_size"};
	curve_words_without(out, runs, f->curve[0], left_out[f->by]);
}

void family_ids_text(struct nb_text *out, const struct runs *runs, const struct family *f)
{
	struct runs some = {0}; /* only what runs_ids_text() looks at */
	for (size_t i = 0; i < f->n; i++)
		some.n += f->curve[i]->runs.n;
	some.run = nb_alloc(some.n + 1, sizeof(*some.run));
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->curve[i]->runs.n; k++)
			some.run[n++] = runs->run[f->curve[i]->runs.first + k];
	runs_ids_text(out, &some, (struct run_group){0, some.n});
	free(some.run);
}
