/* SPDX-License-Identifier: Apache-2.0 */
/* The row printer of output.h. jansson is not used here: rows must stream in constant memory. */
#include "common/output.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/utf8.h"

static const char *const format_names[] = {
	[FMT_TABLE] = "table", [FMT_CSV] = "csv",	[FMT_TSV] = "tsv",
	[FMT_JSON] = "json",   [FMT_NDJSON] = "ndjson", [FMT_MARKDOWN] = "markdown",
};

enum output_format output_format_of(const char *name)
{
	for (size_t i = 0; i < sizeof(format_names) / sizeof(*format_names); i++)
		if (!strcmp(format_names[i], name))
			return (enum output_format)i;
	return FMT_TABLE;
}

struct warning {
	char *code, *text;
};

struct output {
	FILE *f;
	enum output_format format;
	const char *command;
	const struct column *columns;
	size_t n_columns, n_rows;
	char **kept; /* table, markdown: n_rows × n_columns texts */
	size_t cap_rows;
	struct warning *warnings;
	size_t n_warnings;
};

void output_json_string(FILE *f, const char *s)
{
	fputc('"', f);
	while (*s) {
		unsigned char c = (unsigned char)*s;
		size_t len = utf8_length(s);
		if (!len) {
			fputs("\\ufffd", f);
			s++;
		} else if (c == '"' || c == '\\') {
			fprintf(f, "\\%c", c);
			s++;
		} else if (c < 0x20) {
			fprintf(f, "\\u%04x", c);
			s++;
		} else {
			fwrite(s, 1, len, f);
			s += len;
		}
	}
	fputc('"', f);
}

/* A field with a quote, a separator or a line end is quoted (RFC 4180). */
static void csv_field(FILE *f, const char *s)
{
	if (!strpbrk(s, ",\"\r\n")) {
		fputs(s, f);
		return;
	}
	fputc('"', f);
	for (; *s; s++)
		fprintf(f, *s == '"' ? "\"\"" : "%c", *s);
	fputc('"', f);
}

static void tsv_field(FILE *f, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '\t':
			fputs("\\t", f);
			break;
		case '\n':
			fputs("\\n", f);
			break;
		case '\r':
			fputs("\\r", f);
			break;
		case '\\':
			fputs("\\\\", f);
			break;
		default:
			fputc(*s, f);
		}
}

/* The cell for a machine: full precision. Inf has no JSON form and is missing there. */
static void machine_cell(struct output *o, const struct cell *c, enum column_style style)
{
	bool json = o->format == FMT_JSON || o->format == FMT_NDJSON;
	switch (c->type) {
	case CELL_NULL:
		fputs(json ? "null" : "", o->f);
		break;
	case CELL_INT:
		fprintf(o->f, "%lld", (long long)c->i);
		break;
	case CELL_REAL:
		if (isfinite(c->r))
			fprintf(o->f, "%.17g", c->r);
		else
			fputs(json ? "null" : "", o->f);
		break;
	case CELL_TEXT:
		if (json && style == COL_JSON)
			fputs(c->s, o->f);
		else if (json)
			output_json_string(o->f, c->s);
		else if (o->format == FMT_CSV)
			csv_field(o->f, c->s);
		else
			tsv_field(o->f, c->s);
		break;
	}
}

static void format_number(char buf[static 32], double v, enum column_style style)
{
	switch (style) {
	case COL_SI:
		format_si(buf, v);
		break;
	case COL_FIXED3:
		snprintf(buf, 32, "%.3f", v);
		break;
	case COL_P:
		if (v < 1e-300) /* 0 has run out of doubles, or r is 1 */
			snprintf(buf, 32, "<1e-300");
		else
			snprintf(buf, 32, v < 1e-4 ? "%.1e" : "%.4f", v);
		break;
	case COL_INT:
		snprintf(buf, 32, "%.0f", v);
		break;
	case COL_TEXT:
	case COL_SIG4:
	case COL_JSON:
		snprintf(buf, 32, "%.4g", v);
		break;
	}
}

