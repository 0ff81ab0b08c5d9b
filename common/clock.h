/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks: nanoseconds as int64, an absolute sampling grid, UTC text. */
#ifndef NB_CLOCK_H
#define NB_CLOCK_H

#include <stdint.h>

#define NB_SEC	INT64_C(1000000000)
#define NB_MSEC INT64_C(1000000)

int64_t clock_monotonic(void);	/* CLOCK_MONOTONIC, ns: the same in every namespace of a host */
int64_t clock_realtime(void);	/* CLOCK_REALTIME, ns since the epoch */
int64_t clock_thread_cpu(void); /* CPU time of this thread, ns */

/* Sleeps until an absolute CLOCK_MONOTONIC instant; returns early with -1 when a signal came. */
int clock_sleep_until(int64_t t_ns);

/* "2026-11-22T19:30:00.123456Z" of CLOCK_REALTIME ns. */
const char *clock_utc_text(char buf[static 32], int64_t realtime_ns);

#endif
