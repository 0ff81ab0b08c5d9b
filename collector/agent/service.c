/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A served agent. In a pod the way to the collector leads through the API server and the node's
 * runtime; when either restarts, the process that was started there loses its input at once. So
 * the agent is a child in a session of its own, and what was started only carries bytes.
 */
#include "collector/agent/service.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/agent/agent.h"
#include "collector/agent/protocol.h"
#include "collector/generator/program.h"
#include "common/clock.h"

enum { NO_SUCH_AGENT = 3 };

struct agent_service {
	int fd; /* listens */
	int64_t grace_ns;
	bool connected, resumed, keeps, ended;
	int64_t until;	   /* not connected: when the grace is over */
	uint64_t first;	   /* number of the first line that is kept */
	uint64_t messages; /* of the collector, since the plan */
};

int64_t service_grace(const struct agent_service *s)
{
	return s->grace_ns;
}

int service_fd(const struct agent_service *s)
{
	return s->connected ? -1 : s->fd;
}

/* The socket has no file and no mode: whoever is not of our user is turned away. */
static bool is_ours(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) && peer.uid == geteuid();
}

int service_accept(struct agent_service *s)
{
	int fd = s->connected ? -1 : accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return -1;
	if (!is_ours(fd)) {
		close(fd);
		return -1;
	}
	s->connected = true;
	s->resumed = !s->keeps;
	return fd;
}

void service_lost(struct agent_service *s)
{
	s->connected = false;
	s->until = clock_monotonic() + s->grace_ns;
}

bool service_over(const struct agent_service *s)
{
	return s->ended || (!s->connected && clock_monotonic() > s->until);
}

void service_end(struct agent_service *s)
{
	s->ended = true;
}

void service_begin(struct agent_service *s, struct nb_text *out, size_t *written)
{
	text_cut(out, 0); /* what came before the plan was answers, and was read */
	*written = 0;
	s->keeps = true;
}

bool service_keeps(const struct agent_service *s)
{
	return s->keeps;
}

bool service_may_write(const struct agent_service *s)
{
	return s->resumed;
}

void service_count(struct agent_service *s)
{
	s->messages++;
}

/* Forgets the lines before number `line`. */
static void forget(struct agent_service *s, uint64_t line, struct nb_text *out, size_t *written)
{
	size_t at = 0;
	while (s->first < line) {
		const char *end = at < out->len ? memchr(out->s + at, '\n', out->len - at) : NULL;
		if (!end)
			break;
		at = (size_t)(end + 1 - out->s);
		s->first++;
	}
	if (!at)
		return;
	memmove(out->s, out->s + at, out->len - at + 1);
	out->len -= at;
	*written = *written > at ? *written - at : 0;
}

static uint64_t lines(const json_t *m)
{
	json_int_t n = json_integer_value(json_object_get(m, "lines"));
	return n > 0 ? (uint64_t)n : 0;
}

void service_taken(struct agent_service *s, const json_t *m, struct nb_text *out, size_t *written)
{
	if (s->keeps && s->resumed)
		forget(s, lines(m), out, written);
}

void service_resume(struct agent_service *s, const json_t *m, struct nb_text *out, size_t *written,
		    int fd)
{
	forget(s, lines(m), out, written);
	*written = 0;
	s->resumed = true;
	message_send(fd, json_pack("{s:s, s:I}", "type", "resumed", "messages",
				   (json_int_t)s->messages));
}

/* --- the processes around it ------------------------------------------------------------------ */

static socklen_t address_of(struct sockaddr_un *out, const char *name)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	/* abstract (unix(7)): a zero first, no file, gone with its last descriptor */
	int n = snprintf(out->sun_path + 1, sizeof(out->sun_path) - 1, "netbound-%s", name);
	size_t len = n < 0 || (size_t)n >= sizeof(out->sun_path) - 1 ? sizeof(out->sun_path) - 2
								     : (size_t)n;
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len);
}

static int open_socket(const char *name, bool listening)
{
	struct sockaddr_un address;
	socklen_t len = address_of(&address, name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (listening ? bind(fd, (struct sockaddr *)&address, len) || listen(fd, 4) ||
				fcntl(fd, F_SETFL, O_NONBLOCK)
		      : connect(fd, (struct sockaddr *)&address, len)) {
		int saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

/* Copies what is there; false when the source has ended or the sink is gone. */
static bool carry(int from, int to)
{
	char chunk[65536];
	ssize_t n = read(from, chunk, sizeof(chunk));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	return n > 0 && !write_all(to, chunk, (size_t)n);
}

static void relay(int fd)
{
	for (;;) {
		struct pollfd fds[] = {
			{.fd = STDIN_FILENO, .events = POLLIN},
			{.fd = fd,	   .events = POLLIN}
		    };
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if ((fds[1].revents && !carry(fd, STDOUT_FILENO)) ||
		    (fds[0].revents && !carry(STDIN_FILENO, fd)))
			break;
	}
	close(fd);
}

static void ignore_signals(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* The agent itself: away from the session and the descriptors it was started with. */
static int child(struct agent_service *s, bool remove_itself)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	setsid();
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
	int ret = agent_serve_connections(s);
	if (remove_itself && n > 0) {
		self[n] = '\0';
		unlink(self);
	}
	return ret;
}

int agent_serve_named(const char *name, int64_t grace_ns, bool remove_itself)
{
	struct agent_service s = {.fd = open_socket(name, true), .grace_ns = grace_ns};
	int status;
	if (s.fd < 0) {
		fprintf(stderr, "nb-agent: serve %s: %s\n", name, strerror(errno));
		return 1;
	}
	service_lost(&s);
	prctl(PR_SET_CHILD_SUBREAPER, 1L); /* what a killed agent leaves comes to us */
	pid_t pid = fork();
	if (pid == 0)
		_exit(child(&s, remove_itself));
	int fd = pid > 0 ? open_socket(name, false) : -1;
	close(s.fd);
	if (fd < 0) {
		fprintf(stderr, "nb-agent: start: %s\n", strerror(errno));
		return 1;
	}
	ignore_signals();
	relay(fd);
	/* it may still send, for its grace: whoever waits for us must not think it ended */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	int ret = waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	program_reap_orphans();
	return ret;
}

int agent_attach(const char *name)
{
	int fd = open_socket(name, false);
	if (fd < 0) {
		fprintf(stderr, "nb-agent: no agent %s: %s\n", name, strerror(errno));
		return NO_SUCH_AGENT;
	}
	ignore_signals();
	relay(fd);
	return 0;
}
