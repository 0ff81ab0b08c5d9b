/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a plan: from a message to open sources and a checked generator. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "collector/agent/state.h"
#include "common/clock.h"

static int parse_mac(unsigned char out[6], const char *s)
{
	unsigned v[6];
	char end;
	if (sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x%c", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5],
		   &end) != 6)
		return -1;
	for (int i = 0; i < 6; i++)
		out[i] = (unsigned char)v[i];
	return 0;
}

static int take_text(char *out, size_t cap, const json_t *m, const char *key, struct nb_err *err)
{
	const char *s;
	if (message_text(&s, m, key, err))
		return -1;
	if (strlen(s) >= cap)
		return nb_error(err, "protocol: '%s' is too long", key);
	memcpy(out, s, strlen(s) + 1);
	return 0;
}

static int take_mac(unsigned char out[6], const json_t *m, const char *key, struct nb_err *err)
{
	const char *s;
	if (message_text(&s, m, key, err))
		return -1;
	return parse_mac(out, s) ? nb_error(err, "protocol: '%s' is no MAC address", key) : 0;
}

static int take_generator(struct agent *a, const json_t *g, struct nb_err *err)
{
	struct generator_plan *p = &a->plan.generator;
	const char *name;
	int64_t src_port, dst_port, size, pps;
	if (message_text(&name, g, "name", err) || take_mac(p->src_mac, g, "src_mac", err) ||
	    take_mac(p->dst_mac, g, "dst_mac", err) ||
	    take_text(p->src_ip, sizeof(p->src_ip), g, "src_ip", err) ||
	    take_text(p->dst_ip, sizeof(p->dst_ip), g, "dst_ip", err) ||
	    message_int(&src_port, g, "src_port", err) ||
	    message_int(&dst_port, g, "dst_port", err) ||
	    message_int(&size, g, "frame_size", err) || message_int(&pps, g, "pps", err))
		return -1;
	a->ops = generator_find(name);
	if (!a->ops)
		return nb_error(err, "generator '%s': this agent does not know it", name);
	a->plan.send_cores = json_cpus_value(json_object_get(g, "cores"), &a->plan.n_send);
	p->ipv6 = a->plan.ipv6;
	if (!a->plan.n_send || size < frame_size_min(p->ipv6) || size > FRAME_SIZE_MAX || pps < 0)
		return nb_error(err, "protocol: the generator's plan is out of range");
	p->ifname = a->plan.ifname;
	p->src_port = (uint16_t)src_port;
	p->dst_port = (uint16_t)dst_port;
	p->random_src_port = json_is_true(json_object_get(g, "random_src_port"));
	p->flows = (uint16_t)json_integer_value(json_object_get(g, "flows"));
	p->qdisc = json_is_true(json_object_get(g, "qdisc"));
	p->run = (uint32_t)json_integer_value(json_object_get(g, "run"));
	p->frame_size = (unsigned)size;
	p->pps = (uint64_t)pps;
	p->duration_ns = a->plan.duration_ns;
	p->cores = a->plan.send_cores;
	p->n_cores = a->plan.n_send;
	return a->ops->check(p, err);
}

static int open_sampler(struct agent *a, struct nb_err *err)
{
	struct agent_plan *p = &a->plan;
	bool node = !strcmp(p->role, "node");
	a->root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sampler_plan plan = {
		.env = {.root_fd = a->root_fd,
			.ifname = node && !*p->ifname ? NULL : p->ifname,
			.cores = p->n_cores ? p->cores : NULL,
			.n_cores = p->n_cores,
			.links = p->links,
			.n_links = p->n_links,
			.ipv6 = p->ipv6},
		.node = node,
		.interval_ns = p->interval_ns,
		.duration_ns = p->duration_ns + 15 * NB_SEC,
		.pin = p->pin,
		.n_pin = p->n_pin,
		.probe = !strcmp(p->role, "sender") && a->ops && !a->ops->counts_windows,
	};
	return sampler_open(&a->sampler, &plan, err);
}

