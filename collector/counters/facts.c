/* SPDX-License-Identifier: Apache-2.0 */
/* What the host says of itself. */
#include "collector/counters/facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "collector/counters/facts_put.h"
#include "collector/counters/irq.h"
#include "collector/counters/link.h"
#include "collector/counters/scan.h"

struct fact_file {
	const char *key, *path;
};

static const struct fact_file common_files[] = {
	{"kernel",	   "proc/sys/kernel/osrelease"},
	{"kernel_build", "proc/sys/kernel/version"  },
};

static const struct fact_file node_files[] = {
	{"cpus_online",	"sys/devices/system/cpu/online"		       },
	{"cpus_isolated", "sys/devices/system/cpu/isolated"			   },
	{"numa_nodes",    "sys/devices/system/node/online"		       },
	{"governor",	     "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"},
};

/* Those that bound a packet's way. Most of net.core are the host's and hidden in other namespaces;
 * those of net.ipv4 are the namespace's own, but udp_mem. */
static const char *const sysctls[] = {
	"core/dev_weight",
	"core/netdev_budget",
	"core/netdev_budget_usecs",
	"core/netdev_max_backlog",
	"core/rmem_default",
	"core/rmem_max",
	"core/rps_sock_flow_entries",
	"core/wmem_default",
	"core/wmem_max",
	"ipv4/conf/all/rp_filter",
	"ipv4/conf/default/rp_filter",
	"ipv4/ip_early_demux",
	"ipv4/ip_forward",
	"ipv4/udp_early_demux",
	"ipv4/udp_rmem_min",
};

static void put_sysctls(json_t *o, int root_fd)
{
	json_t *part = json_object();
	char key[64], path[96];
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(*sysctls); i++) {
		snprintf(key, sizeof(key), "net.%s", sysctls[i]);
		for (char *slash = key; (slash = strchr(slash, '/'));)
			*slash = '.';
		snprintf(path, sizeof(path), "proc/sys/net/%s", sysctls[i]);
		facts_put_number(part, key, root_fd, path);
	}
	facts_put_line(part, "net.ipv4.udp_mem", root_fd, "proc/sys/net/ipv4/udp_mem");
	facts_put_part(o, "sysctl", part);
}

/* "model name : …" on x86; other architectures name the CPU otherwise, or not at all. The first
 * CPU's part is enough: the whole is a megabyte on a large host, and interrupts every CPU for its
 * frequency. */
static void put_cpu_model(json_t *o, int root_fd)
{
	static const char *const keys[] = {"model name", "cpu model", "cpu", "Model", "Hardware"};
	char buf[4096];
	if (!facts_read_start(buf, sizeof(buf), root_fd, "proc/cpuinfo"))
		return;
	for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
		struct scan text = {buf, buf + strlen(buf)}, line;
		while (!json_object_get(o, "cpu_model") && scan_line(&text, &line)) {
			if (!scan_skip(&line, keys[k]))
				continue;
			while (line.at < line.end && scan_blank(*line.at))
				line.at++;
			if (scan_skip(&line, ":"))
				facts_put_text(o, "cpu_model", line.at,
					       (size_t)(line.end - line.at));
		}
	}
}

static void put_mitigations(json_t *o, int root_fd)
{
	static const char dir[] = "sys/devices/system/cpu/vulnerabilities";
	json_t *part = json_object();
	int fd = openat(root_fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	for (const struct dirent *e; d && (e = readdir(d));) {
		if (e->d_name[0] == '.')
			continue;
		facts_put_line(part, e->d_name, fd, e->d_name);
		const char *is = json_string_value(json_object_get(part, e->d_name));
		if (is && !strcmp(is, "Not affected"))
			json_object_del(part, e->d_name);
	}
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	facts_put_part(o, "mitigations", part);
}

/* Where the vectors of the host's interfaces may interrupt. */
static void put_irq_affinity(json_t *o, int root_fd)
{
	json_t *part = json_object();
	unsigned *irqs = NULL;
	size_t n = irq_vectors(&irqs, root_fd);
	for (size_t i = 0; i < n; i++) {
		char path[64], name[IRQ_ACTIONS_LEN], key[16 + sizeof(name)];
		snprintf(path, sizeof(path), "sys/kernel/irq/%u/actions", irqs[i]);
		irq_read_file(root_fd, path, name, sizeof(name));
		name[strcspn(name, "\n")] = '\0';
		snprintf(key, sizeof(key), "%u%s%s", irqs[i], *name ? " " : "", name);
		snprintf(path, sizeof(path), "proc/irq/%u/smp_affinity_list", irqs[i]);
		facts_put_line(part, key, root_fd, path);
	}
	free(irqs);
	facts_put_part(o, "irq_affinity", part);
}

static void put_node(json_t *o, int root_fd)
{
	put_cpu_model(o, root_fd);
	for (size_t i = 0; i < sizeof(node_files) / sizeof(*node_files); i++)
		facts_put_line(o, node_files[i].key, root_fd, node_files[i].path);
	facts_put_number(o, "smt_active", root_fd, "sys/devices/system/cpu/smt/active");
	put_mitigations(o, root_fd);
	put_irq_affinity(o, root_fd);
}

int facts_read(json_t **out, const struct counter_env *env, bool node)
{
	struct utsname name;
	json_t *o = json_object();
	if (!o)
		return -1;
	for (size_t i = 0; i < sizeof(common_files) / sizeof(*common_files); i++)
		facts_put_line(o, common_files[i].key, env->root_fd, common_files[i].path);
	if (counter_env_is_host(env) && !uname(&name))
		facts_put_text(o, "machine", name.machine, sizeof(name.machine));
	put_sysctls(o, env->root_fd);
	facts_put_limits(o, env->root_fd);
	if (node)
		put_node(o, env->root_fd);
	if (env->ifname)
		facts_put_link(o, env);
	*out = o;
	return 0;
}
