/* SPDX-License-Identifier: Apache-2.0 */
/* Terms as they are written become columns of numbers. */
#include "analyze/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

enum { POWER_MAX = 10 };

void model_free(struct model *m)
{
	for (size_t i = 0; i < m->n_terms; i++) {
		for (size_t k = 0; k < MODEL_FACTORS_MAX; k++) {
			struct factor *f = &m->term[i].factor[k];
			for (size_t l = 0; l < f->n_levels; l++)
				free(f->level[l]);
			free(f->level);
			free(f->key);
		}
		free(m->term[i].text);
	}
	for (size_t i = 0; i < m->n_columns; i++)
		free(m->column[i].name);
	free(m->term);
	free(m->column);
	*m = (struct model){0};
}

/* METRIC, METRIC^POWER, log(METRIC) or a key, which alone has no dot. `s` is written to. */
static int parse_factor(struct factor *f, char *s, struct nb_err *err)
{
	size_t len = strlen(s);
	char *caret = strrchr(s, '^');
	uint64_t power = 1;
	if (!strchr(s, '.') && *s) {
		f->kind = FACTOR_KEY;
		f->key = nb_strdup(run_property_key(s));
		return 0;
	}
	if (caret && !strncmp(s, "log(", 4))
		return nb_error_code(
			err, NB_USAGE,
			"-x: '%s': a logarithm is of a metric, log(METRIC): that of its "
			"power is a multiple of it",
			s);
	if (caret) {
		if (parse_u64(&power, caret + 1) || power < 2 || power > POWER_MAX)
			return nb_error_code(err, NB_USAGE,
					     "-x: '%s': a power is a whole number from 2 to %d", s,
					     POWER_MAX);
		*caret = '\0';
	}
	f->power = (unsigned)power;
	if (!caret && len > 5 && !strncmp(s, "log(", 4) && s[len - 1] == ')') {
		f->kind = FACTOR_LOG;
		s[len - 1] = '\0';
		s += 4;
	}
	return figure_find(&f->figure, "-x", s, err);
}

static int parse_term(struct model *m, const char *text, struct nb_err *err)
{
	m->term = nb_realloc(m->term, m->n_terms + 1, sizeof(*m->term));
	struct model_term *t = &m->term[m->n_terms++];
	*t = (struct model_term){.text = nb_strdup(text)};
	if (!*text)
		return nb_error_code(err, NB_USAGE,
				     "-x: an empty term: terms are separated by one comma, as in "
				     "receiver.rx_pps,node.irq_rate");
	for (size_t i = 0; i + 1 < m->n_terms; i++)
		if (!strcmp(m->term[i].text, text))
			return nb_error_code(err, NB_USAGE, "-x: %s is there twice", text);
	char *copy = nb_strdup(text), *rest = copy, *part;
	int rc = 0;
	while (!rc && (part = strsep(&rest, ":")))
		rc = t->n_factors == MODEL_FACTORS_MAX
			     ? nb_error_code(err, NB_USAGE, "-x: '%s': a product of %d at most",
					     text, MODEL_FACTORS_MAX)
			     : parse_factor(&t->factor[t->n_factors++], part, err);
	free(copy);
	return rc;
}

int model_parse(struct model *m, const char *y, const char *x, struct nb_err *err)
{
	*m = (struct model){0};
	if (figure_find(&m->y, "-y", y, err))
		return -1;
	char *copy = nb_strdup(x), *rest = copy, *part;
	int rc = 0;
	while (!rc && (part = strsep(&rest, ",")))
		rc = parse_term(m, part, err);
	free(copy);
	if (!rc && model_has_figure(m, m->y))
		rc = nb_error_code(err, NB_USAGE, "regress: %s is both y and x", y);
	return rc;
}

static int no_such_key(const char *key, struct nb_err *err)
{
	struct nb_text near = {0};
	figure_near(&near, key);
	nb_error_code(
		err, NB_USAGE,
		"-x: '%s' is neither a metric (%s%s%s) nor a key of these runs' configuration, "
		"nor a label",
		key, near.len ? "did you mean " : "nbanalyze metrics lists them",
		near.len ? near.s : "", near.len ? "?" : "");
	text_free(&near);
	return -1;
}

