/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kube testbed: pods that run are the ends, and a pod of ours on each node under them, or an
 * agent there that ssh started, reads what the node counts. Agents are pushed into all of them and
 * spoken to through `kubectl exec` or ssh, which do not touch the measured interface; one that
 * loses its transport is attached again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kube/node.h"
#include "collector/kube/pairs.h"
#include "collector/kube/place.h"
#include "collector/kube/ssh.h"
#include "collector/testbed/testbed.h"
#include "common/clock.h"

enum {
	IDLE_MS = 2000,	   /* a message takes tens of milliseconds to a pod, more on a busy one */
	NODE_LIFE_S = 300, /* of a node's pod, beyond the run's duration */
};

struct kube_state {
	struct kube kube;
	struct kube_pods pods, node_pods;
	struct kube_nodes nodes;
	struct kube_pair *pairs;
	size_t n_pairs;
	struct place *places; /* by endpoint */
	struct place_cores *cores;
	size_t n_pods, n_nodes; /* places: of pairs, of nodes */
	char *node_selector;	/* of the pods that were made; NULL: none */
};

static int find_pairs(struct kube_state *s, const struct run_plan *plan, size_t wanted,
		      struct nb_text *left_out, struct nb_err *err)
{
	struct pairs_wanted want = {
		.n = wanted,
		.loopback = plan->loopback,
		.same_node = plan->kube.same_node,
	};
	struct nb_text where = {0};
	if (kube_open(&s->kube, &plan->kube, err) ||
	    pods_list(&s->pods, &s->kube, plan->kube.selector, err))
		return -1;
	text_addf(&where, "namespace %s of context %s", s->kube.namespace, s->kube.context);
	if (plan->kube.selector)
		text_addf(&where, " (--selector '%s')", plan->kube.selector);
	want.where = where.s;
	int ret = pairs_choose(&s->pairs, &s->n_pairs, &s->pods, &want, left_out, err);
	text_free(&where);
	return ret;
}

static void free_state(struct kube_state *s)
{
	for (size_t i = 0; s->cores && i < s->n_pods; i++) {
		free(s->cores[i].cores);
		free(s->cores[i].pin);
	}
	free(s->cores);
	free(s->places);
	free(s->pairs);
	free(s->node_selector);
	pods_free(&s->pods);
	pods_free(&s->node_pods);
	nodes_free(&s->nodes);
	kube_close(&s->kube);
	free(s);
}

/* -n was not given: all pairs that can be used. */
static int count_pairs(struct run_plan *plan, struct nb_err *err)
{
	struct kube_state *s = nb_alloc(1, sizeof(*s));
	struct nb_text left_out = {0};
	int ret = find_pairs(s, plan, 0, &left_out, err);
	if (!ret) {
		plan->pairs = s->n_pairs;
		plan->kube.all_pairs = true; /* prepare() says which are left out, and why */
	}
	text_free(&left_out);
	free_state(s);
	return ret;
}

/* By the pods' CPU limits: one that has none says nothing, and one core is safe. */
static int count_cores(const struct run_plan *plan, size_t *n, struct nb_err *err)
{
	struct kube_state *s = nb_alloc(1, sizeof(*s));
	struct nb_text left_out = {0};
	int ret = find_pairs(s, plan, 0, &left_out, err);
	*n = SIZE_MAX;
	for (size_t i = 0; !ret && i < s->n_pairs; i++) {
		size_t whole = pod_whole_cores(s->pairs[i].sender);
		*n = whole < *n ? whole : *n;
	}
	text_free(&left_out);
	free_state(s);
	return ret;
}

static int check(const struct run_plan *plan, struct nb_err *err)
{
	const char *access = plan->kube.node_access, *user;
	if (access && strcmp(access, "pod") != 0 && strcmp(access, "none") != 0 &&
	    !ssh_wanted(&user, access))
		return nb_error_code(err, NB_USAGE,
				     "--node-access: '%s' is not one of pod, ssh, ssh:USER, none",
				     access);
	if (plan->kube.all_pairs) /* they have just been counted */
		return 0;
	struct kube_state *s = nb_alloc(1, sizeof(*s));
	struct nb_text left_out = {0};
	int ret = find_pairs(s, plan, plan->pairs, &left_out, err);
	text_free(&left_out);
	free_state(s);
	return ret;
}

/* --- nodes ----------------------------------------------------------------------------------- */

/* The distinct nodes under the pods, each with an image that it has. */
struct node_list {
	const char **nodes, **images;
	size_t n;
};

