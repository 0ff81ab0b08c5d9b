/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing nodes, creating pods, waiting for them, and saying why one does not come up. */
#include "collector/kube/create.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/kube/node.h"
#include "collector/run.h"
#include "common/clock.h"
#include "common/text.h"

enum { READY_S = 120, HOPELESS_S = 10, DELETE_S = 180 };

static int check_given(const struct kube_nodes *nodes, const char *name, const char *option,
		       struct nb_err *err)
{
	const struct kube_node *n = name ? nodes_find(nodes, name) : NULL;
	if (!name || (n && n->ready))
		return 0;
	if (n)
		return nb_error(err, "%s: node %s is not Ready: %s", option, name,
				n->why ? n->why : "no reason is given");
	struct nb_text there = {0};
	for (size_t i = 0; i < nodes->n; i++)
		text_addf(&there, "%s%s", i ? ", " : "", nodes->v[i].name);
	nb_error_code(err, NB_USAGE, "%s: there is no node '%s'; there are: %s", option, name,
		      there.s ? there.s : "none");
	text_free(&there);
	return -1;
}

/* Ready nodes, workers before the control plane, in the order of their names. */
static const struct kube_node *next_node(const struct kube_nodes *nodes,
					 const struct kube_node *other)
{
	for (int control = 0; control < 2; control++)
		for (size_t i = 0; i < nodes->n; i++) {
			const struct kube_node *n = &nodes->v[i];
			if (n->ready && !n->closed && n->control_plane == (control == 1) &&
			    n != other)
				return n;
		}
	return NULL;
}

static int too_few(const struct kube_nodes *nodes, const char *what, struct nb_err *err)
{
	struct nb_text bad = {0};
	for (size_t i = 0; i < nodes->n; i++)
		if (!nodes->v[i].ready || nodes->v[i].closed)
			text_addf(&bad, "; %s is %s%s%s", nodes->v[i].name,
				  nodes->v[i].ready ? "cordoned" : "not Ready",
				  nodes->v[i].why ? ": " : "",
				  nodes->v[i].why ? nodes->v[i].why : "");
	nb_error(err, "pods create: %s%s", what, bad.s ? bad.s : "");
	text_free(&bad);
	return -1;
}

static int choose_nodes(struct manifest_plan *p, const struct kube_nodes *nodes, struct nb_err *err)
{
	if (check_given(nodes, p->sender_node, "--sender-node", err) ||
	    check_given(nodes, p->receiver_node, "--receiver-node", err))
		return -1;
	if (!p->sender_node) {
		const struct kube_node *other =
			p->receiver_node ? nodes_find(nodes, p->receiver_node) : NULL;
		p->sender = next_node(nodes, p->same_node ? NULL : other);
		if (!p->sender)
			return too_few(nodes, "there is no node for the senders", err);
	}
	if (!p->receiver_node && !p->same_node) {
		p->receiver = next_node(nodes, p->sender_node ? nodes_find(nodes, p->sender_node)
							      : p->sender);
		if (!p->receiver)
			return too_few(nodes,
				       "two nodes are needed, and there is one: -s puts all pods "
				       "on one",
				       err);
	}
	return 0;
}

/* --- waiting --------------------------------------------------------------------------------- */

/* What only a person can mend: waiting longer does not help. */
static bool hopeless(const struct kube_pod *p)
{
	static const char *const reasons[] = {
		"ErrImagePull",	     "ImagePullBackOff",	   "ErrImageNeverPull",
		"InvalidImageName",  "CreateContainerConfigError", "CrashLoopBackOff",
		"RunContainerError", "CreateContainerError"};
	if (p->phase && !strcmp(p->phase, "Failed"))
		return true;
	for (size_t i = 0; p->why && i < sizeof(reasons) / sizeof(*reasons); i++)
		if (!strncmp(p->why, reasons[i], strlen(reasons[i])))
			return true;
	return false;
}

/* The newest warning among the pod's events: it says more than the status. */
static void add_event(struct nb_text *out, const struct kube *k, const char *pod)
{
	char field[300];
	json_t *j = NULL;
	struct nb_err ignored = {0};
	snprintf(field, sizeof(field), "involvedObject.name=%s,type=Warning", pod);
	if (kubectl_json(k, &j, "read events",
			 (const char *const[]){"get", "events", "--field-selector", field,
					       "--sort-by=.lastTimestamp", "-o", "json", NULL},
			 &ignored))
		return;
	const json_t *items = json_object_get(j, "items");
	const json_t *last = json_array_get(items, json_array_size(items) - 1);
	const char *message = json_string_value(json_object_get(last, "message"));
	if (json_array_size(items) && message)
		text_addf(out, " (event: %.300s)", message);
	json_decref(j);
}