static int find_levels(struct factor *f, const struct runs *runs, struct nb_err *err)
{
	char buf[32];
	bool any = false;
	for (size_t i = 0; i < runs->n; i++) {
		const char *v = run_property(buf, runs, &runs->run[i], f->key);
		size_t l = 0;
		any |= v != NULL;
		v = v ? v : "none";
		while (l < f->n_levels && strcmp(f->level[l], v) != 0)
			l++;
		if (l < f->n_levels)
			continue;
		f->level = nb_realloc(f->level, l + 1, sizeof(*f->level));
		f->level[f->n_levels++] = nb_strdup(v);
	}
	if (!any)
		return no_such_key(f->key, err);
	if (f->n_levels < 2)
		return nb_error_code(err, NB_NODATA,
				     "regress: %s is %s in all runs selected: it explains nothing",
				     f->key, f->level[0]);
	return 0;
}

static char *column_name(const struct model_term *t, const size_t *level)
{
	struct nb_text name = {0};
	for (size_t i = 0; i < t->n_factors; i++) {
		const struct factor *f = &t->factor[i];
		text_add(&name, i ? ":" : "");
		if (f->kind == FACTOR_KEY)
			text_addf(&name, "%s=%s", f->key, f->level[level[i]]);
		else if (f->kind == FACTOR_LOG)
			text_addf(&name, "log(%s)", figure_at(f->figure)->name);
		else
			text_add(&name, figure_at(f->figure)->name);
		if (f->kind == FACTOR_VALUE && f->power > 1)
			text_addf(&name, "^%u", f->power);
	}
	return name.s;
}

/* Every combination of values of the keys in a term, the first value of each left out: it is what
 * the others are held against. */
static void expand_term(struct model *m, size_t term)
{
	const struct model_term *t = &m->term[term];
	size_t level[MODEL_FACTORS_MAX], i;
	for (i = 0; i < MODEL_FACTORS_MAX; i++)
		level[i] = 1;
	do {
		m->column = nb_realloc(m->column, m->n_columns + 1, sizeof(*m->column));
		struct model_column *c = &m->column[m->n_columns++];
		*c = (struct model_column){column_name(t, level), term, {0}};
		memcpy(c->level, level, sizeof(level));
		for (i = 0; i < t->n_factors; i++) {
			if (t->factor[i].kind != FACTOR_KEY)
				continue;
			if (++level[i] < t->factor[i].n_levels)
				break;
			level[i] = 1;
		}
	} while (i < t->n_factors);
}

int model_expand(struct model *m, const struct runs *runs, struct nb_err *err)
{
	for (size_t i = 0; i < m->n_terms; i++) {
		for (size_t k = 0; k < m->term[i].n_factors; k++)
			if (m->term[i].factor[k].kind == FACTOR_KEY &&
			    find_levels(&m->term[i].factor[k], runs, err))
				return -1;
		expand_term(m, i);
	}
	return 0;
}

/* One factor of a column; NaN where it is missing. */
static wide factor_value(const struct factor *f, size_t level, const struct runs *runs, size_t run,
			 const struct values *v, size_t row)
{
	char buf[32];
	if (f->kind == FACTOR_KEY) {
		const char *have = run_property(buf, runs, &runs->run[run], f->key);
		return wide_of(strcmp(have ? have : "none", f->level[level]) == 0);
	}
	long double value = (long double)value_at(v, row, f->figure);
	wide x = wide_of(value), product = x;
	if (f->kind == FACTOR_LOG)
		return wide_of(value > 0 ? logl(value) : (long double)NAN);
	for (unsigned k = 1; k < f->power; k++)
		product = wide_mul(product, x);
	return product;
}

bool model_row(wide *x, const struct model *m, const struct runs *runs, size_t run,
	       const struct values *v, size_t row)
{
	bool whole = true;
	for (size_t i = 0; i < m->n_columns; i++) {
		const struct model_column *c = &m->column[i];
		const struct model_term *t = &m->term[c->term];
		x[i] = wide_of(1);
		for (size_t k = 0; k < t->n_factors; k++)
			x[i] = wide_mul(x[i], factor_value(&t->factor[k], c->level[k], runs, run, v,
							   row));
		whole &= isfinite((double)wide_value(x[i]));
	}
	return whole;
}

bool model_has_figure(const struct model *m, size_t figure)
{
	for (size_t i = 0; i < m->n_terms; i++)
		for (size_t k = 0; k < m->term[i].n_factors; k++)
			if (m->term[i].factor[k].kind != FACTOR_KEY &&
			    m->term[i].factor[k].figure == figure)
				return true;
	return false;
}

bool model_has_key(const struct model *m, const char *key)
{
	for (size_t i = 0; i < m->n_terms; i++)
		for (size_t k = 0; k < m->term[i].n_factors; k++)
			if (m->term[i].factor[k].kind == FACTOR_KEY &&
			    !strcmp(m->term[i].factor[k].key, key))
				return true;
	return false;
}