static void list_nodes(struct node_list *l, const struct kube_state *s)
{
	size_t n = 0;
	l->nodes = nb_alloc(s->n_pods, sizeof(*l->nodes));
	l->images = nb_alloc(s->n_pods, sizeof(*l->images));
	for (size_t i = 0; i < s->n_pods; i++) {
		const struct kube_pod *pod = s->places[i].pod;
		size_t k = 0;
		while (k < n && strcmp(l->nodes[k], pod->node) != 0)
			k++;
		if (k == n) {
			l->nodes[n] = pod->node;
			l->images[n++] = pod->image;
		}
	}
	l->n = n;
}

static const struct kube_pod *on_node(const struct kube_pods *pods, const char *node)
{
	for (size_t i = 0; i < pods->n; i++)
		if (pods->v[i].running && pods->v[i].node && !strcmp(pods->v[i].node, node))
			return &pods->v[i];
	return NULL;
}

/* `pods create` has made some that stay: they serve, if there is one on each node. */
static bool find_kept(struct kube_state *s, const char *const *nodes, size_t n)
{
	struct nb_err ignored = {0};
	bool all = !pods_list(&s->node_pods, &s->kube, KUBE_NODE_POD "=" KUBE_NODE_KEPT, &ignored);
	for (size_t i = 0; i < n && all; i++)
		all = on_node(&s->node_pods, nodes[i]) != NULL;
	if (!all)
		pods_free(&s->node_pods);
	return all;
}

/* Sees to it that pods of ours come up on the nodes. Without them the run goes on. */
static void start_node_pods(struct testbed *t, const struct run_plan *plan, struct node_list *l)
{
	struct kube_state *s = t->state;
	struct nb_err err = {0};
	const char *user;
	if (plan->kube.node_access && !strcmp(plan->kube.node_access, "none")) {
		text_add(&t->warnings, "the nodes' counters are missing: --node-access none\n");
		l->n = 0;
	} else if (ssh_wanted(&user, plan->kube.node_access)) {
		ssh_nodes(&s->node_pods, &s->pods, l->nodes, l->n);
		for (size_t i = 0; i < l->n; i++) {
			s->places[s->n_pods + i].ssh = true;
			s->places[s->n_pods + i].user = user;
		}
	} else if (!find_kept(s, l->nodes, l->n) &&
		   node_pods_create(&s->node_selector, &s->kube, l->nodes, l->images, l->n,
				    plan->duration_ns / NB_SEC + NODE_LIFE_S, &err)) {
		text_addf(&t->warnings, "the nodes' counters are missing: %s\n", err.text);
		l->n = 0;
	}
}

static void take_node_pods(struct testbed *t, const struct node_list *l)
{
	struct kube_state *s = t->state;
	struct place *places = s->places + s->n_pods;
	struct nb_err err = {0};
	if (!l->n)
		return;
	if (!s->node_pods.n &&
	    node_pods_wait(&s->node_pods, &s->kube, s->node_selector, l->n, &err))
		goto without;
	for (size_t i = 0; i < l->n; i++)
		if (!(places[i].pod = on_node(&s->node_pods, l->nodes[i]))) {
			nb_error(&err, "kube: there is no pod on %s", l->nodes[i]);
			goto without;
		}
	s->n_nodes = l->n;
	if (!places_push(places, l->n, &s->kube, &err))
		return;
	places_end(places, l->n, &s->kube);
	s->n_nodes = 0;
	memset(places, 0, l->n * sizeof(*places));
without:
	text_addf(&t->warnings, "the nodes' counters are missing: %s\n", err.text);
}

/* --- the way from one end to the other ------------------------------------------------------- */

static const char *ifname_of(const struct run_plan *plan)
{
	return plan->kube.ifname ? plan->kube.ifname : "eth0";
}

static int ask(struct kube_state *s, json_t **questions, struct nb_err *err)
{
	size_t n = s->n_pods + s->n_nodes;
	int ret = places_look(s->places, n, questions, err);
	for (size_t i = 0; i < n; i++)
		json_decref(questions[i]);
	memset(questions, 0, n * sizeof(*questions));
	return ret;
}

static int look_at_receivers(struct kube_state *s, const char *ifname, bool ipv6,
			     json_t **questions, struct nb_err *err)
{
	for (size_t i = 1; i < s->n_pods; i += 2)
		questions[i] = json_pack("{s:s, s:s, s:i}", "type", "look", "ifname", ifname,
					 "ip_version", ipv6 ? 6 : 4);
	if (ask(s, questions, err))
		return -1;
	for (size_t i = 1; i < s->n_pods; i += 2)
		if (!place_address(&s->places[i]))
			return place_no_address(&s->places[i], ifname, ipv6, err);
	return 0;
}

