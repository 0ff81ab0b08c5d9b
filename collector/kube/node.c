/* SPDX-License-Identifier: Apache-2.0 */
/* Node pods: hostNetwork alone, no capability, not privileged: reading counters needs none. */
#include "collector/kube/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/text.h"

enum { WAIT_S = 30, LINKS_MAX = 64 };

/* life_s 0: for as long as nobody deletes it. */
static json_t *pod_json(const char *token, size_t i, const char *node, const char *image,
			int64_t life_s)
{
	char name[64];
	snprintf(name, sizeof(name), "netbound-node-%s-%zu", token, i);
	/* `sleep` as the first process would not heed SIGTERM */
	const char *script = "trap 'exit 0' TERM; while :; do sleep 86400 & wait; done";
	json_t *container =
		json_pack("{s:s, s:s, s:s, s:[s,s,s], s:{s:b, s:{s:[s]}}, s:{s:{s:s, s:s}}}",
			  "name", "agent", "image", image, "imagePullPolicy", "IfNotPresent",
			  "command", "sh", "-c", script, "securityContext",
			  "allowPrivilegeEscalation", 0, "capabilities", "drop", "ALL", "resources",
			  "requests", "cpu", "10m", "memory", "64Mi");
	json_t *pod = json_pack("{s:s, s:s, s:{s:s, s:{s:s, s:s}}, s:{s:s, s:b, s:b, s:s, s:i, "
				"s:[{s:s}], s:[o]}}",
				"apiVersion", "v1", "kind", "Pod", "metadata", "name", name,
				"labels", KUBE_OURS, KUBE_OURS_NAME, KUBE_NODE_POD, token, "spec",
				"nodeName", node, "hostNetwork", 1, "automountServiceAccountToken",
				0, "restartPolicy", "Never", "terminationGracePeriodSeconds", 1,
				"tolerations", "operator", "Exists", "containers", container);
	if (life_s)
		json_object_set_new(json_object_get(pod, "spec"), "activeDeadlineSeconds",
				    json_integer((json_int_t)life_s));
	return pod;
}

static int create(const struct kube *k, const char *token, const char *const *nodes,
		  const char *const *images, size_t n, int64_t life_s, struct nb_err *err)
{
	json_t *items = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(items, pod_json(token, i, nodes[i], images[i], life_s));
	json_t *list =
		json_pack("{s:s, s:s, s:o}", "apiVersion", "v1", "kind", "List", "items", items);
	char *s = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	int ret = kubectl_run(k, NULL, s, 30 * NB_SEC, "create pods for node counters",
			      (const char *const[]){"create", "-f", "-", NULL}, err);
	free(s);
	return ret;
}

int node_pods_keep(const struct kube *k, const char *const *nodes, const char *const *images,
		   size_t n, struct nb_err *err)
{
	return create(k, KUBE_NODE_KEPT, nodes, images, n, 0, err);
}

int node_pods_create(char **selector, const struct kube *k, const char *const *nodes,
		     const char *const *images, size_t n, int64_t life_s, struct nb_err *err)
{
	struct nb_text text = {0};
	char token[24];
	uint32_t random;
	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		random = (uint32_t)clock_realtime();
	snprintf(token, sizeof(token), "%08x", random);
	text_addf(&text, "%s=%s", KUBE_NODE_POD, token);
	*selector = text.s;
	return create(k, token, nodes, images, n, life_s, err);
}

int node_pods_wait(struct kube_pods *out, const struct kube *k, const char *selector, size_t n,
		   struct nb_err *err)
{
	int64_t until = clock_monotonic() + WAIT_S * NB_SEC;
	for (;;) {
		size_t running = 0;
		const struct kube_pod *bad = NULL;
		if (pods_list(out, k, selector, err))
			return -1;
		for (size_t i = 0; i < out->n; i++) {
			running += out->v[i].running;
			if (!out->v[i].running)
				bad = &out->v[i];
		}
		if (running == n)
			return 0;
		bool failed = bad && bad->phase && !strcmp(bad->phase, "Failed");
		if (failed || clock_monotonic() > until) {
			nb_error(err, "kube: the node counters' pod %s on %s is not running: %s",
				 bad ? bad->name : "?", bad && bad->node ? bad->node : "?",
				 bad && bad->why ? bad->why : "no reason is given");
			pods_free(out);
			return -1;
		}
		pods_free(out);
		usleep(500000);
	}
}

void node_pods_delete(const struct kube *k, const char *selector)
{
	for (int attempt = 0; attempt < 5; attempt++) {
		struct nb_err ignored = {0};
		if (!kubectl_run(k, NULL, NULL, 20 * NB_SEC, "delete node pods",
				 (const char *const[]){"delete", "pods", "-l", selector,
						       "--wait=false", "--grace-period=1", NULL},
				 &ignored) ||
		    strstr(ignored.text, "orbidden"))
			return;
		usleep(1000000); /* the API server may be coming up again */
	}
}

static const json_t *by_index(const json_t *links, json_int_t index)
{
	for (size_t i = 0; i < json_array_size(links); i++) {
		const json_t *l = json_array_get(links, i);
		if (json_integer_value(json_object_get(l, "index")) == index)
			return l;
	}
	return NULL;
}

static void add(json_t *names, const char *name)
{
	for (size_t i = 0; i < json_array_size(names); i++)
		if (!strcmp(json_string_value(json_array_get(names, i)), name))
			return;
	if (json_array_size(names) < LINKS_MAX)
		json_array_append_new(names, json_string(name));
}

