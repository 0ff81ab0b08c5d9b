/* SPDX-License-Identifier: Apache-2.0 */
/* From the metric files of a run to its record: endpoints, readings on a nominal grid, the steady
 * window. No I/O. */
#ifndef NB_METRIC_RUN_H
#define NB_METRIC_RUN_H

#include "collector/ingest/file_name.h"
#include "collector/ingest/numbers.h"
#include "schema/record.h"

struct metric_file {
	struct file_name name;
	const char *base;	/* the file's name */
	char hash[33];		/* of its name and content */
	struct numbers numbers; /* rows 0: nothing of it goes in */
};

/* What the user says of all that is imported. */
struct metric_extra {
	const char *labels; /* JSON */
	const char *note, *argv;
	int64_t now_ns; /* CLOCK_REALTIME: when a file does not say its own time */
};

/* Does the content fit the kind? The message says what does not. */
int metric_file_check(const struct metric_file *f, struct nb_err *err);

/* Fills an initialised record from files of one run, whose content has been checked; takes no
 * ownership. `hash` names the run by its content: it becomes its uuid. */
void metric_run(struct run_record *r, const struct metric_file *files, size_t n, const char *hash,
		const struct metric_extra *extra);

/*
 * The samples from the first to the last at which something flowed: at least half of the upper
 * quartile. False: nothing flowed. The two at the edges are busy in part only: the steady ones lie
 * between them.
 */
bool metric_busy(size_t *first, size_t *last, const int64_t *pps, size_t stride, size_t n);

#endif
