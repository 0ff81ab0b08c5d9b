/* SPDX-License-Identifier: Apache-2.0 */
/* Children on pipes, one poll() for all of them. */
#include "collector/kube/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"

enum { OUT_MAX = 64 << 20, ERR_MAX = 64 << 10, NOT_FOUND = 127 };

/* Between fork and exec only system calls. SIGINT stays ignored across exec: Ctrl-C goes to us. */
static void become(char *const argv[], const int fds[3])
{
	sigset_t none;
	prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL);
	setpgid(0, 0);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 0; i < 3; i++)
		if (dup2(fds[i], i) < 0)
			_exit(126);
	execvp(argv[0], argv);
	_exit(NOT_FOUND);
}

static void close_all(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

/* `ends` gets our ends of the pipes; err_fd >= -1 stands for the third one, which is then -1. */
static pid_t start(int ends[3], int err_fd, char *const argv[])
{
	int theirs[3] = {-1, -1, -1}, pair[2];
	pid_t pid = -1;
	ends[0] = ends[1] = ends[2] = -1;
	for (int i = 0; i < 3; i++) {
		if (i == 2 && err_fd != -2) {
			theirs[2] = err_fd >= 0 ? fcntl(err_fd, F_DUPFD_CLOEXEC, 3)
						: open("/dev/null", O_WRONLY | O_CLOEXEC);
			continue;
		}
		if (pipe2(pair, O_CLOEXEC))
			goto fail;
		ends[i] = pair[i == 0];
		theirs[i] = pair[i != 0];
	}
	pid = fork();
	if (pid == 0)
		become(argv, theirs);
	if (pid > 0)
		setpgid(pid, pid);
fail:
	close_all(theirs, 3);
	if (pid < 0)
		close_all(ends, 3);
	return pid;
}

int proc_start(pid_t *pid, int *to, int *from, int err_fd, char *const argv[], struct nb_err *err)
{
	int ends[3];
	*pid = start(ends, err_fd, argv);
	if (*pid < 0)
		return nb_error(err, "%s: start: %s", argv[0], strerror(errno));
	*to = ends[0];
	*from = ends[1];
	return 0;
}

static void begin(struct proc *p, int64_t timeout_ns)
{
	p->pid = start(p->fds, -2, p->argv);
	p->until_ns = clock_monotonic() + timeout_ns;
	if (p->pid < 0) {
		p->exit_code = -1;
		text_addf(&p->err, "%s: start: %s", p->argv[0], strerror(errno));
		p->pid = 0;
		return;
	}
	for (int i = 0; i < 3; i++)
		fcntl(p->fds[i], F_SETFL, O_NONBLOCK);
	if (!p->input_len)
		close_all(p->fds, 1);
}

static void feed(struct proc *p)
{
	ssize_t n = write(p->fds[0], p->input + p->written, p->input_len - p->written);
	if (n > 0)
		p->written += (size_t)n;
	if ((n < 0 && errno != EAGAIN && errno != EINTR) || p->written == p->input_len)
		close_all(p->fds, 1);
}

static void drain(int *fd, struct nb_text *to, size_t max)
{
	char chunk[65536];
	ssize_t n = read(*fd, chunk, sizeof(chunk));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		close_all(fd, 1);
	else if (to->len + (size_t)n <= max)
		text_add_n(to, chunk, (size_t)n);
}

static void end(struct proc *p)
{
	int status = 0;
	waitpid(p->pid, &status, 0);
	close_all(p->fds, 3);
	p->pid = 0;
	p->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (p->exit_code == NOT_FOUND && !p->err.len)
		text_addf(&p->err, "%s: not found in PATH", p->argv[0]);
}

static void serve(struct proc *p, const struct pollfd *fds)
{
	if (fds[0].revents && p->fds[0] >= 0)
		feed(p);
	if (fds[1].revents && p->fds[1] >= 0)
		drain(&p->fds[1], &p->out, OUT_MAX);
	if (fds[2].revents && p->fds[2] >= 0)
		drain(&p->fds[2], &p->err, ERR_MAX);
	if (clock_monotonic() > p->until_ns) {
		p->timed_out = true;
		kill(-p->pid, SIGKILL);
		kill(p->pid, SIGKILL);
		end(p);
	} else if (p->fds[1] < 0 && p->fds[2] < 0) {
		end(p);
	}
}

void proc_run(struct proc *p, size_t n, size_t parallel, int64_t timeout_ns)
{
	struct pollfd *fds = nb_alloc(3 * parallel, sizeof(*fds));
	struct proc **running = nb_alloc(parallel, sizeof(struct proc *));
	size_t next = 0, count = 0;
	while (next < n || count) {
		for (; count < parallel && next < n; next++) {
			begin(&p[next], timeout_ns);
			if (p[next].pid)
				running[count++] = &p[next];
		}
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < 3; k++)
				fds[3 * i + k] = (struct pollfd){.fd = running[i]->fds[k],
								 .events = k ? POLLIN : POLLOUT};
		poll(fds, 3 * count, 100);
		size_t left = 0;
		for (size_t i = 0; i < count; i++) {
			serve(running[i], fds + 3 * i);
			if (running[i]->pid)
				running[left++] = running[i];
		}
		count = left;
	}
	free(running);
	free(fds);
}

void proc_free(struct proc *p)
{
	text_free(&p->out);
	text_free(&p->err);
}
