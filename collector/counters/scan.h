/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking over the text of /proc without copying it: lines, and the blank-separated cells of a
 * line. A cell is consumed whether or not it is a number, so that one bad cell does not shift the
 * columns after it.
 */
#ifndef NB_SCAN_H
#define NB_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/metric.h"

/* CPU ids beyond this are no kernel's (NR_CPUS is at most 8192 today). */
enum { SCAN_CPU_MAX = 65536 };

struct scan {
	const char *at, *end;
};

/* Takes the next line off `text`, without its newline; false at the end. */
static inline bool scan_line(struct scan *text, struct scan *line)
{
	if (text->at == text->end)
		return false;
	const char *newline = memchr(text->at, '\n', (size_t)(text->end - text->at));
	line->at = text->at;
	line->end = newline ? newline : text->end;
	text->at = newline ? newline + 1 : text->end;
	return true;
}

/* Blanks and control characters: none of them is part of a name or a number. */
static inline bool scan_blank(char c)
{
	return (unsigned char)c <= ' ';
}

/* The next cell of a line; false at its end. */
static inline bool scan_word(struct scan *line, struct scan *word)
{
	while (line->at < line->end && scan_blank(*line->at))
		line->at++;
	if (line->at == line->end)
		return false;
	word->at = line->at;
	while (line->at < line->end && !scan_blank(*line->at))
		line->at++;
	word->end = line->at;
	return true;
}

static inline bool scan_is(struct scan word, const char *literal, size_t len)
{
	return (size_t)(word.end - word.at) == len && !memcmp(word.at, literal, len);
}

/* Takes `literal` off the start of a line, if it starts so. */
static inline bool scan_skip(struct scan *line, const char *literal)
{
	size_t len = strlen(literal);
	if ((size_t)(line->end - line->at) < len || memcmp(line->at, literal, len))
		return false;
	line->at += len;
	return true;
}

/* Decimal digits to the very end of the word, nothing else, no more than 64 bits. */
static inline bool scan_u64(struct scan word, uint64_t *out)
{
	uint64_t v = 0;
	if (word.at == word.end)
		return false;
	for (; word.at < word.end; word.at++) {
		unsigned char digit = (unsigned char)(*word.at - '0');
		if (digit > 9 || __builtin_mul_overflow(v, UINT64_C(10), &v) ||
		    __builtin_add_overflow(v, (uint64_t)digit, &v))
			return false;
	}
	*out = v;
	return true;
}

/* Eight hexadecimal digits at most, as the kernel prints %08x and %08X. */
static inline bool scan_hex(struct scan word, uint32_t *out)
{
	uint32_t v = 0;
	if (word.at == word.end || word.end - word.at > 8)
		return false;
	for (; word.at < word.end; word.at++) {
		char c = *word.at;
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;
		if (digit < 0)
			return false;
		v = v << 4 | (uint32_t)digit;
	}
	*out = v;
	return true;
}

/* The next cell as a number: METRIC_MISSING when it is none (the kernel prints -1 for some). */
static inline bool scan_number(struct scan *line, uint64_t *out)
{
	struct scan word;
	if (!scan_word(line, &word))
		return false;
	if (!scan_u64(word, out))
		*out = METRIC_MISSING;
	return true;
}

#endif
