/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to fail. A function that can fail returns 0 or a negative number and takes a struct
 * nb_err; the message is set once, where the failure is first known, and passed up untouched.
 * It is one line: what was being done, on what, and what to do about it. main() prints it and
 * exits with its code.
 */
#ifndef NB_ERROR_H
#define NB_ERROR_H

/* The exit codes of both programs (docs/cli). */
enum nb_code {
	NB_OK = 0,
	NB_FAIL = 1,	      /* an error; also a sweep with failed runs */
	NB_USAGE = 2,	      /* the command line is wrong */
	NB_NODATA = 3,	      /* nothing in the store matches */
	NB_GATE = 10,	      /* a gate (--fail-if) failed */
	NB_VOID = 11,	      /* void or inconclusive, with --strict */
	NB_INTERRUPTED = 130, /* ended by SIGINT or SIGTERM; what was measured is stored */
};

struct nb_err {
	enum nb_code code;
	char text[768];
};

/* Sets the message unless one is set already; returns -1, so that `return nb_error(…)` reads. */
int nb_error(struct nb_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same with an exit code other than NB_FAIL. */
int nb_error_code(struct nb_err *err, enum nb_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Forgets the message, for a caller that has another way to go on. */
void nb_error_clear(struct nb_err *err);

#endif
