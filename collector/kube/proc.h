/* SPDX-License-Identifier: Apache-2.0 */
/* Programs run for what they print: several side by side, bounded in time and in output. */
#ifndef NB_PROC_H
#define NB_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/error.h"
#include "common/text.h"

struct proc {
	char *const *argv;
	const char *input; /* for its standard input; NULL: nothing */
	size_t input_len;
	/* filled in */
	struct nb_text out, err; /* cut at 64 MiB and 64 KiB */
	int exit_code;		 /* 128 + signal; -1: it could not be started, `err` says why */
	bool timed_out;
	pid_t pid;
	int fds[3];
	size_t written;
	int64_t until_ns;
};

/* Runs all, at most `parallel` at once, each for `timeout_ns` at most; then it is killed. */
void proc_run(struct proc *p, size_t n, size_t parallel, int64_t timeout_ns);
void proc_free(struct proc *p);

/* Starts a program that stays, in a process group of its own, killed when this thread ends. Its
 * standard error goes to the descriptor `err_fd` (-1: to /dev/null). */
int proc_start(pid_t *pid, int *to, int *from, int err_fd, char *const argv[], struct nb_err *err);

#endif
