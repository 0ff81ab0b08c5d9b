/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect pods: the pods of a cluster that a run may use, made, shown and taken away. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/cmd.h"
#include "collector/kube/create.h"
#include "collector/kube/view.h"
#include "common/text.h"

static struct kube_options where;
static struct manifest_plan wanted = {.pairs = 3, .cpu = "4"};
static struct create_options how;
static struct opt_texts annotations;
static struct profile_options profile = {.ifname = "eth0", .src_port = 1024, .dst_port = 1024};
static const char *memory = "4000Mi", *template_path, *node_access;

/* The verbs, and which options are theirs: one that would be passed over in silence is refused. */
enum { CREATE = 1, LIST = 2, PROFILES = 4, DELETE = 8, TEMPLATE = 16 };
enum {
	PAIRS,
	CORES,
	MEMORY,
	IMAGE,
	SAME_NODE,
	SENDER_NODE,
	RECEIVER_NODE,
	TEMPLATE_FILE,
	ANNOTATION,
	REPLACE,
	DRY_RUN,
	NODE_ACCESS,
	SELECTOR,
	IFNAME,
	SRC_PORT,
	DST_PORT,
	IPV6,
	KUBECONFIG,
	NAMESPACE,
	N_OPTIONS
};
static bool given[N_OPTIONS];
/* All others are for `create`. */
static const unsigned meant_for[N_OPTIONS] = {
	[SELECTOR] = LIST | PROFILES,
	[IFNAME] = PROFILES,
	[SRC_PORT] = PROFILES,
	[DST_PORT] = PROFILES,
	[IPV6] = PROFILES,
	[KUBECONFIG] = CREATE | LIST | PROFILES | DELETE,
	[NAMESPACE] = CREATE | LIST | PROFILES | DELETE,
};

/* clang-format off */
#define ROW(id, letter, name, type, target, value, help) \
	[id] = {letter, name, type, target, value, help, &given[id]}
