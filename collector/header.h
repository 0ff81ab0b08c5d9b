/* SPDX-License-Identifier: Apache-2.0 */
/* A run's plan as JSON and back: the first line of a spool. */
#ifndef NB_HEADER_H
#define NB_HEADER_H

#include <jansson.h>

#include "common/error.h"
#include "schema/record.h"

/* Everything of the record but readings and results. */
json_t *header_to_json(const struct run_record *r);
/* Fills an initialised record, its endpoints included. */
int header_from_json(struct run_record *r, const json_t *j, struct nb_err *err);

#endif