static void add_link(json_t *names, const json_t *link)
{
	const char *name = json_string_value(json_object_get(link, "name"));
	if (name && strcmp(name, "lo") != 0)
		add(names, name);
}

static bool is_tunnel(const json_t *link)
{
	static const char *const kinds[] = {"vxlan", "geneve", "ipip",
					    "gre",   "gretap", "wireguard"};
	static const char *const names[] = {"genev_sys", "antrea-gw", "vxlan",
					    "flannel",	 "cilium_",   "tunl"};
	const char *kind = json_string_value(json_object_get(link, "kind"));
	const char *name = json_string_value(json_object_get(link, "name"));
	for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	for (size_t i = 0; name && i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(name, names[i], strlen(names[i])))
			return true;
	return false;
}

json_t *node_links(const json_t *look, const json_int_t *peers, size_t n_peers)
{
	const json_t *links = json_object_get(look, "links");
	const json_t *routes = json_object_get(look, "routes");
	json_t *names = json_array();
	for (size_t i = 0; i < n_peers; i++) {
		const json_t *veth = by_index(links, peers[i]);
		if (!veth)
			continue;
		add_link(names, veth);
		const json_t *master =
			by_index(links, json_integer_value(json_object_get(veth, "master")));
		if (master)
			add_link(names, master);
	}
	for (size_t i = 0; i < json_array_size(routes); i++) {
		const char *dev =
			json_string_value(json_object_get(json_array_get(routes, i), "dev"));
		if (dev && strcmp(dev, "lo") != 0)
			add(names, dev);
	}
	for (size_t i = 0; i < json_array_size(links); i++)
		if (is_tunnel(json_array_get(links, i)))
			add_link(names, json_array_get(links, i));
	return names;
}

/* --- what each of them is on the way --------------------------------------------------------- */

static const json_t *by_name(const json_t *links, const char *name)
{
	for (size_t i = 0; name && i < json_array_size(links); i++) {
		const char *is =
			json_string_value(json_object_get(json_array_get(links, i), "name"));
		if (is && !strcmp(is, name))
			return json_array_get(links, i);
	}
	return NULL;
}

static const char *name_of(const json_t *link)
{
	return json_string_value(json_object_get(link, "name"));
}

/* Once a side, whatever the number of pairs that pass it. */
static void add_part(json_t *way, const char *side, const char *part, const json_t *link)
{
	const char *name = name_of(link), *kind = json_string_value(json_object_get(link, "kind"));
	char text[96];
	if (!name || !strcmp(name, "lo"))
		return;
	snprintf(text, sizeof(text), "%s %s %.15s (%.20s)", side, part, name,
		 kind ? kind : "device");
	add(way, text);
}

static void add_veths(json_t *way, const json_t *links, const char *side,
		      const struct node_end *ends, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ends[i].sender == !strcmp(side, "sender"))
			add_part(way, side, "veth", by_index(links, ends[i].peer));
}

static void add_bridges(json_t *way, const json_t *links, const char *side,
			const struct node_end *ends, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *veth = by_index(links, ends[i].peer);
		json_int_t master = json_integer_value(json_object_get(veth, "master"));
		if (ends[i].sender == !strcmp(side, "sender") && master)
			add_part(way, side, "bridge", by_index(links, master));
	}
}

static void add_routed(json_t *way, const json_t *look, const char *side, bool tunnels)
{
	const json_t *links = json_object_get(look, "links");
	const json_t *routes = json_object_get(look, "routes");
	for (size_t i = 0; i < json_array_size(routes); i++) {
		const json_t *link = by_name(links, json_string_value(json_object_get(
							    json_array_get(routes, i), "dev")));
		if (link && is_tunnel(link) == tunnels)
			add_part(way, side, tunnels ? "tunnel" : "uplink", link);
	}
	for (size_t i = 0; tunnels && i < json_array_size(links); i++)
		if (is_tunnel(json_array_get(links, i)))
			add_part(way, side, "tunnel", json_array_get(links, i));
}

static bool leaves(const struct node_end *ends, size_t n, bool sender)
{
	for (size_t i = 0; i < n; i++)
		if (ends[i].sender == sender && ends[i].elsewhere)
			return true;
	return false;
}

/* That of the first route that is no tunnel's. */
static const char *find_uplink(const json_t *look)
{
	const json_t *links = json_object_get(look, "links");
	const json_t *routes = json_object_get(look, "routes");
	for (size_t i = 0; i < json_array_size(routes); i++) {
		const char *dev =
			json_string_value(json_object_get(json_array_get(routes, i), "dev"));
		const json_t *link = by_name(links, dev);
		if (link && strcmp(dev, "lo") != 0 && !is_tunnel(link))
			return dev;
	}
	return NULL;
}

json_t *node_way(const char **uplink, const json_t *look, const struct node_end *ends, size_t n)
{
	const json_t *links = json_object_get(look, "links");
	json_t *way = json_array();
	add_veths(way, links, "sender", ends, n);
	add_bridges(way, links, "sender", ends, n);
	if (leaves(ends, n, true)) {
		add_routed(way, look, "sender", true);
		add_routed(way, look, "sender", false);
	}
	if (leaves(ends, n, false)) {
		add_routed(way, look, "receiver", false);
		add_routed(way, look, "receiver", true);
		add_bridges(way, links, "receiver", ends, n);
	}
	add_veths(way, links, "receiver", ends, n);
	*uplink = find_uplink(look);
	return way;
}
