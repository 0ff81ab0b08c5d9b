/* SPDX-License-Identifier: Apache-2.0 */
/* The other way to a node: ssh, with the caller's own keys, known hosts and ~/.ssh/config. */
#ifndef NB_KUBE_SSH_H
#define NB_KUBE_SSH_H

#include "collector/kube/pods.h"

/* The value of --node-access: "ssh" or "ssh:USER". *user is NULL where none is named. False: it is
 * neither, or the name cannot be a user's. */
bool ssh_wanted(const char **user, const char *access);

/* What stands for the nodes (names, n of them) under the pods: a "pod" for each, its address that
 * of the node (InternalIP), else its name, its image NULL. */
void ssh_nodes(struct kube_pods *out, const struct kube_pods *pods, const char *const *nodes,
	       size_t n);

/* A command line `ssh … USER@HOST WORDS`, the words quoted for the shell there; ends with NULL; to
 * be freed by kubectl_argv_free(). It never asks: a password or an unknown host is an error. */
char **ssh_argv(const char *user, const char *host, const char *const words[]);

/* What an ssh that failed said, in one line that says what to do. Returns -1. */
int ssh_error(struct nb_err *err, const char *what, const char *host, const struct proc *p);
/* Has ssh, or the shell there, said something that ends all hope for an agent? */
bool ssh_is_final(const char *said);

#endif
