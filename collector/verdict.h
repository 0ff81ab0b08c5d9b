/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict of a run: valid, noted (something bounded or coloured it), void (the measurement
 * failed), with reasons [{code, value, limit}]. docs/methodology.md lists the codes. */
#ifndef NB_VERDICT_H
#define NB_VERDICT_H

#include "collector/feed.h"
#include "schema/write.h"

struct verdict_input {
	const struct feed *feed;
	bool cores_shared;
	bool receiver_in_sender; /* the receiver's stack runs inside the sender's calls */
};

/* A write_judge (schema/write.h); the payload is a struct verdict_input. */
write_judge verdict_judge;

/* The codes of the reasons, one by one; NULL after the last. */
const char *verdict_code(size_t i);

#endif
