/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the container, or the service, allows: cpuset, share of CPU time, memory. From the control
 * groups that /proc/self/cgroup names, of either version; a limit that is not set is no fact. In a
 * container the mounted tree may begin at its own group, while the file names the host's path: then
 * the files stand at the mount itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/counters/facts_put.h"
#include "collector/counters/scan.h"

static const struct {
	const char *key, *file; /* of version 2 */
	const char *controller, *old_file;
} limits[] = {
	{"cpu",	"cpu.max",		   "cpu",	  "cpu.cfs_quota_us"	    },
	{"cpuset", "cpuset.cpus.effective", "cpuset", "cpuset.effective_cpus"},
	{"memory", "memory.max",		 "memory", "memory.limit_in_bytes"},
};

/* "max", "max 100000", -1, and memory's page counter at its end (mm/page_counter.c). */
static bool is_limit(const char *line)
{
	return *line && strncmp(line, "max", 3) != 0 && strcmp(line, "-1") != 0 &&
	       (strlen(line) < 19 || strchr(line, ' '));
}

static bool put_limit(json_t *part, size_t k, int root_fd, const char *path)
{
	char line[256];
	if (!facts_read_start(line, sizeof(line), root_fd, path))
		return false;
	line[strcspn(line, "\n")] = '\0';
	if (is_limit(line))
		facts_put_text(part, limits[k].key, line, strlen(line));
	return true;
}

static bool has_word(struct scan list, const char *word)
{
	while (list.at < list.end) {
		const char *comma = memchr(list.at, ',', (size_t)(list.end - list.at));
		struct scan one = {list.at, comma ? comma : list.end};
		if (scan_is(one, word, strlen(word)))
			return true;
		list.at = comma ? comma + 1 : list.end;
	}
	return false;
}

/* "ID:CONTROLLERS:PATH"; version 2 has no controllers. */
static void put_group(json_t *part, int root_fd, struct scan line)
{
	const char *first = memchr(line.at, ':', (size_t)(line.end - line.at));
	const char *second = first ? memchr(first + 1, ':', (size_t)(line.end - first - 1)) : NULL;
	if (!second)
		return;
	struct scan controllers = {first + 1, second};
	int len = (int)(line.end - second - 1);
	for (size_t k = 0; k < sizeof(limits) / sizeof(*limits); k++) {
		bool old = controllers.at < controllers.end;
		char path[512], mount[64];
		if (old && !has_word(controllers, limits[k].controller))
			continue;
		const char *file = old ? limits[k].old_file : limits[k].file;
		snprintf(mount, sizeof(mount), "sys/fs/cgroup%s%s", old ? "/" : "",
			 old ? limits[k].controller : "");
		snprintf(path, sizeof(path), "%s%.*s/%s", mount, len, second + 1, file);
		if (put_limit(part, k, root_fd, path))
			continue;
		snprintf(path, sizeof(path), "%s/%s", mount, file);
		put_limit(part, k, root_fd, path);
	}
}

static void put_allowed(json_t *o, int root_fd)
{
	char buf[4096];
	if (!facts_read_start(buf, sizeof(buf), root_fd, "proc/self/status"))
		return;
	struct scan text = {buf, buf + strlen(buf)}, line;
	while (scan_line(&text, &line))
		if (scan_skip(&line, "Cpus_allowed_list:"))
			facts_put_text(o, "cpus_allowed", line.at, (size_t)(line.end - line.at));
}

void facts_put_limits(json_t *o, int root_fd)
{
	char buf[4096];
	json_t *part = json_object();
	put_allowed(o, root_fd);
	if (facts_read_start(buf, sizeof(buf), root_fd, "proc/self/cgroup")) {
		struct scan text = {buf, buf + strlen(buf)}, line;
		while (scan_line(&text, &line))
			put_group(part, root_fd, line);
	}
	facts_put_part(o, "cgroup", part);
}
