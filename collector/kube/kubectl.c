/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the configuration, running kubectl, translating its failures. */
#include "collector/kube/kubectl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"

#define SECRETS "/var/run/secrets/kubernetes.io/serviceaccount/"
#define TOKEN	SECRETS "token"
/* What kubectl is given inside a cluster, and what a second look must not take for a user's. */
#define NO_CONFIG "/dev/null"

/* What kubectl says, and what to do about it. */
static const struct {
	const char *said, *advice;
} advices[] = {
	{"not found in PATH",	      "install kubectl (Debian: kubernetes-client)"		   },
	{"Forbidden",		      "the rights needed are in docs/kubernetes.md"		   },
	{"forbidden:",		       "the rights needed are in docs/kubernetes.md"		    },
	{"Unauthorized",		 "the credentials of this kubeconfig are not valid there"	 },
	{"You must be logged in",	  "the credentials of this kubeconfig are not valid there"	  },
	{"certificate",		"this kubeconfig belongs to another cluster, or has expired"},
	{"error dialing backend",	  "the kubelet of its node does not answer: is the node up?"  },
	{"was refused",		"no API server answers there: is it the right kubeconfig?"  },
	{"connection refused",	       "no API server answers there: is it the right kubeconfig?"	 },
	{"no such host",		 "the name of the API server does not resolve here"	   },
	{"i/o timeout",		"the API server cannot be reached from here"		    },
	{"no route to host",	     "the API server cannot be reached from here"		 },
	{"network is unreachable",	   "the API server cannot be reached from here"		       },
	{"context deadline exceeded",  "the API server is too slow, or cannot be reached"		},
	{"current-context must exist", "it names no current context: kubectl config use-context"	},
	{"error loading config",	 "the file is not a kubeconfig"			       },
	{"invalid configuration",	  "the kubeconfig is not complete"				  },
	{"executable file not found",  "the image has no `sh`: netbound needs one in it"	       },
	{"no such file or directory",  NULL							},
};

const char *kubectl_advice(const char *said)
{
	for (size_t i = 0; said && i < sizeof(advices) / sizeof(*advices); i++)
		if (strstr(said, advices[i].said))
			return advices[i].advice;
	return NULL;
}

/* kubectl logs before it fails ("E1122 …", "I1122 …"), and says `Error from server (X): ` or
 * `error: ` in front of the reason. */
void kubectl_reason(struct nb_text *out, const char *said)
{
	static const char *const fronts[] = {"Error from server ", "error: ", "Error: "};
	const char *line = said ? said : "", *best = line;
	size_t len = 0;
	while (*line) {
		size_t n = strcspn(line, "\n");
		bool logged = n > 5 && strchr("EIWF", *line) && line[1] >= '0' && line[1] <= '9';
		if (n && !logged && strncmp(line, "command terminated", 18) != 0) {
			best = line;
			len = n;
			break;
		}
		if (n && !len) {
			best = line;
			len = n;
		}
		line += n + (line[n] == '\n');
	}
	for (size_t i = 0; i < sizeof(fronts) / sizeof(*fronts); i++) {
		size_t n = strlen(fronts[i]);
		if (len > n && !strncmp(best, fronts[i], n)) {
			best += n;
			len -= n;
		}
	}
	text_add_n(out, best, len > 400 ? 400 : len);
}

int kubectl_error(struct nb_err *err, const char *what, const struct proc *p)
{
	struct nb_text reason = {0};
	const char *advice = kubectl_advice(p->err.s);
	text_add(&reason, "");
	if (p->timed_out)
		text_add(&reason, "no answer in time");
	else
		kubectl_reason(&reason, p->err.s);
	if (!reason.len)
		text_addf(&reason, "kubectl ended with code %d and said nothing", p->exit_code);
	nb_error(err, "kube: %s: %s%s%s", what, reason.s, advice ? ": " : "", advice ? advice : "");
	text_free(&reason);
	return -1;
}

char **kubectl_argv(const struct kube *k, const char *const words[])
{
	size_t n = 0, count = 0;
	while (words[count])
		count++;
	char **argv = nb_alloc(count + 4, sizeof(char *));
	argv[n++] = nb_strdup("kubectl");
	if (k && k->namespace) {
		argv[n++] = nb_strdup("--namespace");
		argv[n++] = nb_strdup(k->namespace);
	}
	for (size_t i = 0; i < count; i++)
		argv[n++] = nb_strdup(words[i]);
	return argv;
}

void kubectl_argv_free(char **argv)
{
	for (size_t i = 0; argv && argv[i]; i++)
		free(argv[i]);
	free(argv);
}

