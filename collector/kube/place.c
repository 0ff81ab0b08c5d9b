/* SPDX-License-Identifier: Apache-2.0 */
/* Pushing agents, starting them, asking them; everything for all places at once. */
#include "collector/kube/place.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/kube/ssh.h"
#include "common/clock.h"

enum { PARALLEL = 8, EXEC_S = 60, HELLO_S = 30, ANSWER_S = 15, CLOCK_ROUNDS = 8, END_S = 4 };

/* --- pushing --------------------------------------------------------------------------------- */

/* Only what any `sh` has. Says `stray PID NAME` of generators that run, then `file PATH` of the
 * agent, `full FOLDER` where it does not fit, or `none` where no folder takes a file that may be
 * executed. An agent removes its own file; one that was never started could not: what is older than
 * two minutes, by the number that ends its name, and no process executes, is removed first. */
#define FIND_STRAYS                                                                                \
	"for p in /proc/[0-9]*; do c=; read -r c 2>/dev/null <$p/comm; case $c in "                \
	"trafgen*|nb-agent*|mz|mausezahn|pktgen*|iperf*|netperf) "                                 \
	"s=; read -r _ _ s _ 2>/dev/null <$p/stat; [ \"$s\" = Z ] || echo stray ${p#/proc/} $c;; " \
	"esac; done; "

static const char find_script[] = FIND_STRAYS ":";

#define FOLDERS "\"${TMPDIR:-/tmp}\" /tmp /var/tmp /run /dev/shm \"$HOME\" ."
#define SWEEP                                                                                      \
	"for d in " FOLDERS "; do for f in \"$d\"/nb-agent-*-*-*; do t=${f##*-}; "                 \
	"case $t in ''|*[!0-9]*) continue;; esac; [ $(($1 - t)) -gt 120 ] || continue; "           \
	"for p in /proc/[0-9]*/exe; do [ \"$p\" -ef \"$f\" ] && continue 2; done; "                \
	"rm -f \"$f\"; done; done 2>/dev/null; "

static const char push_script[] = FIND_STRAYS SWEEP
	"for d in " FOLDERS "; do f=$d/$0; "
	"( : >\"$f\" && chmod 700 \"$f\" && [ -x \"$f\" ] ) 2>/dev/null || "
	"{ rm -f \"$f\" 2>/dev/null; continue; }; "
	"cat >\"$f\" && echo file \"$f\" && exit 0; rm -f \"$f\"; cat >/dev/null; "
	"echo full \"$d\"; exit 0; done; cat >/dev/null; echo none";

static const char remove_script[] = "for d in " FOLDERS "; do rm -f \"$d/$0\"; done";

/* The static agent lies beside this program. */
static char *read_agent(size_t *len, struct nb_err *err)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 16);
	char *slash = n > 0 ? (path[n] = '\0', strrchr(path, '/')) : NULL;
	if (!slash)
		return nb_error(err, "kube: where this program lies cannot be read"), NULL;
	memcpy(slash + 1, "nb-agent", 9);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st)) {
		nb_error(err,
			 "kube: %s: %s: the static agent that is put into pods is part of the "
			 "build; it needs libjansson.a",
			 path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	char *bytes = nb_alloc((size_t)st.st_size + 1, 1);
	*len = 0;
	for (ssize_t r; (r = read(fd, bytes + *len, (size_t)st.st_size - *len)) > 0;)
		*len += (size_t)r;
	close(fd);
	return bytes;
}

/* FNV-1a, as of text_hash(), over all bytes. */
static uint64_t hash(const char *bytes, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	return h;
}

static void add_stray(struct place *p, const char *line)
{
	struct nb_text names = {0}, ids = {0};
	const char *name = strchr(line, ' ');
	if (!name)
		return;
	text_addf(&names, "%s%s%s %.*s", p->strays ? p->strays : "", p->strays ? ", " : "",
		  name + 1, (int)(name - line), line);
	text_addf(&ids, "%s%s%.*s", p->stray_ids ? p->stray_ids : "", p->stray_ids ? " " : "",
		  (int)(name - line), line);
	free(p->strays);
	free(p->stray_ids);
	p->strays = names.s;
	p->stray_ids = ids.s;
}

static void take_push_answer(struct place *p, char *text)
{
	char *save = NULL;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, "stray ", 6))
			add_stray(p, line + 6);
		if (!strncmp(line, "file ", 5)) {
			free(p->file);
			p->file = nb_strdup(line + 5);
		}
		if (!strncmp(line, "full ", 5)) {
			free(p->full);
			p->full = nb_strdup(line + 5);
		}
	}
}

