/* SPDX-License-Identifier: Apache-2.0 */
/* posix_spawn of gnuplot. Its exit code is 1 on an error, yet an empty picture is left behind; a
 * broken font configuration is said on standard error with exit code 0 (gnuplot 5.4). */
#include "analyze/plot/gnuplot.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/text.h"

/* The environment with C.UTF-8, so that numbers have points and texts are UTF-8. */
static char **environment(void)
{
	extern char **environ;
	static char locale[] = "LC_ALL=C.UTF-8";
	size_t n = 0, kept = 0;
	while (environ[n])
		n++;
	char **env = nb_alloc(n + 2, sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "LC_ALL=", 7) != 0)
			env[kept++] = environ[i];
	env[kept] = locale;
	return env;
}

/* Starts it in `dir` with standard error on a pipe; 0, or an errno. */
static int start(pid_t *pid, int *fd, const char *dir, char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int pipes[2], rc;
	if (pipe2(pipes, O_CLOEXEC))
		return errno;
	char **env = environment();
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, dir);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 2);
	rc = posix_spawnp(pid, argv[0], &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	free(env);
	close(pipes[1]);
	if (rc)
		close(pipes[0]);
	else
		*fd = pipes[0];
	return rc;
}

/* What it said, the line that tells the most: the last that is not blank. */
static void last_line(char *out, size_t cap, int fd)
{
	struct nb_text all = {0};
	char buf[1024];
	ssize_t n;
	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && all.len < 65536)
			text_add_n(&all, buf, (size_t)n);
	snprintf(out, cap, "it gave no reason");
	for (char *save = NULL, *line = all.s ? strtok_r(all.s, "\r\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\r\n", &save))
		if (line[strspn(line, " \t^")])
			snprintf(out, cap, "%s", line + strspn(line, " \t"));
	text_free(&all);
}

static int run(const char *dir, char *const argv[], int *status, char *said, size_t cap)
{
	pid_t pid = -1;
	int fd = -1, rc = start(&pid, &fd, dir, argv);
	if (rc)
		return rc;
	last_line(said, cap, fd);
	close(fd);
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

static bool drawn(const char *path)
{
	struct stat st;
	return !stat(path, &st) && st.st_size > 0;
}

enum gnuplot_result gnuplot_draw(const char *dir, const char *script, const char *image,
				 struct nb_err *err)
{
	struct nb_text set = {0}, temporary = {0}, final = {0};
	enum gnuplot_result ret = GNUPLOT_FAILED;
	char said[400];
	int status = 0;
	assert(!strchr(image, '\'') && !strchr(image, '/') && script[0] != '-');
	text_addf(&temporary, "%s/.%s.part", dir, image);
	text_addf(&final, "%s/%s", dir, image);
	text_addf(&set, "out = '.%s.part'", image);
	char name[] = "gnuplot", defaults[] = "-d", command[] = "-e", *file = nb_strdup(script);
	char *const argv[] = {name, defaults, command, set.s, file, NULL};
	int rc = run(dir, argv, &status, said, sizeof(said));
	if (rc == ENOENT) {
		ret = GNUPLOT_MISSING;
		nb_error(err, "plot: gnuplot is not installed: apt-get install gnuplot-nox "
			      "fonts-dejavu-core; the scripts are written: gnuplot draws them");
	} else if (rc) {
		nb_error(err, "plot: gnuplot: %s", strerror(rc));
	} else if (status || !drawn(temporary.s)) {
		nb_error(err, "plot: gnuplot failed on %s/%s: %s", dir, script, said);
	} else if (rename(temporary.s, final.s)) {
		nb_error(err, "plot: %s: %s", final.s, strerror(errno));
	} else {
		ret = GNUPLOT_DONE;
	}
	if (ret)
		unlink(temporary.s);
	free(file);
	text_free(&set);
	text_free(&temporary);
	text_free(&final);
	return ret;
}
