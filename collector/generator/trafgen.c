/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives trafgen. What it does and what follows:
 *  - with --rate or --gap it forks exactly one worker, which puts itself on CPU 0: a process for
 *    each core is started, and its worker is moved once it runs;
 *  - --rate sends a second's packets at full speed and sleeps the rest: period_ns;
 *  - stopped by time it sends up to a burst too many: -n counts the packets instead;
 *  - -p 0 uses the slow path by --gap 0ns (the TX_RING path retries its frames on veth);
 *  - SIGTERM to the parent leaves the worker sending, a worker that spins on ENOBUFS ignores all
 *    but SIGKILL, and the parent of a killed worker spins forever: the process group is ended,
 *    then whatever was inherited from it; a parent that has lost its worker is looked for;
 *  - 0.6.8 writes .tmp_mmap.XXXXXX where it stands: the agent stands in a folder of its own;
 *  - it locks its memory and dies where that is not allowed;
 *  - it exits 0 when there was nothing to send.
 */
#include "collector/generator/trafgen.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/generator/program.h"
#include "common/clock.h"

struct worker {
	pid_t pid; /* of trafgen's parent process, also its process group; 0: ended */
	int out;   /* its stdout and stderr; -1: closed */
	int core;
	bool placed;
	int64_t look_at_ns; /* when to look next whether the worker is there */
	bool missing;	    /* it was not, the last time */
	int status;
	struct trafgen_words words;
	char line[256];
	size_t line_len;
};

struct generator {
	struct worker *workers;
	size_t n;
	uint64_t wanted; /* 0: until stopped */
	int64_t duration_ns;
	bool stopping;
	int64_t first_ns, last_ns;
	char error[256];
};

static int check(const struct generator_plan *plan, struct nb_err *err)
{
	char path[PROGRAM_PATH];
	struct rlimit lock;
	cpu_set_t cpus;
	(void)plan;
	if (program_find(path, "trafgen"))
		return nb_error(err, "trafgen: not found in PATH, /usr/sbin or /sbin: install the "
				     "package netsniff-ng");
	if (!sched_getaffinity(0, sizeof(cpus), &cpus) && !CPU_ISSET(0, &cpus) &&
	    !program_has_option(path, "bind-cpus"))
		return nb_error(err, "trafgen: its worker insists on CPU 0, which this cpuset does "
				     "not have: allow CPU 0, or use another generator");
	if (program_unprivileged() && !getrlimit(RLIMIT_MEMLOCK, &lock) &&
	    lock.rlim_cur != RLIM_INFINITY && lock.rlim_cur < (64U << 20))
		return nb_error(
			err,
			"trafgen: it locks its memory, and only %" PRIu64
			" KiB may be locked here: raise it (ulimit -l unlimited), or run it with "
			"CAP_IPC_LOCK (root, a pod's capability IPC_LOCK)",
			(uint64_t)lock.rlim_cur / 1024);
	return 0;
}

static int write_profile(char name[static 40], size_t i, const struct generator_plan *plan,
			 struct nb_err *err)
{
	struct nb_text text = {0};
	snprintf(name, 40, "trafgen.%zu.cfg", i);
	trafgen_profile(&text, plan);
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n = fd < 0 ? -1 : write(fd, text.s, text.len);
	if (fd >= 0)
		close(fd);
	int ret = n == (ssize_t)text.len ? 0
					 : nb_error(err, "trafgen: write its profile %s: %s", name,
						    strerror(errno));
	text_free(&text);
	return ret;
}

