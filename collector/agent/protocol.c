/* SPDX-License-Identifier: Apache-2.0 */
/* Lines, and JSON values with care for 64 bits. */
#include "collector/agent/protocol.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/metric.h"

int line_fill(struct line_reader *r)
{
	char chunk[65536];
	if (r->at) {
		memmove(r->buf.s, r->buf.s + r->at, r->buf.len - r->at + 1);
		r->buf.len -= r->at;
		r->at = 0;
	}
	ssize_t n = read(r->fd, chunk, sizeof(chunk));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n <= 0 || r->buf.len + (size_t)n > PROTOCOL_LINE_MAX) {
		r->ended = true;
		return -1;
	}
	text_add_n(&r->buf, chunk, (size_t)n);
	return 0;
}

char *line_next(struct line_reader *r)
{
	char *start = r->buf.s ? r->buf.s + r->at : NULL;
	char *end = start ? memchr(start, '\n', r->buf.len - r->at) : NULL;
	if (!end)
		return NULL;
	*end = '\0';
	r->at = (size_t)(end + 1 - r->buf.s);
	return start;
}

void line_reader_free(struct line_reader *r)
{
	text_free(&r->buf);
}

int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = {.fd = fd, .events = POLLOUT};
			poll(&p, 1, -1);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

int message_send(int fd, json_t *message)
{
	char *s = message ? json_dumps(message, JSON_COMPACT) : NULL;
	struct nb_text line = {0};
	json_decref(message);
	if (!s)
		return -1;
	text_add(&line, s);
	text_add(&line, "\n");
	free(s);
	int ret = write_all(fd, line.s, line.len);
	text_free(&line);
	return ret;
}

#define EXACT_MAX (UINT64_C(1) << 53)

json_t *json_u64(uint64_t v)
{
	char buf[24];
	if (v == METRIC_MISSING)
		return json_null();
	if (v <= EXACT_MAX)
		return json_integer((json_int_t)v);
	snprintf(buf, sizeof(buf), "%" PRIu64, v);
	return json_string(buf);
}

void text_add_u64(struct nb_text *t, uint64_t v)
{
	char buf[32];
	int n = v == METRIC_MISSING ? snprintf(buf, sizeof(buf), "null")
		: v <= EXACT_MAX    ? snprintf(buf, sizeof(buf), "%" PRIu64, v)
				    : snprintf(buf, sizeof(buf), "\"%" PRIu64 "\"", v);
	text_add_n(t, buf, (size_t)n);
}

uint64_t json_u64_value(const json_t *j)
{
	uint64_t v;
	if (json_is_integer(j) && json_integer_value(j) >= 0)
		return (uint64_t)json_integer_value(j);
	if (json_is_string(j) && !parse_u64(&v, json_string_value(j)))
		return v;
	return METRIC_MISSING;
}

int message_int(int64_t *out, const json_t *m, const char *key, struct nb_err *err)
{
	const json_t *j = json_object_get(m, key);
	if (!json_is_integer(j))
		return nb_error(err, "protocol: a message lacks the number '%s'", key);
	*out = json_integer_value(j);
	return 0;
}

int message_text(const char **out, const json_t *m, const char *key, struct nb_err *err)
{
	const json_t *j = json_object_get(m, key);
	if (!json_is_string(j))
		return nb_error(err, "protocol: a message lacks the text '%s'", key);
	*out = json_string_value(j);
	return 0;
}

json_t *json_cpus(const int *cpus, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_integer(cpus[i]));
	return list;
}

int *json_cpus_value(const json_t *list, size_t *n)
{
	*n = json_array_size(list);
	int *cpus = nb_alloc(*n, sizeof(*cpus));
	for (size_t i = 0; i < *n; i++)
		cpus[i] = (int)json_integer_value(json_array_get(list, i));
	return cpus;
}