const struct option pods_options[] = {
	ROW(PAIRS, 'n', "pairs", OPT_COUNT, &wanted.pairs, "N",
	    "create: pairs of server and client (default 3)"),
	ROW(CORES, 'c', "cores", OPT_TEXT, &wanted.cpu, "CPU",
	    "create: cores of each pod, or millicores: 500m (default 4)"),
	ROW(MEMORY, 'm', "memory", OPT_TEXT, &memory, "MEM",
	    "create: memory of each pod (default 4000Mi; 2 is 2Gi)"),
	ROW(IMAGE, 'i', "image", OPT_TEXT, &wanted.image, "IMAGE",
	    "create: any image that has `sh`"),
	ROW(SAME_NODE, 's', "same-node", OPT_FLAG, &wanted.same_node, NULL,
	    "create: all pods on one node"),
	ROW(SENDER_NODE, 0, "sender-node", OPT_TEXT, &wanted.sender_node, "NODE",
	    "create: the servers' node (default: chosen)"),
	ROW(RECEIVER_NODE, 0, "receiver-node", OPT_TEXT, &wanted.receiver_node, "NODE",
	    "create: the clients' node (default: chosen)"),
	ROW(TEMPLATE_FILE, 0, "template", OPT_TEXT, &template_path, "FILE",
	    "create: your own manifest (pods template prints ours)"),
	ROW(ANNOTATION, 0, "annotation", OPT_APPEND, &annotations, "K=V",
	    "create: an annotation of each pod, as for more networks"),
	ROW(REPLACE, 0, "replace", OPT_FLAG, &how.replace, NULL,
	    "create: delete pods of ours first"),
	ROW(DRY_RUN, 0, "dry-run", OPT_FLAG, &how.dry_run, NULL,
	    "create: print the manifests only"),
	ROW(NODE_ACCESS, 0, "node-access", OPT_CHOICE, &node_access, "pod|none",
	    "create: pods for the nodes' counters too (default pod)"),
	ROW(SELECTOR, 0, "selector", OPT_TEXT, &where.selector, "LABELS",
	    "list, profiles: only pods with these labels"),
	ROW(IFNAME, 0, "ifname", OPT_TEXT, &profile.ifname, "IF",
	    "profiles: the pods' interface (default eth0)"),
	ROW(SRC_PORT, 0, "src-port", OPT_COUNT, &profile.src_port, "PORT",
	    "profiles: source port of pair 0 (default 1024)"),
	ROW(DST_PORT, 0, "dst-port", OPT_COUNT, &profile.dst_port, "PORT",
	    "profiles: destination port of pair 0 (default 1024)"),
	ROW(IPV6, '6', "ipv6", OPT_FLAG, &profile.ipv6, NULL,
	    "profiles: of IPv6 (default IPv4)"),
	ROW(KUBECONFIG, 0, "kubeconfig", OPT_TEXT, &where.kubeconfig, "FILE",
	    "the cluster (default ./kubeconfig, else $KUBECONFIG, else in-cluster)"),
	ROW(NAMESPACE, 0, "namespace", OPT_TEXT, &where.namespace, "NS",
	    "default: the kubeconfig's"),
	[N_OPTIONS] = {0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

static int list(struct cli *cli, const struct kube *k)
{
	struct kube_pods pods;
	if (pods_list(&pods, k, where.selector, &cli->err))
		return -1;
	pods_print(cli, k, &pods);
	pods_free(&pods);
	return 0;
}

static int profiles(struct cli *cli, const struct kube *k)
{
	struct kube_pods pods;
	if (!profile.src_port || !profile.dst_port)
		return nb_error_code(&cli->err, NB_USAGE,
				     "--src-port, --dst-port: from 1 to 65535, pair K adds K");
	if (pods_list(&pods, k, where.selector, &cli->err))
		return -1;
	int ret = pods_profiles(cli, k, &pods, &profile, &cli->err);
	pods_free(&pods);
	return ret;
}

static int read_template(char **out, struct nb_err *err)
{
	FILE *f = fopen(template_path, "re");
	struct nb_text t = {0};
	char chunk[4096];
	text_add(&t, "");
	for (size_t n; f && (n = fread(chunk, 1, sizeof(chunk), f)) > 0;)
		text_add_n(&t, chunk, n);
	if (!f || ferror(f)) {
		if (f)
			fclose(f);
		text_free(&t);
		return nb_error_code(err, NB_USAGE, "--template: %s: %s", template_path,
				     strerror(errno));
	}
	fclose(f);
	*out = t.s;
	return 0;
}

static int create(struct cli *cli, const struct kube *k)
{
	char *size = NULL, *text = NULL;
	int ret = -1;
	if (!wanted.image) {
		nb_error_code(&cli->err, NB_USAGE,
			      "pods create: -i IMAGE is missing: any image that has `sh` will do, "
			      "one with netsniff-ng for the generator trafgen");
		goto cleanup;
	}
	if (wanted.pairs < 1 || wanted.pairs > 1000) {
		nb_error_code(&cli->err, NB_USAGE, "-n: pairs: from 1 to 1000");
		goto cleanup;
	}
	if (manifest_cpu(wanted.cpu, &cli->err) || manifest_memory(&size, memory, &cli->err) ||
	    (template_path && read_template(&text, &cli->err)))
		goto cleanup;
	wanted.memory = size;
	wanted.namespace = k->namespace;
	wanted.annotations = &annotations;
	how.template = text;
	how.without_nodes = node_access && !strcmp(node_access, "none");
	cli_say(cli, "%zu pairs, each pod with %s core%s and %s", (size_t)wanted.pairs, wanted.cpu,
		!strcmp(wanted.cpu, "1") ? "" : "s", size);
	if (pods_create(cli, k, &wanted, &how, &cli->err))
		goto cleanup;
	ret = how.dry_run ? 0 : list(cli, k);
cleanup:
	free(size);
	free(text);
	return ret;
}

static int delete (struct cli *cli, const struct kube *k)
{
	size_t n;
	if (pods_delete(&n, k, &cli->err))
		return -1;
	cli_say(cli, "deleted %zu pod%s", n, n == 1 ? "" : "s");
	return 0;
}

static int template(struct cli *cli, const struct kube *k)
{
	(void)cli;
	(void)k;
	fputs(manifest_template, stdout);
	return 0;
}

static const struct {
	const char *name;
	unsigned bit;
	int (*run)(struct cli *cli, const struct kube *k);
} verbs[] = {
	{"create",   CREATE,   create	 },
	  {"list",	   LIST,	 list    },
	{"profiles", PROFILES, profiles},
	  {"delete",   DELETE,   delete  },
	{"template", TEMPLATE, template},
};

static int check_options(const char *verb, unsigned bit, struct nb_err *err)
{
	for (size_t i = 0; i < N_OPTIONS; i++) {
		struct nb_text of = {0};
		unsigned mask = meant_for[i] ? meant_for[i] : CREATE;
		if (!given[i] || (mask & bit))
			continue;
		for (size_t v = 0; v < sizeof(verbs) / sizeof(*verbs); v++)
			if (mask & verbs[v].bit)
				text_addf(&of, "%s%s", of.len ? ", " : "", verbs[v].name);
		nb_error_code(err, NB_USAGE, "pods %s: --%s is an option of %s alone", verb,
			      pods_options[i].name, of.s);
		text_free(&of);
		return -1;
	}
	return 0;
}

int cmd_pods(struct cli *cli)
{
	const char *verb = cli->argc == 1 ? cli->argv[0] : NULL;
	struct kube k = {0};
	for (size_t i = 0; verb && i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(verbs[i].name, verb) != 0)
			continue;
		if (check_options(verb, verbs[i].bit, &cli->err))
			return -1;
		if (verbs[i].bit == TEMPLATE)
			return verbs[i].run(cli, NULL);
		signal(SIGPIPE, SIG_IGN);
		if (kube_open(&k, &where, &cli->err))
			return -1;
		cli_say(cli, "context %s (%s), namespace %s", k.context, k.source, k.namespace);
		int ret = verbs[i].run(cli, &k);
		kube_close(&k);
		return ret;
	}
	return nb_error_code(&cli->err, NB_USAGE,
			     "pods: say one of create, list, delete, profiles, template");
}
