/* SPDX-License-Identifier: Apache-2.0 */
/* delivered: what came through against what was offered, with the line of no loss. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"

struct place {
	struct level offered, through;
	const char *mark;
};

static int by_offered(const void *a, const void *b)
{
	double x = ((const struct place *)a)->offered.mean;
	double y = ((const struct place *)b)->offered.mean;
	return (x > y) - (x < y);
}

void define_delivered(struct nb_text *script, const struct plot_data *d, const struct curve *c)
{
	size_t n = 0, marked = 0;
	double top = 0;
	struct place *p = nb_alloc(c->configs.n + 1, sizeof(*p));
	char **mark = nb_alloc(c->configs.n + 1, sizeof(*mark));
	for (size_t i = 0; i < c->configs.n; i++) {
		size_t config = c->configs.first + i;
		p[n].offered = level_of_config(d, config, run_offered, NULL);
		p[n].through = level_of_config(d, config, run_received, NULL);
		p[n].mark = config_mark(d, config);
		if (isnan(p[n].offered.mean) || isnan(p[n].through.mean))
			continue;
		top = fmax(top, fmax(p[n].offered.mean, p[n].offered.hi));
		top = fmax(top, fmax(p[n].through.mean, p[n].through.hi));
		n++;
	}
	qsort(p, n, sizeof(*p), by_offered);
	define_frame(script, d, c);
	gp_data_begin(script, "points");
	for (size_t i = 0; i < n; i++) {
		const double row[] = {p[i].offered.mean, p[i].offered.lo, p[i].offered.hi,
				      p[i].through.mean, p[i].through.lo, p[i].through.hi,
				      *p[i].mark ? 1 : 0};
		gp_data_row(script, row, sizeof(row) / sizeof(*row));
		mark[i] = nb_strdup(p[i].mark);
		marked += *p[i].mark != '\0';
	}
	if (!n) { /* a block without a row is an error to gnuplot */
		const double row[] = {(double)NAN, (double)NAN, (double)NAN, (double)NAN,
				      (double)NAN, (double)NAN, (double)NAN};
		gp_data_row(script, row, sizeof(row) / sizeof(*row));
	}
	gp_data_end(script);
	gp_set_texts(script, "MARK", mark, n ? n : 1);
	gp_set_number(script, "marked", (double)marked);
	gp_set_number(script, "top", top > 0 ? top : 1);
	gp_set_text(script, "seen_title", seen_title(d, c));
	for (size_t i = 0; i < n; i++)
		free(mark[i]);
	free(mark);
	free(p);
}
