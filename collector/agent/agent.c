/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's state and its loop. Messages it sends are made in report.c. */
#include "collector/agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "collector/agent/service.h"
#include "collector/agent/state.h"
#include "common/clock.h"

enum {
	GRACE_NS_S = 10, /* past its plan's end by this, an agent exits */
	GENERATOR_SLACK_MS =
		50,	       /* a generator that ends by itself gets this before it is stopped */
	PENDING_MAX = 1 << 20, /* unwritten output above which the ring is left to wait */
};

static volatile sig_atomic_t terminated;

static void on_term(int sig)
{
	(void)sig;
	terminated = 1;
}

/* An error ends the agent's part in the run; the collector is told. */
static void fail(struct agent *a, const struct nb_err *err)
{
	agent_say_error(a, err->text);
	a->failed = true;
	a->state = AGENT_DONE;
}

static void stop_generator(struct agent *a)
{
	if (!a->generator)
		return;
	a->ops->stop(a->generator);
	agent_say_generator(a, GENERATOR_DONE);
	agent_forget_generator(a);
}

static void on_plan(struct agent *a, const json_t *m)
{
	struct nb_err err = {0};
	if (a->state != AGENT_IDLE || agent_take_plan(a, m, &err)) {
		nb_error(&err, "protocol: a plan came twice");
		fail(a, &err);
		return;
	}
	a->state = AGENT_READY;
	if (a->service) /* what is said from here on may be asked for again */
		service_begin(a->service, &a->out, &a->written);
	agent_say_ready(a);
}

/* By our clock: a start that lies a day off was meant for another. */
static int check_start(const struct agent *a, int64_t generate, struct nb_err *err)
{
	int64_t from = clock_monotonic() - 86400 * NB_SEC, to = from + NB_SEC * 86400 * 2;
	if (a->origin_ns < from || a->origin_ns > to || generate < from || generate > to)
		return nb_error(err, "protocol: start is not of this host's clock");
	return 0;
}

static void on_start(struct agent *a, const json_t *m)
{
	struct nb_err err = {0};
	int64_t generate;
	if (a->state != AGENT_READY || message_int(&a->origin_ns, m, "origin_ns", &err) ||
	    message_int(&generate, m, "generate_ns", &err) || check_start(a, generate, &err) ||
	    sampler_start(a->sampler, a->origin_ns, &err)) {
		nb_error(&err, "protocol: start came before a plan");
		fail(a, &err);
		return;
	}
	a->generate_at = a->ops ? generate : 0;
	a->plan.generator.start_ns = generate;
	a->stop_at = generate + a->plan.duration_ns + GENERATOR_SLACK_MS * NB_MSEC;
	a->deadline = generate + a->plan.duration_ns + (2 + GRACE_NS_S) * NB_SEC +
		      (a->service ? service_grace(a->service) : 0);
	a->state = AGENT_SAMPLING;
}

static void finish(struct agent *a)
{
	a->generate_at = 0;
	stop_generator(a);
	if (a->listener) /* before the last snapshot: UDP counts what is read */
		listener_stop(a->listener);
	if (a->state == AGENT_SAMPLING) {
		sampler_finish(a->sampler);
		agent_drain(a, SIZE_MAX);
		agent_say_listener(a);
		agent_say_done(a);
	}
	a->state = AGENT_DONE;
}

static void on_stop(struct agent *a, const json_t *m)
{
	(void)m;
	if (a->generate_at) /* it need not be waited for */
		agent_say_generator_unused(a);
	a->generate_at = 0;
	stop_generator(a);
}

static void on_finish(struct agent *a, const json_t *m)
{
	(void)m;
	finish(a);
}

/* The collector has all it wants: there is nothing to wait for. */
static void on_bye(struct agent *a, const json_t *m)
{
	(void)m;
	if (a->service)
		service_end(a->service);
	a->input.ended = true;
}

static void on_taken(struct agent *a, const json_t *m)
{
	if (a->service)
		service_taken(a->service, m, &a->out, &a->written);
}

static void on_resume(struct agent *a, const json_t *m)
{
	if (a->service)
		service_resume(a->service, m, &a->out, &a->written, a->out_fd);
}

static const struct {
	const char *type;
	void (*take)(struct agent *a, const json_t *m);
	bool counted; /* sent again after a connection broke, if it did not arrive */
} handlers[] = {
	{"plan",	 on_plan,	  true },
	     {"start",  on_start,	 true },
	{"stop",	 on_stop,	  true },
	     {"finish", on_finish,	   true },
	{"look",	 agent_look,	     false},
	     {"clock",  agent_say_clock, false},
	{"taken",  on_taken,	    false},
	     {"resume", on_resume,	   false},
	{"bye",	on_bye,		false},
};

static void take_line(struct agent *a, const char *line)
{
	struct nb_err err = {0};
	json_error_t where;
	const char *type = NULL;
	json_t *m = json_loads(line, 0, &where);
	if (!m) {
		nb_error(&err, "protocol: a line is not JSON: %s", where.text);
	} else if (!message_text(&type, m, "type", &err)) {
		for (size_t i = 0; i < sizeof(handlers) / sizeof(*handlers); i++)
			if (!strcmp(handlers[i].type, type)) {
				if (handlers[i].counted && a->service)
					service_count(a->service);
				handlers[i].take(a, m);
				json_decref(m);
				return;
			}
		nb_error(&err, "protocol: unknown message '%s'", type);
	}
	fail(a, &err);
	json_decref(m);
}