static int start_worker(struct worker *w, size_t i, const struct generator_plan *plan,
			const char *path, bool can_bind, uint64_t pps, struct nb_err *err)
{
	char profile[40], rate[32], number[32], core[16];
	const char *argv[20] = {"trafgen",    "--conf",	       profile,	       "--dev",
				plan->ifname, "--notouch-irq", "--no-sock-mem"};
	size_t n = 7;
	if (write_profile(profile, i, plan, err))
		return -1;
	if (plan->pps) {
		/* 0.6.8 knows no k or M; the count ends it, the rate holds until then */
		snprintf(rate, sizeof(rate), "%" PRIu64 "pps", pps);
		snprintf(number, sizeof(number), "%" PRIu64,
			 (uint64_t)(((__int128)pps * plan->duration_ns + NB_SEC / 2) / NB_SEC));
		argv[n++] = "--rate";
		argv[n++] = rate;
		argv[n++] = "--num";
		argv[n++] = number;
	} else {
		argv[n++] = "--gap";
		argv[n++] = "0ns";
	}
	if (can_bind) {
		snprintf(core, sizeof(core), "%d", w->core);
		argv[n++] = "--bind-cpus";
		argv[n++] = core;
		w->placed = true;
	}
	argv[n] = NULL;
	return program_spawn(&w->pid, &w->out, path, (char *const *)(uintptr_t)argv, err);
}

static void stop(struct generator *g);
static void free_generator(struct generator *g);

static int start(struct generator **out, const struct generator_plan *plan, struct nb_err *err)
{
	char path[PROGRAM_PATH];
	if (check(plan, err) || program_find(path, "trafgen"))
		return -1;
	bool can_bind = program_has_option(path, "bind-cpus");
	struct generator *g = nb_alloc(1, sizeof(*g));
	g->workers = nb_alloc(plan->n_cores, sizeof(*g->workers));
	g->wanted = plan->pps;
	g->duration_ns = plan->duration_ns;
	for (size_t i = 0; i < plan->n_cores; i++) {
		uint64_t pps = plan->pps ? generator_share(plan->pps, plan->n_cores, i) : 0;
		struct worker *w = &g->workers[g->n];
		if (plan->pps && !pps) /* fewer packets a second than cores */
			continue;
		w->core = plan->cores[i];
		w->out = -1;
		if (start_worker(w, i, plan, path, can_bind, pps, err)) {
			stop(g);
			free_generator(g);
			return -1;
		}
		g->n++;
	}
	*out = g;
	return 0;
}

static size_t poll_fds(const struct generator *g, struct pollfd *fds, size_t cap)
{
	size_t n = 0;
	for (size_t i = 0; i < g->n && n < cap; i++)
		if (g->workers[i].out >= 0)
			fds[n++] = (struct pollfd){.fd = g->workers[i].out, .events = POLLIN};
	return n;
}

/* Moves the worker off CPU 0. It is the only child of the process that was started. */
static void place(struct worker *w)
{
	pid_t child = program_worker(w->pid);
	cpu_set_t set;
	if (child <= 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)w->core, &set);
	w->placed = !sched_setaffinity(child, sizeof(set), &set);
}

static void take_output(struct generator *g, struct worker *w)
{
	char buf[512];
	ssize_t n;
	while (w->out >= 0 && (n = read(w->out, buf, sizeof(buf))) != -1) {
		if (!n) {
			close(w->out);
			w->out = -1;
		}
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] != '\n' && w->line_len + 1 < sizeof(w->line)) {
				w->line[w->line_len++] = buf[i];
				continue;
			}
			w->line[w->line_len] = '\0';
			w->line_len = 0;
			trafgen_line(&w->words, w->line);
		}
	}
	if (w->words.running && !g->first_ns)
		g->first_ns = clock_monotonic();
	if (w->words.running && !w->placed && w->pid)
		place(w);
}

static void reap(struct generator *g, struct worker *w)
{
	if (!w->pid || waitpid(w->pid, &w->status, WNOHANG) != w->pid)
		return;
	w->pid = 0;
	take_output(g, w);
	if (g->stopping)
		return;
	if (!WIFEXITED(w->status) || WEXITSTATUS(w->status)) {
		snprintf(g->error, sizeof(g->error), "trafgen %s %d%s%s",
			 WIFSIGNALED(w->status) ? "was killed by signal" : "exited with",
			 WIFSIGNALED(w->status) ? WTERMSIG(w->status) : WEXITSTATUS(w->status),
			 w->words.complaint[0] ? ": " : "", w->words.complaint);
	} else if (w->words.nothing_to_send || !w->words.outgoing_known || !w->words.outgoing) {
		snprintf(g->error, sizeof(g->error),
			 "trafgen had nothing to send (it says 0 packets) and exited 0");
	} else if (!g->wanted) {
		snprintf(g->error, sizeof(g->error), "trafgen ended before it was stopped");
	}
}