static char **exec_argv(const struct kube *k, const struct place *p, const char *a, const char *b,
			const char *c, const char *d, const char *e)
{
	const char *const words[] = {
		"exec", "-i", p->pod->name, "-c", p->pod->container, "--", a, b, c, d, e, NULL};
	return p->ssh ? ssh_argv(p->user, p->pod->ip, words + 6) : kubectl_argv(k, words);
}

static int exec_error(struct nb_err *err, const char *what, const struct place *p,
		      const struct proc *proc)
{
	return p->ssh ? ssh_error(err, what, p->pod->ip, proc) : kubectl_error(err, what, proc);
}

/* Why the agent is not there. */
static int push_error(struct nb_err *err, const struct place *p, const struct proc *proc,
		      size_t len)
{
	char what[128];
	snprintf(what, sizeof(what), "put the agent into %.80s", p->pod->name);
	if (proc->exit_code)
		return exec_error(err, what, p, proc);
	if (p->full)
		return nb_error(err, "kube: %s: there is no room in %s: %zu KiB are needed", what,
				p->full, len / 1024);
	return nb_error(err, "kube: %s: no folder there takes a program: mount an emptyDir at /tmp",
			what);
}

int places_push(struct place *p, size_t n, const struct kube *k, struct nb_err *err)
{
	struct proc *procs = nb_alloc(n, sizeof(*procs));
	size_t len;
	uint64_t token;
	char file[64], now[24];
	int ret = -1;
	char *bytes = read_agent(&len, err);
	if (!bytes)
		goto cleanup;
	if (getrandom(&token, sizeof(token), 0) != (ssize_t)sizeof(token))
		token = (uint64_t)clock_realtime();
	/* by its content; by a number of this run: the agent removes its own file, no other's; and
	 * by when it was put there */
	snprintf(now, sizeof(now), "%" PRId64, clock_realtime() / NB_SEC);
	snprintf(file, sizeof(file), "nb-agent-%08x-%08x-%s", (unsigned)hash(bytes, len),
		 (unsigned)token, now);
	for (size_t i = 0; i < n; i++) {
		snprintf(p[i].name, sizeof(p[i].name), "%08x-%zu", (unsigned)token, i);
		snprintf(p[i].pushed, sizeof(p[i].pushed), "%s", file);
		procs[i].argv = exec_argv(k, &p[i], "sh", "-c", push_script, file, now);
		procs[i].input = bytes;
		procs[i].input_len = len;
	}
	proc_run(procs, n, PARALLEL, EXEC_S * NB_SEC);
	ret = 0;
	for (size_t i = 0; i < n; i++) {
		if (procs[i].out.s)
			take_push_answer(&p[i], procs[i].out.s);
		if (!ret && (procs[i].exit_code || !p[i].file))
			ret = push_error(err, &p[i], &procs[i], len);
	}
cleanup:
	for (size_t i = 0; i < n; i++) {
		kubectl_argv_free((char **)(uintptr_t)procs[i].argv);
		proc_free(&procs[i]);
	}
	free(procs);
	free(bytes);
	return ret;
}

void places_find_strays(struct place *p, size_t n, const struct kube *k, struct nb_text *failed)
{
	struct proc *procs = nb_alloc(n, sizeof(*procs));
	for (size_t i = 0; i < n; i++)
		procs[i].argv = exec_argv(k, &p[i], "sh", "-c", find_script, NULL, NULL);
	proc_run(procs, n, PARALLEL, EXEC_S * NB_SEC);
	for (size_t i = 0; i < n; i++) {
		struct nb_err why = {0};
		if (!procs[i].exit_code && procs[i].out.s)
			take_push_answer(&p[i], procs[i].out.s);
		else if (procs[i].exit_code) {
			exec_error(&why, "look for generators", &p[i], &procs[i]);
			text_addf(failed, "%s: %s\n", p[i].pod->name, why.text);
		}
		kubectl_argv_free((char **)(uintptr_t)procs[i].argv);
		proc_free(&procs[i]);
	}
	free(procs);
}

