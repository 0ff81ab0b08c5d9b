// SPDX-License-Identifier: Apache-2.0
/* What people write on the command line of nbanalyze: sides of a comparison, gates, terms of a
 * regression. The first byte says which. */
#include <math.h>
#include <string.h>

#include "analyze/gate.h"
#include "analyze/model.h"
#include "analyze/sides.h"
#include "fuzz.h"

/* Two runs of two curves, told apart by a label. */
static struct runs *two_runs(void)
{
	static struct property properties[2][2] = {
		{{"kernel", "6.1", false}, {"build", "a", true}},
		{{"kernel", "6.1", false}, {"build", "b", true}},
	};
	static struct run run[2] = {
		{.id = 1,
		 .target_pps = 1000,
		 .uuid = "9e3779b1-0000",
		 .campaign = "first",
		 .n_cores = 1},
		{.id = 2,
		 .target_pps = RUN_NONE,
		 .uuid = "3c6ef362-0000",
		 .n_cores = 2,
		 .curve = 1  },
	};
	static struct curve curve[2] = {
		{.runs = {0, 1}, .properties = properties[0], .n_properties = 2},
		{.runs = {1, 1}, .properties = properties[1], .n_properties = 2},
	};
	static struct run_place by_id[2] = {
		{1, 0},
		{2, 1}
	      };
	static struct runs runs = {
		.by_id = by_id, .run = run, .n = 2, .curve = curve, .n_curves = 2};
	return &runs;
}

static void try_sides(char *a)
{
	struct sides s;
	struct nb_err err = {0};
	char *b = strchr(a, '\n');
	if (b)
		*b++ = '\0';
	if (!sides_make(&s, two_runs(), a, b ? b : "build=b", &err)) {
		size_t n = 0;
		for (size_t i = 0; i < s.n_cells; i++)
			n += s.cell[i].n[0] + s.cell[i].n[1];
		MUST(n == 2); /* a run a side, none on both */
	} else {
		MUST(err.code == NB_USAGE || err.code == NB_NODATA);
	}
	sides_free(&s);
}

static void try_gate(const char *text)
{
	struct gate g;
	struct nb_err err = {0};
	if (gate_parse(&g, text, &err)) {
		MUST(err.code == NB_USAGE);
		return;
	}
	MUST(g.figure < figure_count() && isfinite(g.limit) && g.alpha > 0 && g.alpha < 1);
	MUST(isnan(g.quantile) || (g.quantile >= 0 && g.quantile <= 1));
}

static void try_model(const char *x)
{
	struct model m;
	struct nb_err err = {0};
	if (model_parse(&m, "node.softirq_rate", x, &err))
		MUST(err.code == NB_USAGE);
	else if (model_expand(&m, two_runs(), &err))
		MUST(err.code == NB_USAGE || err.code == NB_NODATA);
	else
		MUST(m.n_columns >= m.n_terms && m.n_terms);
	model_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	if (size) {
		memcpy(text, data + 1, size - 1);
		text[size - 1] = '\0';
		switch (data[0] % 3) {
		case 0:
			try_sides(text);
			break;
		case 1:
			try_gate(text);
			break;
		default:
			try_model(text);
		}
	}
	free(text);
	return 0;
}
