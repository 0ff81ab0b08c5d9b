/* SPDX-License-Identifier: Apache-2.0 */
/* From the API's lists to pods, pairs and nodes. */
#include "collector/kube/pods.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

enum { PAIR_MAX = 100000 };

static const struct {
	const char *name;
	enum kube_role role;
} roles[] = {
	{"server", KUBE_SENDER  },
	{"client", KUBE_RECEIVER},
};

const char *kube_role_name(enum kube_role role)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (roles[i].role == role)
			return roles[i].name;
	return "pod";
}

static char *copy(const json_t *j)
{
	return json_is_string(j) ? nb_strdup(json_string_value(j)) : NULL;
}

static const json_t *get(const json_t *j, const char *a, const char *b)
{
	return json_object_get(json_object_get(j, a), b);
}

/* The number at `s`, if there is one and the name ends or goes on with another character. */
static int number(const char *s)
{
	char *end;
	if (!s || *s < '0' || *s > '9')
		return -1;
	long v = strtol(s, &end, 10);
	return v < PAIR_MAX ? (int)v : -1;
}

static void read_role(struct kube_pod *p, const json_t *labels)
{
	const char *label = json_string_value(json_object_get(labels, "role"));
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		size_t len = strlen(roles[i].name);
		bool named = !strncmp(p->name, roles[i].name, len);
		int k = named ? number(p->name + len) : -1;
		if (label ? strcmp(label, roles[i].name) != 0 : k < 0)
			continue;
		p->role = roles[i].role;
		p->pair = k;
	}
	int k = number(json_string_value(json_object_get(labels, "netbound/pair")));
	if (p->role != KUBE_OTHER && k >= 0)
		p->pair = k;
}

/* What the first of them that does not run waits for, or why it ended. */
static void why_containers(struct nb_text *out, const json_t *containers)
{
	static const char *const kinds[] = {"waiting", "terminated"};
	for (size_t i = 0; i < json_array_size(containers); i++) {
		const json_t *state = json_object_get(json_array_get(containers, i), "state");
		for (size_t k = 0; k < 2 && !out->len; k++) {
			const char *reason = json_string_value(get(state, kinds[k], "reason"));
			const char *message = json_string_value(get(state, kinds[k], "message"));
			/* the first two say that others are not ready; the third is how one ends */
			if (reason && strcmp(reason, "ContainerCreating") != 0 &&
			    strcmp(reason, "PodInitializing") != 0 &&
			    strcmp(reason, "Completed") != 0)
				text_addf(out, "%s%s%s", reason, message ? ": " : "",
					  message ? message : "");
		}
	}
}

/* What a container waits for, or why it ended; else what the scheduler or the kubelet says. */
static char *why_not(const json_t *status)
{
	const json_t *conditions = json_object_get(status, "conditions");
	struct nb_text t = {0};
	why_containers(&t, json_object_get(status, "initContainerStatuses"));
	why_containers(&t, json_object_get(status, "containerStatuses"));
	const char *reason = json_string_value(json_object_get(status, "reason"));
	const char *message = json_string_value(json_object_get(status, "message"));
	if (!t.len && (reason || message))
		text_addf(&t, "%s%s%s", reason ? reason : "", reason && message ? ": " : "",
			  message ? message : "");
	for (size_t i = 0; !t.len && i < json_array_size(conditions); i++) {
		const json_t *c = json_array_get(conditions, i);
		const char *state = json_string_value(json_object_get(c, "status"));
		const char *said = json_string_value(json_object_get(c, "message"));
		if (state && strcmp(state, "True") != 0 && said)
			text_add(&t, said);
	}
	return t.s;
}

/* Of a pod in two networks' families; NULL where `podIP` says it all. */
static char *all_ips(const json_t *status)
{
	const json_t *list = json_object_get(status, "podIPs");
	struct nb_text t = {0};
	for (size_t i = 0; json_array_size(list) > 1 && i < json_array_size(list); i++) {
		const char *ip = json_string_value(json_object_get(json_array_get(list, i), "ip"));
		if (ip)
			text_addf(&t, "%s%s", t.len ? ", " : "", ip);
	}
	return t.s;
}