int places_kill_strays(struct place *p, size_t n, const struct kube *k, struct nb_err *err)
{
	int ret = 0;
	for (size_t i = 0; i < n && !ret; i++) {
		if (!p[i].stray_ids)
			continue;
		char what[128];
		struct nb_text script = {0};
		text_addf(&script, "kill -9 %s 2>/dev/null; :", p[i].stray_ids);
		char **argv = exec_argv(k, &p[i], "sh", "-c", script.s, NULL, NULL);
		struct proc proc = {.argv = argv};
		proc_run(&proc, 1, 1, EXEC_S * NB_SEC);
		snprintf(what, sizeof(what), "end generators in %.80s", p[i].pod->name);
		if (proc.exit_code)
			ret = exec_error(err, what, &p[i], &proc);
		proc_free(&proc);
		kubectl_argv_free(argv);
		text_free(&script);
	}
	return ret;
}

/* --- talking --------------------------------------------------------------------------------- */

static int start(struct place *p, const struct kube *k, const char *option, struct nb_err *err)
{
	char **argv = exec_argv(k, p, p->file, option, p->name, NULL, NULL);
	if (p->said <= 0)
		p->said = memfd_create("transport", MFD_CLOEXEC);
	if (p->said > 0) {
		(void)!ftruncate(p->said, 0);
		lseek(p->said, 0, SEEK_SET);
	}
	int ret = proc_start(&p->pid, &p->to, &p->from, p->said > 0 ? p->said : -1, argv, err);
	kubectl_argv_free(argv);
	p->reader.fd = ret ? -1 : p->from;
	p->reader.ended = ret != 0;
	p->reader.at = 0;
	text_cut(&p->reader.buf, 0);
	return ret;
}

static void read_said(struct place *p, struct nb_text *out)
{
	char text[4096];
	ssize_t n = p->said > 0 ? pread(p->said, text, sizeof(text) - 1, 0) : 0;
	text[n > 0 ? n : 0] = '\0';
	text_add(out, text);
}

static int ended_error(struct place *p, struct nb_err *err)
{
	char what[128];
	struct proc proc = {0};
	snprintf(what, sizeof(what), "the agent in %.80s", p->pod->name);
	read_said(p, &proc.err);
	exec_error(err, what, p, &proc);
	proc_free(&proc);
	return -1;
}

/* A line of each place that is waited for; take() says whether it was that one. */
typedef bool take_line(struct place *p, const char *line, void *payload);

static int listen_all(struct place *p, size_t n, bool *wait, take_line *take, void *payload,
		      int timeout_s, struct nb_err *err)
{
	struct pollfd *fds = nb_alloc(n, sizeof(*fds));
	int64_t until = clock_monotonic() + timeout_s * NB_SEC;
	size_t left = 0;
	int ret = 0;
	for (size_t i = 0; i < n; i++)
		left += wait[i];
	while (left && !ret) {
		for (size_t i = 0; i < n; i++)
			fds[i] = (struct pollfd){.fd = wait[i] ? p[i].reader.fd : -1,
						 .events = POLLIN};
		poll(fds, n, 100);
		for (size_t i = 0; i < n && !ret; i++) {
			if (!wait[i] || !fds[i].revents)
				continue;
			line_fill(&p[i].reader);
			for (char *line; wait[i] && (line = line_next(&p[i].reader));)
				if (take(&p[i], line, payload)) {
					wait[i] = false;
					left--;
				}
			if (wait[i] && p[i].reader.ended)
				ret = ended_error(&p[i], err);
		}
		for (size_t i = 0; i < n && !ret && clock_monotonic() > until; i++)
			if (wait[i])
				ret = nb_error(err, "kube: the agent in %s does not answer",
					       p[i].pod->name);
	}
	free(fds);
	return ret;
}

