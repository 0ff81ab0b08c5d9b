/* SPDX-License-Identifier: Apache-2.0 */
/* The host's lock and the owner's identity. */
#include "collector/lock.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/boot_id.h"
#include "common/clock.h"

/* Whoever asks for the holder's name takes a place in its queue for good: nobody accepts. */
enum { WAITERS = 4096 };

static const char lock_name[] = "netbound-run";

static socklen_t lock_address(struct sockaddr_un *a)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	memcpy(a->sun_path + 1, lock_name, sizeof(lock_name) - 1); /* a leading NUL: abstract */
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof(lock_name));
}

static int try_lock(void)
{
	struct sockaddr_un a;
	socklen_t len = lock_address(&a);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && (bind(fd, (struct sockaddr *)&a, len) || listen(fd, WAITERS))) {
		int saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

/* Whoever listens is the holder. The connection ends with it; -1: there is none. */
static int connect_holder(void)
{
	struct sockaddr_un a;
	socklen_t len = lock_address(&a);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, len)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Sleeps until the holder ends, a quarter of a second at most. Its end is seen at once: who waits
 * comes before who asks later. *fd is the connection, kept from sleep to sleep. */
static void await_holder(int *fd, int64_t wait_ns)
{
	if (*fd < 0)
		*fd = connect_holder();
	struct pollfd p = {.fd = *fd, .events = POLLIN};
	int64_t most = *fd < 0 ? 20 * NB_MSEC : NB_SEC / 4;
	wait_ns = wait_ns < most ? wait_ns : most;
	if (poll(&p, 1, (int)(wait_ns / NB_MSEC) + 1) > 0) {
		close(*fd);
		*fd = -1;
	}
}

/* Its credentials come with the connection. */
static pid_t holder(int fd)
{
	struct ucred cred = {0};
	socklen_t size = sizeof(cred);
	return fd >= 0 && !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) ? cred.pid : 0;
}

static void command_of(pid_t pid, char out[static 128])
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(out, 1, 127, f) : 0;
	if (f)
		fclose(f);
	out[n] = '\0';
	for (size_t i = 0; i + 1 < n; i++)
		if (!out[i])
			out[i] = ' ';
}

static int say_holder(int connection, struct nb_err *err)
{
	char command[128] = "";
	pid_t pid = holder(connection);
	if (pid)
		command_of(pid, command);
	return nb_error(err,
			"run: another run is going on on this host (pid %d%s%s): two would measure "
			"each other; wait for it with --wait 10m, or end it",
			(int)pid, *command ? ": " : "", command);
}

int lock_take(int64_t wait_ns, bool (*interrupted)(void), struct nb_err *err)
{
	int64_t until = clock_monotonic() + wait_ns;
	int fd, connection = -1;
	while ((fd = try_lock()) < 0) {
		if (errno != EADDRINUSE) {
			nb_error(err, "run: take the host's lock: %s", strerror(errno));
			break;
		}
		int64_t now = clock_monotonic();
		if (now >= until) {
			connection = connection < 0 ? connect_holder() : connection;
			say_holder(connection, err);
			break;
		}
		if (interrupted()) {
			nb_error_code(err, NB_INTERRUPTED,
				      "run: interrupted while it waited for another run on this "
				      "host");
			break;
		}
		await_holder(&connection, until - now);
	}
	if (connection >= 0)
		close(connection);
	return fd;
}

void lock_release(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* When a process started, in clock ticks since boot; 0: there is none. */
static int64_t start_of(int64_t pid)
{
	char path[64], stat[1024];
	int64_t start = 0;
	snprintf(path, sizeof(path), "/proc/%" PRId64 "/stat", pid);
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(stat, 1, sizeof(stat) - 1, f) : 0;
	if (f)
		fclose(f);
	stat[n] = '\0';
	/* the name may hold anything; fields are counted from the last parenthesis, which ends the
	 * second; a zombie (Z) has ended */
	const char *c = strrchr(stat, ')');
	if (!c || c[1] != ' ' || c[2] == 'Z')
		return 0;
	for (int field = 2; c && field < 22; field++)
		c = strchr(c + 1, ' ');
	if (c)
		start = strtoll(c, NULL, 10);
	return start;
}

char *owner_self(void)
{
	char boot[BOOT_ID_ROOM];
	boot_id(boot);
	json_t *j = json_pack("{s:s, s:I, s:I}", "boot_id", boot, "pid", (json_int_t)getpid(),
			      "start", (json_int_t)start_of(getpid()));
	char *s = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	return s;
}

bool owner_alive(const char *owner)
{
	char boot[BOOT_ID_ROOM];
	const char *its_boot = NULL;
	json_int_t pid = 0, start = 0;
	json_t *j = owner ? json_loads(owner, 0, NULL) : NULL;
	boot_id(boot);
	bool alive = j &&
		     !json_unpack(j, "{s:s, s:I, s:I}", "boot_id", &its_boot, "pid", &pid, "start",
				  &start) &&
		     !strcmp(its_boot, boot) && start && start_of(pid) == start;
	json_decref(j);
	return alive;
}
