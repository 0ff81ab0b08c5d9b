/* SPDX-License-Identifier: Apache-2.0 */
/* A run in words for the store and in messages for the agents: from plan and testbed. Pure. */
#ifndef NB_DESCRIBE_H
#define NB_DESCRIBE_H

#include <jansson.h>

#include "collector/plan.h"
#include "collector/testbed/testbed.h"
#include "schema/record.h"

/* Fills an initialised record with all that is known before the run, endpoints included. */
int describe_run(struct run_record *r, const struct run_plan *plan, const struct testbed *t,
		 const char *argv, struct nb_err *err);

/* The configuration: canonical JSON of all that makes two runs repeats of each other. Needs the
 * hosts of the record's nodes, so it is made when the agents have said hello. */
char *describe_config(const struct run_record *r, const struct run_plan *plan,
		      const struct testbed *t);

/* The `plan` message for the agent at an endpoint. */
json_t *describe_agent_plan(const struct run_record *r, const struct run_plan *plan,
			    const struct testbed *t, size_t endpoint);

/* A random UUID (RFC 9562, version 4). */
int make_uuid(char out[static 37], struct nb_err *err);

#endif
