/* SPDX-License-Identifier: Apache-2.0 */
/* What the run's record lacks when the last line has come: its window and burstiness. */
#ifndef NB_FINISH_H
#define NB_FINISH_H

#include "collector/feed.h"

/* Derives effective time, steady window and burstiness from what the agents said, and cuts the
 * readings before the first snapshot off. warmup_ns as in struct window_plan. */
void finish_record(struct run_record *r, const struct feed *f, int64_t warmup_ns);

#endif
