/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pods of a cluster as netbound sees them: which are senders and receivers, which of them are
 * a pair, and what keeps one from taking part. From the API's JSON; pods_of_json() is pure.
 */
#ifndef NB_KUBE_PODS_H
#define NB_KUBE_PODS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "collector/kube/kubectl.h"

/* What we made carries this label; what a run made for itself carries the second, too. */
#define KUBE_OURS      "app.kubernetes.io/managed-by"
#define KUBE_OURS_NAME "netbound"
#define KUBE_OURS_ALL  "app.kubernetes.io/managed-by=netbound"
#define KUBE_NODE_POD  "netbound/node-agent"

enum kube_role { KUBE_OTHER, KUBE_SENDER, KUBE_RECEIVER };

struct kube_pod {
	char *name, *node, *ip, *host_ip, *phase, *image, *cpu;
	char *ips;	 /* all of them, where there are several; else NULL */
	char *container; /* the first one; agents are put there */
	char *why;	 /* not running: what the API says of it; NULL */
	enum kube_role role;
	int pair; /* -1: none */
	bool running, ours, node_agent;
};

struct kube_pods {
	struct kube_pod *v;
	size_t n;
};

struct kube_node {
	char *name, *ip, *why;
	bool ready, control_plane, closed; /* closed: takes no new pods */
};

struct kube_nodes {
	struct kube_node *v;
	size_t n;
};

/* Roles and numbers: the labels role=server|client and netbound/pair, else server<K> and client<K>
 * at the start of the name; a pod of a role without a number gets the lowest free one, by name. */
int pods_of_json(struct kube_pods *out, const json_t *list, struct nb_err *err);
int pods_list(struct kube_pods *out, const struct kube *k, const char *selector,
	      struct nb_err *err);
void pods_free(struct kube_pods *p);

/* The sender or the receiver of a pair; a running one before others; NULL: none. */
const struct kube_pod *pods_find(const struct kube_pods *p, enum kube_role role, int pair);
/* One more than the highest number of a pair. */
size_t pods_pairs(const struct kube_pods *p);
/* Why a pair cannot be used: "client2 is Pending (…)", "there is no client2"; false: it can. */
bool pods_pair_problem(const struct kube_pods *p, int pair, struct nb_text *out);

/* The whole cores of its CPU limit, at least one; one where it has no limit. */
size_t pod_whole_cores(const struct kube_pod *p);

const char *kube_role_name(enum kube_role role); /* server, client */

int nodes_list(struct kube_nodes *out, const struct kube *k, struct nb_err *err);
const struct kube_node *nodes_find(const struct kube_nodes *n, const char *name);
void nodes_free(struct kube_nodes *n);

#endif
