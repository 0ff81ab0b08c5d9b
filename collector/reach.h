/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An agent whose transport may break and come back: what was sent to it, how many of its lines
 * were taken, and when to try again (docs/protocol.md, "Coming back"). No I/O but the messages.
 */
#ifndef NB_REACH_H
#define NB_REACH_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { REACH_MESSAGES = 8 };

struct reach {
	char *sent[REACH_MESSAGES]; /* since the plan, in order */
	size_t n_sent;
	uint64_t lines, told; /* of the agent since the plan; of these it knows that we have them */
	int64_t lost_ns;      /* since when it is out of reach; 0: it is not */
	int64_t next_ns;      /* the next attempt */
	bool tried;	      /* an attempt is under way */
};

/* Sends a message that must arrive, and keeps it. -1: the transport is broken. */
int reach_send(struct reach *r, int fd, json_t *message);
/* A line came. true: it was the agent's answer to reach_resume() and means nothing else. */
bool reach_line(struct reach *r, int fd, const char *line);
/* Tells the agent which of its lines need not be kept any more. */
void reach_confirm(struct reach *r, int fd);
/* A new transport is there: asks for what has not come yet. */
void reach_resume(struct reach *r, int fd);
void reach_free(struct reach *r);

#endif
