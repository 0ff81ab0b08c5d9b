/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of causes share: each has a part of the table. */
#ifndef NB_CAUSE_PRIVATE_H
#define NB_CAUSE_PRIVATE_H

#include "analyze/cause.h"

struct cause_list {
	const struct cause *v;
	size_t n;
};
extern const struct cause_list causes_of_source;    /* what was not offered */
extern const struct cause_list causes_of_interface; /* the receiver's ring and backlog */
extern const struct cause_list causes_of_socket;

/* A core with so much to do, as a share of its time, has no room left. */
#define CORE_FULL 0.9

/* 0 for what nobody counted. */
double cause_known(double v);
/* Of a counter, over all runs' effective times; NaN. */
double cause_per_second(const struct evidence *e, const char *what);
/* "cores 1,2" of an end */
void cause_say_cores(struct nb_text *out, const struct evidence *e, enum evidence_end end);

/* A cause's value: how many a second. */
#define CAUSE_RATE(name, what)                                                                     \
	static double name(const struct evidence *e)                                               \
	{                                                                                          \
		return cause_per_second(e, what);                                                  \
	}
/* Words of a stage that needs no other. */
#define CAUSE_SAY_STAGE(name, text, stage)                                                         \
	static void name(struct nb_text *out, const struct evidence *e)                            \
	{                                                                                          \
		(void)e;                                                                           \
		text_addf(out, "%s; look at %s", text, ledger_advice(stage));                      \
	}

#endif
