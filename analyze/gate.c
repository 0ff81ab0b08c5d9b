/* SPDX-License-Identifier: Apache-2.0 */
/* What --fail-if says, and whether it holds. */
#include "analyze/gate.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/describe.h"
#include "analyze/stats/quantile.h"
#include "common/text.h"

static int wrong(const struct gate *g, const char *part, const char *what, struct nb_err *err)
{
	return nb_error_code(err, NB_USAGE,
			     "--fail-if '%s': '%s' is not %s: 'receiver.rx_pps.median < -2%%', "
			     "'receiver.loss_ratio.max > 0.001' or 'regressed(receiver.rx_pps, "
			     "min=2%%)'",
			     g->text, part, what);
}

/* A number and nothing else, or with % behind it: *percent is set. */
static bool number(double *out, bool *percent, const char *s)
{
	char *end;
	*out = strtod(s, &end);
	if (end == s || !isfinite(*out))
		return false;
	while (isspace((unsigned char)*end))
		end++;
	*percent = *end == '%';
	end += *percent;
	*out /= *percent ? 100 : 1;
	while (isspace((unsigned char)*end))
		end++;
	return !*end;
}

static bool statistic(double *quantile, const char *name)
{
	static const struct {
		const char *name;
		double quantile;
	} names[] = {
		{"median", 0.5	      },
		{"mean",	 (double)NAN},
		{"min",	0		 },
		{"max",	1		 },
	};
	uint64_t percent;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i].name, name)) {
			*quantile = names[i].quantile;
			return true;
		}
	if (*name != 'p' || parse_u64(&percent, name + 1) || percent < 1 || percent > 99)
		return false;
	*quantile = (double)percent / 100;
	return true;
}

static char *trimmed(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	for (size_t n = strlen(s); n && isspace((unsigned char)s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

/* METRIC.STATISTIC OP NUMBER[%] */
static int parse_condition(struct gate *g, char *copy, struct nb_err *err)
{
	size_t at = strcspn(copy, "<>");
	if (!copy[at])
		return wrong(g, copy, "a condition", err);
	g->above = copy[at] == '>';
	g->or_equal = copy[at + 1] == '=';
	char *right = copy + at + 1 + g->or_equal;
	copy[at] = '\0';
	char *left = trimmed(copy), *dot = strrchr(left, '.');
	if (!dot || !statistic(&g->quantile, dot + 1))
		return wrong(g, left, "a metric and median, mean, min, max or p95", err);
	*dot = '\0';
	if (!number(&g->limit, &g->change, right))
		return wrong(g, trimmed(right), "a number, or one with %", err);
	return figure_find(&g->figure, "--fail-if", left, err);
}

/* METRIC[, min=PERCENT%][, alpha=A]) */
static int parse_regressed(struct gate *g, char *copy, struct nb_err *err)
{
	char *end = strrchr(copy, ')'), *rest = copy, *part;
	bool percent, known = false;
	if (!end || *trimmed(end + 1))
		return wrong(g, g->text, "closed by )", err);
	*end = '\0';
	g->change = true;
	g->quantile = 0.5;
	while ((part = strsep(&rest, ","))) {
		part = trimmed(part);
		if (!known) {
			if (figure_find(&g->figure, "--fail-if", part, err))
				return -1;
			known = true;
		} else if (!strncmp(part, "min=", 4)) {
			if (!number(&g->limit, &percent, part + 4) || !percent || g->limit < 0)
				return wrong(g, part, "min=PERCENT%", err);
		} else if (!strncmp(part, "alpha=", 6)) {
			if (!number(&g->alpha, &percent, part + 6) || percent ||
			    !(g->alpha > 0 && g->alpha < 1))
				return wrong(g, part, "alpha= between 0 and 1", err);
		} else {
			return wrong(g, part, "min= or alpha=", err);
		}
	}
	const char *better = figure_at(g->figure)->metric->better;
	if (!strcmp(better, "none"))
		return nb_error_code(err, NB_USAGE,
				     "--fail-if '%s': more of %s is neither better nor worse: give "
				     "a condition such as '%s.median > 5%%'",
				     g->text, figure_at(g->figure)->name,
				     figure_at(g->figure)->name);
	g->above = !strcmp(better, "less");
	g->limit = g->above ? g->limit : -g->limit;
	return 0;
}

int gate_parse(struct gate *out, const char *text, struct nb_err *err)
{
	static const char regressed[] = "regressed(";
	char *copy = nb_strdup(text), *start = trimmed(copy);
	*out = (struct gate){.text = text, .alpha = 0.05};
	int ret = strncmp(start, regressed, strlen(regressed)) != 0
			  ? parse_condition(out, start, err)
			  : parse_regressed(out, start + strlen(regressed), err);
	free(copy);
	return ret;
}

double gate_statistic(const struct gate *g, const double *v, size_t n)
{
	double value = (double)NAN;
	if (isnan(g->quantile))
		return stats_mean(v, n);
	stats_quantiles(&value, &g->quantile, 1, v, n);
	return value;
}

double gate_value(const struct gate *g, const double *a, size_t n_a, const double *b, size_t n_b)
{
	double of_b = gate_statistic(g, b, n_b);
	if (!g->change)
		return of_b;
	double of_a = gate_statistic(g, a, n_a);
	if (of_a == 0) /* from nothing: no change, or one without bound */
		return of_b == 0 ? 0 : of_b * HUGE_VAL;
	return (of_b - of_a) / fabs(of_a);
}

enum gate_result gate_judge(const struct gate *g, double value, double p)
{
	bool beyond = g->above ? value > g->limit : value < g->limit;
	beyond |= g->or_equal && value == g->limit;
	if (!beyond)
		return GATE_PASSED;
	return !g->change || p < g->alpha ? GATE_FAILED : GATE_INCONCLUSIVE;
}