/* A node looks at its way to the pods and nodes it is not under. */
static json_t *node_question(const struct kube_state *s, size_t node)
{
	const char *own = s->places[s->n_pods + node].pod->node;
	json_t *to = json_array();
	for (size_t i = 0; i < s->n_pods; i++)
		if (strcmp(s->places[i].pod->node, own) != 0 && place_address(&s->places[i]))
			json_array_append_new(to, json_string(place_address(&s->places[i])));
	for (size_t i = 0; i < s->n_nodes; i++) {
		const struct kube_pod *other = s->places[s->n_pods + i].pod;
		if (i != node && other->ip)
			json_array_append_new(to, json_string(other->ip));
	}
	return json_pack("{s:s, s:o}", "type", "look", "to", to);
}

static int look_around(struct kube_state *s, const struct run_plan *plan, struct nb_err *err)
{
	const char *ifname = ifname_of(plan);
	size_t n = s->n_pods + s->n_nodes;
	json_t **questions = nb_alloc(n, sizeof(json_t *));
	int ret = look_at_receivers(s, ifname, plan->ipv6, questions, err);
	for (size_t i = 0; i < s->n_pods && !ret; i += 2)
		questions[i] = json_pack("{s:s, s:s, s:i, s:[s]}", "type", "look", "ifname", ifname,
					 "ip_version", plan->ipv6 ? 6 : 4, "to",
					 place_address(&s->places[i + 1]));
	for (size_t i = 0; i < s->n_nodes && !ret; i++)
		questions[s->n_pods + i] = node_question(s, i);
	if (!ret)
		ret = ask(s, questions, err);
	free(questions);
	return ret;
}

static int check_size(const struct place *p, const char *ifname, uint64_t frame_size,
		      struct nb_err *err)
{
	unsigned most = place_frame_max(p);
	if (!most || frame_size <= most)
		return 0;
	return nb_error_code(err, NB_USAGE,
			     "-z %" PRIu64 ": the MTU of %s in %s allows for %u at most",
			     frame_size, ifname, p->pod->name, most);
}

static int fill_way(struct testbed_endpoint *tx, const struct place *from, const struct place *to,
		    const struct run_plan *plan, struct nb_err *err)
{
	const json_t *route = json_array_get(json_object_get(from->look, "routes"), 0);
	const char *via = json_string_value(json_object_get(route, "via"));
	const char *error = json_string_value(json_object_get(route, "error"));
	const char *next = json_string_value(json_object_get(route, "mac"));
	const char *dev = json_string_value(json_object_get(route, "dev"));
	const char *own = json_string_value(json_object_get(place_link(from), "mac"));
	if (!place_address(from) || !own)
		return place_no_address(from, tx->ifname, plan->ipv6, err);
	if (check_size(from, tx->ifname, plan->frame_size, err) ||
	    check_size(to, tx->ifname, plan->frame_size, err))
		return -1;
	if (error || !next)
		return nb_error(err, "kube: the way from %s to %s (%s%s%s): %s", from->pod->name,
				to->pod->name, place_address(to), via ? " by " : "", via ? via : "",
				error ? error : "is not known");
	if (dev && strcmp(dev, tx->ifname) != 0)
		return nb_error(err, "kube: %s reaches %s by %s, not by %s: see --ifname",
				from->pod->name, place_address(to), dev, tx->ifname);
	snprintf(tx->src_ip, sizeof(tx->src_ip), "%s", place_address(from));
	snprintf(tx->dst_ip, sizeof(tx->dst_ip), "%s", place_address(to));
	snprintf(tx->src_mac, sizeof(tx->src_mac), "%s", own);
	snprintf(tx->dst_mac, sizeof(tx->dst_mac), "%s", next);
	return 0;
}

/* The interfaces of a node that the packets pass. */
static void fill_node(struct testbed_endpoint *e, const struct kube_state *s,
		      const struct place *node)
{
	json_int_t *peers = nb_alloc(s->n_pods, sizeof(*peers));
	struct node_end *ends = nb_alloc(s->n_pods, sizeof(*ends));
	const char *uplink;
	size_t n = 0;
	for (size_t i = 0; i < s->n_pods; i++) {
		const struct place *p = &s->places[i], *other = &s->places[i ^ 1];
		json_int_t peer = json_integer_value(json_object_get(place_link(p), "peer"));
		if (!peer || strcmp(p->pod->node, node->pod->node) != 0)
			continue;
		peers[n] = peer;
		ends[n++] = (struct node_end){
			.peer = peer,
			.sender = i % 2 == 0,
			.elsewhere = strcmp(other->pod->node, node->pod->node) != 0,
		};
	}
	e->links = node_links(node->look, peers, n);
	e->way = node_way(&uplink, node->look, ends, n);
	if (uplink && strlen(uplink) < sizeof(e->ifname))
		snprintf(e->ifname, sizeof(e->ifname), "%s", uplink);
	free(peers);
	free(ends);
}

