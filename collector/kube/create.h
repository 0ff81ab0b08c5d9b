/* SPDX-License-Identifier: Apache-2.0 */
/* pods create and pods delete: what changes the cluster. */
#ifndef NB_KUBE_CREATE_H
#define NB_KUBE_CREATE_H

#include "collector/kube/manifest.h"

struct create_options {
	const char *template; /* the text; NULL: ours */
	bool dry_run, replace, without_nodes;
};

/* Makes the pods of the plan and waits until they run; says what it does by `cli`. */
int pods_create(const struct cli *cli, const struct kube *k, struct manifest_plan *plan,
		const struct create_options *o, struct nb_err *err);
/* Deletes what pods_create() and runs have made, and nothing else; *n: how many. */
int pods_delete(size_t *n, const struct kube *k, struct nb_err *err);

#endif
