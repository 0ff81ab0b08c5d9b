// SPDX-License-Identifier: Apache-2.0
/*
 * The sampler on the kernel that runs. Each function by which a program of ours could allocate,
 * open or format is wrapped by the linker and counted in all threads but the test's: a tick calls
 * none.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/agent/sampler.h"
#include "common/clock.h"

static _Thread_local bool is_tests_own;
static atomic_int calls;

/* The wrapper of a function: counts, and calls it. */
#define WRAP(type, name, parameters, arguments)                                                    \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		if (!is_tests_own)                                                                 \
			atomic_fetch_add(&calls, 1);                                               \
		return __real_##name arguments;                                                    \
	}

/* NOLINTBEGIN(bugprone-reserved-identifier,bugprone-macro-parentheses): the linker's names */
WRAP(void *, malloc, (size_t n), (n))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *p, size_t n), (p, n))
WRAP(int, vsnprintf, (char *s, size_t n, const char *f, va_list v), (s, n, f, v))
WRAP(FILE *, fopen, (const char *path, const char *mode), (path, mode))
WRAP(ssize_t, write, (int fd, const void *s, size_t n), (fd, s, n))

void __real_free(void *p);
void __wrap_free(void *p);
void __wrap_free(void *p)
{
	if (!is_tests_own)
		atomic_fetch_add(&calls, 1);
	__real_free(p);
}

/* Those of variable arguments are counted, and done by their plainer kin. */
int __wrap_snprintf(char *s, size_t n, const char *format, ...);
int __wrap_snprintf(char *s, size_t n, const char *format, ...)
{
	va_list v;
	va_start(v, format);
	int ret = __wrap_vsnprintf(s, n, format, v);
	va_end(v);
	return ret;
}

/* What a fortified build calls instead. */
int __wrap___snprintf_chk(char *s, size_t n, int flag, size_t room, const char *format, ...);
int __wrap___snprintf_chk(char *s, size_t n, int flag, size_t room, const char *format, ...)
{
	va_list v;
	(void)flag;
	va_start(v, format);
	int ret = __wrap_vsnprintf(s, n < room ? n : room, format, v);
	va_end(v);
	return ret;
}

int __wrap___vsnprintf_chk(char *s, size_t n, int flag, size_t room, const char *format, va_list v);
int __wrap___vsnprintf_chk(char *s, size_t n, int flag, size_t room, const char *format, va_list v)
{
	(void)flag;
	return __wrap_vsnprintf(s, n < room ? n : room, format, v);
}

int __real_openat(int folder, const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...)
{
	if (!is_tests_own)
		atomic_fetch_add(&calls, 1);
	return __real_openat(folder, path, flags);
}
/* NOLINTEND(bugprone-reserved-identifier,bugprone-macro-parentheses) */

enum { TICKS = 25, INTERVAL_MS = 10 };

static struct sampler *open_one(bool node, int root_fd)
{
	struct sampler *s;
	struct nb_err err = {0};
	const struct sampler_plan plan = {
		.env = {.root_fd = root_fd, .ifname = node ? NULL : "lo"},
		.node = node,
		.interval_ns = INTERVAL_MS * NB_MSEC,
		.duration_ns = NB_SEC,
	};
	if (sampler_open(&s, &plan, &err))
		fail_msg("%s", err.text);
	return s;
}

/* What each tick must be, however busy the machine is: on the grid, not before its instant, later
 * than the one before; each source stamped within the tick that read it, with its cost. */
struct seen {
	int64_t seq, ticks, t_ns;
};

static void check_reads(const struct sampler *s, struct seen *seen, int64_t seq, int64_t from_ns)
{
	for (size_t i = 0; i < sampler_sources(s); i++) {
		struct sampler_read r;
		if (!sampler_read_at(s, i, &r))
			continue;
		assert_int_equal(r.seq, seq);
		assert_true(r.read_ns > 0);
		assert_true(r.t_ns - r.read_ns / 2 >= from_ns);
		assert_true(r.t_ns > seen->t_ns);
		seen->t_ns = r.t_ns;
	}
}

static void take(struct sampler *s, struct seen *seen, int64_t origin_ns)
{
	int64_t seq, late_ns;
	while (sampler_next(s, &seq, &late_ns)) {
		assert_true(seq > seen->seq || !seen->ticks);
		assert_in_range(late_ns, 0, INTERVAL_MS * NB_MSEC - 1);
		check_reads(s, seen, seq,
			    seq < 0 ? 0 : origin_ns + seq * INTERVAL_MS * NB_MSEC + late_ns);
		seen->seq = seq;
		seen->ticks++;
		sampler_taken(s);
	}
}

static void let_it_tick(struct sampler *s, struct seen *seen, int64_t origin_ns, int64_t ticks)
{
	while (seen->seq < ticks) {
		poll(NULL, 0, INTERVAL_MS);
		take(s, seen, origin_ns);
	}
}

