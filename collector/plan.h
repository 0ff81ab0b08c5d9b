/* SPDX-License-Identifier: Apache-2.0 */
/* What a run is to be: the settings of `run`, checked and with their defaults. */
#ifndef NB_PLAN_H
#define NB_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/kube/kubectl.h"
#include "common/cli.h"

struct run_plan {
	uint64_t pps; /* of one pair; 0: as fast as possible */
	int64_t duration_ns, interval_ns;
	int64_t warmup_ns; /* -1: auto */
	uint64_t frame_size, n_cores, pairs;
	bool listen; /* a UDP receiver at each pair's destination port */
	int64_t listen_work_ns;
	uint64_t listen_buffer; /* bytes; 0: the system's */
	const int *core_list;	/* the senders' cores, in order; NULL: chosen */
	size_t n_core_list;
	bool loopback, random_src_port;
	bool ipv6;		     /* else IPv4 */
	uint64_t flows;		     /* source ports in rotation; 0 and 1: one */
	bool qdisc;		     /* through the senders' queueing disciplines, not past them */
	uint64_t src_port, dst_port; /* of pair 0; pair K adds K */
	const char *testbed, *generator;
	struct kube_options kube;	 /* of the testbed kube */
	const struct opt_texts *labels;	 /* K=V */
	const struct opt_texts *scrapes; /* ROLE=URL; NULL: none */
	const char *note;
	int64_t campaign_id; /* 0: none */
};

/* Checks ranges and that names exist; the message says what is allowed (exit code NB_USAGE). */
int plan_check(const struct run_plan *p, struct nb_err *err);

/* The labels as a JSON object with sorted keys, allocated; -1 when one is not K=V. */
int plan_labels(char **out, const struct opt_texts *labels, struct nb_err *err);

#endif
