/* SPDX-License-Identifier: Apache-2.0 */
/* --fail-if: each gate in each cell, and the exit code that comes of them. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analyze/compare.h"
#include "analyze/stats/mann_whitney.h"

struct judged {
	const struct gate *gate;
	struct comparison c;
	double value, p; /* p adjusted among the changes that gates look at */
};

/* Is there enough to judge? Else an error: a gate that cannot be judged has not passed. */
static int check(const struct compare_job *j, const struct gate *g, const struct comparison *c,
		 size_t n_changes)
{
	const char *cell = j->sides.cell[c->cell].label, *name = figure_at(g->figure)->name;
	if (!c->n_b || (g->change && !c->n_a))
		return nb_error(
			&j->cli->err,
			"--fail-if '%s': %s has no run with %s (%s): the gate cannot be judged",
			g->text, c->n_b ? j->name[0] : j->name[1], name, cell);
	double least = (double)n_changes * stats_mann_whitney_least_p(c->n_a, c->n_b);
	if (g->change && !(least < g->alpha))
		return nb_error(
			&j->cli->err,
			"--fail-if '%s': %zu and %zu runs are too few (%s): a change cannot be "
			"shown below p = %.2g; --repeat 5 or more on each side",
			g->text, c->n_a, c->n_b, cell, least);
	return 0;
}

static int collect(struct judged *v, size_t *n, const struct compare_job *j)
{
	size_t n_changes = 0;
	for (size_t g = 0; g < j->n_gates; g++)
		n_changes += j->gates[g].change ? j->sides.n_cells : 0;
	for (size_t g = 0; g < j->n_gates; g++)
		for (size_t cell = 0; cell < j->sides.n_cells; cell++) {
			struct judged *at = &v[(*n)++];
			at->gate = &j->gates[g];
			at->c = comparison_make(j, cell, at->gate->figure);
			if (check(j, at->gate, &at->c, n_changes))
				return -1;
			at->value = gate_value(at->gate, at->c.a, at->c.n_a, at->c.b, at->c.n_b);
			at->p = at->gate->change ? at->c.p : (double)NAN;
		}
	double *p = nb_alloc(*n + 1, sizeof(*p));
	for (size_t i = 0; i < *n; i++)
		p[i] = v[i].p;
	stats_adjust(p, p, *n, STATS_ADJUST_HOLM);
	for (size_t i = 0; i < *n; i++)
		v[i].p = p[i];
	free(p);
	return 0;
}

static void say(struct compare_job *j, const struct judged *v, enum gate_result result)
{
	static const struct {
		const char *code, *words;
	} names[] = {
		[GATE_PASSED] = {"gate_passed",	"passed"		},
		[GATE_FAILED] = {"gate_failed",	"FAILED"		},
		[GATE_INCONCLUSIVE] = {"gate_inconclusive",
				       "inconclusive: beyond the limit, not shown"},
	};
	struct nb_text value = {0};
	if (v->gate->change)
		text_addf(&value, "%+.3g %%, p = %.2g", 100 * v->value, v->p);
	else
		text_addf(&value, "%.6g", v->value);
	notes_add(&j->notes, names[result].code, "gate '%s' (%s): %s: %s, %zu and %zu runs",
		  v->gate->text, j->sides.cell[v->c.cell].label, names[result].words, value.s,
		  v->c.n_a, v->c.n_b);
	text_free(&value);
}

int compare_gates(struct compare_job *j)
{
	struct judged *v = nb_alloc(j->n_gates * j->sides.n_cells + 1, sizeof(*v));
	size_t n = 0, failed = 0, unclear = 0;
	int ret = collect(v, &n, j);
	for (size_t i = 0; i < n && !ret; i++) {
		enum gate_result result = gate_judge(v[i].gate, v[i].value, v[i].p);
		failed += result == GATE_FAILED;
		unclear += result == GATE_INCONCLUSIVE;
		say(j, &v[i], result);
	}
	for (size_t i = 0; i < n; i++)
		comparison_free(&v[i].c);
	free(v);
	if (!ret && failed)
		ret = nb_error_code(&j->cli->err, NB_GATE, "compare: %zu of %zu gates failed",
				    failed, n);
	else if (!ret && unclear && j->asked->strict)
		ret = nb_error_code(&j->cli->err, NB_VOID,
				    "compare: %zu of %zu gates inconclusive: more runs (--repeat) "
				    "decide",
				    unclear, n);
	return ret;
}
