/* SPDX-License-Identifier: Apache-2.0 */
/* The options that run and sweep have in common: rows for their tables, over one plan. */
#ifndef NB_PLAN_OPTIONS_H
#define NB_PLAN_OPTIONS_H

#include "collector/plan.h"

/* What the rows fill. */
struct plan_values {
	struct run_plan plan;
	struct opt_texts labels, scrapes;
	const char *core_list, *warmup;
	int64_t wait_ns;
	bool strict;
};

extern struct plan_values plan_values;

/* clang-format off */
#define PLAN_OPTIONS                                                                               \
	{ 's', "seconds", OPT_TIME, &plan_values.plan.duration_ns, "SEC",                              \
	  "how long each run sends (default 120)", NULL },                                             \
	{ 0, "core-list", OPT_TEXT, &plan_values.core_list, "LIST",                                    \
	  "the CPUs to send from, such as 2,4 or 2-4 (default: chosen)", NULL },                       \
	{ '6', "ipv6", OPT_FLAG, &plan_values.plan.ipv6, NULL,                                         \
	  "send IPv6 (default IPv4)", NULL },                                                          \
	{ 'r', "random-port", OPT_FLAG, &plan_values.plan.random_src_port, NULL,                       \
	  "a random source port for each packet", NULL },                                              \
	{ 0, "flows", OPT_COUNT, &plan_values.plan.flows, "N",                                         \
	  "N source ports in rotation (paced; default 1)", NULL },                                     \
	{ 0, "qdisc", OPT_FLAG, &plan_values.plan.qdisc, NULL,                                         \
	  "send through the interface's qdisc, not past it (paced)", NULL },                           \
	{ 0, "listen", OPT_FLAG, &plan_values.plan.listen, NULL,                                       \
	  "let a UDP socket receive, and count what it gets by sequence number", NULL },               \
	{ 0, "listen-work", OPT_TIME, &plan_values.plan.listen_work_ns, "TIME",                        \
	  "what it computes on each packet, such as 20us (default 0)", NULL },                         \
	{ 0, "listen-buffer", OPT_COUNT, &plan_values.plan.listen_buffer, "BYTES",                     \
	  "its receive buffer (default: the system's)", NULL },                                        \
	{ 'i', "interval", OPT_TIME, &plan_values.plan.interval_ns, "TIME",                            \
	  "sampling interval, from 10ms (default 1s)", NULL },                                         \
	{ 0, "src-port", OPT_COUNT, &plan_values.plan.src_port, "PORT",                                \
	  "source port of pair 0; pair K adds K (default 1024)", NULL },                               \
	{ 0, "dst-port", OPT_COUNT, &plan_values.plan.dst_port, "PORT",                                \
	  "destination port of pair 0; pair K adds K (default 1024)", NULL },                          \
	{ 0, "testbed", OPT_TEXT, &plan_values.plan.testbed, "T",                                      \
	  "where it runs: netns (default), or kube: the pods of a cluster", NULL },                    \
	{ 0, "kubeconfig", OPT_TEXT, &plan_values.plan.kube.kubeconfig, "FILE",                        \
	  "the cluster (kube; default ./kubeconfig, else $KUBECONFIG, else in-cluster)", NULL },       \
	{ 0, "namespace", OPT_TEXT, &plan_values.plan.kube.namespace, "NS",                            \
	  "where the pods are (kube; default: the kubeconfig's)", NULL },                              \
	{ 0, "selector", OPT_TEXT, &plan_values.plan.kube.selector, "LABELS",                          \
	  "only pods with these labels (kube)", NULL },                                                \
	{ 0, "ifname", OPT_TEXT, &plan_values.plan.kube.ifname, "IF",                                  \
	  "the pods' interface (kube; default eth0)", NULL },                                          \
	{ 0, "same-node", OPT_FLAG, &plan_values.plan.kube.same_node, NULL,                            \
	  "the pairs whose pods are on one node (kube)", NULL },                                       \
	{ 0, "node-access", OPT_TEXT, &plan_values.plan.kube.node_access, "HOW",                       \
	  "how the nodes' counters are read: pod (default), ssh[:USER], or none (kube)", NULL },       \
	{ 0, "kill-others", OPT_FLAG, &plan_values.plan.kube.kill_others, NULL,                        \
	  "end generators that still run in the pods (kube)", NULL },                                  \
	{ 0, "scrape", OPT_APPEND, &plan_values.scrapes, "ROLE=URL",                                   \
	  "read that node's counters from its node_exporter; ROLE: sender, receiver, node", NULL },    \
	{ 0, "generator", OPT_TEXT, &plan_values.plan.generator, "G",                                  \
	  "paced (default), trafgen, or none: record only", NULL },                                           \
	{ 0, "warmup", OPT_TEXT, &plan_values.warmup, "TIME|auto|none",                                \
	  "left out of the steady window (default auto: 1 s or one interval)", NULL },                 \
	{ 0, "label", OPT_APPEND, &plan_values.labels, "K=V",                                          \
	  "a label; runs with different labels are different configurations", NULL },                  \
	{ 0, "note", OPT_TEXT, &plan_values.plan.note, "TEXT", "a remark, kept with the run", NULL },  \
	{ 0, "wait", OPT_TIME, &plan_values.wait_ns, "TIME",                                           \
	  "wait this long for another run on this host to end (default 0)", NULL },                    \
	{ 0, "strict", OPT_FLAG, &plan_values.strict, NULL, "exit 11 when a run is void", NULL }
/* clang-format on */

/* From option values to a plan: the core list, the warm-up, the labels. *cores is allocated. */
int plan_finish(int **cores, struct nb_err *err);

#endif
