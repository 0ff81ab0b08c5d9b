/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place: a pod, or a node, with an agent of ours in it. The agent is pushed as a file through
 * `kubectl exec` into any image that has `sh`, or through ssh, started as a service behind a
 * socket, and removes its file when it ends. Its standard input and output are the two descriptors
 * of a kubectl, or of an ssh.
 */
#ifndef NB_KUBE_PLACE_H
#define NB_KUBE_PLACE_H

#include <jansson.h>
#include <stdint.h>
#include <sys/types.h>

#include "collector/agent/protocol.h"
#include "collector/kube/pods.h"
#include "common/boot_id.h"

struct place {
	const struct kube_pod *pod;
	bool ssh;	  /* a node, reached at the "pod"'s address by ssh, not kubectl */
	const char *user; /* there; NULL: as ssh is configured */
	char pushed[64];  /* the name of the agent's file; "": none was put there */
	char *file;	  /* its path there */
	char *full;	  /* the folder there that had no room for it; NULL */
	char name[64];	  /* of its socket */
	char *strays;	  /* generators found running there: "trafgen 123, …"; NULL: none */
	char *stray_ids;  /* "123 124" */
	pid_t pid;	  /* of its kubectl */
	int to, from;
	int said; /* a file with what kubectl says on standard error; 0: none */
	struct line_reader reader;
	char *hello;		    /* the agent's first line */
	char boot_id[BOOT_ID_ROOM]; /* of its host; "": it does not tell */
	json_t *look;		    /* its answer */
	int64_t monotonic_offset_ns, realtime_offset_ns,
		clock_error_ns; /* of its clocks from ours */
};

/* Only looks for generators that run; `failed` gets a line of each place that cannot be looked
 * into. */
void places_find_strays(struct place *p, size_t n, const struct kube *k, struct nb_text *failed);
/* Looks for stray generators and puts the agent there; all places side by side. */
int places_push(struct place *p, size_t n, const struct kube *k, struct nb_err *err);
/* Ends what was found running. */
int places_kill_strays(struct place *p, size_t n, const struct kube *k, struct nb_err *err);
/* Starts the agents and waits for their hello. */
int places_start(struct place *p, size_t n, const struct kube *k, struct nb_err *err);
/* Asks one question of each place that has one (NULL: none) and keeps the answer as its look. */
int places_look(struct place *p, size_t n, json_t *const *questions, struct nb_err *err);
/* What its look found of the interface that was asked for; NULL: nothing. */
const json_t *place_link(const struct place *p);
const char *place_address(const struct place *p);
/* The largest frame that it takes, FCS included; 0: not known. An overlay's takes less than a
 * cable. */
unsigned place_frame_max(const struct place *p);
/* An error: the place's look found no address of that IP version on the interface. It says what
 * there is, and what to do. Returns -1. */
int place_no_address(const struct place *p, const char *ifname, bool ipv6, struct nb_err *err);
/* Measures the offset of each agent's clocks; the shortest of several ways counts. */
int places_measure_clocks(struct place *p, size_t n, struct nb_err *err);
/* Connects again to an agent whose kubectl ended: starts one more, says nothing yet. */
int place_attach(struct place *p, const struct kube *k, struct nb_err *err);
/* What the place's kubectl said: true when it can only mean that the agent is there no more. */
bool place_is_lost(struct place *p, struct nb_text *why);
/* Says bye to all, waits a little, ends their kubectl and removes what was pushed. */
void places_end(struct place *p, size_t n, const struct kube *k);

#endif
