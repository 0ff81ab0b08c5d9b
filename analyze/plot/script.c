/* SPDX-License-Identifier: Apache-2.0 */
/* Writing gnuplot source; the one quoting function. */
#include "analyze/plot/script.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

void gp_quote(struct nb_text *out, const char *s)
{
	size_t used = 0;
	text_add(out, "'");
	while (*s) {
		size_t len = utf8_length(s);
		unsigned char c = (unsigned char)*s;
		if (used + (len ? len : 1) > GP_TEXT_MAX)
			break;
		if (c == '\'')
			text_add(out, "''");
		else if (!len || c < 0x20 || c == 0x7f)
			text_add(out, len ? " " : "?");
		else
			text_add_n(out, s, len);
		s += len ? len : 1;
		used += len ? len : 1;
	}
	text_add(out, *s ? "…'" : "'");
}

void gp_comment(struct nb_text *out, const char *what, const char *value)
{
	text_addf(out, "# %s: ", what);
	gp_quote(out, value);
	text_add(out, "\n");
}

void gp_set_text(struct nb_text *out, const char *name, const char *value)
{
	text_addf(out, "%s = ", name);
	gp_quote(out, value ? value : "");
	text_add(out, "\n");
}

static void number(struct nb_text *out, double v)
{
	if (isfinite(v))
		text_addf(out, "%.17g", v);
	else
		text_add(out, "NaN");
}

void gp_set_number(struct nb_text *out, const char *name, double value)
{
	text_addf(out, "%s = ", name);
	number(out, value);
	text_add(out, "\n");
}

void gp_set_texts(struct nb_text *out, const char *name, char *const *v, size_t n)
{
	text_addf(out, "array %s[%zu] = [", name, n);
	for (size_t i = 0; i < n; i++) {
		text_add(out, i ? ", " : "");
		gp_quote(out, v[i] ? v[i] : "");
	}
	text_add(out, "]\n");
}

void gp_set_tics(struct nb_text *out, const char *name, char *const *v, size_t n)
{
	char **formats = nb_alloc(n + 1, sizeof(*formats));
	for (size_t i = 0; i < n; i++) {
		struct nb_text t = {0};
		for (const char *s = v[i] ? v[i] : ""; *s; s++) {
			text_add_n(&t, s, 1);
			text_add(&t, *s == '%' ? "%" : "");
		}
		formats[i] = t.s;
	}
	gp_set_texts(out, name, formats, n);
	for (size_t i = 0; i < n; i++)
		free(formats[i]);
	free(formats);
}

void gp_data_begin(struct nb_text *out, const char *name)
{
	text_addf(out, "$%s << NBEOD\n", name);
}

void gp_data_row(struct nb_text *out, const double *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		text_add(out, i ? " " : "");
		number(out, v[i]);
	}
	text_add(out, "\n");
}

void gp_data_end(struct nb_text *out)
{
	text_add(out, "NBEOD\n");
}
