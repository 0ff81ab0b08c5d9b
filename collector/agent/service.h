/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An agent whose collector may lose it and come back: the socket it is found by, the grace it
 * waits, and what of its words the collector has not yet said to have taken.
 */
#ifndef NB_AGENT_SERVICE_H
#define NB_AGENT_SERVICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/text.h"

struct agent_service;

int64_t service_grace(const struct agent_service *s);
int service_fd(const struct agent_service *s);

/* A new connection, non-blocking, or -1: none waits, or one is served already. */
int service_accept(struct agent_service *s);
/* The connection broke: the grace begins. */
void service_lost(struct agent_service *s);
/* Is the grace over, or was the agent told to end? */
bool service_over(const struct agent_service *s);
void service_end(struct agent_service *s);

/* From here on lines are kept until they are said to be taken. */
void service_begin(struct agent_service *s, struct nb_text *out, size_t *written);
bool service_keeps(const struct agent_service *s);
/* Not between a new connection and its `resume`. */
bool service_may_write(const struct agent_service *s);
void service_count(struct agent_service *s); /* a message of the collector was taken */
void service_taken(struct agent_service *s, const json_t *m, struct nb_text *out, size_t *written);
void service_resume(struct agent_service *s, const json_t *m, struct nb_text *out, size_t *written,
		    int fd);

/* agent.c: the agent's loop on the connections of a service. */
int agent_serve_connections(struct agent_service *s);

#endif
