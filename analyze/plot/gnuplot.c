/* SPDX-License-Identifier: Apache-2.0 */
/* posix_spawn of gnuplot. Its exit code is 1 on an error, yet an empty picture is left behind; a
 * broken font configuration is said on standard error with exit code 0 (gnuplot 5.4). */
#include "analyze/plot/gnuplot.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/text.h"

#define FINISHED "netbound: drawn"
enum { LANES = 2, AT_ONCE = 50, SPLIT_FROM = 16 };

/* Where png_speed.c is: beside the program in a build folder, in ../lib/netbound once installed;
 * false if it is not, and pictures take longer. LD_PRELOAD parts its list at blanks and colons. */
static bool png_speed(struct nb_text *out)
{
	static const char *const places[] = {"", "../lib/netbound/"};
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	bool found = false;
	self[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(self, '/');
	for (size_t i = 0; slash && i < sizeof(places) / sizeof(*places) && !found; i++) {
		text_cut(out, 0);
		text_addf(out, "%.*s/%snb-png-speed.so", (int)(slash - self), self, places[i]);
		found = !access(out->s, R_OK) && !strpbrk(out->s, " :");
	}
	return found;
}

static bool named(const char *entry, const char *name)
{
	size_t n = strlen(name);
	return !strncmp(entry, name, n) && entry[n] == '=';
}

/* The environment with C.UTF-8, so that numbers have points and texts are UTF-8, and with what
 * makes pictures cheap. To be freed, as is *preload. */
static char **environment(struct nb_text *preload)
{
	extern char **environ;
	static char locale[] = "LC_ALL=C.UTF-8";
	struct nb_text speed = {0};
	const char *given = getenv("LD_PRELOAD");
	size_t n = 0, kept = 0;
	bool quick = png_speed(&speed);
	while (environ[n])
		n++;
	char **env = nb_alloc(n + 3, sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (!named(environ[i], "LC_ALL") && !(quick && named(environ[i], "LD_PRELOAD")))
			env[kept++] = environ[i];
	env[kept++] = locale;
	if (quick) {
		text_addf(preload, "LD_PRELOAD=%s%s%s", given ? given : "",
			  given && *given ? ":" : "", speed.s);
		env[kept] = preload->s;
	}
	text_free(&speed);
	return env;
}

/* Starts it in `dir` with standard error on a pipe; 0, or an errno. */
static int start(pid_t *pid, int *fd, const char *dir, char *const argv[])
{
	posix_spawn_file_actions_t actions;
	struct nb_text preload = {0};
	int pipes[2], rc;
	if (pipe2(pipes, O_CLOEXEC))
		return errno;
	char **env = environment(&preload);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, dir);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 2);
	rc = posix_spawnp(pid, argv[0], &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	free(env);
	text_free(&preload);
	close(pipes[1]);
	if (rc)
		close(pipes[0]);
	else
		*fd = pipes[0];
	return rc;
}

/* Reads what it says to the end: how many pictures it said it had finished, and of the rest the
 * line that tells the most, the last that is not blank. */
static size_t listen(char *out, size_t cap, int fd)
{
	struct nb_text all = {0};
	char buf[1024];
	size_t done = 0;
	ssize_t n;
	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && all.len < 1U << 20)
			text_add_n(&all, buf, (size_t)n);
	snprintf(out, cap, "it gave no reason");
	for (char *save = NULL, *line = all.s ? strtok_r(all.s, "\r\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\r\n", &save))
		if (!strcmp(line, FINISHED))
			done++;
		else if (line[strspn(line, " \t^")])
			snprintf(out, cap, "%s", line + strspn(line, " \t"));
	text_free(&all);
	return done;
}

static void name_part(struct nb_text *t, const char *dir, const char *image)
{
	text_addf(t, "%s%s.%s.part", dir, *dir ? "/" : "", image);
}

/* One process and the pictures that it draws, one after another. */
struct lane {
	struct gnuplot_picture *first;
	size_t n;
	pid_t pid;
	int fd, rc; /* errno of the start */
};

