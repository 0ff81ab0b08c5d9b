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

static int none(struct nb_err *err, const struct kube_pods *pods, const struct pairs_wanted *want,
		const struct nb_text *left_out)
{
	if (!pods_pairs(pods))
		return nb_error(err,
				"kube: there are no pods server<K> and client<K>, nor with a label "
				"role=server|client, in %s: nbcollect pods create makes them, "
				"--namespace and --selector find others",
				want->where);
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

static void leave_out(struct nb_text *left_out, const char *text)
{
	text_addf(left_out, "%s%s", left_out->len ? "; " : "", text);
}

/* Pods that run and have the role and the number of one that is taken. */
static void name_doubles(struct nb_text *left_out, const struct kube_pods *pods)
{
	for (size_t i = 0; i < pods->n; i++) {
		const struct kube_pod *p = &pods->v[i];
		const struct kube_pod *taken = p->role != KUBE_OTHER && p->running && p->pair >= 0
						       ? pods_find(pods, p->role, p->pair)
						       : p;
		struct nb_text t = {0};
		if (taken == p)
			continue;
		text_addf(&t, "%s is a %s %d, too: %s is taken", p->name, kube_role_name(p->role),
			  p->pair, taken->name);
		leave_out(left_out, t.s);
		text_free(&t);
	}
}

static size_t all_pairs(struct kube_pair *out, const struct kube_pods *pods,
			struct nb_text *left_out)
{
	size_t n = 0;
	for (int k = 0; k < (int)pods_pairs(pods); k++) {
		struct nb_text why = {0};
		if (!pods_find(pods, KUBE_SENDER, k) && !pods_find(pods, KUBE_RECEIVER, k))
			continue; /* a number that nobody has */
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
		none(err, pods, want, left_out);
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
	name_doubles(left_out, pods);
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

/* The CPUs of the place that lie in the NUMA node where most of them do; `any`: all of them. */
static int *usable_cpus(const json_t *look, bool any, size_t need, size_t *n)
{
	size_t n_all, most = 0;
	int *all = json_cpus_value(json_object_get(look, "cpus"), &n_all), *best = NULL;
	const json_t *numa = any ? NULL : json_object_get(look, "numa");
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

/* Has one of the first `n` places the core, on the node of `of`? */
static bool has_core(const struct place *p, const struct place_cores *chosen, size_t n,
		     const struct place *of, int core)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].pod->node && of->pod->node && !strcmp(p[i].pod->node, of->pod->node) &&
		    in(chosen[i].cores, chosen[i].n_cores, core))
			return true;
	return false;
}

/* Those of them that no place on the same node has yet. */
static size_t leave_free(int *out, const int *cpus, size_t n, const struct place *p,
			 const struct place_cores *chosen, size_t before)
{
	size_t count = 0;
	for (size_t c = 0; c < n; c++)
		if (!has_core(p, chosen, before, &p[before], cpus[c]))
			out[count++] = cpus[c];
	return count;
}

/* Those that are this pod's turn: others of the list may be of another pod's cpuset. */
static int check_list(const int *list, const struct cores_wanted *want, const int *cpus, size_t n,
		      const struct place *p, struct nb_err *err)
{
	if (want->n_list < want->n_cores)
		return nb_error_code(err, NB_USAGE,
				     "--core-list: %zu cores are named, -c asks for %zu",
				     want->n_list, want->n_cores);
	for (size_t i = 0; i < want->n_cores; i++) {
		struct nb_text there = {0};
		if (in(cpus, n, list[i]))
			continue;
		format_cpus(&there, cpus, n, ",");
		nb_error_code(err, NB_USAGE, "--core-list: pod %s may not use core %d, only %s",
			      p->pod->name, list[i], there.s ? there.s : "none");
		text_free(&there);
		return -1;
	}
	return 0;
}

/* The cores of pair `k`, as many as it needs: each pair takes the next ones, as namespaces do. */
static int *list_from(const struct cores_wanted *want, size_t k)
{
	int *list = nb_alloc(want->n_cores, sizeof(*list));
	for (size_t i = 0; i < want->n_cores; i++)
		list[i] = want->list[(k * want->n_cores + i) % want->n_list];
	return list;
}

static int choose_one(struct place_cores *out, size_t i, const struct place *p,
		      const struct cores_wanted *want, struct nb_err *err)
{
	bool sends = i % 2 == 0, listed = sends && want->list;
	size_t need = sends ? want->n_cores : 1, n, n_free;
	int *cpus = usable_cpus(p[i].look, listed, need, &n);
	int *rest = nb_alloc(n + 1, sizeof(*rest)), *list = listed ? list_from(want, i / 2) : NULL;
	struct core_plan plan = {0};
	int ret = -1;
	if (!n || need > n) {
		nb_error_code(err, NB_USAGE, "-c %zu: pod %s may use %zu cores only: ask for fewer",
			      need, p[i].pod->name, n);
		goto cleanup;
	}
	if (listed && check_list(list, want, cpus, n, &p[i], err))
		goto cleanup;
	n_free = leave_free(rest, cpus, n, p, out, i);
	bool suffices = n_free >= need && !listed;
	if (cores_choose(&plan, suffices ? rest : cpus, suffices ? n_free : n, 1, need, list,
			 listed ? need : 0, err))
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
	free(list);
	free(cpus);
	return ret;
}

int places_choose_cores(struct place_cores *out, const struct place *p, size_t n,
			const struct cores_wanted *want, bool *shared, struct nb_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (choose_one(out, i, p, want, err))
			return -1;
		for (size_t c = 0; c < out[i].n_cores; c++)
			*shared |= has_core(p, out, i, &p[i], out[i].cores[c]);
	}
	return 0;
}
