/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts into a temporary folder, gnuplot over them, and the SVG files read back. */
#include "analyze/report/figures.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyze/folder.h"
#include "analyze/plot/gnuplot.h"

/* With some 40 kB each a page stays below 2 MB. */
enum { FIGURES_MAX = 36 };

/* What a page shows of a curve, the most telling first. */
static const char *const shown[] = {"delivered",  "rx_bounded",	    "drop_bounded", "loss",
				    "tx_bounded", "sw_irq_bounded", "cost",	    "ledger",
				    "timeseries", "correlation"};

void figures_free(struct figures *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i].svg);
	free(f->v);
	*f = (struct figures){0};
}

static const struct plot_kind *kind_named(const char *name)
{
	size_t i = 0;
	while (strcmp(plot_kinds[i].name, name) != 0)
		i++;
	return &plot_kinds[i];
}

static char *read_whole(const char *dir, const char *name)
{
	struct nb_text path = {0}, t = {0};
	char buf[8192];
	size_t n;
	text_addf(&path, "%s/%s", dir, name);
	FILE *f = fopen(path.s, "r");
	while (f && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		text_add_n(&t, buf, n);
	if (f)
		fclose(f);
	text_free(&path);
	return t.s;
}

static void drop(const char *dir, const char *name)
{
	struct nb_text path = {0};
	text_addf(&path, "%s/%s", dir, name);
	unlink(path.s);
	text_free(&path);
}

static int write_scripts(struct figures *out, struct plot_data *d, const struct families *families,
			 const char *dir)
{
	for (size_t k = 0; k < sizeof(shown) / sizeof(*shown); k++)
		for (size_t i = 0; i < d->runs->n_curves; i++) {
			const struct curve *c = &d->runs->curve[i];
			const struct plot_kind *kind = kind_named(shown[k]);
			struct nb_text script = {0};
			char name[32];
			if (out->n >= FIGURES_MAX) {
				out->n_left_out++;
				continue;
			}
			d->family = families_at(families, c);
			if (kind->about == ABOUT_FAMILY && !d->family)
				continue;
			d->run = c->runs.first + c->runs.n - 1; /* of the highest rate */
			snprintf(name, sizeof(name), "%zu.gp", out->n);
			enum plot_defined r = picture_script(&script, kind, d, c, name, "");
			int rc = r ? 0 : folder_write(dir, name, script.s, d->err);
			text_free(&script);
			if (rc || r == PLOT_ERROR)
				return -1;
			if (r)
				continue;
			out->v = nb_realloc(out->v, out->n + 1, sizeof(*out->v));
			out->v[out->n++] = (struct report_figure){kind, c, NULL};
		}
	return 0;
}

static void draw(struct figures *out, struct nb_text *note, const char *dir)
{
	struct gnuplot_picture *p = nb_alloc(out->n + 1, sizeof(*p));
	struct nb_text *names = nb_alloc(2 * out->n + 1, sizeof(*names));
	for (size_t i = 0; i < out->n; i++) {
		text_addf(&names[2 * i], "%zu.gp", i);
		text_addf(&names[2 * i + 1], "%zu.svg", i);
		p[i] = (struct gnuplot_picture){.script = names[2 * i].s,
						.image = names[2 * i + 1].s};
	}
	gnuplot_draw(dir, p, out->n);
	for (size_t i = 0; i < out->n; i++) {
		if (!p[i].result)
			out->v[i].svg = read_whole(dir, p[i].image);
		else if (!note->len)
			text_add(note, p[i].err.text);
		drop(dir, p[i].script);
		drop(dir, p[i].image);
		text_free(&names[2 * i]);
		text_free(&names[2 * i + 1]);
	}
	free(names);
	free(p);
}

int figures_draw(struct figures *out, struct nb_text *note, struct plot_data *d)
{
	const char *tmp = getenv("TMPDIR");
	struct nb_text dir = {0};
	struct families families;
	text_addf(&dir, "%s/nbreport.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	*out = (struct figures){0};
	if (!mkdtemp(dir.s)) {
		nb_error(d->err, "report: %s: %s: set TMPDIR to a folder with room", dir.s,
			 strerror(errno));
		text_free(&dir);
		return -1;
	}
	families_make(&families, d->runs);
	int ret = write_scripts(out, d, &families, dir.s);
	families_free(&families);
	d->family = NULL;
	if (!ret) {
		draw(out, note, dir.s);
	} else {
		for (size_t i = 0; i < out->n; i++) {
			char name[32];
			snprintf(name, sizeof(name), "%zu.gp", i);
			drop(dir.s, name);
		}
	}
	rmdir(dir.s);
	text_free(&dir);
	return ret;
}