static int take_listener(struct agent *a, const json_t *m, struct nb_err *err)
{
	const json_t *j = json_object_get(m, "listener");
	int64_t port, run, flows, work, buffer;
	if (!json_is_object(j))
		return 0;
	if (message_int(&port, j, "port", err) || message_int(&run, j, "run", err) ||
	    message_int(&flows, j, "flows", err) || message_int(&work, j, "work_ns", err) ||
	    message_int(&buffer, j, "buffer_bytes", err))
		return -1;
	const struct listener_plan plan = {
		.port = (uint16_t)port,
		.ipv6 = a->plan.ipv6,
		.run = (uint32_t)run,
		.n_flows = (size_t)flows,
		.work_ns = work,
		.buffer_bytes = (uint64_t)buffer,
		.cores = a->plan.pin,
		.n_cores = a->plan.n_pin,
	};
	if (flows < 0 || flows > 65536 || buffer < 0 || buffer > INT32_MAX)
		return nb_error(err, "protocol: the listener's plan is out of range");
	return listener_open(&a->listener, &plan, err);
}

static void take_links(struct agent_plan *p, const json_t *m)
{
	p->message = json_deep_copy(m);
	const json_t *list = json_object_get(p->message, "links");
	p->links = nb_alloc(json_array_size(list) + 1, sizeof(*p->links));
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_is_string(json_array_get(list, i)))
			p->links[p->n_links++] = json_string_value(json_array_get(list, i));
}

int agent_take_plan(struct agent *a, const json_t *m, struct nb_err *err)
{
	struct agent_plan *p = &a->plan;
	const json_t *generator = json_object_get(m, "generator");
	if (take_text(p->role, sizeof(p->role), m, "role", err) ||
	    take_text(p->ifname, sizeof(p->ifname), m, "ifname", err) ||
	    message_int(&p->interval_ns, m, "interval_ns", err) ||
	    message_int(&p->duration_ns, m, "duration_ns", err))
		return -1;
	if (p->interval_ns < 10 * NB_MSEC || p->interval_ns > NB_SEC * 86400 ||
	    p->duration_ns <= 0 || p->duration_ns > NB_SEC * 86400 * 366)
		return nb_error(err, "protocol: interval or duration is out of range");
	p->ipv6 = json_integer_value(json_object_get(m, "ip_version")) == 6;
	a->drain_every_ns = p->interval_ns < NB_SEC / 10 ? NB_SEC / 10 : p->interval_ns;
	p->cores = json_cpus_value(json_object_get(m, "cores"), &p->n_cores);
	p->pin = json_cpus_value(json_object_get(m, "pin"), &p->n_pin);
	take_links(p, m);
	if (json_is_object(generator) && take_generator(a, generator, err))
		return -1;
	return take_listener(a, m, err) || open_sampler(a, err) ? -1 : 0;
}

void agent_forget_generator(struct agent *a)
{
	if (a->generator)
		a->ops->free(a->generator);
	a->generator = NULL;
}

void agent_free(struct agent *a)
{
	agent_forget_generator(a);
	listener_close(a->listener);
	sampler_close(a->sampler);
	free(a->plan.cores);
	free(a->plan.links);
	json_decref(a->plan.message);
	free(a->plan.pin);
	free(a->plan.send_cores);
	if (a->root_fd > 0)
		close(a->root_fd);
	line_reader_free(&a->input);
	text_free(&a->out);
}

/* fsmount() gives a mounted tmpfs that is attached nowhere: only our working directory holds it. */
static int nameless_tmpfs(void)
{
	int fs = (int)syscall(SYS_fsopen, "tmpfs", 1U /* FSOPEN_CLOEXEC */);
	int ret = -1;
	if (fs < 0)
		return -1;
	if (!syscall(SYS_fsconfig, fs, 6U /* FSCONFIG_CMD_CREATE */, NULL, NULL, 0)) {
		int mnt = (int)syscall(SYS_fsmount, fs, 1U /* FSMOUNT_CLOEXEC */, 0U);
		if (mnt >= 0) {
			ret = fchdir(mnt);
			close(mnt);
		}
	}
	close(fs);
	return ret;
}

void agent_enter_work_folder(char folder[static 64])
{
	const char *tmp = getenv("TMPDIR");
	folder[0] = '\0';
	if (!nameless_tmpfs())
		return;
	int n = snprintf(folder, 64, "%s/netbound.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (n < 0 || n >= 64)
		snprintf(folder, 64, "/tmp/netbound.XXXXXX");
	if (!mkdtemp(folder) || chdir(folder))
		folder[0] = '\0';
}

void agent_leave_work_folder(const char *folder)
{
	char name[40];
	if (!*folder)
		return;
	for (size_t i = 0; i < 1024; i++) {
		snprintf(name, sizeof(name), "trafgen.%zu.cfg", i);
		if (unlink(name))
			break;
	}
	if (!chdir("/"))
		rmdir(folder);
}
