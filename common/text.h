/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text in and out: a growing buffer, numbers as people write them (rates, times, lists, CPU
 * lists) and as people read them (SI prefixes). Parsers take the whole string or fail; they
 * return 0 or -1 and set nothing on failure, so that the caller's message can name the option.
 */
#ifndef NB_TEXT_H
#define NB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A NUL-terminated string that grows; { 0 } is empty. Running out of memory aborts. */
struct nb_text {
	char *s;
	size_t len, cap;
};
void text_add(struct nb_text *t, const char *s);
void text_add_n(struct nb_text *t, const char *s, size_t n);
void text_addf(struct nb_text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Cuts to `len` bytes (for use as a line buffer); text_free() makes it empty again. */
void text_cut(struct nb_text *t, size_t len);
void text_free(struct nb_text *t);

/* 16 hex digits that tell two texts apart (FNV-1a, 64 bits); they protect against nothing. */
void text_hash(char out[static 17], const char *s);

/* calloc, realloc and strdup that abort when memory is gone: these programs never plan for it. */
void *nb_alloc(size_t n, size_t size);
void *nb_realloc(void *p, size_t n, size_t size);
char *nb_strdup(const char *s);

/* Decimal digits only: no sign, no blank, no suffix. */
int parse_u64(uint64_t *out, const char *s);
/* `200000`, `200k`, `1.5M`, `1G`: per second, rounded to a whole number. */
int parse_rate(uint64_t *out, const char *s);
/* `120` (seconds), `0.5`, `500ms`, `250us`, `2m`, `1h`: nanoseconds. */
int parse_time(int64_t *out_ns, const char *s);
/* `1000,10k,100k` and `10k:100k:10k` (from, to, step), mixed; *out is allocated. At most 10,000. */
int parse_rate_list(uint64_t **out, size_t *n, const char *s);
/* A kernel CPU list, `0-3,8`: ids ascending, each once; *out is allocated. "" gives none. */
int parse_cpulist(int **out, size_t *n, const char *s);
/* The same with another separator for ranges left out: ids joined by `sep` ("2-4-6", "2,4,6"). */
void format_cpus(struct nb_text *out, const int *cpus, size_t n, const char *sep);

/* 1234567 → "1.23 M", 950 → "950", 0.25 → "0.25": three digits and an SI prefix. */
const char *format_si(char buf[static 32], double value);
/* 93 s → "1 min 33 s". */
const char *format_duration(char buf[static 32], double seconds);

#endif
