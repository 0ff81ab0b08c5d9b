/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests of the pods that `pods create` makes: a template that users can edit, filled. Pure. */
#ifndef NB_KUBE_MANIFEST_H
#define NB_KUBE_MANIFEST_H

#include "collector/kube/pods.h"
#include "common/cli.h"

struct manifest_plan {
	size_t pairs;
	const char *cpu, *memory, *image, *namespace;
	bool same_node;
	/* given: nodeName; else rules for the scheduler, by the nodes that were found suitable */
	const char *sender_node, *receiver_node;
	const struct kube_node *sender, *receiver;
	const struct opt_texts *annotations; /* K=V */
};

extern const char manifest_template[];

/* `4`, `1.5` or `500m`. */
int manifest_cpu(const char *text, struct nb_err *err);
/* `4000Mi`, `4Gi`; a bare number is GiB. *out is allocated. */
int manifest_memory(char **out, const char *text, struct nb_err *err);

/* Appends a document for each pod: servers, then clients. The error names a word between @ that
 * the template has and nobody knows. */
int manifest_fill(struct nb_text *out, const char *template, const struct manifest_plan *plan,
		  struct nb_err *err);

#endif