static int not_up(const struct kube *k, const struct kube_pod *p, struct nb_err *err)
{
	struct nb_text event = {0};
	text_add(&event, "");
	add_event(&event, k, p->name);
	nb_error(err,
		 "pods create: %s on %s is %s: %.300s%s; mend it, or take the pods away: nbcollect "
		 "pods delete%s",
		 p->name, p->node ? p->node : "no node", p->phase ? p->phase : "not there",
		 p->why ? p->why : "no reason is given", event.s, k->options);
	text_free(&event);
	return -1;
}

static int wait_ready(const struct cli *cli, const struct kube *k, size_t wanted,
		      struct nb_err *err)
{
	int64_t from = clock_monotonic();
	int ret = -1;
	for (bool more = true; more;) {
		struct kube_pods pods;
		const struct kube_pod *bad = NULL, *dead = NULL;
		size_t running = 0;
		int64_t waited = (clock_monotonic() - from) / NB_SEC;
		if (run_interrupted())
			return nb_error_code(
				err, NB_INTERRUPTED,
				"pods create: interrupted; the pods are there, and stay: "
				"nbcollect pods delete%s takes them away",
				k->options);
		if (pods_list(&pods, k, KUBE_OURS_ALL, err))
			return -1;
		for (size_t i = 0; i < pods.n; i++) {
			running += pods.v[i].running;
			if (!pods.v[i].running)
				bad = &pods.v[i];
			if (hopeless(&pods.v[i]))
				dead = &pods.v[i];
		}
		if (cli_progress(cli))
			fprintf(stderr, "\r%zu of %zu pods run (%" PRId64 " s) ", running, wanted,
				waited);
		more = false;
		if (running >= wanted && !bad)
			ret = 0;
		else if (dead && (waited > HOPELESS_S || !strcmp(dead->phase, "Failed")))
			not_up(k, dead, err);
		else if (bad && waited > READY_S)
			not_up(k, bad, err);
		else if (waited > READY_S)
			nb_error(err, "pods create: only %zu of %zu pods are there", running,
				 wanted);
		else
			more = true;
		pods_free(&pods);
		if (more)
			usleep(700000);
	}
	if (cli_progress(cli))
		fprintf(stderr, "\r\033[K");
	return ret;
}

/* --- creating and deleting ------------------------------------------------------------------- */

static int make_room(const struct cli *cli, const struct kube *k, const struct manifest_plan *plan,
		     bool replace, struct nb_err *err)
{
	struct kube_pods pods;
	size_t ours = 0, n;
	int ret = 0;
	if (pods_list(&pods, k, NULL, err))
		return -1;
	for (size_t i = 0; i < pods.n && !ret; i++) {
		const struct kube_pod *p = &pods.v[i];
		ours += p->ours && p->role != KUBE_OTHER;
		for (size_t pair = 0; pair < plan->pairs && !p->ours && !ret; pair++) {
			char server[32], client[32];
			snprintf(server, sizeof(server), "server%zu", pair);
			snprintf(client, sizeof(client), "client%zu", pair);
			if (!strcmp(p->name, server) || !strcmp(p->name, client))
				ret = nb_error(err,
					       "pods create: there is a pod %s that is not of "
					       "netbound's making: it is not touched; use another "
					       "--namespace",
					       p->name);
		}
	}
	pods_free(&pods);
	if (ret || !ours)
		return ret;
	if (!replace)
		return nb_error(err,
				"pods create: %zu pods of ours are there already: --replace makes "
				"them anew, nbcollect pods delete%s takes them away",
				ours, k->options);
	if (pods_delete(&n, k, err))
		return -1;
	cli_say(cli, "deleted %zu pods", n);
	return 0;
}

static int create_nodes(const struct kube *k, const struct manifest_plan *p, struct nb_err *err)
{
	const char *sender = p->sender_node ? p->sender_node : p->sender->name;
	const char *receiver = p->same_node	  ? sender
			       : p->receiver_node ? p->receiver_node
						  : p->receiver->name;
	const char *nodes[] = {sender, receiver}, *images[] = {p->image, p->image};
	size_t n = strcmp(sender, receiver) != 0 ? 2 : 1;
	return node_pods_keep(k, nodes, images, n, err) ? -1 : (int)n;
}