/* The cell for a person. Control characters never reach the terminal. */
static char *human_cell(const struct cell *c, enum column_style style)
{
	char buf[32];
	switch (c->type) {
	case CELL_NULL:
		return nb_strdup("-");
	case CELL_INT:
		if (style == COL_SI || style == COL_FIXED3)
			format_number(buf, (double)c->i, style);
		else
			snprintf(buf, sizeof(buf), "%lld", (long long)c->i);
		return nb_strdup(buf);
	case CELL_REAL:
		format_number(buf, c->r, style);
		return nb_strdup(buf);
	case CELL_TEXT:
		break;
	}
	char *s = nb_strdup(c->s);
	for (char *p = s; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	return s;
}

static void header(struct output *o)
{
	if (o->format == FMT_JSON)
		fprintf(o->f, "{\"schema\":\"netbound.%s/1\",\"rows\":[", o->command);
	if (o->format != FMT_CSV && o->format != FMT_TSV)
		return;
	for (size_t i = 0; i < o->n_columns; i++) {
		if (i)
			fputc(o->format == FMT_CSV ? ',' : '\t', o->f);
		if (o->format == FMT_CSV)
			csv_field(o->f, o->columns[i].name);
		else
			tsv_field(o->f, o->columns[i].name);
	}
	fputc('\n', o->f);
}

struct output *output_begin(FILE *f, enum output_format format, const char *command,
			    const struct column *columns, size_t n_columns)
{
	struct output *o = nb_alloc(1, sizeof(*o));
	o->f = f;
	o->format = format;
	o->command = command;
	o->columns = columns;
	o->n_columns = n_columns;
	header(o);
	return o;
}

static void keep_row(struct output *o, const struct cell *cells)
{
	if (o->n_rows == o->cap_rows) {
		o->cap_rows = o->cap_rows ? o->cap_rows * 2 : 64;
		o->kept = nb_realloc(o->kept, o->cap_rows * o->n_columns, sizeof(*o->kept));
	}
	char **row = o->kept + o->n_rows * o->n_columns;
	for (size_t i = 0; i < o->n_columns; i++)
		row[i] = human_cell(&cells[i], o->columns[i].style);
}

static void json_row(struct output *o, const struct cell *cells)
{
	fputs(o->format == FMT_JSON && o->n_rows ? ",\n{"
	      : o->format == FMT_JSON		 ? "\n{"
						 : "{",
	      o->f);
	for (size_t i = 0; i < o->n_columns; i++) {
		fputs(i ? "," : "", o->f);
		output_json_string(o->f, o->columns[i].name);
		fputc(':', o->f);
		machine_cell(o, &cells[i], o->columns[i].style);
	}
	fputs(o->format == FMT_JSON ? "}" : "}\n", o->f);
}

void output_row(struct output *o, const struct cell *cells)
{
	switch (o->format) {
	case FMT_TABLE:
	case FMT_MARKDOWN:
		keep_row(o, cells);
		break;
	case FMT_JSON:
	case FMT_NDJSON:
		json_row(o, cells);
		break;
	case FMT_CSV:
	case FMT_TSV:
		for (size_t i = 0; i < o->n_columns; i++) {
			if (i)
				fputc(o->format == FMT_CSV ? ',' : '\t', o->f);
			machine_cell(o, &cells[i], o->columns[i].style);
		}
		fputc('\n', o->f);
		break;
	}
	o->n_rows++;
}

void output_warn(struct output *o, const char *code, const char *fmt, ...)
{
	struct nb_text t = {0};
	char line[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	text_add(&t, line);
	if (o->format != FMT_JSON) {
		fflush(o->f);
		fprintf(stderr, "note: %s\n", t.s);
		text_free(&t);
		return;
	}
	o->warnings = nb_realloc(o->warnings, o->n_warnings + 1, sizeof(*o->warnings));
	o->warnings[o->n_warnings++] = (struct warning){nb_strdup(code), t.s};
}

size_t output_rows(const struct output *o)
{
	return o->n_rows;
}

static void pad(FILE *f, const char *s, size_t width, bool right)
{
	size_t w = utf8_width(s);
	int space = width > w ? (int)(width - w) : 0;
	if (right)
		fprintf(f, "%*s%s", space, "", s);
	else
		fprintf(f, "%s%*s", s, space, "");
}

/* Numbers stand right, texts left; the last column is not padded. */
static void aligned(struct output *o)
{
	bool md = o->format == FMT_MARKDOWN;
	if (!o->n_rows)
		return;
	size_t *width = nb_alloc(o->n_columns, sizeof(*width));
	for (size_t i = 0; i < o->n_columns; i++) {
		width[i] = utf8_width(o->columns[i].name);
		for (size_t r = 0; r < o->n_rows; r++) {
			size_t w = utf8_width(o->kept[r * o->n_columns + i]);
			width[i] = w > width[i] ? w : width[i];
		}
	}
	for (size_t line = 0; line < o->n_rows + 1 + md; line++) {
		bool rule = md && line == 1;
		for (size_t i = 0; i < o->n_columns; i++) {
			enum column_style style = o->columns[i].style;
			bool right = style != COL_TEXT && style != COL_JSON;
			bool last = i + 1 == o->n_columns && !right && !md;
			const char *s = line == 0 ? o->columns[i].name
					: rule	  ? (right ? "--:" : ":--")
						  : o->kept[(line - 1 - md) * o->n_columns + i];
			fputs(md ? "| " : i ? "  " : "", o->f);
			pad(o->f, s, last ? 0 : width[i], right);
			fputs(md ? " " : "", o->f);
		}
		fputs(md ? "|\n" : "\n", o->f);
	}
	free(width);
}

void output_end(struct output *o)
{
	if (o->format == FMT_TABLE || o->format == FMT_MARKDOWN) {
		aligned(o);
	} else if (o->format == FMT_JSON) {
		fputs(o->n_rows ? "\n],\"warnings\":[" : "],\"warnings\":[", o->f);
		for (size_t i = 0; i < o->n_warnings; i++) {
			fputs(i ? ",{\"code\":" : "{\"code\":", o->f);
			output_json_string(o->f, o->warnings[i].code);
			fputs(",\"text\":", o->f);
			output_json_string(o->f, o->warnings[i].text);
			fputc('}', o->f);
		}
		fputs("]}\n", o->f);
	}
	for (size_t i = 0; o->kept && i < o->n_rows * o->n_columns; i++)
		free(o->kept[i]);
	for (size_t i = 0; i < o->n_warnings; i++) {
		free(o->warnings[i].code);
		free(o->warnings[i].text);
	}
	free(o->kept);
	free(o->warnings);
	free(o);
}