static bool take_hello(struct place *p, const char *line, void *payload)
{
	(void)payload;
	json_t *m = json_loads(line, 0, NULL);
	const char *id = json_string_value(json_object_get(m, "boot_id"));
	snprintf(p->boot_id, sizeof(p->boot_id), "%s", id ? id : "");
	json_decref(m);
	p->hello = nb_strdup(line);
	return true;
}

int places_start(struct place *p, size_t n, const struct kube *k, struct nb_err *err)
{
	bool *wait = nb_alloc(n, sizeof(*wait));
	int ret = 0;
	for (size_t i = 0; i < n && !ret; i++) {
		ret = start(&p[i], k, "--serve", err);
		wait[i] = true;
	}
	if (!ret)
		ret = listen_all(p, n, wait, take_hello, NULL, HELLO_S, err);
	free(wait);
	return ret;
}

static bool take_look(struct place *p, const char *line, void *payload)
{
	json_t *m = json_loads(line, 0, NULL);
	const char *type = json_string_value(json_object_get(m, "type"));
	(void)payload;
	if (!type || strcmp(type, "look") != 0) {
		json_decref(m);
		return false;
	}
	json_decref(p->look);
	p->look = m;
	return true;
}

int places_look(struct place *p, size_t n, json_t *const *questions, struct nb_err *err)
{
	bool *wait = nb_alloc(n, sizeof(*wait));
	for (size_t i = 0; i < n; i++)
		if (questions[i] && !message_send(p[i].to, json_incref(questions[i])))
			wait[i] = true;
	int ret = listen_all(p, n, wait, take_look, NULL, ANSWER_S, err);
	free(wait);
	return ret;
}

static bool take_clock(struct place *p, const char *line, void *payload)
{
	const int64_t *sent = payload;
	int64_t now = clock_monotonic(), real = clock_realtime();
	json_t *m = json_loads(line, 0, NULL);
	const char *type = json_string_value(json_object_get(m, "type"));
	bool is = type && !strcmp(type, "clock");
	if (is) {
		int64_t error = (now - *sent) / 2, middle = *sent + error;
		int64_t monotonic = json_integer_value(json_object_get(m, "monotonic_ns"));
		int64_t realtime = json_integer_value(json_object_get(m, "realtime_ns"));
		if (!p->clock_error_ns || error < p->clock_error_ns) {
			p->clock_error_ns = error;
			p->monotonic_offset_ns = monotonic - middle;
			p->realtime_offset_ns = realtime - (real - (now - middle));
		}
	}
	json_decref(m);
	return is;
}

/* One place at a time: questions side by side would wait for each other. */
int places_measure_clocks(struct place *p, size_t n, struct nb_err *err)
{
	for (size_t i = 0; i < n; i++)
		for (int round = 0; round < CLOCK_ROUNDS; round++) {
			bool wait = true;
			int64_t sent = clock_monotonic();
			message_send(p[i].to, json_pack("{s:s, s:i}", "type", "clock", "n", round));
			if (listen_all(&p[i], 1, &wait, take_clock, &sent, ANSWER_S, err))
				return -1;
		}
	return 0;
}

const json_t *place_link(const struct place *p)
{
	const json_t *links = json_object_get(p->look, "links");
	json_int_t index = json_integer_value(json_object_get(p->look, "ifindex"));
	for (size_t i = 0; i < json_array_size(links); i++)
		if (json_integer_value(json_object_get(json_array_get(links, i), "index")) == index)
			return json_array_get(links, i);
	return NULL;
}

const char *place_address(const struct place *p)
{
	return json_string_value(json_object_get(p->look, "address"));
}

unsigned place_frame_max(const struct place *p)
{
	enum { FRAMING = 18 }; /* Ethernet's header and FCS */
	json_int_t mtu = json_integer_value(json_object_get(place_link(p), "mtu"));
	return mtu > 0 && mtu < UINT16_MAX ? (unsigned)mtu + FRAMING : 0;
}

