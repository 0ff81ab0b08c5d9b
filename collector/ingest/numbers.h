/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers in rows of text, separated by commas or blanks, as the samplers wrote them. Pure;
 * what it is given may be anything. */
#ifndef NB_NUMBERS_H
#define NB_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"

enum {
	NUMBERS_COLUMNS_MAX = 8192,
	NUMBERS_CELLS_MAX = 1 << 21,
};

#define NUMBERS_MISSING (-1) /* "nan": nothing was counted */

struct numbers {
	int64_t *v; /* rows * columns; NUMBERS_MISSING */
	size_t rows, columns;
	size_t cut_line; /* the last line had no end and was left out: its number; 0 */
};

/* Every line has as many numbers as the first one. A last line without its newline was being
 * written when the sampler was ended: it is left out, and said. -1: empty, not text, no number,
 * negative, beyond 63 bits, more or fewer columns, too much: the message says at which line and
 * column (of bytes), and not in which file. */
int numbers_parse(struct numbers *out, const char *buf, size_t len, struct nb_err *err);
void numbers_free(struct numbers *n);

/* One line, without its newline, into at most `cap` numbers; returns how many, or -1. */
int numbers_line(int64_t *out, size_t cap, const char *line, size_t len, size_t line_number,
		 struct nb_err *err);

#endif
