/* SPDX-License-Identifier: Apache-2.0 */
/* trafgen of netsniff-ng: its profile and its words, as pure functions; the driver is in
 * generators[]. Behaviours are those of 0.6.8 (Debian 12), read and measured. */
#ifndef NB_TRAFGEN_H
#define NB_TRAFGEN_H

#include "collector/generator/generator.h"
#include "common/text.h"

extern const struct generator_ops generator_trafgen;

/* The packet configuration for --conf. */
void trafgen_profile(struct nb_text *out, const struct generator_plan *plan);

/* What trafgen has said so far. */
struct trafgen_words {
	bool running;	      /* "Running!": worker 0 is about to send */
	bool nothing_to_send; /* "0 packets to schedule": it will exit 0 and send nothing */
	bool outgoing_known;
	uint64_t elapsed_us; /* from its first packet to the end of its last pause; 0: not said */
	uint64_t outgoing;   /* attempts, failed ones included */
	char complaint[200]; /* the last line that is none of its usual ones */
};

/* Takes in one line, without its end. Lines may begin with \r. */
void trafgen_line(struct trafgen_words *w, const char *line);

#endif