/* kubectl prints one document after another, or a list. */
static json_t *items_of(const char *text)
{
	json_t *items = json_array(), *list = json_pack("{s:o}", "items", items);
	json_error_t where;
	for (json_t *j; (j = json_loads(text, JSON_DISABLE_EOF_CHECK, &where));) {
		json_t *inner = json_object_get(j, "items");
		if (inner)
			json_array_extend(items, inner);
		else
			json_array_append(items, j);
		json_decref(j);
		text += where.position;
	}
	return list;
}

/* What a template of the user's makes must be known again as ours, each as its pair's pod. */
static int check_template(const struct kube *k, const char *manifests, size_t n_pairs,
			  struct nb_err *err)
{
	struct nb_text text = {0};
	struct kube_pods pods;
	if (kubectl_run(k, &text, manifests, 60 * NB_SEC, "read the template's pods",
			(const char *const[]){"create", "-f", "-", "--dry-run=client", "-o", "json",
					      NULL},
			err))
		return -1;
	json_t *list = items_of(text.s);
	text_free(&text);
	int ret = pods_of_json(&pods, list, err);
	json_decref(list);
	if (ret)
		return -1;
	for (size_t i = 0; !ret && i < pods.n; i++) {
		for (size_t j = 0; !ret && j < i; j++)
			if (!strcmp(pods.v[i].name, pods.v[j].name))
				ret = nb_error_code(err, NB_USAGE,
						    "--template: two pods are named %s: write "
						    "name: @NAME@",
						    pods.v[i].name);
		if (!ret && !pods.v[i].ours)
			ret = nb_error_code(err, NB_USAGE,
					    "--template: pod %s lacks the label " KUBE_OURS
					    ": " KUBE_OURS_NAME
					    ", by which list and delete know it",
					    pods.v[i].name);
	}
	for (int pair = 0; !ret && pair < (int)n_pairs; pair++)
		if (!pods_find(&pods, KUBE_SENDER, pair) || !pods_find(&pods, KUBE_RECEIVER, pair))
			ret = nb_error_code(
				err, NB_USAGE,
				"--template: it makes no server %d or no client %d: write "
				"the labels role: @ROLE@ and netbound/pair: @PAIR@",
				pair, pair);
	pods_free(&pods);
	return ret;
}

int pods_create(const struct cli *cli, const struct kube *k, struct manifest_plan *plan,
		const struct create_options *o, struct nb_err *err)
{
	struct kube_nodes nodes = {0};
	struct nb_text text = {0};
	int ret = -1, n_nodes = 0;
	bool need_nodes =
		!o->dry_run || !plan->sender_node || (!plan->receiver_node && !plan->same_node);
	run_catch_signals(); /* what was made is told even then */
	if ((need_nodes && (nodes_list(&nodes, k, err) || choose_nodes(plan, &nodes, err))) ||
	    manifest_fill(&text, o->template ? o->template : manifest_template, plan, err))
		goto cleanup;
	if (o->dry_run) {
		fputs(text.s, stdout);
		ret = 0;
		goto cleanup;
	}
	if ((o->template && check_template(k, text.s, plan->pairs, err)) ||
	    make_room(cli, k, plan, o->replace, err) ||
	    kubectl_run(k, NULL, text.s, 60 * NB_SEC, "create pods",
			(const char *const[]){"create", "-f", "-", NULL}, err))
		goto cleanup;
	if (!o->without_nodes) {
		struct nb_err why = {0};
		n_nodes = create_nodes(k, plan, &why);
		if (n_nodes < 0)
			cli_warn(cli, "the nodes' counters will be missing: %s", why.text);
	}
	ret = wait_ready(cli, k, 2 * plan->pairs + (n_nodes > 0 ? (size_t)n_nodes : 0), err);
cleanup:
	text_free(&text);
	nodes_free(&nodes);
	return ret;
}

int pods_delete(size_t *n, const struct kube *k, struct nb_err *err)
{
	static const char ours[] = KUBE_OURS_ALL;
	struct nb_text out = {0};
	*n = 0;
	if (kubectl_run(k, &out, NULL, DELETE_S * NB_SEC, "delete pods",
			(const char *const[]){"delete", "pods", "-l", ours, "--grace-period=1",
					      "-o", "name", NULL},
			err))
		return -1;
	for (const char *s = out.s; (s = strstr(s, "pod/")); s++)
		++*n;
	text_free(&out);
	return 0;
}