/* Has the parent lost its worker? Twice in a row, half a second apart: when it ends in order, its
 * parent does so at once. */
static void look_for_worker(struct generator *g, struct worker *w)
{
	int64_t now = clock_monotonic();
	if (!w->pid || !w->words.running || now < w->look_at_ns)
		return;
	bool missing = w->look_at_ns && !program_worker(w->pid);
	if (missing && w->missing && !g->stopping)
		snprintf(g->error, sizeof(g->error), "trafgen's worker ended before its time");
	w->missing = missing;
	w->look_at_ns = now + NB_SEC / 2;
}

/* By its own clock where it has said so: its end lags behind by what its exit takes. It pauses
 * after a second's packets, not after the part of them that a duration of 2.5 s ends with: that
 * stands for its part of a second too. */
static int64_t end_of_sending(const struct generator *g)
{
	uint64_t elapsed_us = 0;
	for (size_t i = 0; i < g->n; i++)
		if (g->workers[i].words.elapsed_us > elapsed_us)
			elapsed_us = g->workers[i].words.elapsed_us;
	if (!elapsed_us || !g->first_ns)
		return clock_monotonic();
	int64_t elapsed = (int64_t)elapsed_us * 1000;
	int64_t paused = elapsed / NB_SEC * NB_SEC + g->duration_ns % NB_SEC;
	if (g->wanted && elapsed < paused && paused <= g->duration_ns)
		elapsed = paused;
	return g->first_ns + elapsed;
}

static enum generator_state advance(struct generator *g)
{
	bool running = false, alive = false;
	for (size_t i = 0; i < g->n; i++) {
		struct worker *w = &g->workers[i];
		take_output(g, w);
		reap(g, w);
		look_for_worker(g, w);
		running |= w->words.running;
		alive |= w->pid != 0;
	}
	if (!alive && !g->last_ns)
		g->last_ns = end_of_sending(g);
	if (g->error[0])
		return GENERATOR_FAILED;
	return !alive ? GENERATOR_DONE : running ? GENERATOR_RUNNING : GENERATOR_STARTING;
}

static void stop(struct generator *g)
{
	enum { PATIENCE_MS = 300 };
	bool alive = false;
	g->stopping = true;
	for (size_t i = 0; i < g->n; i++)
		if (g->workers[i].pid) {
			kill(-g->workers[i].pid, SIGTERM);
			alive = true;
		}
	int64_t until = clock_monotonic() + PATIENCE_MS * NB_MSEC;
	while (alive && clock_monotonic() < until) {
		struct pollfd fds[64];
		poll(fds, poll_fds(g, fds, 64), 10);
		alive = advance(g) < GENERATOR_DONE;
	}
	if (!g->last_ns)
		g->last_ns = clock_monotonic();
	for (size_t i = 0; i < g->n; i++) {
		struct worker *w = &g->workers[i];
		/* the group outlives its leader: a worker may still spin in it */
		if (w->pid) {
			kill(-w->pid, SIGKILL);
			while (waitpid(w->pid, &w->status, 0) < 0 && errno == EINTR)
				;
			w->pid = 0;
		}
		take_output(g, w);
		if (w->out >= 0)
			close(w->out);
		w->out = -1;
	}
	program_reap_orphans();
}

static void report(const struct generator *g, struct generator_report *out)
{
	*out = (struct generator_report){.first_packet_ns = g->first_ns,
					 .last_packet_ns = g->last_ns,
					 .packets_known = g->n > 0};
	for (size_t i = 0; i < g->n; i++) {
		out->packets += g->workers[i].words.outgoing;
		out->packets_known &= g->workers[i].words.outgoing_known;
	}
	snprintf(out->error, sizeof(out->error), "%s", g->error);
}

static void free_generator(struct generator *g)
{
	free(g->workers);
	free(g);
}

const struct generator_ops generator_trafgen = {
	.name = "trafgen",
	.help = "trafgen of netsniff-ng: whole one-second bursts at full speed",
	.period_ns = NB_SEC,
	.check = check,
	.start = start,
	.poll = poll_fds,
	.advance = advance,
	.stop = stop,
	.report = report,
	.free = free_generator,
};
