/* SPDX-License-Identifier: Apache-2.0 */
/* What `pods list` and `pods profiles` print. */
#ifndef NB_KUBE_VIEW_H
#define NB_KUBE_VIEW_H

#include "collector/kube/pods.h"
#include "common/cli.h"

struct profile_options {
	const char *ifname;
	uint64_t src_port, dst_port; /* of pair 0 */
	bool ipv6;		     /* else IPv4 */
};

void pods_print(const struct cli *cli, const struct kube *k, const struct kube_pods *pods);
int pods_profiles(const struct cli *cli, const struct kube *k, const struct kube_pods *pods,
		  const struct profile_options *o, struct nb_err *err);

#endif