/* The arguments tell it all: for each picture `-e RESET -e COMMAND script -e COMMAND`. */
static void lane_start(struct lane *l, const char *dir)
{
	static char name[] = "gnuplot", defaults[] = "-d", e[] = "-e", reset[] = "reset session";
	static char finish[] = "unset multiplot; set output; printerr '" FINISHED "'";
	char **argv = nb_alloc(2 + 7 * l->n + 1, sizeof(*argv));
	size_t n = 0;
	argv[n++] = name;
	argv[n++] = defaults;
	for (size_t i = 0; i < l->n; i++) {
		struct gnuplot_picture *p = &l->first[i];
		struct nb_text part = {0}, set = {0};
		assert(!strchr(p->image, '\'') && !strchr(p->image, '/') && p->script[0] != '-');
		name_part(&part, "", p->image);
		text_addf(&set, "out = '%s'", part.s);
		argv[n++] = e;
		argv[n++] = reset;
		argv[n++] = e;
		argv[n++] = set.s;
		argv[n++] = nb_strdup(p->script);
		argv[n++] = e;
		argv[n++] = finish;
		text_free(&part);
	}
	l->rc = start(&l->pid, &l->fd, dir, argv);
	for (size_t i = 0; i < l->n; i++) {
		free(argv[2 + 7 * i + 3]);
		free(argv[2 + 7 * i + 4]);
	}
	free(argv);
}

/* Whether a picture is there to its end: gnuplot does not look whether it could write one. */
static bool is_whole(const char *path)
{
	static const char png[] = "IEND\xae\x42\x60\x82", svg[] = "</svg>";
	char tail[17] = "";
	FILE *f = fopen(path, "rb");
	size_t n = 0;
	if (f && !fseek(f, -(long)(sizeof(tail) - 1), SEEK_END))
		n = fread(tail, 1, sizeof(tail) - 1, f);
	if (f)
		fclose(f);
	return n == sizeof(tail) - 1 &&
	       (strstr(tail, svg) || !memcmp(tail + n - (sizeof(png) - 1), png, sizeof(png) - 1));
}

/* The name that it is to have, should it be whole. */
static void settle(struct gnuplot_picture *p, const char *dir, const char *said)
{
	struct nb_text part = {0}, whole = {0};
	name_part(&part, dir, p->image);
	text_addf(&whole, "%s/%s", dir, p->image);
	if (said)
		nb_error(&p->err, "plot: gnuplot failed on %s/%s: %s", dir, p->script, said);
	else if (!is_whole(part.s))
		nb_error(&p->err,
			 "plot: gnuplot drew nothing of %s/%s, or no more than there was room for: "
			 "name a folder with room with -o",
			 dir, p->script);
	else if (rename(part.s, whole.s))
		nb_error(&p->err, "plot: %s: %s", whole.s, strerror(errno));
	else
		p->result = GNUPLOT_DONE;
	if (p->result)
		unlink(part.s);
	text_free(&part);
	text_free(&whole);
}

/* Takes in what a process did; it is left with the pictures behind the one that it failed on. */
static void lane_end(struct lane *l, const char *dir)
{
	char said[400];
	int status = 0;
	if (l->rc) {
		for (size_t i = 0; i < l->n; i++) {
			struct gnuplot_picture *p = &l->first[i];
			p->result = l->rc == ENOENT ? GNUPLOT_MISSING : GNUPLOT_FAILED;
			if (l->rc == ENOENT)
				nb_error(&p->err,
					 "plot: gnuplot is not installed: apt-get install "
					 "gnuplot-nox fonts-dejavu-core; the scripts are written: "
					 "gnuplot draws them");
			else
				nb_error(&p->err, "plot: gnuplot: %s", strerror(l->rc));
		}
		l->n = 0;
		return;
	}
	size_t done = listen(said, sizeof(said), l->fd);
	close(l->fd);
	while (waitpid(l->pid, &status, 0) < 0 && errno == EINTR)
		;
	done = done < l->n ? done : l->n;
	for (size_t i = 0; i < done; i++)
		settle(&l->first[i], dir, NULL);
	if (done < l->n) {
		settle(&l->first[done], dir, said);
		done++;
	}
	l->first += done;
	l->n -= done;
}

void gnuplot_draw(const char *dir, struct gnuplot_picture *pictures, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pictures[i].result = GNUPLOT_FAILED;
	while (n) {
		size_t all = (size_t)LANES * AT_ONCE, most = n < all ? n : all;
		size_t lanes = most < SPLIT_FROM ? 1 : LANES, each = (most + lanes - 1) / lanes;
		struct lane lane[LANES] = {{0}};
		for (size_t k = 0, at = 0; k < lanes; k++, at += each)
			lane[k] = (struct lane){.first = pictures + at,
						.n = at + each < most ? each : most - at};
		for (bool any = true; any;) {
			any = false;
			for (size_t k = 0; k < lanes; k++)
				if (lane[k].n)
					lane_start(&lane[k], dir);
			for (size_t k = 0; k < lanes; k++) {
				if (lane[k].n)
					lane_end(&lane[k], dir);
				any |= lane[k].n > 0;
			}
		}
		pictures += most;
		n -= most;
	}
}
