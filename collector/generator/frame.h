/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test frame: Ethernet, IPv4 or IPv6, UDP, and a payload that begins with a header of ours, by
 * which a listener knows what it has got. Pure: bytes out, bytes in.
 */
#ifndef NB_FRAME_H
#define NB_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/generator/generator.h"

/* The payload's first 18 bytes, all that the smallest frame has, in network byte order. */
struct test_header {
	uint32_t run;	   /* tells one run's packets from another's */
	uint16_t flow;	   /* each flow has sequence numbers of its own, from 0 */
	uint32_t sequence; /* of the frames that were handed to the driver */
	uint64_t sent_ns;  /* CLOCK_REALTIME */
};

enum { FRAME_BYTES_MAX = FRAME_SIZE_MAX - 4 };

struct frame {
	unsigned char bytes[FRAME_BYTES_MAX]; /* as Linux counts them: without FCS */
	size_t len;
	size_t at_udp; /* where its header begins */
	uint32_t sum;  /* of what the UDP checksum covers and never changes */
};

/* The frame of a plan; its source port and test header are 0. -1: an address is none of its IP
 * version. */
int frame_build(struct frame *f, const struct generator_plan *plan);

/* Writes what changes from frame to frame, and the checksum. */
void frame_stamp(struct frame *f, uint16_t src_port, const struct test_header *h);

/* false: too short. */
bool test_header_read(struct test_header *out, const unsigned char *payload, size_t len);

#endif
