/* SPDX-License-Identifier: Apache-2.0 */
/* Correlations as a square, figures that go together next to each other. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyze/correlate.h"

struct square {
	size_t *figure, n; /* those that are in any pair, in the order shown */
	double *weight;	   /* n × n, |r| summed over the scopes: what the order is made of */
};

static size_t place_of(const struct square *m, size_t figure)
{
	size_t i = 0;
	while (i < m->n && m->figure[i] != figure)
		i++;
	return i;
}

static void add_figure(struct square *m, size_t figure)
{
	if (place_of(m, figure) == m->n)
		m->figure[m->n++] = figure;
}

static void weigh(struct square *m, const struct correlate_job *j)
{
	m->weight = nb_alloc(m->n * m->n + 1, sizeof(*m->weight));
	for (size_t k = 0; k < j->n_scopes; k++)
		for (size_t i = 0; i < j->scopes[k].n; i++) {
			const struct relation *r = &j->scopes[k].v[i];
			size_t a = place_of(m, r->x), b = place_of(m, r->y);
			m->weight[a * m->n + b] += fabs(r->c.r);
			m->weight[b * m->n + a] += fabs(r->c.r);
		}
}

/* The figure not yet taken that is nearest to `end`; m->n when none is left. */
static size_t nearest(const struct square *m, const bool *taken, size_t end)
{
	size_t best = m->n;
	for (size_t i = 0; i < m->n; i++)
		if (!taken[i] &&
		    (best == m->n || m->weight[end * m->n + i] > m->weight[end * m->n + best]))
			best = i;
	return best;
}

/* A chain from the strongest pair on, which grows at whichever end has the nearer neighbour. */
static void put_in_order(struct square *m)
{
	size_t *chain = nb_alloc(2 * m->n + 1, sizeof(*chain)), lo = m->n, hi = m->n, first = 0;
	bool *taken = nb_alloc(m->n + 1, sizeof(*taken));
	double strongest = -1;
	for (size_t i = 0; i < m->n * m->n; i++)
		if (m->weight[i] > strongest) {
			strongest = m->weight[i];
			first = i / m->n;
		}
	chain[lo] = first;
	taken[first] = true;
	while (hi - lo + 1 < m->n) {
		size_t before = nearest(m, taken, chain[lo]), after = nearest(m, taken, chain[hi]);
		bool at_end =
			m->weight[chain[hi] * m->n + after] >= m->weight[chain[lo] * m->n + before];
		size_t next = at_end ? after : before;
		chain[at_end ? ++hi : --lo] = next;
		taken[next] = true;
	}
	for (size_t i = 0; i < m->n; i++)
		chain[lo + i] = m->figure[chain[lo + i]];
	for (size_t i = 0; i < m->n; i++)
		m->figure[i] = chain[lo + i];
	free(chain);
	free(taken);
}

static const struct relation *find(const struct relations *s, size_t x, size_t y)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct relation *r = &s->v[i];
		if ((r->x == x && r->y == y) || (r->x == y && r->y == x))
			return r;
	}
	return NULL;
}

/* Two columns, then one a figure: for people its number in the list, for programs its name. */
static struct column *columns_of(const struct square *m, bool people, char (*names)[64])
{
	struct column *c = nb_alloc(m->n + 2, sizeof(*c));
	c[0] = (struct column){"scope", COL_TEXT};
	c[1] = (struct column){"figure", COL_TEXT};
	for (size_t i = 0; i < m->n; i++) {
		if (people)
			snprintf(names[i], sizeof(names[i]), "%zu", i + 1);
		else
			figure_column(names[i], figure_at(m->figure[i]));
		c[i + 2] = (struct column){names[i], COL_FIXED3};
	}
	return c;
}

static void print_row(struct output *out, const struct relations *s, const struct square *m,
		      size_t row, bool people)
{
	struct cell *cells = nb_alloc(m->n + 2, sizeof(*cells));
	const char *name = figure_at(m->figure[row])->name;
	char label[96];
	snprintf(label, sizeof(label), "%zu %s", row + 1, name);
	cells[0] = cell_text(s->scope);
	cells[1] = cell_text(people ? label : name);
	for (size_t i = 0; i < m->n; i++) {
		const struct relation *r = find(s, m->figure[row], m->figure[i]);
		cells[i + 2] = i == row ? cell_real(1) : r ? cell_real(r->c.r) : cell_null();
	}
	output_row(out, cells);
	free(cells);
}

/* Has the scope any r of the figure? */
static bool has(const struct relations *s, size_t figure)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].x == figure || s->v[i].y == figure)
			return true;
	return false;
}

void correlate_matrix(struct correlate_job *j)
{
	bool people = j->cli->format == FMT_TABLE || j->cli->format == FMT_MARKDOWN;
	struct square m = {.figure = nb_alloc(figure_count(), sizeof(*m.figure))};
	for (size_t k = 0; k < j->n_scopes; k++)
		for (size_t i = 0; i < j->scopes[k].n; i++) {
			add_figure(&m, j->scopes[k].v[i].x);
			add_figure(&m, j->scopes[k].v[i].y);
		}
	weigh(&m, j);
	put_in_order(&m);
	char(*names)[64] = nb_alloc(m.n + 1, sizeof(*names));
	struct column *columns = columns_of(&m, people, names);
	struct output *out =
		output_begin(stdout, j->cli->format, "correlate-matrix", columns, m.n + 2);
	for (size_t k = 0; k < j->n_scopes; k++)
		for (size_t i = 0; i < m.n; i++)
			if (has(&j->scopes[k], m.figure[i]))
				print_row(out, &j->scopes[k], &m, i, people);
	rows_end(j->cli, out, &j->notes, NULL);
	free(columns);
	free(names);
	free(m.figure);
	free(m.weight);
}
