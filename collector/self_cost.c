/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reading costs: each source is read again and again without a pause, as collectl does it
 * ("interval 0"), or with one that lets the caches go cold, as they are in a run. A row is the
 * median of single readings. Then whole samples, one source after another: `tick`, what each tick
 * of a run reads; `seldom`, what it reads once a second beside; `all`, both. CPU time is the
 * reading thread's own (CLOCK_THREAD_CPUTIME_ID): what the kernel does for it is in it.
 */
#include "collector/self_cost.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/counters/source.h"
#include "common/clock.h"
#include "common/text.h"

enum { SOURCES_MAX = 32, EPOCHS_TRIED = 8, WHOLES = 3 };

static const char *const whole_names[WHOLES] = {"tick", "seldom", "all"};

struct cost {
	const struct counter_source *ops;
	struct counter_reader *reader;
	uint64_t *values;
	double *cpu_us, *wall_us; /* of each reading */
	size_t n;
};

static const struct column columns[] = {
	{"source",  COL_TEXT},
	{"cpu_us",  COL_SIG4},
	{"wall_us", COL_SIG4},
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void make_room(struct cost *c)
{
	const struct counter_cell *cells;
	size_t n = c->ops->cells(c->reader, &cells);
	c->values = nb_realloc(c->values, n, sizeof(*c->values));
}

/* One reading; what changes meanwhile (a CPU, a queue) is followed. */
static bool read_one(struct cost *c)
{
	for (size_t i = 0; i < EPOCHS_TRIED; i++) {
		enum counter_state state = c->ops->read(c->reader, c->values);
		if (state != COUNTER_CHANGED)
			return state == COUNTER_OK;
		make_room(c);
	}
	return false;
}

static size_t open_all(struct cost *costs, const struct cli *cli, const struct counter_env *env,
		       size_t samples)
{
	size_t n = 0;
	for (size_t i = 0; counter_sources[i] && n < SOURCES_MAX - WHOLES; i++) {
		struct nb_err err = {0};
		struct cost *c = &costs[n];
		c->ops = counter_sources[i];
		if (env->ipv6 && c->ops->ipv4)
			continue;
		if (c->ops->open(&c->reader, env, &err)) {
			cli_warn(cli, "%s is not read here: %s", c->ops->name, err.text);
			continue;
		}
		make_room(c);
		n++;
	}
	for (size_t i = 0; i < n + WHOLES; i++) {
		costs[i].cpu_us = nb_alloc(samples, sizeof(double));
		costs[i].wall_us = nb_alloc(samples, sizeof(double));
	}
	return n;
}

static void add(struct cost *c, int64_t cpu_ns, int64_t wall_ns)
{
	c->cpu_us[c->n] = (double)cpu_ns / 1e3;
	c->wall_us[c->n++] = (double)wall_ns / 1e3;
}

static bool is_seldom(const struct cost *c)
{
	return c->ops->every_ns || (c->ops->quiet && c->ops->quiet(c->reader));
}

/* `which` of whole_names. */
static void read_whole(struct cost *costs, size_t n, size_t which)
{
	for (size_t j = 0; j < n; j++)
		if (which == 2 || is_seldom(&costs[j]) == (which == 1))
			read_one(&costs[j]);
}

/* First each source alone, then whole samples, so that no clock is read between two sources. */
static void measure(struct cost *costs, size_t n, size_t samples, int64_t pause_ns)
{
	for (size_t i = 0; i < n + WHOLES; i++)
		for (size_t k = 0; k < samples; k++) {
			if (pause_ns)
				clock_sleep_until(clock_monotonic() + pause_ns);
			int64_t cpu = clock_thread_cpu(), wall = clock_monotonic();
			bool read = true;
			if (i < n)
				read = read_one(&costs[i]);
			else
				read_whole(costs, n, i - n);
			wall = clock_monotonic() - wall;
			cpu = clock_thread_cpu() - cpu;
			if (read)
				add(&costs[i], cpu, wall);
		}
}

int self_cost(struct cli *cli, const char *ifname, size_t samples, int64_t pause_ns, bool ipv6)
{
	struct cost costs[SOURCES_MAX] = {0};
	struct counter_env env = {.root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
				  .ifname = ifname,
				  .ipv6 = ipv6};
	size_t n = open_all(costs, cli, &env, samples);
	measure(costs, n, samples, pause_ns);
	struct output *out = output_begin(stdout, cli->format, "agent", columns, 3);
	for (size_t i = 0; i < n + WHOLES; i++) {
		struct cost *c = &costs[i];
		struct cell cells[] = {
			cell_text(i < n ? c->ops->name : whole_names[i - n]),
			c->n ? cell_real(median(c->cpu_us, c->n)) : cell_null(),
			c->n ? cell_real(median(c->wall_us, c->n)) : cell_null(),
		};
		output_row(out, cells);
	}
	output_end(out);
	for (size_t i = 0; i < n + WHOLES; i++) {
		if (i < n)
			costs[i].ops->close(costs[i].reader);
		free(costs[i].values);
		free(costs[i].cpu_us);
		free(costs[i].wall_us);
	}
	close(env.root_fd);
	return 0;
}
