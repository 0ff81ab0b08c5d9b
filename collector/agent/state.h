/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the agent share: its state, and the messages it sends. */
#ifndef NB_AGENT_STATE_H
#define NB_AGENT_STATE_H

#include "collector/agent/listener.h"
#include "collector/agent/probe.h"
#include "collector/agent/protocol.h"
#include "collector/agent/sampler.h"
#include "collector/generator/generator.h"

enum agent_phase {
	AGENT_IDLE,	/* said hello */
	AGENT_READY,	/* has its plan, sources are open */
	AGENT_SAMPLING, /* ticks are running */
	AGENT_DONE,	/* has delivered, or failed */
};

struct agent_plan {
	char role[16], ifname[32];
	int64_t interval_ns, duration_ns;
	int *cores, *pin, *send_cores;
	size_t n_cores, n_pin, n_send, n_links;
	bool ipv6;
	const char **links; /* a node's interfaces to be read; point into `message` */
	json_t *message;
	struct generator_plan generator; /* its texts point into this struct */
};

struct agent {
	enum agent_phase state;
	bool failed; /* has said an error */
	struct line_reader input;
	int out_fd; /* -1: the collector is gone */
	struct nb_text
		out;	/* not yet written; of a served agent also what may be asked for again */
	size_t written; /* of that, to the present connection */
	struct agent_service *service; /* NULL: one collector, on two descriptors */
	struct agent_plan plan;
	struct sampler *sampler;
	int root_fd;		 /* "/"; 0: not open yet */
	uint32_t said_epoch[16]; /* epochs whose cells were sent, plus one; by source */
	const struct generator_ops *ops;
	struct generator *generator;
	enum generator_state told;
	struct listener *listener; /* at a receiver that was asked for one */
	int64_t origin_ns, generate_at, stop_at, deadline, drain_every_ns;
	int64_t first_packet_ns, last_packet_ns;
	/* of a generator that counts for itself */
	struct probe_result windows;
	bool windows_known;
};

/* plan.c: takes the plan, opens the sources, checks the generator. */
int agent_take_plan(struct agent *a, const json_t *m, struct nb_err *err);
void agent_forget_generator(struct agent *a);
void agent_free(struct agent *a);

/* A folder of its own to stand in (trafgen writes where it stands): a tmpfs without a name, which
 * vanishes with the process, or one in $TMPDIR, whose name is kept in `folder`. */
void agent_enter_work_folder(char folder[static 64]);
void agent_leave_work_folder(const char *folder);

/* look.c: answers the collector's questions about this place before there is a plan. */
void agent_look(struct agent *a, const json_t *question);

/* report.c: messages go to a->out. Times in them are relative to the origin. */
void agent_say_hello(struct agent *a);
void agent_say_ready(struct agent *a);
void agent_say_clock(struct agent *a, const json_t *question);
void agent_say(struct agent *a, json_t *m); /* and forgets it */
void agent_say_error(struct agent *a, const char *text);
void agent_say_generator(struct agent *a, enum generator_state state);
void agent_say_generator_unused(struct agent *a); /* stopped before its time had come */
void agent_say_generator_failed(struct agent *a, const char *text);
void agent_say_listener(struct agent *a);
void agent_say_done(struct agent *a);
/* Formats at most `max` ticks out of the sampler's ring. */
void agent_drain(struct agent *a, size_t max);

#endif