/* The names of its interfaces, but lo; false: `ifname` is none of them. */
static bool list_links(struct nb_text *out, const struct place *p, const char *ifname)
{
	const json_t *links = json_object_get(p->look, "links");
	bool there = false;
	for (size_t i = 0; i < json_array_size(links); i++) {
		const char *name =
			json_string_value(json_object_get(json_array_get(links, i), "name"));
		there |= name && !strcmp(name, ifname);
		if (name && strcmp(name, "lo") != 0)
			text_addf(out, "%s%s", out->len ? ", " : "", name);
	}
	return there;
}

int place_no_address(const struct place *p, const char *ifname, bool ipv6, struct nb_err *err)
{
	const char *ips = p->pod->ips ? p->pod->ips : p->pod->ip ? p->pod->ip : "";
	bool six = strchr(ips, ':') != NULL, four = strchr(ips, '.') != NULL;
	struct nb_text links = {0};
	if (!list_links(&links, p, ifname))
		nb_error(err, "kube: pod %s has no interface %s: see --ifname; it has %s",
			 p->pod->name, ifname, links.len ? links.s : "none");
	else if (ipv6 ? four && !six : six && !four)
		nb_error(err, "kube: pod %s has no IPv%d address at %s; it is %s: %s", p->pod->name,
			 ipv6 ? 6 : 4, ifname, ips, six ? "-6 sends IPv6" : "leave out -6");
	else
		nb_error(err, "kube: pod %s has no IPv%d address at %s: see --ifname; it has %s",
			 p->pod->name, ipv6 ? 6 : 4, ifname, links.s);
	text_free(&links);
	return -1;
}

/* --- losing and ending ----------------------------------------------------------------------- */

static void close_transport(struct place *p)
{
	if (p->to > 0)
		close(p->to);
	if (p->from > 0)
		close(p->from);
	if (p->pid > 0) {
		kill(-p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	p->to = p->from = -1;
	p->pid = 0;
}

int place_attach(struct place *p, const struct kube *k, struct nb_err *err)
{
	close_transport(p);
	return start(p, k, "--attach", err);
}

/* The API server may say many things while it comes up; these end all hope. */
bool place_is_lost(struct place *p, struct nb_text *why)
{
	static const char *const final[] = {"nb-agent: no agent", "NotFound",
					    "not found",	  "container not running",
					    "is terminated",	  "cannot exec in a stopped",
					    "completed pod"};
	struct nb_text said = {0};
	bool lost = false;
	read_said(p, &said);
	for (size_t i = 0; i < sizeof(final) / sizeof(*final); i++)
		lost |= !p->ssh && strstr(said.s, final[i]) != NULL;
	lost |= p->ssh && ssh_is_final(said.s);
	kubectl_reason(why, said.s);
	text_free(&said);
	return lost;
}

/* What did not start cannot remove itself; nor need its place have said where it put it. */
static void remove_files(struct place *p, size_t n, const struct kube *k)
{
	struct proc *procs = nb_alloc(n, sizeof(*procs));
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		if (*p[i].pushed && !p[i].hello)
			procs[count++].argv =
				exec_argv(k, &p[i], "sh", "-c", remove_script, p[i].pushed, NULL);
	proc_run(procs, count, PARALLEL, 10 * NB_SEC);
	for (size_t i = 0; i < count; i++) {
		kubectl_argv_free((char **)(uintptr_t)procs[i].argv);
		proc_free(&procs[i]);
	}
	free(procs);
}

void places_end(struct place *p, size_t n, const struct kube *k)
{
	int64_t until = clock_monotonic() + END_S * NB_SEC;
	for (size_t i = 0; i < n; i++)
		if (p[i].pid > 0)
			message_send(p[i].to, json_pack("{s:s}", "type", "bye"));
	remove_files(p, n, k);
	for (size_t i = 0; i < n; i++) {
		while (p[i].pid > 0 && clock_monotonic() < until) {
			if (waitpid(p[i].pid, NULL, WNOHANG) == p[i].pid)
				p[i].pid = 0;
			else
				usleep(5000);
		}
		close_transport(&p[i]);
		if (p[i].said > 0)
			close(p[i].said);
		line_reader_free(&p[i].reader);
		json_decref(p[i].look);
		free(p[i].hello);
		free(p[i].file);
		free(p[i].full);
		free(p[i].strays);
		free(p[i].stray_ids);
	}
}
