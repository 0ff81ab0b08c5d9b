/* SPDX-License-Identifier: Apache-2.0 */
/* Counting by sequence number what came, what did not, what came twice and what came late. Pure. */
#ifndef NB_SEQUENCE_H
#define NB_SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

/* How far behind the newest packet of its flow a packet is still told from its own copy. One that
 * is later yet counts as reordered, not as a copy. */
enum { SEQUENCE_WINDOW = 1024 };

struct sequence_flow;

struct sequence {
	struct sequence_flow *flows;
	size_t n_flows;
	uint64_t received;   /* copies and late ones too */
	uint64_t lost;	     /* gaps before the newest of each flow */
	uint64_t duplicated; /* came before */
	uint64_t reordered;  /* came after a later one (RFC 4737, section 3.3) */
};

/* Flows are numbered from 0; each begins with sequence number 0. */
void sequence_init(struct sequence *s, size_t n_flows);
void sequence_free(struct sequence *s);

/* Numbers wrap at 2^32. -1: there is no such flow; nothing is counted. */
int sequence_take(struct sequence *s, uint16_t flow, uint32_t number);

#endif