int kubectl_run(const struct kube *k, struct nb_text *out, const char *input, int64_t timeout_ns,
		const char *what, const char *const words[], struct nb_err *err)
{
	char **argv = kubectl_argv(k, words);
	struct proc p = {.argv = argv, .input = input, .input_len = input ? strlen(input) : 0};
	proc_run(&p, 1, 1, timeout_ns);
	int ret = p.exit_code ? kubectl_error(err, what, &p) : 0;
	if (!ret && out) {
		*out = p.out;
		p.out = (struct nb_text){0};
		text_add(out, "");
	}
	proc_free(&p);
	kubectl_argv_free(argv);
	return ret;
}

int kubectl_json(const struct kube *k, json_t **out, const char *what, const char *const words[],
		 struct nb_err *err)
{
	struct nb_text text = {0};
	json_error_t where;
	if (kubectl_run(k, &text, NULL, 30 * NB_SEC, what, words, err))
		return -1;
	*out = json_loads(text.s, 0, &where);
	text_free(&text);
	return *out ? 0
		    : nb_error(err, "kube: %s: kubectl's answer is not JSON: %s", what, where.text);
}

/* KUBECONFIG may be a list, of which one is enough. */
static bool any_readable(const char *list)
{
	char *copy = nb_strdup(list), *save = NULL;
	bool any = false;
	for (char *s = strtok_r(copy, ":", &save); s; s = strtok_r(NULL, ":", &save))
		any |= !access(s, R_OK);
	free(copy);
	return any;
}

/* In the order of the documentation. 1: inside a cluster, without a file. */
static int find_config(struct kube *k, const char *named, struct nb_err *err)
{
	const char *env = getenv("KUBECONFIG");
	char *full = NULL;
	if (named || !access("kubeconfig", R_OK)) {
		const char *path = named ? named : "kubeconfig";
		full = realpath(path, NULL);
		if (!full || access(full, R_OK)) {
			free(full);
			return nb_error_code(err, NB_USAGE, "--kubeconfig: %s: %s", path,
					     strerror(errno));
		}
		k->source = full;
		setenv("KUBECONFIG", full, 1); /* for every kubectl that we start */
		return 0;
	}
	if (env && *env && strcmp(env, NO_CONFIG) != 0) {
		if (!any_readable(env))
			return nb_error_code(err, NB_USAGE,
					     "KUBECONFIG: %s: no such file, or it cannot be read",
					     env);
		k->source = nb_strdup("KUBECONFIG");
		return 0;
	}
	if (!access(TOKEN, R_OK) && getenv("KUBERNETES_SERVICE_HOST")) {
		k->source = nb_strdup("in-cluster");
		setenv("KUBECONFIG", NO_CONFIG, 1); /* not the one of the home folder */
		return 1;
	}
	return nb_error_code(
		err, NB_USAGE,
		"kube: no kubeconfig was named: give --kubeconfig FILE, put it here as "
		"./kubeconfig, or set KUBECONFIG (~/.kube/config is not taken by "
		"itself)");
}

static int read_context(struct kube *k, const char *namespace, struct nb_err *err)
{
	json_t *j;
	if (kubectl_json(NULL, &j, "read the kubeconfig",
			 (const char *const[]){"config", "view", "--minify", "-o", "json", NULL},
			 err))
		return -1;
	const char *name = json_string_value(json_object_get(j, "current-context"));
	const char *ns = NULL;
	json_unpack(json_array_get(json_object_get(j, "contexts"), 0), "{s:{s:s}}", "context",
		    "namespace", &ns);
	k->context = nb_strdup(name ? name : "");
	k->namespace = nb_strdup(namespace ? namespace : ns ? ns : "default");
	json_decref(j);
	return 0;
}

/* Of the pod that this is. */
static char *own_namespace(void)
{
	char name[256] = "default";
	FILE *f = fopen(SECRETS "namespace", "re");
	if (f && fgets(name, sizeof(name), f))
		name[strcspn(name, "\n")] = '\0';
	if (f)
		fclose(f);
	return nb_strdup(*name ? name : "default");
}

int kube_open(struct kube *k, const struct kube_options *o, struct nb_err *err)
{
	*k = (struct kube){0};
	int found = find_config(k, o->kubeconfig, err);
	if (found == 1) {
		k->context = nb_strdup("in-cluster");
		k->namespace = o->namespace ? nb_strdup(o->namespace) : own_namespace();
	} else if (found || read_context(k, o->namespace, err)) {
		kube_close(k);
		return -1;
	}
	struct nb_text options = {0};
	text_addf(&options, " --namespace %s", k->namespace);
	if (o->kubeconfig)
		text_addf(&options, " --kubeconfig %s", o->kubeconfig);
	k->options = options.s;
	return 0;
}

void kube_close(struct kube *k)
{
	free(k->source);
	free(k->context);
	free(k->namespace);
	free(k->options);
	*k = (struct kube){0};
}
