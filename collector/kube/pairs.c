/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing pairs and cores: from lists, no I/O. */
#include "collector/kube/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "collector/cores.h"

static bool same_node(const struct kube_pair *p)
{
	return p->sender->node && p->receiver->node && !strcmp(p->sender->node, p->receiver->node);
}

static int none(struct nb_err *err, const struct kube_pods *pods, const struct nb_text *left_out)
{
	if (!pods_pairs(pods))
		return nb_error_code(err, NB_FAIL,
				     "kube: there are no pods server<K> and client<K>, nor with a "
				     "label role=server|client, in this namespace: nbcollect pods "
				     "create makes them, --namespace and --selector find others");
	return nb_error(err, "kube: no pair can be used: %s", left_out->s ? left_out->s : "");
}

static int choose_loopback(struct kube_pair *out, const struct kube_pods *pods, struct nb_err *err)
{
	*out = (struct kube_pair){.sender = pods_find(pods, KUBE_SENDER, 0),
				  .receiver = pods_find(pods, KUBE_SENDER, 1)};
	const struct kube_pod *const both[] = {out->sender, out->receiver};
	for (int i = 0; i < 2; i++)
		if (!both[i] || !both[i]->running)
			return nb_error(err, "kube: -l sends from server0 to server1: server%d %s",
					i, both[i] ? "is not running" : "is not there");
	return 0;
}

static size_t all_pairs(struct kube_pair *out, const struct kube_pods *pods,
			struct nb_text *left_out)
{
	size_t n = 0;
	for (int k = 0; k < (int)pods_pairs(pods); k++) {
		struct nb_text why = {0};
		if (pods_pair_problem(pods, k, &why))
			text_addf(left_out, "%spair %d: %s", left_out->len ? "; " : "", k, why.s);
		else
			out[n++] = (struct kube_pair){k, pods_find(pods, KUBE_SENDER, k),
						      pods_find(pods, KUBE_RECEIVER, k)};
		text_free(&why);
	}
	return n;
}

int pairs_choose(struct kube_pair **out, size_t *n, const struct kube_pods *pods,
		 const struct pairs_wanted *want, struct nb_text *left_out, struct nb_err *err)
{
	*out = nb_alloc(pods_pairs(pods) + 1, sizeof(**out));
	*n = 1;
	if (want->loopback) {
		if (!choose_loopback(*out, pods, err))
			return 0;
		goto fail;
	}
	*n = all_pairs(*out, pods, left_out);
	if (!*n) {
		none(err, pods, left_out);
		goto fail;
	}
	bool any_apart = false;
	for (size_t i = 0; i < *n; i++)
		any_apart |= !same_node(&(*out)[i]);
	size_t kept = 0;
	for (size_t i = 0; i < *n; i++) {
		bool fits = want->same_node ? same_node(&(*out)[i])
					    : !any_apart || !same_node(&(*out)[i]);
		if (fits)
			(*out)[kept++] = (*out)[i];
		else
			text_addf(left_out, "%spair %d: its pods are on %s",
				  left_out->len ? "; " : "", (*out)[i].number,
				  want->same_node ? "two nodes" : "one node");
	}
	*n = kept;
	if (!kept) {
		nb_error(err, "kube: --same-node: no pair has both its pods on one node");
		goto fail;
	}
	if (want->n > kept) {
		nb_error(err, "kube: -n %zu: only %zu can be used%s%s", want->n, kept,
			 left_out->len ? ": " : "", left_out->len ? left_out->s : "");
		goto fail;
	}
	if (want->n) {
		*n = want->n;
		text_cut(left_out, 0); /* not asked for */
	}
	return 0;
fail:
	free(*out);
	*out = NULL;
	return -1;
}

const char *pairs_path(const struct kube_pair *pairs, size_t n, bool loopback)
{
	bool same = true;
	for (size_t i = 0; i < n; i++)
		same &= same_node(&pairs[i]);
	return loopback ? "loopback" : same ? "same-node" : "inter";
}

/* --- cores ----------------------------------------------------------------------------------- */

static bool in(const int *list, size_t n, int cpu)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == cpu)
			return true;
	return false;
}

/* The CPUs of the place that lie in the NUMA node where most of them do. */
static int *usable_cpus(const json_t *look, size_t need, size_t *n)
{
	size_t n_all, most = 0;
	int *all = json_cpus_value(json_object_get(look, "cpus"), &n_all), *best = NULL;
	const json_t *numa = json_object_get(look, "numa");
	for (size_t i = 0; i < json_array_size(numa); i++) {
		size_t n_node, count = 0;
		int *node = json_cpus_value(json_array_get(numa, i), &n_node);
		int *here = nb_alloc(n_all + 1, sizeof(*here));
		for (size_t c = 0; c < n_all; c++)
			if (in(node, n_node, all[c]))
				here[count++] = all[c];
		free(node);
		if (count > most && count >= need) {
			free(best);
			best = here;
			most = count;
		} else {
			free(here);
		}
	}
	*n = best ? most : n_all;
	if (best)
		free(all);
	return best ? best : all;
}

/* Those of them that no place on the same node has yet. */
static size_t leave_free(int *out, const int *cpus, size_t n, const struct place *p,
			 const struct place_cores *chosen, size_t before)
{
	size_t count = 0;
	for (size_t c = 0; c < n; c++) {
		bool used = false;
		for (size_t i = 0; i < before && !used; i++)
			used = p[i].pod->node && p[before].pod->node &&
			       !strcmp(p[i].pod->node, p[before].pod->node) &&
			       in(chosen[i].cores, chosen[i].n_cores, cpus[c]);
		if (!used)
			out[count++] = cpus[c];
	}
	return count;
}

static int choose_one(struct place_cores *out, size_t i, const struct place *p,
		      const struct cores_wanted *want, bool *shared, struct nb_err *err)
{
	bool sends = i % 2 == 0;
	size_t need = sends ? want->n_cores : 1, n, n_free;
	int *cpus = usable_cpus(p[i].look, need, &n);
	int *rest = nb_alloc(n + 1, sizeof(*rest));
	struct core_plan plan = {0};
	int ret = -1;
	if (!n || need > n) {
		nb_error_code(err, NB_USAGE, "-c %zu: pod %s may use %zu cores only: ask for fewer",
			      need, p[i].pod->name, n);
		goto cleanup;
	}
	n_free = leave_free(rest, cpus, n, p, out, i);
	bool suffices = n_free >= need && !(sends && want->list);
	*shared |= !suffices && !(sends && want->list);
	if (cores_choose(&plan, suffices ? rest : cpus, suffices ? n_free : n, 1, need,
			 sends ? want->list : NULL, sends ? want->n_list : 0, err))
		goto cleanup;
	out[i].cores = nb_alloc(need, sizeof(int));
	out[i].n_cores = need;
	memcpy(out[i].cores, plan.sender, need * sizeof(int));
	out[i].pin = nb_alloc(n, sizeof(int));
	for (size_t c = 0; c < n; c++)
		if (!in(plan.sender, need, cpus[c]))
			out[i].pin[out[i].n_pin++] = cpus[c];
	ret = 0;
cleanup:
	cores_free(&plan);
	free(rest);
	free(cpus);
	return ret;
}

int places_choose_cores(struct place_cores *out, const struct place *p, size_t n,
			const struct cores_wanted *want, bool *shared, struct nb_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (choose_one(out, i, p, want, shared, err))
			return -1;
	return 0;
}
