/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows on standard output, in every format of --format. A command names its columns once; cells
 * carry their type, missing is NULL (`-` in a table, empty in csv, null in JSON) and NaN is
 * missing. csv, tsv and ndjson stream; table and markdown wait for the end to align, and are
 * nothing where there are no rows. The JSON envelope is
 * {"schema":"netbound.<command>/1","rows":[…],"warnings":[{"code","text"}]}; in the other formats
 * warnings go to stderr.
 */
#ifndef NB_OUTPUT_H
#define NB_OUTPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum output_format { FMT_TABLE, FMT_CSV, FMT_TSV, FMT_JSON, FMT_NDJSON, FMT_MARKDOWN };

/* The format of a name that the option table has let through. */
enum output_format output_format_of(const char *name);

/* How a number is shown to people; machines get %.17g. */
enum column_style {
	COL_TEXT,
	COL_INT,    /* whole number, digits grouped by nothing */
	COL_SI,	    /* 1.23 M */
	COL_FIXED3, /* 0.123 */
	COL_SIG4,   /* four significant digits */
	COL_P,	    /* a p value: 0.0123, <1e-300 */
	COL_JSON,   /* text that is JSON: nested as it is in JSON formats */
};

struct column {
	const char *name; /* snake_case, with its unit */
	enum column_style style;
};

enum cell_type { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT };

struct cell {
	enum cell_type type;
	int64_t i;
	double r;
	const char *s; /* copied where it is kept */
};

static inline struct cell cell_null(void)
{
	return (struct cell){.type = CELL_NULL};
}

static inline struct cell cell_int(int64_t v)
{
	return (struct cell){.type = CELL_INT, .i = v};
}

static inline struct cell cell_real(double v)
{
	return (struct cell){.type = v == v ? CELL_REAL : CELL_NULL, .r = v};
}

static inline struct cell cell_text(const char *s)
{
	return (struct cell){.type = s ? CELL_TEXT : CELL_NULL, .s = s};
}

struct output;

/* Starts a table of rows; `columns` must outlive it. `command` names the schema. */
struct output *output_begin(FILE *f, enum output_format format, const char *command,
			    const struct column *columns, size_t n_columns);
/* `cells` has n_columns entries. */
void output_row(struct output *out, const struct cell *cells);
/* Adds a warning; `code` is a word for programs. */
void output_warn(struct output *out, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* How many rows were given so far. */
size_t output_rows(const struct output *out);
/* Writes what is left and frees. */
void output_end(struct output *out);

/* Writes `s` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void output_json_string(FILE *f, const char *s);

#endif
