/* SPDX-License-Identifier: Apache-2.0 */
/* The parser of rows of numbers. */
#include "collector/ingest/numbers.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int bad(struct nb_err *err, size_t line, size_t at, const char *what)
{
	return nb_error(err, "line %zu, column %zu: %s", line, at + 1, what);
}

/* What a byte that is neither digit, blank nor comma makes of the file. */
static const char *stranger(char c)
{
	if (c == '-')
		return "a negative number: these columns only count up";
	if (c == '\0')
		return "a NUL byte: this is no text";
	if ((unsigned char)c < ' ' || (unsigned char)c >= 0x7f)
		return "a byte that is no text";
	return "not a whole number";
}

int numbers_line(int64_t *out, size_t cap, const char *line, size_t len, size_t line_number,
		 struct nb_err *err)
{
	size_t n = 0, i = 0;
	bool after_comma = false;
	for (;;) {
		while (i < len && blank(line[i]))
			i++;
		if (i == len)
			break;
		if (n == cap)
			return bad(err, line_number, i, "more columns than any of these files has");
		size_t start = i;
		int64_t v = 0;
		if (len - i >= 3 && !memcmp(line + i, "nan", 3)) {
			v = NUMBERS_MISSING;
			i += 3;
		}
		for (; v >= 0 && i < len && line[i] >= '0' && line[i] <= '9'; i++)
			if (__builtin_mul_overflow(v, INT64_C(10), &v) ||
			    __builtin_add_overflow(v, (int64_t)(line[i] - '0'), &v))
				return bad(err, line_number, start, "a number beyond 63 bits");
		if (i == start)
			return bad(err, line_number, i,
				   line[i] == ',' ? "a value is missing" : stranger(line[i]));
		if (i < len && line[i] != ',' && !blank(line[i]))
			return bad(err, line_number, i, stranger(line[i]));
		out[n++] = v;
		while (i < len && blank(line[i]))
			i++;
		after_comma = i < len && line[i] == ',';
		i += after_comma;
	}
	if (after_comma)
		return bad(err, line_number, len, "a value is missing");
	return (int)n;
}

/* Room for one more row. */
static int64_t *next_row(struct numbers *n, size_t *cap)
{
	if (n->rows == *cap) {
		*cap = *cap ? *cap * 2 : 32;
		n->v = nb_realloc(n->v, *cap * n->columns, sizeof(*n->v));
	}
	return n->v + n->rows * n->columns;
}

static int take_line(struct numbers *n, size_t *cap, const char *line, size_t len, size_t number,
		     struct nb_err *err)
{
	int64_t cells[NUMBERS_COLUMNS_MAX];
	int got = numbers_line(cells, NUMBERS_COLUMNS_MAX, line, len, number, err);
	if (got <= 0)
		return got;
	if (!n->rows)
		n->columns = (size_t)got;
	else if ((size_t)got != n->columns)
		return nb_error(err, "line %zu: %d columns, and %zu in the lines before", number,
				got, n->columns);
	memcpy(next_row(n, cap), cells, n->columns * sizeof(*cells));
	n->rows++;
	return (n->rows + 1) * n->columns > NUMBERS_CELLS_MAX
		       ? nb_error(err, "line %zu: more than %d numbers: split the file", number,
				  NUMBERS_CELLS_MAX)
		       : 0;
}

int numbers_parse(struct numbers *out, const char *buf, size_t len, struct nb_err *err)
{
	size_t cap = 0, number = 0;
	const char *at = buf, *end = buf + len;
	*out = (struct numbers){0};
	if (len >= 3 && !memcmp(buf, "\xef\xbb\xbf", 3))
		at += 3;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		number++;
		if (!newline) {
			out->cut_line = number;
			break;
		}
		if (take_line(out, &cap, at, (size_t)(newline - at), number, err)) {
			numbers_free(out);
			return -1;
		}
		at = newline + 1;
	}
	if (out->rows)
		return 0;
	numbers_free(out);
	return nb_error(err, number ? "no complete line" : "empty");
}

void numbers_free(struct numbers *n)
{
	free(n->v);
	*n = (struct numbers){0};
}