static void read_pod(struct kube_pod *p, const json_t *j)
{
	const json_t *meta = json_object_get(j, "metadata"), *spec = json_object_get(j, "spec");
	const json_t *status = json_object_get(j, "status");
	const json_t *labels = json_object_get(meta, "labels");
	const json_t *container = json_array_get(json_object_get(spec, "containers"), 0);
	const char *managed = json_string_value(json_object_get(labels, KUBE_OURS));
	*p = (struct kube_pod){.pair = -1};
	p->name = nb_strdup(json_string_value(json_object_get(meta, "name")));
	p->node = copy(json_object_get(spec, "nodeName"));
	p->ip = copy(json_object_get(status, "podIP"));
	p->ips = all_ips(status);
	p->host_ip = copy(json_object_get(status, "hostIP"));
	p->phase = copy(json_object_get(status, "phase"));
	p->container = copy(json_object_get(container, "name"));
	p->image = copy(json_object_get(container, "image"));
	p->cpu = copy(get(json_object_get(container, "resources"), "limits", "cpu"));
	p->ours = managed && !strcmp(managed, KUBE_OURS_NAME);
	p->node_agent = json_object_get(labels, KUBE_NODE_POD) != NULL;
	if (!p->node_agent)
		read_role(p, labels);
	bool leaving = json_object_get(meta, "deletionTimestamp") != NULL;
	const json_t *states = json_object_get(status, "containerStatuses");
	p->running =
		p->phase && !strcmp(p->phase, "Running") && !leaving &&
		get(json_object_get(json_array_get(states, 0), "state"), "running", "startedAt");
	if (leaving)
		p->why = nb_strdup("it is being deleted");
	else if (!p->running)
		p->why = why_not(status);
}

static int by_name(const void *a, const void *b)
{
	const struct kube_pod *p = a, *q = b;
	return strcmp(p->name, q->name);
}

static bool taken(const struct kube_pods *p, enum kube_role role, int pair)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].role == role && p->v[i].pair == pair)
			return true;
	return false;
}

static void number_the_rest(struct kube_pods *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct kube_pod *pod = &p->v[i];
		if (pod->role == KUBE_OTHER || pod->pair >= 0)
			continue;
		int k = 0;
		while (taken(p, pod->role, k))
			k++;
		pod->pair = k;
	}
}

int pods_of_json(struct kube_pods *out, const json_t *list, struct nb_err *err)
{
	const json_t *items = json_object_get(list, "items");
	*out = (struct kube_pods){0};
	if (!json_is_array(items))
		return nb_error(err, "kube: list pods: the answer holds no list");
	out->v = nb_alloc(json_array_size(items) + 1, sizeof(*out->v));
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *j = json_array_get(items, i);
		if (json_is_string(get(j, "metadata", "name")))
			read_pod(&out->v[out->n++], j);
	}
	qsort(out->v, out->n, sizeof(*out->v), by_name);
	number_the_rest(out);
	return 0;
}

int pods_list(struct kube_pods *out, const struct kube *k, const char *selector, struct nb_err *err)
{
	json_t *list;
	const char *const words[] = {"get",    "pods", "-o", "json", selector ? "-l" : NULL,
				     selector, NULL};
	*out = (struct kube_pods){0};
	if (kubectl_json(k, &list, "list pods", words, err))
		return -1;
	int ret = pods_of_json(out, list, err);
	json_decref(list);
	return ret;
}

void pods_free(struct kube_pods *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct kube_pod *v = &p->v[i];
		char *const texts[] = {v->name,	 v->node, v->ip,	v->host_ip, v->phase,
				       v->image, v->cpu,  v->container, v->why,	    v->ips};
		for (size_t t = 0; t < sizeof(texts) / sizeof(*texts); t++)
			free(texts[t]);
	}
	free(p->v);
	*p = (struct kube_pods){0};
}

size_t pod_whole_cores(const struct kube_pod *p)
{
	char *end = NULL;
	double cores = p->cpu ? strtod(p->cpu, &end) : 1;
	if (end && *end == 'm')
		cores /= 1000;
	return cores >= 1 ? (size_t)cores : 1;
}