static int node_index(const struct kube_state *s, const char *node)
{
	for (size_t i = 0; i < s->n_nodes; i++)
		if (!strcmp(s->places[s->n_pods + i].pod->node, node))
			return (int)(s->n_pods + i);
	return -1;
}

/* Agents on a host with our boot id share our clock; those of one host share the best measure. */
static void fill_clock(struct testbed_endpoint *e, const struct kube_state *s, size_t i)
{
	const struct place *best = &s->places[i];
	char own[BOOT_ID_ROOM];
	boot_id(own);
	for (size_t k = 0; k < s->n_pods + s->n_nodes; k++) {
		const struct place *other = &s->places[k];
		if (*best->boot_id && !strcmp(other->boot_id, best->boot_id) &&
		    other->clock_error_ns < best->clock_error_ns)
			best = other;
	}
	bool ours = *own && !strcmp(best->boot_id, own);
	e->clock_known = true;
	e->monotonic_offset_ns = ours ? 0 : best->monotonic_offset_ns;
	e->clock_offset_ns = ours ? 0 : best->realtime_offset_ns;
	e->clock_error_ns = ours ? 0 : best->clock_error_ns;
}

static int fill_endpoints(struct testbed *t, const struct run_plan *plan, struct nb_err *err)
{
	struct kube_state *s = t->state;
	for (size_t i = 0; i < t->n; i++) {
		struct testbed_endpoint *e = &t->endpoints[i];
		struct place *p = &s->places[i];
		bool node = i >= s->n_pods;
		*e = (struct testbed_endpoint){
			.role = node	? "node"
				: i % 2 ? "receiver"
					: "sender",
			.pair = node ? -1 : s->pairs[i / 2].number,
			.node = node ? -1 : node_index(s, p->pod->node),
			.pid = p->pid,
			.to = p->to,
			.from = p->from,
			.hello = p->hello,
			.host = p->pod->node,
			.pod = node ? NULL : p->pod->name,
		};
		fill_clock(e, s, i);
		if (node) {
			fill_node(e, s, p);
			continue;
		}
		snprintf(e->ifname, sizeof(e->ifname), "%s", ifname_of(plan));
		e->cores = s->cores[i].cores;
		e->n_cores = s->cores[i].n_cores;
		e->pin = s->cores[i].pin;
		e->n_pin = s->cores[i].n_pin;
		if (i % 2 == 0 && fill_way(e, p, &s->places[i + 1], plan, err))
			return -1;
	}
	return 0;
}

static void describe_nodes(struct testbed *t)
{
	struct kube_state *s = t->state;
	text_addf(&t->head, "context %s (%s), namespace %s\n", s->kube.context, s->kube.source,
		  s->kube.namespace);
	for (size_t side = 0; side < 2; side++) {
		const char *last = "";
		text_addf(&t->head, "%s on", side ? "receivers" : "senders");
		for (size_t i = side; i < s->n_pods; i += 2) {
			if (strcmp(s->places[i].pod->node, last) != 0)
				text_addf(&t->head, "%s %s", *last ? "," : "",
					  s->places[i].pod->node);
			last = s->places[i].pod->node;
		}
		text_add(&t->head, "\n");
	}
}

/* --- the testbed ----------------------------------------------------------------------------- */

static void release(struct testbed *t)
{
	struct kube_state *s = t->state;
	if (s) {
		if (s->places)
			places_end(s->places, s->n_pods + s->n_nodes, &s->kube);
		if (s->node_selector)
			node_pods_delete(&s->kube, s->node_selector);
		free_state(s);
	}
	for (size_t i = 0; t->endpoints && i < t->n; i++) {
		json_decref(t->endpoints[i].links);
		json_decref(t->endpoints[i].way);
	}
	free(t->endpoints);
	text_free(&t->head);
	text_free(&t->warnings);
	*t = (struct testbed){0};
}

static int check_strays(struct kube_state *s, bool kill_them, struct nb_err *err)
{
	for (size_t i = 0; i < s->n_pods && !kill_them; i++)
		if (s->places[i].strays)
			return nb_error(
				err,
				"kube: a generator still runs in %s (%s): wait for its end, "
				"or end it with --kill-others",
				s->places[i].pod->name, s->places[i].strays);
	return places_kill_strays(s->places, s->n_pods, &s->kube, err);
}