/* Starts the generator when its time has come; false: not yet. */
static void run_generator(struct agent *a, int64_t now)
{
	struct nb_err err = {0};
	if (a->generate_at && now >= a->generate_at) {
		a->generate_at = 0;
		if (a->ops->start(&a->generator, &a->plan.generator, &err)) {
			agent_say_generator_failed(a, err.text);
			return;
		}
	}
	if (!a->generator)
		return;
	enum generator_state state = a->ops->advance(a->generator);
	if (state != a->told && state == GENERATOR_RUNNING) {
		agent_say_generator(a, state);
		a->told = state;
	}
	if (state >= GENERATOR_DONE) {
		a->ops->stop(a->generator); /* whatever is left of it */
		agent_say_generator(a, state);
		agent_forget_generator(a);
	} else if (now >= a->stop_at) {
		stop_generator(a);
	}
}

/* How long may poll() sleep? Until the next instant that matters, at most a second. */
static int poll_timeout(const struct agent *a, int64_t now)
{
	int64_t next = now + NB_SEC;
	const int64_t instants[] = {a->generate_at, a->generator ? a->stop_at : 0,
				    a->state == AGENT_SAMPLING ? a->deadline : 0,
				    a->state == AGENT_SAMPLING ? now + a->drain_every_ns : 0};
	for (size_t i = 0; i < sizeof(instants) / sizeof(*instants); i++)
		if (instants[i] && instants[i] < next)
			next = instants[i];
	return next <= now ? 0 : (int)((next - now + NB_MSEC - 1) / NB_MSEC);
}

static void write_pending(struct agent *a)
{
	bool may = !a->service || service_may_write(a->service);
	while (may && a->out_fd >= 0 && a->out.len > a->written) {
		ssize_t n = write(a->out_fd, a->out.s + a->written, a->out.len - a->written);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0) { /* the collector is gone */
			a->out_fd = -1;
			a->input.ended = true;
			return;
		}
		a->written += (size_t)n;
		if (a->service && service_keeps(a->service))
			continue;
		memmove(a->out.s, a->out.s + a->written, a->out.len - a->written + 1);
		a->out.len -= a->written;
		a->written = 0;
	}
}

static void wait_and_read(struct agent *a)
{
	struct pollfd fds[67];
	nfds_t n = 0;
	bool waits = a->out.len > a->written && (!a->service || service_may_write(a->service));
	fds[n++] = (struct pollfd){.fd = a->input.fd, .events = POLLIN};
	fds[n++] = (struct pollfd){.fd = waits ? a->out_fd : -1, .events = POLLOUT};
	if (a->service)
		fds[n++] = (struct pollfd){.fd = service_fd(a->service), .events = POLLIN};
	if (a->generator)
		n += a->ops->poll(a->generator, fds + n, 64);
	if (poll(fds, n, poll_timeout(a, clock_monotonic())) <= 0)
		return;
	if (fds[0].fd >= 0 && fds[0].revents)
		line_fill(&a->input);
	for (char *line; (line = line_next(&a->input));)
		take_line(a, line);
}

/* What was not delivered goes to the file that was named for it. */
static void save_rest(struct agent *a, const char *out_path)
{
	if (!out_path || a->out.len == a->written)
		return;
	int fd = open(out_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	(void)!write_all(fd, a->out.s + a->written, a->out.len - a->written);
	close(fd);
}

static void setup_signals(void)
{
	struct sigaction sa = {.sa_handler = on_term};
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* The connection broke, and a new one may come: false when none came in time. */
static bool go_on(struct agent *a)
{
	if (!a->service || terminated)
		return false;
	if (a->input.ended) {
		if (a->input.fd >= 0)
			close(a->input.fd);
		a->input.fd = a->out_fd = -1;
		text_cut(&a->input.buf, 0);
		a->input.at = 0;
		a->input.ended = false;
		service_lost(a->service);
	}
	int fd = service_accept(a->service);
	if (fd >= 0) {
		a->input.fd = a->out_fd = fd;
		a->written = 0;
	}
	return a->input.fd >= 0 || !service_over(a->service);
}

static int serve(struct agent *a, const char *out_path)
{
	char folder[64] = "";
	terminated = 0;
	setup_signals();
	prctl(PR_SET_CHILD_SUBREAPER, 1L); /* a generator's orphans come to us */
	agent_enter_work_folder(folder);
	if (a->out_fd >= 0)
		fcntl(a->out_fd, F_SETFL, fcntl(a->out_fd, F_GETFL) | O_NONBLOCK);
	agent_say_hello(a);
	while (a->service ? go_on(a) : !a->input.ended && !terminated) {
		int64_t now = clock_monotonic();
		run_generator(a, now);
		if (a->state == AGENT_SAMPLING && a->out.len < PENDING_MAX)
			agent_drain(a, 256);
		write_pending(a);
		if (a->state == AGENT_SAMPLING && now > a->deadline)
			break;
		wait_and_read(a);
	}
	bool whole = a->state == AGENT_DONE && !a->failed && a->out.len == a->written;
	finish(a);
	write_pending(a);
	save_rest(a, out_path);
	agent_free(a);
	agent_leave_work_folder(folder);
	return whole ? 0 : 1;
}

int agent_serve(int in_fd, int out_fd, const char *out_path)
{
	struct agent a = {.input = {.fd = in_fd}, .out_fd = out_fd};
	return serve(&a, out_path);
}

int agent_serve_connections(struct agent_service *s)
{
	struct agent a = {.input = {.fd = -1}, .out_fd = -1, .service = s};
	return serve(&a, NULL);
}
