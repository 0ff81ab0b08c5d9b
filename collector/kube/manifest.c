/* SPDX-License-Identifier: Apache-2.0 */
/* Filling the template: words between @ are replaced, values are JSON, which YAML takes as it is.
 */
#include "collector/kube/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

const char manifest_template[] =
	"# A pod of a pair. Words between two @ are filled in for each pod, as JSON.\n"
	"apiVersion: v1\n"
	"kind: Pod\n"
	"metadata:\n"
	"  name: @NAME@\n"
	"  namespace: @NAMESPACE@\n"
	"  labels:\n"
	"    app.kubernetes.io/managed-by: netbound\n"
	"    role: @ROLE@\n"
	"    netbound/pair: @PAIR@\n"
	"  annotations: @ANNOTATIONS@\n"
	"spec:\n"
	"  nodeName: @NODE@\n"
	"  affinity: @AFFINITY@\n"
	"  tolerations: @TOLERATIONS@\n"
	"  automountServiceAccountToken: false\n"
	"  terminationGracePeriodSeconds: 1\n"
	"  containers:\n"
	"  - name: netbound\n"
	"    image: @IMAGE@\n"
	"    imagePullPolicy: IfNotPresent\n"
	"    # a first process that heeds SIGTERM and takes the orphans' exit codes\n"
	"    command: [\"sh\", \"-c\", \"trap 'exit 0' TERM; while :; do sleep 86400 & wait; done\"]\n"
	"    # equal, and whole cores: only then does a static CPU manager pin\n"
	"    resources:\n"
	"      requests: {cpu: @CPU@, memory: @MEMORY@}\n"
	"      limits: {cpu: @CPU@, memory: @MEMORY@}\n"
	"    securityContext:\n"
	"      allowPrivilegeEscalation: false\n"
	"      capabilities:\n"
	"        drop: [ALL]\n"
	"        add: [NET_RAW, NET_ADMIN, IPC_LOCK, SYS_NICE]\n";

int manifest_cpu(const char *text, struct nb_err *err)
{
	size_t digits = strspn(text, "0123456789"), dot = text[digits] == '.';
	size_t part = dot ? strspn(text + digits + 1, "0123456789") : 0;
	size_t len = digits + dot + part + (!dot && text[digits] == 'm');
	if (!digits || text[len] || (dot && !part) || strspn(text, "0.m") == len)
		return nb_error_code(err, NB_USAGE,
				     "-c: '%s' is neither cores (4, 1.5) nor millicores (500m)",
				     text);
	return 0;
}

int manifest_memory(char **out, const char *text, struct nb_err *err)
{
	static const char *const units[] = {"Ki", "Mi", "Gi", "Ti", "k", "M", "G", "T"};
	enum { PLAIN_MAX = 512 }; /* the original took MiB: 4000 here is a habit, not a wish */
	size_t digits = strspn(text, "0123456789");
	struct nb_text t = {0};
	if (digits && digits < 10 && !text[digits]) {
		if (strtoul(text, NULL, 10) > PLAIN_MAX || !strtoul(text, NULL, 10))
			return nb_error_code(err, NB_USAGE,
					     "-m: %s GiB? a bare number is GiB: %sMi is MiB", text,
					     text);
		text_addf(&t, "%sGi", text);
		*out = t.s;
		return 0;
	}
	for (size_t i = 0; digits && i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(text + digits, units[i])) {
			*out = nb_strdup(text);
			return 0;
		}
	return nb_error_code(err, NB_USAGE, "-m: '%s' is no memory size such as 4000Mi or 4Gi",
			     text);
}

/* --- what goes in ---------------------------------------------------------------------------- */

struct pod_plan {
	const struct manifest_plan *plan;
	enum kube_role role;
	size_t pair;
};

static json_t *name_of(const struct pod_plan *p)
{
	struct nb_text t = {0};
	text_addf(&t, "%s%zu", kube_role_name(p->role), p->pair);
	json_t *j = json_string(t.s);
	text_free(&t);
	return j;
}

static json_t *pair_of(const struct pod_plan *p)
{
	struct nb_text t = {0};
	text_addf(&t, "%zu", p->pair);
	json_t *j = json_string(t.s);
	text_free(&t);
	return j;
}

static const char *given_node(const struct pod_plan *p)
{
	return p->role == KUBE_SENDER || p->plan->same_node ? p->plan->sender_node
							    : p->plan->receiver_node;
}

static const struct kube_node *found_node(const struct pod_plan *p)
{
	return p->role == KUBE_SENDER || p->plan->same_node ? p->plan->sender : p->plan->receiver;
}

static json_t *node_of(const struct pod_plan *p)
{
	return given_node(p) ? json_string(given_node(p)) : json_null();
}

