/* SPDX-License-Identifier: Apache-2.0 */
/* Names of pictures and the composition of their scripts. */
#include "analyze/plot/picture.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/forest.h"
#include "analyze/plot/script.h"
#include "common/version.h"
#include "schema/embedded.h"

enum { CORES_SPELLED_MAX = 8, PART_MAX = 40, NAME_LENGTH_MAX = 200 };

extern const struct embedded_text embedded_plots[];

static const char *template_of(const char *name)
{
	struct nb_text file = {0};
	const struct embedded_text *t = embedded_plots;
	text_addf(&file, "%s%s", name, strchr(name, '.') ? "" : ".gp");
	while (t->name && strcmp(t->name, file.s) != 0)
		t++;
	assert(t->name);
	text_free(&file);
	return t->text;
}

/* What may stand in a file's name anywhere; the rest becomes '-'. */
static void add_part(struct nb_text *out, const char *s)
{
	for (size_t n = 0; *s && n < PART_MAX; s++, n++) {
		bool plain = (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') ||
			     (*s >= 'A' && *s <= 'Z') || *s == '.' || *s == '+' || *s == '_';
		text_add_n(out, plain ? s : "-", 1);
	}
}

/* "2-4-6", "n12"; "any" where the cores are not known. */
static void add_cores(struct nb_text *out, const struct run *run)
{
	size_t n = 1;
	if (!run->cores || !*run->cores) {
		if (run->n_cores == RUN_NONE)
			text_add(out, "any");
		else
			text_addf(out, "n%" PRId64, run->n_cores);
		return;
	}
	for (const char *s = run->cores; *s; s++)
		n += *s == ',';
	if (n > CORES_SPELLED_MAX)
		text_addf(out, "n%zu", n);
	else
		add_part(out, run->cores);
}

void picture_name(struct nb_text *out, const char *kind, const struct runs *runs,
		  const struct curve *c, enum family_by by)
{
	static const char *const in_name[] = {"target_pps", "frame_size", "cores", "n_cores"};
	const struct run *run = &runs->run[c->runs.first];
	text_addf(out, "%s_", kind);
	if (by == BY_SIZE)
		text_add(out, "by_size");
	else if (run->frame_size == RUN_NONE)
		text_add(out, "any");
	else
		text_addf(out, "%" PRId64, run->frame_size);
	text_add(out, by == BY_CORES ? "_by_cores" : "_cores_");
	if (by != BY_CORES)
		add_cores(out, run);
	for (size_t i = 0; i < c->n_properties; i++) {
		const struct property *p = &c->properties[i];
		bool named = false;
		for (size_t k = 0; k < sizeof(in_name) / sizeof(*in_name); k++)
			named |= !strcmp(in_name[k], p->key);
		if (named || !runs_differ(runs, p->key))
			continue;
		text_add(out, "_");
		add_part(out, p->key);
		text_add(out, "_");
		add_part(out, p->value);
	}
	if (out->len > NAME_LENGTH_MAX)
		text_cut(out, NAME_LENGTH_MAX);
}

void picture_name_of(struct nb_text *out, const struct plot_kind *kind, const struct plot_data *d,
		     const struct curve *c)
{
	struct nb_text start = {0};
	const struct run *run;
	text_add(&start, kind->name);
	switch (kind->about) {
	case ABOUT_CURVE:
		picture_name(out, kind->name, d->runs, c, BY_NOTHING);
		break;
	case ABOUT_FAMILY:
		picture_name(out, kind->name, d->runs, c, d->family->by);
		break;
	case ABOUT_SIDES:
		text_addf(out, "%s_", kind->name);
		add_part(out, d->forest->job->name[0]);
		text_add(out, "_");
		add_part(out, d->forest->job->name[1]);
		break;
	case ABOUT_RUN:
		text_addf(out, "%s_run_%" PRId64, kind->name, d->runs->run[d->run].id);
		break;
	default:
		run = &d->runs->run[d->runs->config[d->config].first];
		if (d->side)
			text_addf(&start, "_%s", d->side);
		if (run->target_pps == RUN_NONE)
			text_add(&start, "_pps_max");
		else
			text_addf(&start, "_pps_%" PRId64, run->target_pps);
		picture_name(out, start.s, d->runs, c, BY_NOTHING);
	}
	text_free(&start);
}

static struct run_group runs_drawn(const struct plot_kind *kind, const struct plot_data *d,
				   const struct curve *c)
{
	switch (kind->about) {
	case ABOUT_SIDES:
		return (struct run_group){0, 0};
	case ABOUT_FAMILY:
	case ABOUT_CURVE:
		return c->runs;
	case ABOUT_RUN:
		return (struct run_group){d->run, 1};
	default:
		return d->runs->config[d->config];
	}
}

enum plot_defined picture_script(struct nb_text *out, const struct plot_kind *kind,
				 const struct plot_data *d, const struct curve *c, const char *name,
				 const char *provenance)
{
	struct nb_text file = {0}, ids = {0};
	bool sides = kind->about == ABOUT_SIDES;
	struct run_group runs = runs_drawn(kind, d, c);
	text_addf(&file, "%s.%s", name, d->look.image);
	for (int side = 0; sides && side < 2; side++) {
		text_add(&ids, side ? " and " : "");
		compare_run_ids(&ids, d->forest->job, side);
	}
	if (kind->about == ABOUT_FAMILY)
		family_ids_text(&ids, d->runs, d->family);
	else if (!sides)
		runs_ids_text(&ids, d->runs, runs);
	text_addf(out, "# %s, made by nbanalyze %s. To draw it again: gnuplot %s.gp\n", kind->name,
		  NB_VERSION, name);
	text_add(out, provenance);
	gp_comment(out, "runs", ids.s);
	for (size_t i = 0; kind->about == ABOUT_FAMILY && i < d->family->n; i++)
		gp_comment(out, "configuration",
			   d->runs->run[d->family->curve[i]->runs.first].curve_key);
	if (!sides && kind->about != ABOUT_FAMILY)
		gp_comment(out, "configuration", d->runs->run[c->runs.first].curve_key);
	text_add(out, "# ---- what is drawn\n");
	gp_set_text(out, "file", file.s);
	gp_set_text(out, "made_as", d->look.image);
	gp_set_text(out, "made_theme", d->look.theme);
	gp_set_number(out, "made_width", (double)d->look.width);
	gp_set_number(out, "made_height", (double)d->look.height);
	gp_set_text(out, "title", kind->title);
	enum plot_defined ret = kind->define(out, d, c);
	text_add(out, template_of("style"));
	if (kind->axis)
		text_add(out, template_of(kind->axis));
	text_add(out, template_of(kind->drawn_as ? kind->drawn_as : kind->name));
	text_free(&file);
	text_free(&ids);
	return ret;
}
