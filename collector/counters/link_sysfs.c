/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counters of an interface from /sys/class/net/IF/statistics: a file each, each read a pass
 * over the driver of its own (Documentation/networking/statistics.rst), so this way is the last.
 * rx_otherhost_dropped is not there. Open files answer ENODEV once their interface is removed.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/counters/link.h"
#include "collector/counters/scan.h"
#include "common/text.h"

struct link_state {
	struct counter_env env;
	char *ifname;
	bool is_open;
	int fd[LINK_METRICS]; /* -1: this kernel has no such file */
};

static int open_in(const struct counter_env *env, const char *file)
{
	char path[128];
	int n = snprintf(path, sizeof(path), "sys/class/net/%s/%s", env->ifname, file);
	if (strchr(env->ifname, '/') || n < 0 || (size_t)n >= sizeof(path))
		return -1;
	return openat(env->root_fd, path, O_RDONLY | O_CLOEXEC);
}

/* One line into `buf`, without its newline; false when it cannot be read. */
static bool read_line(int fd, char *buf, size_t cap)
{
	ssize_t n = pread(fd, buf, cap - 1, 0);
	buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return n > 0;
}

static bool file_is(const struct counter_env *env, const char *file, const char *want)
{
	char text[64];
	int fd = open_in(env, file);
	bool same = fd >= 0 && read_line(fd, text, sizeof(text)) && !strcmp(text, want);
	if (fd >= 0)
		close(fd);
	return same;
}

bool sysfs_shows(const struct counter_env *env)
{
	char index[16], address[18];
	struct ifreq r = {0};
	if (!counter_env_is_host(env))
		return true;
	if (strlen(env->ifname) >= sizeof(r.ifr_name))
		return false;
	memcpy(r.ifr_name, env->ifname, strlen(env->ifname));
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool known = fd >= 0 && !ioctl(fd, SIOCGIFINDEX, &r);
	snprintf(index, sizeof(index), "%d", r.ifr_ifindex);
	known = known && !ioctl(fd, SIOCGIFHWADDR, &r);
	if (fd >= 0)
		close(fd);
	const unsigned char *a = (const unsigned char *)r.ifr_hwaddr.sa_data;
	snprintf(address, sizeof(address), "%02x:%02x:%02x:%02x:%02x:%02x", a[0], a[1], a[2], a[3],
		 a[4], a[5]);
	/* lo has index 1 and address 0 in every namespace: that tells nothing */
	return known && strcmp(address, "00:00:00:00:00:00") && file_is(env, "ifindex", index) &&
	       file_is(env, "address", address);
}

static void close_files(struct link_state *s)
{
	for (size_t k = 0; k < LINK_METRICS; k++) {
		if (s->fd[k] >= 0)
			close(s->fd[k]);
		s->fd[k] = -1;
	}
}

/* Opens what files there are; false when there are none. */
static bool open_files(struct link_state *s)
{
	char file[64];
	bool any = false, ours = sysfs_shows(&s->env);
	for (size_t k = 0; k < LINK_METRICS; k++) {
		s->fd[k] = -1;
		if (!ours)
			continue;
		snprintf(file, sizeof(file), "statistics/%s", link_metrics[k]);
		s->fd[k] = open_in(&s->env, file);
		any |= s->fd[k] >= 0;
	}
	return any;
}

/* False when a file that was there is not any more. */
static bool read_files(const struct link_state *s, uint64_t values[static LINK_METRICS])
{
	char text[32];
	for (size_t k = 0; k < LINK_METRICS; k++) {
		values[k] = METRIC_MISSING;
		if (s->fd[k] < 0)
			continue;
		if (!read_line(s->fd[k], text, sizeof(text)))
			return false;
		struct scan word = {text, text + strlen(text)};
		scan_u64(word, &values[k]);
	}
	return true;
}

static enum counter_state sysfs_read(struct link_state *s, uint64_t values[static LINK_METRICS])
{
	if (s->is_open && read_files(s, values))
		return COUNTER_OK;
	close_files(s);
	s->is_open = open_files(s);
	return s->is_open ? COUNTER_CHANGED : COUNTER_GONE;
}

static void sysfs_close(struct link_state *s)
{
	close_files(s);
	free(s->ifname);
	free(s);
}

static int sysfs_open(struct link_state **out, const struct counter_env *env, struct nb_err *err)
{
	struct link_state *s = nb_alloc(1, sizeof(*s));
	s->ifname = nb_strdup(env->ifname);
	s->env = (struct counter_env){.root_fd = env->root_fd, .ifname = s->ifname};
	s->is_open = open_files(s);
	if (!s->is_open) {
		nb_error(err, "no counters of %s in /sys/class/net", env->ifname);
		sysfs_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

const struct link_way link_sysfs = {
	.name = "sysfs",
	.fixtures = true,
	.open = sysfs_open,
	.read = sysfs_read,
	.close = sysfs_close,
};