/* To the node that was found; and a client away from the servers, or with them. */
static json_t *affinity_of(const struct pod_plan *p)
{
	const struct kube_node *node = found_node(p);
	if (given_node(p) || !node)
		return json_null();
	json_t *j = json_pack("{s:{s:{s:[{s:[{s:s, s:s, s:[s]}]}]}}}", "nodeAffinity",
			      "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms",
			      "matchExpressions", "key", "kubernetes.io/hostname", "operator", "In",
			      "values", node->name);
	if (p->role == KUBE_RECEIVER)
		json_object_set_new(j, p->plan->same_node ? "podAffinity" : "podAntiAffinity",
				    json_pack("{s:[{s:s, s:{s:{s:s, s:s}}}]}",
					      "requiredDuringSchedulingIgnoredDuringExecution",
					      "topologyKey", "kubernetes.io/hostname",
					      "labelSelector", "matchLabels", KUBE_OURS,
					      KUBE_OURS_NAME, "role", kube_role_name(KUBE_SENDER)));
	return j;
}

/* Only where a control plane had to be taken. */
static json_t *tolerations_of(const struct pod_plan *p)
{
	const struct kube_node *node = found_node(p);
	if (!node || !node->control_plane)
		return json_array();
	return json_pack("[{s:s, s:s, s:s}, {s:s, s:s, s:s}]", "key",
			 "node-role.kubernetes.io/control-plane", "operator", "Exists", "effect",
			 "NoSchedule", "key", "node-role.kubernetes.io/master", "operator",
			 "Exists", "effect", "NoSchedule");
}

static json_t *annotations_of(const struct pod_plan *p)
{
	const struct opt_texts *list = p->plan->annotations;
	json_t *j = json_object();
	for (size_t i = 0; list && i < list->n; i++) {
		const char *equals = strchr(list->v[i], '=');
		struct nb_text key = {0};
		text_add_n(&key, list->v[i], (size_t)(equals - list->v[i]));
		json_object_set_new(j, key.s, json_string(equals + 1));
		text_free(&key);
	}
	return j;
}

static json_t *namespace_of(const struct pod_plan *p)
{
	return json_string(p->plan->namespace);
}

static json_t *role_of(const struct pod_plan *p)
{
	return json_string(kube_role_name(p->role));
}

static json_t *image_of(const struct pod_plan *p)
{
	return json_string(p->plan->image);
}

static json_t *cpu_of(const struct pod_plan *p)
{
	return json_string(p->plan->cpu);
}

static json_t *memory_of(const struct pod_plan *p)
{
	return json_string(p->plan->memory);
}

static const struct {
	const char *word;
	json_t *(*value)(const struct pod_plan *p);
} words[] = {
	{"NAME",	 name_of	},
	   {"NAMESPACE",	 namespace_of  },
	    {"ROLE",	     role_of	    },
	{"PAIR",	 pair_of	},
	   {"ANNOTATIONS", annotations_of},
	    {"NODE",	     node_of	    },
	{"AFFINITY",    affinity_of	},
	   {"TOLERATIONS", tolerations_of},
	    {"IMAGE",	      image_of      },
	{"CPU",		cpu_of	      },
	   {"MEMORY",      memory_of     },
};

static int fill_word(struct nb_text *out, const char *word, size_t len, const struct pod_plan *p,
		     struct nb_err *err)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strlen(words[i].word) != len || strncmp(words[i].word, word, len) != 0)
			continue;
		json_t *j = words[i].value(p);
		char *s = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY);
		text_add(out, s ? s : "null");
		free(s);
		json_decref(j);
		return 0;
	}
	return nb_error_code(err, NB_USAGE, "--template: @%.*s@ is not a word that is filled in",
			     (int)len, word);
}

/* The word at `s`, which follows an @: capitals up to another @. */
static size_t word_length(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
	return s[n] == '@' ? n : 0;
}

static int fill(struct nb_text *out, const char *s, const struct pod_plan *p, struct nb_err *err)
{
	while (*s) {
		size_t n = *s == '@' ? word_length(s + 1) : 0;
		if (n) {
			if (fill_word(out, s + 1, n, p, err))
				return -1;
			s += n + 2;
			continue;
		}
		text_add_n(out, s++, 1);
	}
	return 0;
}

int manifest_fill(struct nb_text *out, const char *template, const struct manifest_plan *plan,
		  struct nb_err *err)
{
	static const enum kube_role roles[] = {KUBE_SENDER, KUBE_RECEIVER};
	for (size_t i = 0; plan->annotations && i < plan->annotations->n; i++)
		if (!strchr(plan->annotations->v[i], '='))
			return nb_error_code(err, NB_USAGE, "--annotation: '%s' is not K=V",
					     plan->annotations->v[i]);
	for (size_t r = 0; r < 2; r++)
		for (size_t k = 0; k < plan->pairs; k++) {
			const struct pod_plan p = {plan, roles[r], k};
			text_add(out, "---\n");
			if (fill(out, template, &p, err))
				return -1;
		}
	return 0;
}
