/* SPDX-License-Identifier: Apache-2.0 */
/* Programs as generators. The agent starts nothing else, so its children are theirs. */
#include "collector/generator/program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/text.h"

extern char **environ;

int program_find(char path[static PROGRAM_PATH], const char *name)
{
	const char *env = getenv("PATH");
	struct nb_text dirs = {0}, candidate = {0};
	int ret = -1;
	text_addf(&dirs, "%s:/usr/sbin:/sbin", env ? env : "/usr/bin:/bin");
	char *rest = dirs.s;
	for (char *dir; ret && (dir = strsep(&rest, ":"));) {
		text_cut(&candidate, 0);
		text_addf(&candidate, "%s/%s", *dir ? dir : ".", name);
		if (candidate.len < PROGRAM_PATH && !access(candidate.s, X_OK)) {
			memcpy(path, candidate.s, candidate.len + 1);
			ret = 0;
		}
	}
	text_free(&dirs);
	text_free(&candidate);
	return ret;
}

/* Reads all that a short-lived command prints. */
static void capture(struct nb_text *out, const char *path, const char *argument)
{
	struct nb_err err = {0};
	char *argv[] = {nb_strdup(path), nb_strdup(argument), NULL};
	char buf[1024];
	pid_t pid = 0;
	int fd = -1;
	if (!program_spawn(&pid, &fd, path, argv, &err)) {
		ssize_t n;
		fcntl(fd, F_SETFL, 0);
		while ((n = read(fd, buf, sizeof(buf))) > 0)
			text_add_n(out, buf, (size_t)n);
		close(fd);
		waitpid(pid, NULL, 0);
	}
	free(argv[0]);
	free(argv[1]);
}

bool program_has_option(const char *path, const char *option)
{
	static struct nb_text help;
	if (!help.s) {
		text_add(&help, "");
		capture(&help, path, "--help");
	}
	return strstr(help.s, option) != NULL;
}

bool program_unprivileged(void)
{
	/* the effective set counts in the own user namespace only: uid_map tells whether it is the
	 * host's (the first line maps all of 2^32 - 1 ids onto themselves there) */
	unsigned long inside, outside, count;
	FILE *f = fopen("/proc/self/uid_map", "re");
	int n = f ? fscanf(f, "%lu %lu %lu", &inside, &outside, &count) : 0;
	if (f)
		fclose(f);
	bool host = n == 3 && !inside && !outside && count == 4294967295UL;
	return !host || geteuid() != 0;
}

int program_spawn(pid_t *pid, int *out, const char *path, char *const argv[], struct nb_err *err)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, defaults;
	int pipe_fd[2];
	if (pipe2(pipe_fd, O_CLOEXEC))
		return nb_error(err, "%s: pipe: %s", path, strerror(errno));
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, pipe_fd[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, pipe_fd[1], STDERR_FILENO);
	posix_spawnattr_init(&attr);
	sigemptyset(&none);
	sigfillset(&defaults);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	int rc = posix_spawn(pid, path, &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	close(pipe_fd[1]);
	if (rc) {
		close(pipe_fd[0]);
		return nb_error(err, "%s: start: %s", path, strerror(rc));
	}
	fcntl(pipe_fd[0], F_SETFL, O_NONBLOCK);
	*out = pipe_fd[0];
	return 0;
}

/* Without CONFIG_PROC_CHILDREN: look at every process's parent (field 4 of stat, after "comm"). */
static pid_t child_by_scan(pid_t parent)
{
	DIR *d = opendir("/proc");
	pid_t found = 0;
	for (struct dirent *e; d && !found && (e = readdir(d));) {
		char path[300], stat[512];
		int pid = (int)strtol(e->d_name, NULL, 10), ppid;
		if (pid <= 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stat", e->d_name);
		FILE *f = fopen(path, "re");
		size_t n = f ? fread(stat, 1, sizeof(stat) - 1, f) : 0;
		if (f)
			fclose(f);
		stat[n] = '\0';
		const char *after = strrchr(stat, ')');
		if (after && sscanf(after, ") %*c %d", &ppid) == 1 && ppid == parent)
			found = pid;
	}
	if (d)
		closedir(d);
	return found;
}

/* /proc/self is ourselves as the PID namespace of that /proc numbers us. */
static bool own_proc(void)
{
	char name[24];
	ssize_t n = readlink("/proc/self", name, sizeof(name) - 1);
	if (n <= 0)
		return false;
	name[n] = '\0';
	return strtol(name, NULL, 10) == getpid();
}

pid_t program_child(pid_t parent)
{
	char path[64];
	int child = 0;
	if (!own_proc())
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	FILE *f = fopen(path, "re");
	if (!f)
		return child_by_scan(parent);
	if (fscanf(f, "%d", &child) != 1)
		child = 0;
	fclose(f);
	return child;
}

pid_t program_worker(pid_t leader)
{
	enum { NEAR = 256 }; /* a PID namespace of our own gives numbers in turn */
	pid_t child = program_child(leader);
	for (pid_t pid = leader + 1; child < 0 && pid < leader + NEAR; pid++)
		if (getpgid(pid) == leader)
			child = pid;
	return child < 0 ? 0 : child;
}

void program_reap_orphans(void)
{
	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);
		if (pid > 0)
			continue;
		if (pid < 0) /* ECHILD: nothing is left */
			return;
		pid_t child = program_child(getpid());
		if (child <= 0) /* no /proc to ask: init may end all but itself */
			child = getpid() == 1 ? -1 : 0;
		if (!child)
			return;
		kill(child, SIGKILL);
		if (child > 0)
			waitpid(child, NULL, 0);
		else
			waitpid(-1, NULL, 0);
	}
}
