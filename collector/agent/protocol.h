/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol between collector and agent: newline-delimited JSON (docs/protocol.md). Here is
 * what both ends share: a line reader, a writer, and integers that JSON's doubles cannot hold.
 */
#ifndef NB_PROTOCOL_H
#define NB_PROTOCOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/text.h"

#define PROTOCOL_VERSION 1

enum { PROTOCOL_LINE_MAX = 16 << 20 }; /* longer lines are a broken peer */

/* Bytes arriving on a descriptor, cut into lines. */
struct line_reader {
	int fd;
	struct nb_text buf;
	size_t at; /* start of what has not been handed out */
	bool ended;
};

/* Reads what is there (one read). 0; -1 when the peer has closed or broken off (ended is set). */
int line_fill(struct line_reader *r);
/* The next whole line, without its end, valid until the next fill; NULL: none yet. */
char *line_next(struct line_reader *r);
void line_reader_free(struct line_reader *r);

/* Writes `text` whole, on a blocking or non-blocking descriptor; -1 when the peer is gone. */
int write_all(int fd, const char *text, size_t len);

/* Sends one message as a line and forgets it; NULL and a failed write give -1. */
int message_send(int fd, json_t *message);

/* u64 in JSON: a number up to 2^53, a string above; null for METRIC_MISSING. */
json_t *json_u64(uint64_t v);
void text_add_u64(struct nb_text *t, uint64_t v);
/* Takes a number or string back; anything else is METRIC_MISSING. */
uint64_t json_u64_value(const json_t *j);

/* Members that a message must have: 0, or -1 with a message that names the member. */
int message_int(int64_t *out, const json_t *m, const char *key, struct nb_err *err);
int message_text(const char **out, const json_t *m, const char *key, struct nb_err *err);

/* CPU ids as a JSON list, and back (allocated; *n = 0 when absent). */
json_t *json_cpus(const int *cpus, size_t n);
int *json_cpus_value(const json_t *list, size_t *n);

#endif