static int place_agents(struct testbed *t, const struct run_plan *plan, struct nb_err *err)
{
	struct kube_state *s = t->state;
	s->n_pods = 2 * s->n_pairs;
	s->places = nb_alloc(2 * s->n_pods, sizeof(*s->places)); /* at most a node for each pod */
	s->cores = nb_alloc(s->n_pods, sizeof(*s->cores));
	for (size_t k = 0; k < s->n_pairs; k++) {
		s->places[2 * k].pod = s->pairs[k].sender;
		s->places[2 * k + 1].pod = s->pairs[k].receiver;
	}
	struct node_list nodes;
	list_nodes(&nodes, s);
	start_node_pods(t, plan, &nodes);
	int ret = places_push(s->places, s->n_pods, &s->kube, err) ||
		  check_strays(s, plan->kube.kill_others, err);
	if (!ret)
		take_node_pods(t, &nodes);
	free(nodes.nodes);
	free(nodes.images);
	if (ret)
		return -1;
	size_t n = s->n_pods + s->n_nodes;
	return places_start(s->places, n, &s->kube, err) || look_around(s, plan, err) ||
			       places_measure_clocks(s->places, n, err)
		       ? -1
		       : 0;
}

/* Pair K has the base ports plus K. */
static int check_ports(const struct kube_state *s, const struct run_plan *plan, struct nb_err *err)
{
	uint64_t base = plan->src_port + (plan->flows ? plan->flows - 1 : 0);
	if (plan->dst_port > base)
		base = plan->dst_port;
	for (size_t i = 0; i < s->n_pairs; i++)
		if (base + (uint64_t)s->pairs[i].number > UINT16_MAX)
			return nb_error_code(err, NB_USAGE,
					     "kube: pair %d: its ports would be above 65535: lower "
					     "--src-port, --dst-port or --flows",
					     s->pairs[i].number);
	return 0;
}

static int prepare(struct testbed *t, const struct run_plan *plan, struct nb_err *err)
{
	struct kube_state *s = nb_alloc(1, sizeof(*s));
	struct nb_text left_out = {0};
	const struct cores_wanted want = {plan->n_cores, plan->core_list, plan->n_core_list};
	int ret = -1;
	t->state = s;
	t->idle_ms = IDLE_MS;
	if (find_pairs(s, plan, plan->kube.all_pairs ? 0 : plan->pairs, &left_out, err))
		goto cleanup;
	if (s->n_pairs != plan->pairs) {
		nb_error(err, "kube: there were %" PRIu64 " pairs, now there are %zu%s%s",
			 plan->pairs, s->n_pairs, left_out.len ? ": " : "",
			 left_out.len ? left_out.s : "");
		goto cleanup;
	}
	if (check_ports(s, plan, err) || place_agents(t, plan, err) ||
	    places_choose_cores(s->cores, s->places, s->n_pods, &want, &t->cores_shared, err))
		goto cleanup;
	if (left_out.len)
		text_addf(&t->warnings, "left out: %s\n", left_out.s);
	t->path = pairs_path(s->pairs, s->n_pairs, plan->loopback);
	snprintf(t->receiver_stack, sizeof(t->receiver_stack), "node");
	describe_nodes(t);
	t->n = s->n_pods + s->n_nodes;
	t->endpoints = nb_alloc(t->n, sizeof(*t->endpoints));
	ret = fill_endpoints(t, plan, err);
cleanup:
	text_free(&left_out);
	if (ret)
		release(t);
	return ret;
}

static int connect_ends(struct testbed *t, const struct run_plan *plan, struct nb_err *err)
{
	(void)t;
	(void)plan;
	(void)err;
	return 0; /* the cluster has made the way */
}

static int reattach(struct testbed *t, size_t i, struct nb_text *why)
{
	struct kube_state *s = t->state;
	struct place *p = &s->places[i];
	struct nb_err err = {0};
	if (place_is_lost(p, why))
		return -1;
	if (place_attach(p, &s->kube, &err)) {
		text_add(why, err.text);
		return -1;
	}
	t->endpoints[i].pid = p->pid;
	t->endpoints[i].to = p->to;
	t->endpoints[i].from = p->from;
	return 0;
}

const struct testbed_ops testbed_kube = {
	.name = "kube",
	.help = "pods of a Kubernetes cluster",
	.overhead_ns = 8 * NB_SEC,
	.count_pairs = count_pairs,
	.count_cores = count_cores,
	.check = check,
	.prepare = prepare,
	.connect = connect_ends,
	.reattach = reattach,
	.release = release,
};
