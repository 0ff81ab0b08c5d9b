/* SPDX-License-Identifier: Apache-2.0 */
/* Running a generator that is a program of its own: finding it, starting it in a process group of
 * its own, and being sure of its end. */
#ifndef NB_PROGRAM_H
#define NB_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/error.h"

enum { PROGRAM_PATH = 512 };

/* Looks in PATH, then /usr/sbin and /sbin. 0, or -1 when there is none. */
int program_find(char path[static PROGRAM_PATH], const char *name);

/* Does the program's --help name this option? The answer is kept for the process's life. */
bool program_has_option(const char *path, const char *option);

/* No CAP_IPC_LOCK over the host: limits on locked memory apply. */
bool program_unprivileged(void);

/* Starts it as leader of its own process group; *out is its stdout and stderr, non-blocking. */
int program_spawn(pid_t *pid, int *out, const char *path, char *const argv[], struct nb_err *err);

/* The first child of a process, from /proc; 0 when it has none, -1 when /proc cannot say (it is
 * that of another PID namespace, where mounting one's own is refused). */
pid_t program_child(pid_t parent);

/* The process that a program's leader has forked: its child, or without a /proc to ask one of its
 * process group. 0: there is none. */
pid_t program_worker(pid_t leader);

/* Kills and reaps whatever this process has inherited from programs that it has ended. The agent
 * is init of its PID namespace, or a subreaper, so their orphans become its children. */
void program_reap_orphans(void);

#endif
