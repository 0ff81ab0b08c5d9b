/* SPDX-License-Identifier: Apache-2.0 */
/* One run at a time on a host: two would measure each other. The lock is an abstract Unix socket,
 * which the kernel drops with its holder, however that ends; and the owner of a `running` row. */
#ifndef NB_LOCK_H
#define NB_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"

/* Takes the lock; waits up to wait_ns for another holder to end (0: not at all), or until
 * `interrupted` says so. Returns its descriptor, or -1 with a message that names the holder's pid
 * and command. */
int lock_take(int64_t wait_ns, bool (*interrupted)(void), struct nb_err *err);
void lock_release(int fd);

/* This process as JSON: {"boot_id":…,"pid":…,"start":…} (start: field 22 of /proc/PID/stat).
 * Allocated. */
char *owner_self(void);
/* Is the process that wrote this owner still alive? Unknown text: no. */
bool owner_alive(const char *owner);

#endif