const struct kube_pod *pods_find(const struct kube_pods *p, enum kube_role role, int pair)
{
	const struct kube_pod *found = NULL;
	for (size_t i = 0; i < p->n; i++) {
		const struct kube_pod *v = &p->v[i];
		if (v->role == role && v->pair == pair &&
		    (!found || (v->running && !found->running)))
			found = v;
	}
	return found;
}

size_t pods_pairs(const struct kube_pods *p)
{
	size_t n = 0;
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].role != KUBE_OTHER && p->v[i].pair >= (int)n)
			n = (size_t)p->v[i].pair + 1;
	return n;
}

bool pods_pair_problem(const struct kube_pods *p, int pair, struct nb_text *out)
{
	size_t before = out->len;
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		const struct kube_pod *v = pods_find(p, roles[i].role, pair);
		const char *comma = out->len > before ? ", " : "";
		if (!v)
			text_addf(out, "%sthere is no %s%d", comma, roles[i].name, pair);
		else if (!v->running)
			text_addf(out, "%s%s is %s%s%s%s", comma, v->name,
				  v->phase ? v->phase : "not running", v->why ? " (" : "",
				  v->why ? v->why : "", v->why ? ")" : "");
	}
	return out->len > before;
}

/* --- nodes ----------------------------------------------------------------------------------- */

static void read_node(struct kube_node *n, const json_t *j)
{
	const json_t *status = json_object_get(j, "status"), *labels = get(j, "metadata", "labels");
	const json_t *addresses = json_object_get(status, "addresses");
	const json_t *conditions = json_object_get(status, "conditions");
	*n = (struct kube_node){0};
	n->name = nb_strdup(json_string_value(get(j, "metadata", "name")));
	n->closed = json_is_true(get(j, "spec", "unschedulable"));
	n->control_plane = json_object_get(labels, "node-role.kubernetes.io/control-plane") ||
			   json_object_get(labels, "node-role.kubernetes.io/master");
	for (size_t i = 0; i < json_array_size(addresses); i++) {
		const json_t *a = json_array_get(addresses, i);
		const char *type = json_string_value(json_object_get(a, "type"));
		if (type && !strcmp(type, "InternalIP") && !n->ip)
			n->ip = copy(json_object_get(a, "address"));
	}
	for (size_t i = 0; i < json_array_size(conditions); i++) {
		const json_t *c = json_array_get(conditions, i);
		const char *type = json_string_value(json_object_get(c, "type"));
		const char *state = json_string_value(json_object_get(c, "status"));
		if (!type || strcmp(type, "Ready") != 0)
			continue;
		n->ready = state && !strcmp(state, "True");
		if (!n->ready)
			n->why = copy(json_object_get(c, "message"));
	}
}

int nodes_list(struct kube_nodes *out, const struct kube *k, struct nb_err *err)
{
	json_t *list;
	*out = (struct kube_nodes){0};
	if (kubectl_json(k, &list, "list nodes",
			 (const char *const[]){"get", "nodes", "-o", "json", NULL}, err))
		return -1;
	const json_t *items = json_object_get(list, "items");
	out->v = nb_alloc(json_array_size(items) + 1, sizeof(*out->v));
	for (size_t i = 0; i < json_array_size(items); i++)
		if (json_is_string(get(json_array_get(items, i), "metadata", "name")))
			read_node(&out->v[out->n++], json_array_get(items, i));
	json_decref(list);
	return 0;
}

const struct kube_node *nodes_find(const struct kube_nodes *n, const char *name)
{
	for (size_t i = 0; i < n->n; i++)
		if (!strcmp(n->v[i].name, name))
			return &n->v[i];
	return NULL;
}

void nodes_free(struct kube_nodes *n)
{
	for (size_t i = 0; i < n->n; i++) {
		free(n->v[i].name);
		free(n->v[i].ip);
		free(n->v[i].why);
	}
	free(n->v);
	*n = (struct kube_nodes){0};
}
