/* SPDX-License-Identifier: Apache-2.0 */
/* The choice of cores. */
#include "collector/cores.h"

#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

int cores_usable(int **out, size_t *n, struct nb_err *err)
{
	enum { CPUS = 8192 };
	cpu_set_t *set = CPU_ALLOC(CPUS);
	size_t size = CPU_ALLOC_SIZE(CPUS);
	*n = 0;
	if (!set || sched_getaffinity(0, size, set)) {
		CPU_FREE(set);
		return nb_error(err, "cores: which may be used here: %s", strerror(errno));
	}
	*out = nb_alloc((size_t)CPU_COUNT_S(size, set), sizeof(**out));
	for (int cpu = 0; cpu < CPUS; cpu++)
		if (CPU_ISSET_S((size_t)cpu, size, set))
			(*out)[(*n)++] = cpu;
	CPU_FREE(set);
	return 0;
}

static bool in(const int *list, size_t n, int cpu)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == cpu)
			return true;
	return false;
}

/* The cores in order of preference: those after 1 as they are, then 1, then 0. How many of them
 * are taken before 1 and 0 is the question of "while others suffice". */
static size_t make_pool(int *pool, const int *usable, size_t n, size_t need)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		if (usable[i] > 1)
			pool[count++] = usable[i];
	for (int cpu = 1; cpu >= 0 && count < need; cpu--)
		if (in(usable, n, cpu)) {
			/* before the others: the middle of the pool stays the middle */
			memmove(pool + 1, pool, count * sizeof(*pool));
			pool[0] = cpu;
			count++;
		}
	return count;
}

static void choose_senders(struct core_plan *p, const int *pool, size_t n_pool)
{
	size_t need = p->pairs * p->n_cores;
	size_t start = n_pool > need ? (n_pool - need) / 2 : 0;
	/* with one receiver core to spare at the low end, the sender takes the higher one */
	if (n_pool == need + 1)
		start = 1;
	for (size_t i = 0; n_pool && i < need; i++)
		p->sender[i] = pool[(start + i) % n_pool];
	p->senders_shared = need > n_pool;
}

static int take_list(struct core_plan *p, const int *usable, size_t n_usable, const int *list,
		     size_t n_list, struct nb_err *err)
{
	for (size_t i = 0; i < n_list; i++)
		if (!in(usable, n_usable, list[i]))
			return nb_error_code(
				err, NB_USAGE,
				"--core-list: core %d cannot be used here (see taskset "
				"-p $$)",
				list[i]);
	if (n_list < p->n_cores)
		return nb_error_code(err, NB_USAGE,
				     "--core-list: %zu cores are named, -c asks for %zu", n_list,
				     p->n_cores);
	for (size_t i = 0; n_list && i < p->pairs * p->n_cores; i++)
		p->sender[i] = list[i % n_list];
	p->senders_shared = p->pairs * p->n_cores > n_list;
	return 0;
}

/* Receivers take what the senders left, round robin; with nothing left they share with senders. */
static void choose_receivers(struct core_plan *p, const int *usable, size_t n_usable)
{
	size_t n_senders = p->pairs * p->n_cores, n_rest = 0;
	int *rest = nb_alloc(n_usable, sizeof(*rest));
	for (int low = 0; low < 2; low++)
		for (size_t i = 0; i < n_usable; i++)
			if ((usable[i] < 2) == low && !in(p->sender, n_senders, usable[i]))
				rest[n_rest++] = usable[i];
	p->receivers_shared = n_rest < p->pairs;
	for (size_t i = 0; i < p->pairs; i++)
		p->receiver[i] = n_rest ? rest[i % n_rest] : p->sender[i * p->n_cores];
	free(rest);
}

/* Agents run where nothing is measured; else at least not where packets are sent. */
static void choose_pin(struct core_plan *p, const int *usable, size_t n_usable)
{
	size_t n_senders = p->pairs * p->n_cores;
	p->pin = nb_alloc(n_usable, sizeof(*p->pin));
	for (int spare_receivers = 1; spare_receivers >= 0 && !p->n_pin; spare_receivers--)
		for (size_t i = 0; i < n_usable; i++)
			if (!in(p->sender, n_senders, usable[i]) &&
			    !(spare_receivers && in(p->receiver, p->pairs, usable[i])))
				p->pin[p->n_pin++] = usable[i];
}

int cores_choose(struct core_plan *out, const int *usable, size_t n_usable, size_t pairs,
		 size_t n_cores, const int *list, size_t n_list, struct nb_err *err)
{
	*out = (struct core_plan){.pairs = pairs, .n_cores = n_cores};
	assert(n_usable > 0); /* this process runs somewhere */
	if (n_cores > n_usable)
		return nb_error_code(err, NB_USAGE,
				     "-c %zu: only %zu cores can be used here: ask for fewer",
				     n_cores, n_usable);
	out->sender = nb_alloc(pairs * n_cores, sizeof(int));
	out->receiver = nb_alloc(pairs, sizeof(int));
	if (list) {
		if (take_list(out, usable, n_usable, list, n_list, err)) {
			cores_free(out);
			return -1;
		}
	} else {
		int *pool = nb_alloc(n_usable, sizeof(*pool));
		size_t n_pool = make_pool(pool, usable, n_usable, pairs * (n_cores + 1));
		choose_senders(out, pool, n_pool);
		free(pool);
	}
	choose_receivers(out, usable, n_usable);
	choose_pin(out, usable, n_usable);
	return 0;
}

void cores_free(struct core_plan *p)
{
	free(p->sender);
	free(p->receiver);
	free(p->pin);
	*p = (struct core_plan){0};
}
