/* SPDX-License-Identifier: Apache-2.0 */
/* Agents on the nodes under the pods: pods of ours in the node's network namespace. */
#ifndef NB_KUBE_NODE_H
#define NB_KUBE_NODE_H

#include <jansson.h>

#include "collector/kube/pods.h"

#define KUBE_NODE_KEPT "kept" /* value of the label of pods that stay */

/* Creates a pod on each of the nodes (names, images that are there already); they end by
 * themselves after `life_s`. *selector (allocated) finds them again. */
int node_pods_create(char **selector, const struct kube *k, const char *const *nodes,
		     const char *const *images, size_t n, int64_t life_s, struct nb_err *err);
/* The same to stay until they are deleted, for all runs to come. */
int node_pods_keep(const struct kube *k, const char *const *nodes, const char *const *images,
		   size_t n, struct nb_err *err);
/* Waits until all run; the error names one that does not. */
int node_pods_wait(struct kube_pods *out, const struct kube *k, const char *selector, size_t n,
		   struct nb_err *err);
void node_pods_delete(const struct kube *k, const char *selector);

/* The interfaces of a node on the way of the packets: the host's ends of the pods' interfaces
 * (`peers`, their indexes), what these are ports of, where the routes lead, and tunnels. A JSON
 * list of names. `look` is what the node's agent saw. Pure. */
json_t *node_links(const json_t *look, const json_int_t *peers, size_t n_peers);

/* An end of a pair, at the node under it. */
struct node_end {
	json_int_t peer;	/* the host's end of its interface; 0: not known */
	bool sender, elsewhere; /* the pair's other end is on another node */
};
/* What those interfaces are on the way from pod to pod, in path order, a text each that the view
 * v_way knows: "sender veth vethb2 (veth)", that is side, part (veth, bridge, tunnel, uplink), name
 * and kind. *uplink is a name in `look`, or NULL. Pure. */
json_t *node_way(const char **uplink, const json_t *look, const struct node_end *ends, size_t n);

#endif