static void sample(bool node)
{
	int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sampler *s = open_one(node, root);
	struct seen seen = {.seq = -1};
	struct nb_err err = {0};
	int64_t origin = clock_monotonic() + 20 * NB_MSEC;
	atomic_store(&calls, 0);
	assert_int_equal(sampler_start(s, origin, &err), 0);
	let_it_tick(s, &seen, origin, TICKS);
	assert_int_equal(atomic_load(&calls), 0);
	sampler_close(s); /* its last snapshot is off the grid */
	close(root);
}

static void ticks_of_an_endpoint_are_on_the_grid_and_allocate_nothing(void **state)
{
	(void)state;
	sample(false);
}

static void ticks_of_a_node_are_on_the_grid_and_allocate_nothing(void **state)
{
	(void)state;
	sample(true);
}

/* Nothing is taken from it: its memory fills up, and each further tick is missed and counted. */
static void every_instant_of_the_grid_is_a_tick_or_missed(void **state)
{
	(void)state;
	int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sampler *s = open_one(false, root);
	struct seen seen = {.seq = -1};
	struct nb_err err = {0};
	int64_t origin = clock_monotonic() + 20 * NB_MSEC;
	assert_int_equal(sampler_start(s, origin, &err), 0);
	while (sampler_missed(s) < 3)
		poll(NULL, 0, INTERVAL_MS);
	take(s, &seen, origin);
	let_it_tick(s, &seen, origin, seen.seq + 3);
	/* seq -1 is no instant of the grid; those after the last one taken may be missed by now */
	uint64_t instants = (uint64_t)seen.seq + 1, ticks = (uint64_t)seen.ticks - 1;
	assert_true(instants - ticks >= 3);
	assert_true(instants - ticks <= sampler_missed(s));
	sampler_close(s);
	close(root);
}

/* The thread of this process that has a name: the CPUs it may run on. */
static void cpus_of_thread(const char *name, cpu_set_t *set)
{
	char path[64], comm[32];
	DIR *tasks = opendir("/proc/self/task");
	CPU_ZERO(set);
	for (struct dirent *e; (e = readdir(tasks));) {
		snprintf(path, sizeof(path), "/proc/self/task/%.20s/comm", e->d_name);
		FILE *f = fopen(path, "re");
		bool is_it =
			f && fgets(comm, sizeof(comm), f) && !strncmp(comm, name, strlen(name));
		if (f)
			fclose(f);
		if (is_it)
			sched_getaffinity((pid_t)strtol(e->d_name, NULL, 10), sizeof(*set), set);
	}
	closedir(tasks);
}

static void the_thread_stays_on_the_cores_of_the_plan(void **state)
{
	(void)state;
	cpu_set_t allowed, got;
	sched_getaffinity(0, sizeof(allowed), &allowed);
	int last = CPU_SETSIZE - 1;
	while (!CPU_ISSET((size_t)last, &allowed))
		last--;
	struct sampler *s;
	struct nb_err err = {0};
	int64_t seq, late_ns;
	int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct sampler_plan plan = {
		.env = {.root_fd = root, .ifname = "lo"},
		.interval_ns = INTERVAL_MS * NB_MSEC,
		.duration_ns = NB_SEC,
		.pin = &last,
		.n_pin = 1,
	};
	assert_int_equal(sampler_open(&s, &plan, &err), 0);
	assert_int_equal(sampler_start(s, clock_monotonic(), &err), 0);
	while (!sampler_next(s, &seq, &late_ns))
		poll(NULL, 0, 1);
	cpus_of_thread("nb-sampler", &got);
	assert_int_equal(CPU_COUNT(&got), 1);
	assert_true(CPU_ISSET((size_t)last, &got));
	sampler_close(s);
	close(root);
}

/* At 10 ms a source that is read once a second is read at instants that lie a second apart. */
static void what_is_read_seldom_has_a_grid_of_its_own(void **state)
{
	(void)state;
	int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sampler *s = open_one(false, root);
	struct nb_err err = {0};
	size_t udp = 0;
	int64_t seq, late_ns, last = 0, reads = 0;
	while (strcmp(sampler_source_name(s, udp), "udp") != 0)
		udp++;
	assert_int_equal(sampler_start(s, clock_monotonic(), &err), 0);
	while (reads < 3) {
		poll(NULL, 0, INTERVAL_MS);
		for (struct sampler_read r; sampler_next(s, &seq, &late_ns); sampler_taken(s)) {
			if (!sampler_read_at(s, udp, &r) || seq < 0)
				continue;
			assert_true(!reads++ || seq - last >= 1000 / INTERVAL_MS);
			last = seq;
		}
	}
	sampler_close(s);
	close(root);
}

int main(void)
{
	is_tests_own = true;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_of_an_endpoint_are_on_the_grid_and_allocate_nothing),
		cmocka_unit_test(ticks_of_a_node_are_on_the_grid_and_allocate_nothing),
		cmocka_unit_test(every_instant_of_the_grid_is_a_tick_or_missed),
		cmocka_unit_test(the_thread_stays_on_the_cores_of_the_plan),
		cmocka_unit_test(what_is_read_seldom_has_a_grid_of_its_own),
	};
	return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
