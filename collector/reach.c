/* SPDX-License-Identifier: Apache-2.0 */
/* Counting lines and messages, so that after a break both sides go on where they were. */
#include "collector/reach.h"

#include <stdlib.h>
#include <string.h>

#include "collector/agent/protocol.h"
#include "common/text.h"

static int write_line(int fd, const char *text)
{
	struct nb_text line = {0};
	text_addf(&line, "%s\n", text);
	int ret = write_all(fd, line.s, line.len);
	text_free(&line);
	return ret;
}

int reach_send(struct reach *r, int fd, json_t *message)
{
	char *s = json_dumps(message, JSON_COMPACT);
	json_decref(message);
	if (!s || r->n_sent == REACH_MESSAGES) {
		free(s);
		return -1;
	}
	r->sent[r->n_sent++] = s;
	return r->lost_ns ? 0 : write_line(fd, s); /* else it goes out when the agent is back */
}

/* {"type":"resumed","messages":2}: of those that were sent it has two. */
bool reach_line(struct reach *r, int fd, const char *line)
{
	if (strncmp(line, "{\"type\":\"resumed\"", 17) != 0) {
		r->lines += r->n_sent > 0;
		return false;
	}
	json_t *m = json_loads(line, 0, NULL);
	json_int_t has = json_integer_value(json_object_get(m, "messages"));
	json_decref(m);
	r->lost_ns = 0;
	r->tried = false;
	for (size_t i = has > 0 ? (size_t)has : 0; i < r->n_sent; i++)
		write_line(fd, r->sent[i]);
	return true;
}

void reach_confirm(struct reach *r, int fd)
{
	if (r->lost_ns || r->lines == r->told)
		return;
	r->told = r->lines;
	message_send(fd, json_pack("{s:s, s:I}", "type", "taken", "lines", (json_int_t)r->lines));
}

void reach_resume(struct reach *r, int fd)
{
	r->tried = true;
	message_send(fd, json_pack("{s:s, s:I}", "type", "resume", "lines", (json_int_t)r->lines));
}

void reach_free(struct reach *r)
{
	for (size_t i = 0; i < r->n_sent; i++)
		free(r->sent[i]);
	*r = (struct reach){0};
}
