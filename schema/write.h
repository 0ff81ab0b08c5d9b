/* SPDX-License-Identifier: Apache-2.0 */
/* Writing runs. A run is two writes: a row with status `running` and its owner before the start,
 * and one transaction at the end that brings everything that was counted, and the verdict. */
#ifndef NB_WRITE_H
#define NB_WRITE_H

#include "schema/record.h"
#include "schema/store.h"

/* Inserts the `running` row. `owner` is JSON: {boot_id, pid, start}. The record needs its plan
 * (everything that is known before the run). */
int write_running(struct store *s, const struct run_record *r, const char *owner,
		  struct nb_err *err);

/* What the verdict is made of, read back from the views inside the transaction, and its result. */
struct write_verdict {
	int64_t offered, forwarded, residual; /* RECORD_NONE: not known */
	const char *verdict;		      /* valid, noted, void; set by the callback */
	char *reasons;			      /* JSON list, allocated by the callback */
};
typedef int write_judge(struct write_verdict *v, struct store *s, int64_t run_id,
			const struct run_record *r, void *payload, struct nb_err *err);

/* Writes the whole run in one transaction: replaces the `running` row of the same uuid, if any.
 * `judge` is called when all rows are in, and gives the verdict. *run_id is the run's id. */
int write_run(struct store *s, const struct run_record *r, write_judge *judge, void *payload,
	      int64_t *run_id, struct nb_err *err);

/* Sample rows of one endpoint and its totals; a step of write_run(). */
int write_samples(struct store *s, int64_t endpoint_id, const struct record_endpoint *e,
		  struct nb_err *err);

/* sqlite3_bind_int64, or NULL for RECORD_NONE. */
void bind_int(sqlite3_stmt *st, int at, int64_t value);

#endif
