/* SPDX-License-Identifier: Apache-2.0 */
/* What an import is asked to read: the files under its operands, and which of them are one run's.
 */
#ifndef NB_INPUTS_H
#define NB_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/ingest/file_name.h"
#include "common/error.h"

struct input {
	char *origin; /* path or URL */
	char *base;   /* the file's name */
	bool known;   /* it is a metric file, by its name */
	char *why;    /* it cannot be read; NULL: nothing is known against it */
	bool named;   /* by the user, not found in a folder; or it cannot be read */
	struct file_name name;
};

struct inputs {
	struct input *v;
	size_t n;
};

/* Adds a file, a URL, or all files under a folder. */
int inputs_add(struct inputs *in, const char *operand, struct nb_err *err);
void inputs_free(struct inputs *in);

/* Puts files of one run next to each other: those that are no metric files first, by name. */
void inputs_sort(struct inputs *in);

/* How many inputs from `at` on are of one run; 1 for a file that is no metric file. */
size_t inputs_run(const struct inputs *in, size_t at);

#endif
