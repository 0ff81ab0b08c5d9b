/* SPDX-License-Identifier: Apache-2.0 */
/* Cloning, and what a child must do between clone and exec: only system calls. */
#include "collector/testbed/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"

extern char **environ;

/* Own /proc and /sys. Where the host hides parts of them (containers), mounting is refused in a
 * user namespace: what is there is used then. The control groups that are mounted below /sys are
 * taken along: their counters say when a CPU quota held us. */
static void own_mounts(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return;
	int groups = open_tree(AT_FDCWD, "/sys/fs/cgroup",
			       OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	if (groups >= 0)
		move_mount(groups, "", AT_FDCWD, "/sys/fs/cgroup", MOVE_MOUNT_F_EMPTY_PATH);
}

static void child(int flags, int netns_fd, int in, int out, int exe)
{
	char *const argv[] = {(char[]){"nbcollect"}, (char[]){"agent"}, NULL};
	sigset_t none;
	prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL);
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_IGN);
	if (netns_fd >= 0 && setns(netns_fd, CLONE_NEWNET))
		_exit(126);
	if (flags & CLONE_NEWNS)
		own_mounts();
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	syscall(SYS_execveat, exe, "", argv, environ, AT_EMPTY_PATH);
	_exit(127);
}

int spawn_agent(struct spawned *out, int flags, int netns_fd, struct nb_err *err)
{
	int in[2] = {-1, -1}, from[2] = {-1, -1}, ret = -1;
	int exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (exe < 0 || pipe2(in, O_CLOEXEC) || pipe2(from, O_CLOEXEC)) {
		nb_error(err, "start an agent: %s", strerror(errno));
		goto cleanup;
	}
	/* like fork(), with namespaces: the child runs on a copy of our memory until it execs */
	long pid = syscall(SYS_clone, (unsigned long)(flags | SIGCHLD), NULL, NULL, NULL, 0UL);
	if (pid == 0)
		child(flags, netns_fd, in[0], from[1], exe);
	if (pid < 0) {
		ret = errno;
		goto cleanup;
	}
	setpgid((pid_t)pid, (pid_t)pid);
	*out = (struct spawned){.pid = (pid_t)pid, .to = in[1], .from = from[0]};
	in[1] = from[0] = -1;
	ret = 0;
cleanup:
	for (int i = 0; i < 2; i++) {
		if (in[i] >= 0)
			close(in[i]);
		if (from[i] >= 0)
			close(from[i]);
	}
	if (exe >= 0)
		close(exe);
	return ret;
}

void spawn_end(pid_t pid, int to, int from)
{
	int64_t until = clock_monotonic() + 2 * NB_SEC;
	if (to >= 0)
		close(to);
	if (from >= 0)
		close(from);
	if (pid <= 0)
		return;
	while (clock_monotonic() < until) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		usleep(5000);
	}
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

int spawn_user_namespace(struct nb_err *err)
{
	char map[64];
	unsigned uid = geteuid(), gid = getegid();
	if (unshare(CLONE_NEWUSER))
		return nb_error(err,
				"netns: network namespaces need root, and a user namespace is "
				"refused (%s): run as root, or allow them (sysctl "
				"user.max_user_namespaces, kernel.unprivileged_userns_clone, "
				"kernel.apparmor_restrict_unprivileged_userns)",
				strerror(errno));
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (write_file("/proc/self/uid_map", map))
		return nb_error(err, "netns: map the user into a user namespace: %s: run as root",
				strerror(errno));
	write_file("/proc/self/setgroups",
		   "deny"); /* a condition for gid_map (user_namespaces(7)) */
	snprintf(map, sizeof(map), "0 %u 1", gid);
	if (write_file("/proc/self/gid_map", map))
		return nb_error(err, "netns: map the group into a user namespace: %s: run as root",
				strerror(errno));
	return 0;
}
