/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cluster as it is reached: kubectl with a kubeconfig that was named, never one that happens to
 * lie in the home folder. What kubectl says when it fails becomes one line that names what to do.
 */
#ifndef NB_KUBECTL_H
#define NB_KUBECTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "collector/kube/proc.h"
#include "common/error.h"

/* How the cluster was asked for; NULL: not. Part of the run's plan. */
struct kube_options {
	const char *kubeconfig, *namespace, *selector, *ifname, *node_access, *agent;
	bool same_node, kill_others;
	bool all_pairs; /* how many was not said: all that can be used */
};

struct kube {
	char *source;	 /* where the configuration was found: a path, "KUBECONFIG", "in-cluster" */
	char *context;	 /* its name */
	char *namespace; /* where our pods are */
	char *options; /* " --namespace NS" and whatever else leads there again, for a command line
			*/
};

/* Finds the configuration (--kubeconfig, ./kubeconfig, KUBECONFIG, in-cluster) and its context. */
int kube_open(struct kube *k, const struct kube_options *o, struct nb_err *err);
void kube_close(struct kube *k);

/* A command line `kubectl …` as argv; ends with NULL; to be freed by kubectl_argv_free(). The
 * words after the first are given as a list that ends with NULL. */
char **kubectl_argv(const struct kube *k, const char *const words[]);
void kubectl_argv_free(char **argv);

/* Runs one command. `input` may be NULL; *out gets what it printed and may be NULL. `what` begins
 * the message: "list pods". */
int kubectl_run(const struct kube *k, struct nb_text *out, const char *input, int64_t timeout_ns,
		const char *what, const char *const words[], struct nb_err *err);
/* The same for a command that prints JSON; *out is a new reference. */
int kubectl_json(const struct kube *k, json_t **out, const char *what, const char *const words[],
		 struct nb_err *err);

/* What a kubectl that failed said, as an error that says what to do. Returns -1. */
int kubectl_error(struct nb_err *err, const char *what, const struct proc *p);
/* The first line of what it said that says something; and what can be done about it, or NULL. */
void kubectl_reason(struct nb_text *out, const char *said);
const char *kubectl_advice(const char *said);

#endif
