/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `cgroup`: for how long the endpoint's control group was kept from running because its
 * CPU quota was used up, from cpu.stat of the group and those above it (a pod's limit stands above
 * its container's). Each level counts what its own quota did, so levels add up. Time is that of all
 * CPUs together (kernel/sched/fair.c, tg_unthrottle_up and unthrottle_cfs_rq). Version 1 has
 * throttled_time in nanoseconds, version 2 throttled_usec; version 2's root has neither.
 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/counters/cells.h"
#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "collector/counters/scan.h"
#include "collector/counters/sources.h"
#include "common/text.h"

int cgroup_stat_parse(struct cgroup_stat *out, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line, word;
	bool times = false, time = false;
	*out = (struct cgroup_stat){0};
	while (scan_line(&text, &line)) {
		uint64_t v;
		if (!scan_word(&line, &word))
			continue;
		struct scan name = word;
		if (!scan_word(&line, &word) || !scan_u64(word, &v))
			continue;
		if (scan_is(name, "nr_throttled", 12)) {
			out->throttled = v;
			times = true;
		} else if (scan_is(name, "throttled_time", 14)) {
			out->throttled_ns = v;
			time = true;
		} else if (scan_is(name, "throttled_usec", 14) && v <= UINT64_MAX / 1000) {
			out->throttled_ns = v * 1000;
			time = true;
		}
	}
	return times && time ? 0 : -1;
}

/* "4:cpu,cpuacct:/a/b": the controllers stand between the colons; version 2 has none. */
static bool has_cpu(struct scan controllers)
{
	const char *at = controllers.at;
	while (at < controllers.end) {
		const char *comma = memchr(at, ',', (size_t)(controllers.end - at));
		const char *end = comma ? comma : controllers.end;
		if (end - at == 3 && !memcmp(at, "cpu", 3))
			return true;
		at = comma ? comma + 1 : end;
	}
	return false;
}

int cgroup_path_parse(char *out, size_t cap, bool *unified, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line;
	int found = -1;
	while (scan_line(&text, &line)) {
		const char *a = memchr(line.at, ':', (size_t)(line.end - line.at));
		const char *b = a ? memchr(a + 1, ':', (size_t)(line.end - a - 1)) : NULL;
		if (!b || (size_t)(line.end - b) > cap)
			continue;
		struct scan controllers = {a + 1, b};
		bool v2 = controllers.at == controllers.end;
		if (!v2 && !has_cpu(controllers))
			continue;
		if (v2 && found == 0)
			continue; /* version 1 has the controller, so version 2 has not */
		memcpy(out, b + 1, (size_t)(line.end - b - 1));
		out[line.end - b - 1] = '\0';
		*unified = v2;
		found = 0;
	}
	return found;
}

enum { LEVELS_MAX = 16, PATH_CAP = 1024 };

struct counter_reader {
	struct procfile file[LEVELS_MAX];
	size_t n;
	struct cells cells;
};

static void cgroup_close(struct counter_reader *r)
{
	for (size_t i = 0; i < r->n; i++)
		procfile_close(&r->file[i]);
	cells_free(&r->cells);
	free(r);
}

/* Opens cpu.stat of a group below a mount point, and of all above it. */
static void open_levels(struct counter_reader *r, int root_fd, const char *mount, char *group)
{
	for (;;) {
		char path[PATH_CAP + 64];
		struct nb_err ignored = {0};
		struct cgroup_stat stat;
		struct procfile *f = &r->file[r->n];
		snprintf(path, sizeof(path), "%s%s/cpu.stat", mount, group);
		if (r->n < LEVELS_MAX && !procfile_open(f, root_fd, path, &ignored)) {
			if (cgroup_stat_parse(&stat, f->buf, f->len))
				procfile_close(f);
			else
				r->n++;
		}
		char *slash = strrchr(group, '/');
		if (!slash)
			return;
		*slash = '\0';
	}
}

/* Where systemd, docker and Kubernetes mount the controller. */
static const char *const mounts[2][4] = {
	{"sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct", "sys/fs/cgroup/cpuacct,cpu", NULL},
	{"sys/fs/cgroup",	  "sys/fs/cgroup/unified",	   NULL,			 NULL},
};

static int cgroup_open(struct counter_reader **out, const struct counter_env *env,
		       struct nb_err *err)
{
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	struct procfile of_self = {.fd = -1};
	char group[PATH_CAP];
	bool unified = false;
	if (procfile_open(&of_self, env->root_fd, "proc/self/cgroup", err))
		goto fail;
	if (cgroup_path_parse(group, sizeof(group), &unified, of_self.buf, of_self.len)) {
		nb_error(err, "/proc/self/cgroup: no control group has the CPU controller");
		goto fail;
	}
	if (strstr(group, "/..") || !strcmp(group, "/"))
		group[0] = '\0'; /* outside of what is mounted here: its root is all there is */
	for (const char *const *mount = mounts[unified]; *mount && !r->n; mount++) {
		char copy[PATH_CAP];
		memcpy(copy, group, sizeof(copy));
		open_levels(r, env->root_fd, *mount, copy);
	}
	if (!r->n) {
		nb_error(err, "no group of the CPU controller has a cpu.stat with a quota's times");
		goto fail;
	}
	procfile_close(&of_self);
	cells_add(&r->cells, "cgroup_throttled", -1);
	cells_add(&r->cells, "cgroup_throttled_ns", -1);
	*out = r;
	return 0;
fail:
	procfile_close(&of_self);
	cgroup_close(r);
	return -1;
}

static size_t cgroup_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

static enum counter_state cgroup_read(struct counter_reader *r, uint64_t *values)
{
	values[0] = values[1] = 0;
	for (size_t i = 0; i < r->n; i++) {
		struct cgroup_stat stat;
		struct procfile *f = &r->file[i];
		if (procfile_read(f) || cgroup_stat_parse(&stat, f->buf, f->len))
			return COUNTER_GONE;
		values[0] += stat.throttled;
		values[1] += stat.throttled_ns;
	}
	return COUNTER_OK;
}

const struct counter_source source_cgroup = {
	.name = "cgroup",
	.every_ns = COUNTER_SELDOM_NS,
	.help = "cpu.stat: for how long a CPU quota kept the endpoint's control group from running",
	.open = cgroup_open,
	.cells = cgroup_cells,
	.read = cgroup_read,
	.close = cgroup_close,
};
