/* SPDX-License-Identifier: Apache-2.0 */
/* Runs out of metric files: read, checked, joined and stored, each run in one transaction. */
#ifndef NB_IMPORT_H
#define NB_IMPORT_H

#include <stdbool.h>

#include "collector/ingest/inputs.h"
#include "collector/ingest/metric_run.h"
#include "common/text.h"
#include "schema/store.h"

/* What became of a file. */
struct import_report {
	const char *file;  /* path, URL, or - */
	const char *state; /* imported, present, left_out, refused */
	int64_t run_id;	   /* RECORD_NONE: of no run */
	int64_t rows;	   /* that are in the store; RECORD_NONE */
	const char *why;   /* NULL: nothing to say */
};
typedef void import_tell(void *payload, const struct import_report *report);

struct import {
	struct store *store;
	const struct metric_extra *extra;
	import_tell *tell;
	void *payload;
	size_t runs, present, refused; /* runs stored; files there already; files refused */
	/* The means over whole files, as the old scripts took them, beside those of the steady
	 * windows: of the run where they differ most. */
	double old_mean, steady_mean;
	int64_t worst_run;
	size_t compared;
};

/* Must be called once, when the store is open: which files it has. */
int import_begin(struct import *im, struct nb_err *err);

/* Must be called when all is imported, or nothing more can be. */
void import_end(struct import *im);

/* One run: n inputs next to each other. A file that is bad is reported, and its run left out; -1
 * only when the store fails. */
int import_run(struct import *im, const struct input *inputs, size_t n, struct nb_err *err);

/* One run whose only file came from elsewhere: `text` is what it held. */
int import_text(struct import *im, const struct file_name *name, const struct nb_text *text,
		struct nb_err *err);

#endif
